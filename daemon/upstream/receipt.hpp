// Receipt: what an upstream's own receiver says it has stored (DESIGN section 7, custody
// "receipt"). Promise: text that is not a receipt gives a Failure, whatever it is; nothing of it is
// used. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/record.hpp"
#include "upstream/cloud_event.hpp"

namespace watchpost::upstream {

// What has to happen before a record counts as delivered.
enum class Custody : std::uint8_t {
  broker,   // the upstream's broker acknowledged it
  receipt,  // the receiver behind it said that it has stored it
};

// Everything of this epoch and class up to `sequence` is stored there, or known not to exist.
struct Receipt {
  Epoch epoch;
  EventClass event_class = EventClass::telemetry;
  Seq sequence;
};

// "<prefix>rcpt"
[[nodiscard]] std::string receipt_topic(const Gateway& gateway);
// {"epoch":"7f3a0001","class":"alarm","sequence":4711}, or an array of these. Other members are
// ignored, so that receivers may say more.
[[nodiscard]] Result<std::vector<Receipt>> parse_receipts(std::string_view text);

}  // namespace watchpost::upstream
