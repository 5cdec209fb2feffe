// EntryList: devices that a person enters or edits in one go, and what that would change.
// Promise: nothing is changed here; what stands in the configuration as [[device]] is fixed there
// and told so. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/command.hpp"
#include "model/device.hpp"
#include "rules/judgement.hpp"
#include "settings/config.hpp"

namespace watchpost::app {

struct Entry {
  enum class Change : std::uint8_t { same, entered, edited, fixed };
  Device device;
  Change change = Change::same;
  std::string name_before{}, place_before{};
  CommandResult result{};
  [[nodiscard]] bool is_change() const {
    return change == Change::entered || change == Change::edited;
  }
};

struct EntryList {
  static constexpr std::size_t kMost = 500;  // in one request
  Actor by;
  bool dry_run = false;
  std::vector<Entry> entries{};
};

// {"by":"Wang","from":"desk","dry_run":true,"devices":[{"device":"…","name":"…","place":"…"}]}
[[nodiscard]] Result<EntryList> entry_list_from_json(std::string_view text);
// Its name is said by a [[device]] of the configuration.
[[nodiscard]] bool is_fixed(std::string_view device, const settings::Config& config);
// Says of each entry what it changes.
void compare(EntryList& list, const rules::Judgement& judgement, const settings::Config& config);
// The entries with what they change or have changed, and why one was refused.
[[nodiscard]] std::string answer_text(const EntryList& list);

}  // namespace watchpost::app
