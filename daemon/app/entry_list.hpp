// EntryList: devices that a person enters or edits in one go, and what that would change.
// Promise: nothing is changed here, and nothing is guessed: a member that is not known, or is not
// what it may be, refuses the whole list, as does what nobody agreed to (DeviceCard). A name, or a
// text of the card, that stands in the configuration as [[device]] is fixed there and told so; a
// member that is absent leaves the value as it is. Pure.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/command.hpp"
#include "model/device.hpp"
#include "pipeline/judging.hpp"

namespace watchpost::app {

struct Entry {
  enum class Change : std::uint8_t { same, entered, edited, fixed };
  std::optional<std::string> name{}, place{};  // as they are sent
  // The same: nothing where the text is empty, 0 where it is "never".
  std::optional<std::optional<std::chrono::seconds>> expected{};
  std::array<std::optional<std::string>, kCardTexts.size()> card{};
  Device device;  // as it is to be; compare() fills in the rest
  Change change = Change::same;
  // Where another text was sent than the configuration says.
  std::vector<std::string_view> fixed{};
  std::string name_before{}, place_before{};
  std::optional<std::chrono::seconds> expected_before{};
  DeviceCard card_before{};
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

// {"by":"Wang","from":"desk","dry_run":true,"devices":[{"device":"…","name":"…","place":"…",
// "expected_interval":"1 h","household":"…","contact":"…"}]}
[[nodiscard]] Result<EntryList> entry_list_from_json(std::string_view text);
// Says of each entry what it changes. Fails, for the whole list, where it would keep who lives
// there without consent.
[[nodiscard]] Result<void> compare(EntryList& list, const pipeline::Judging& judging);
// "1 h", "never", or nothing: as it is entered.
[[nodiscard]] std::string interval_text(const std::optional<std::chrono::seconds>& expected);
// The entries with what they change or have changed, and why one was refused.
[[nodiscard]] std::string answer_text(const EntryList& list);

}  // namespace watchpost::app
