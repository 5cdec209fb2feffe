// UplinkOptions and UplinkStatus: the settings of an Uplink, and what it reports.
// Promise: plain values. Made by the wiring, read by the status report, on the I/O thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "base/compression.hpp"
#include "model/command.hpp"
#include "model/trouble.hpp"
#include "upstream/forwarder.hpp"
#include "upstream/pace.hpp"
#include "upstream/presence.hpp"
#include "upstream/upstream_defaults.hpp"

namespace watchpost::upstream {

struct UplinkOptions {
  std::string name;                                    // also the name of its cursors in the spool
  std::string client_id;                               // for the operator only
  bool required = true;                                // records stay until this upstream has them
  std::uint32_t max_rate = 0;                          // events a second, alarms first; 0: no limit
  ForwarderOptions forwarding;                         // its epoch is the spool's
  StateOffer state;                                    // what is told of this gateway itself
  DutyActionSet commands;                              // what this upstream may ask for
  std::size_t batch_bytes = kDefaultBatchBytes.value;  // the text of a batch, before compression
  ContentCoding compression = ContentCoding::none;     // of batches; MQTT 5.0 only
  std::size_t first_window = Pace::kEvents.first;      // of each link, until its pace is known
  std::chrono::milliseconds acknowledge_timeout = kDefaultAcknowledgeTimeout;
  // Longer than the publisher's own: Paho's ends by the wall clock, and never ends when that clock
  // is set back.
  std::chrono::milliseconds connect_timeout{30'000};
  std::chrono::milliseconds receipt_timeout = kDefaultReceiptTimeout;
  Backoff::Options reconnect;
  std::chrono::milliseconds reconnect_spread = kDefaultReconnectSpread;
};

enum class UplinkState : std::uint8_t { waiting, connecting, connected, stopping, stopped };
[[nodiscard]] std::string_view to_string(UplinkState state);

struct UplinkCounts {
  std::uint64_t published = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t refused = 0;
  std::uint64_t unheard = 0;  // taken by the broker while nobody had subscribed
  std::uint64_t receipts = 0;
  std::uint64_t bad_receipts = 0;  // unreadable, or of what was never sent
  std::uint64_t commands = 0;      // that came, but for those beyond the pace
  std::uint64_t commands_refused = 0;
};

struct UplinkStatus {
  std::string name;
  bool required = true;
  UplinkState state = UplinkState::waiting;
  SteadyTime since{};                      // when the state began
  std::optional<SteadyTime> next_attempt;  // while waiting
  std::optional<Trouble> failure;          // why it is not well; none while all is well
  bool link_unsteady = false;              // it stands, but the links before it did not
  PerClass<Seq> cursors{};
  PerClass<std::uint64_t> backlog{};  // stored and past the cursor
  PerClass<Custody> custody{};
  PerClass<bool> unconfirmed{};             // acknowledged by the broker, without a receipt
  bool receipts_missing = false;            // `failure` says so
  bool backlog_not_readable = false;        // `failure` says so
  std::optional<Trouble> set_aside_why;     // why records were set aside since the start
  std::optional<Trouble> unheard;           // what nobody at the upstream has heard yet
  std::optional<Trouble> has_more;          // its receiver has events that this store lacks
  std::optional<Trouble> state_refused;     // it does not take the state of this box
  std::vector<Trouble> given_up;            // of that state, because the server ended links over it
  std::optional<Trouble> commands_trouble;  // why no command comes, or no answer goes
  std::size_t in_flight = 0;
  UplinkCounts counts;
  std::optional<SteadyDuration> oldest_unacknowledged;
};

}  // namespace watchpost::upstream
