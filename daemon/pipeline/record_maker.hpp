// RecordMaker: which records a message becomes, by what was decoded of it and how that is judged;
// what is to be remembered of it; and what the status learns of its device.
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
#include "pipeline/annotation.hpp"
#include "pipeline/danger_proofs.hpp"
#include "pipeline/device_roll.hpp"
#include "pipeline/judging.hpp"
#include "pipeline/taps.hpp"
#include "pipeline/unread_devices.hpp"

namespace watchpost::pipeline {

class RecordMaker {
 public:
  void next_message(const ClockReading& now) { now_ = now; }
  // What the decoder has learnt of the message becomes `facts`, whether or not it gives records.
  void heard(const Message& message, decode::Decoding& decoding, std::vector<Fact>& facts);
  // Takes the bytes out of `message`, and adds to `made.append` its records and what else it
  // causes; to `made.rows` what is to be handed over before it, by itself.
  struct Made {
    spool::Append append;
    spool::Append rows;
  };
  void make_records(Message& message, decode::Decoding& decoding, Judging& judging, Made& made);

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
  // An observation of the message at hand, and what it is judged to be.
  struct Judged {
    Observation* observation = nullptr;
    rules::Verdict verdict;
  };
  void judge_all(const Message& message, decode::Decoding& decoding, Judging& judging,
                 spool::Append& append);
  void add_changes(Judging& judging, Made& made);
  [[nodiscard]] Record observed(const Message& message, const decode::Decoding& decoding,
                                Judged& judged, Part part);

  ClockReading now_{};          // when the message at hand was heard
  std::vector<Judged> judged_;  // kept for its memory, as the next
  std::vector<Judging::Caused> caused_;
  DeviceRoll devices_;
  UnreadDevices unread_;
  Taps taps_;
  DangerProofs proofs_;
  std::function<void(const Trouble&)> tell_unread_;
  Counts counts_;
};

}  // namespace watchpost::pipeline
