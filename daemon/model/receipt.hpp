// Receipt: the word of an upstream's own receiver on what it has stored (docs/receipt.schema.json).
// Promise: what append_receipt writes, parse_receipts reads back; a text that holds anything but
// receipts gives a Failure, and none of its receipts is used. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/event_class.hpp"
#include "model/record.hpp"

namespace watchpost {

// Everything of this epoch and class up to `sequence` is stored there, or known not to exist.
struct Receipt {
  Epoch epoch;
  EventClass event_class = EventClass::telemetry;
  Seq sequence;
  // The receiver may have missed what came after it: its session at the broker was lost.
  bool resend = false;
};

// {"epoch":"7f3a0001","class":"alarm","sequence":4711}, with "resend":true where so; several
// become an array of these.
[[nodiscard]] std::string receipt_text(const std::vector<Receipt>& receipts);
// Other members are ignored, so that receivers may say more; so is a `resend` that is not true.
[[nodiscard]] Result<std::vector<Receipt>> parse_receipts(std::string_view text);

}  // namespace watchpost
