// audit: proves from RECEIVED.db alone, or with what the gateway knows, that nothing is missing.
// Promise: counts the rows that are there and believes no counter; every number from the begin of
// an epoch to its end is either received, given up by the gateway with a reason, sent before this
// receiver began, or missing. Complete is only what is proved: a gateway of which no event came is
// not, and what an epoch acknowledged before an older copy of the store was put back cannot be
// known. A question about a gateway that was never heard is a Failure. One reading transaction;
// memory for the ranges that a stream's gateway gave up, for kMostRanges of each kind, for the
// epochs of one gateway, and for what is not complete: complete epochs that follow each other are
// one entry. Runs beside a receiver at work. Called from the command's thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "model/event_class.hpp"
#include "receiver/lineage.hpp"
#include "receiver/progress.hpp"

namespace watchpost::receiver {

// What a gateway says of itself.
struct GatewayHeads {
  std::string source;
  std::string epoch;
  std::string time{};         // when, RFC 3339; empty: not said
  PerClass<Seq> first{};      // where that epoch begins
  PerClass<Seq> newest{};     // acknowledged to its sensors up to here
  PerClass<Seq> delivered{};  // acknowledged by the street's side up to here
};

struct AuditQuestion {
  std::string source;  // only this gateway; empty: all
  std::optional<GatewayHeads> heads;
  bool pages = true;  // SQLite's check of every page, which reads the whole file
};

// Ranges of one kind: all are counted, the first ones are listed.
struct Ranges {
  static constexpr std::size_t kMostRanges = 1'000;
  struct Listed {
    SeqRange range;
    std::string why;
  };
  std::uint64_t count = 0;
  std::vector<Listed> listed;
  void add(const SeqRange& range, std::string_view why);
  void add(const Ranges& more);
};

// One class of one epoch; or of several epochs that follow each other and are complete.
struct StreamAudit {
  std::string source;
  std::string epoch;
  std::string last_epoch;  // empty: one epoch
  std::uint64_t epochs = 1;
  EventClass event_class = EventClass::telemetry;
  Seq begins;
  Seq expected;    // the last number that must be accounted for
  Seq contiguous;  // nothing is missing or waiting up to here
  std::uint64_t received = 0;
  std::uint64_t repeats = 0;
  std::uint64_t damaged = 0;  // of the received: only the number can be read
  Ranges given_up;            // the gateway said so: why is its reason
  Ranges before;              // sent before this receiver began
  Ranges waiting;             // the gateway still keeps them, they are on their way
  Ranges missing;
  // The receiver confirmed more than is there: rows were deleted, or the file was damaged.
  bool confirmed_too_much = false;

  [[nodiscard]] bool complete() const { return missing.count == 0 && waiting.count == 0; }
};

struct GatewaySeen {
  std::string source;
  std::string state;
  std::string epoch;
  std::optional<WallTime> state_since;    // nothing until it said its state
  std::optional<WallTime> last_event_at;  // arrival here; nothing until one came
  std::uint64_t received = 0;             // events
  std::uint64_t conflicts = 0;            // events under an id that another one has
  std::vector<Branch> branches;  // older copies of its store that were put back; the newest ones

  // No id has two events, and no two boxes send as this gateway.
  [[nodiscard]] bool is_one_box() const {
    return conflicts == 0 && std::none_of(branches.begin(), branches.end(),
                                          [](const Branch& branch) { return branch.both_grow; });
  }
  // Something came of it, and nothing that it acknowledged can have been lost with a store.
  [[nodiscard]] bool is_proved() const { return received > 0 && branches.empty(); }
};

struct Audit {
  std::vector<GatewaySeen> gateways;
  std::vector<StreamAudit> streams;
  std::uint64_t unreadable = 0;
  std::vector<std::string> damage;  // what SQLite's quick_check says

  [[nodiscard]] std::uint64_t received() const;
  // All numbers that are known of are accounted for, each once, and by one box for each gateway.
  [[nodiscard]] bool nothing_is_missing() const;
  // And of each gateway all that it acknowledged is among them.
  [[nodiscard]] bool complete() const;
};

[[nodiscard]] Result<Audit> audit(const std::filesystem::path& file, const AuditQuestion& question);

// Calls `event` with the text of every event in the order of arrival, until it returns false.
[[nodiscard]] Result<void> for_each_event(const std::filesystem::path& file,
                                          const std::function<bool(std::string_view)>& event);

}  // namespace watchpost::receiver
