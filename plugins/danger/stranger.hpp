// StrangerReader: messages on a topic of which nobody told us anything: what a sketch or a program
// of the village's own sends ("hall/kitchen/smoke" says 1, "esp7/state" says {"leak":true}).
// Promise: what its names call a danger is read as one, by the grammar of this folder, and flagged
// "by_name"; a topic on which a device is spoken to (set, cmnd, config) is left alone, and so is
// what speaks of no danger. A number that is neither 0 nor 1 under the name of a danger is measured
// by something whose limit nobody told: the reason says that a mapping can. Pure; any thread.
#pragma once

#include "sdk/decoder.hpp"
#include "sdk/json.hpp"

namespace watchpost::danger {

class StrangerReader {
 public:
  explicit StrangerReader(const sdk::Options& options) : options_(options) {}
  // `document`: memory for the parsed payload, kept from message to message.
  sdk::Verdict read(const sdk::Frame& frame, sdk::Sink& sink, sdk::JsonDocument& document) const;

 private:
  sdk::Options options_;
};

}  // namespace watchpost::danger
