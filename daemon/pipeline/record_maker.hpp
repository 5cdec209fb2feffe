// RecordMaker: which records a message becomes, by what was decoded of it; what is to be remembered
// of it; and what the status learns of its device.
// Promise: a message gives at least one record, and one of them holds the bytes as they came; what
// no decoder reads is kept as received and marked. Pure but for `on_unread`. Used by Pipeline, on
// the I/O thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "decode/decoder.hpp"
#include "model/fact.hpp"
#include "model/message.hpp"
#include "model/record.hpp"
#include "pipeline/danger_proofs.hpp"
#include "pipeline/device_roll.hpp"
#include "pipeline/taps.hpp"
#include "pipeline/unread_devices.hpp"

namespace watchpost::pipeline {

class RecordMaker {
 public:
  void next_message(SteadyTime heard_at) { heard_at_ = heard_at; }
  // What the decoder has learnt of the message becomes `facts`, whether or not it gives records.
  void heard(const Message& message, decode::Decoding& decoding, std::vector<Fact>& facts);
  // Takes the bytes out of `message`, and adds what else is to be remembered to `facts`.
  [[nodiscard]] std::vector<Record> records_of(Message& message, decode::Decoding& decoding,
                                               std::vector<Fact>& facts);

  void recall(const Remembered& remembered);
  void not_kept(const Remembered& remembered);
  void on_unread(std::function<void(const Trouble&)> tell) { tell_unread_ = std::move(tell); }

  struct Counts {
    std::uint64_t undecoded = 0;
    std::uint64_t malformed = 0;
    std::uint64_t ignored = 0;
  };
  [[nodiscard]] const Counts& counts() const { return counts_; }
  [[nodiscard]] const DeviceRoll& devices() const { return devices_; }
  [[nodiscard]] const UnreadDevices& unread() const { return unread_; }
  [[nodiscard]] const Taps& taps() const { return taps_; }
  [[nodiscard]] const DangerProofs& proofs() const { return proofs_; }

 private:
  [[nodiscard]] Record pass_on(Message& message, decode::Decoding& decoding);
  [[nodiscard]] Record keep(const Message& message, const decode::Decoding& decoding);
  void note_understood(const Message& message, const decode::Decoding& decoding,
                       const std::string& device, const Observation& observation);
  void remember(const Message& message, Observation& observation, std::vector<Fact>& facts);
  void note_unread(const Message& message, const decode::Decoding& decoding);

  SteadyTime heard_at_{};  // of the message at hand
  DeviceRoll devices_;
  UnreadDevices unread_;
  Taps taps_;
  DangerProofs proofs_;
  std::function<void(const Trouble&)> tell_unread_;
  Counts counts_;
};

}  // namespace watchpost::pipeline
