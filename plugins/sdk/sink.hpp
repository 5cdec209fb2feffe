// sdk::Sink: what a decoder says of a frame: observations, reasons, whom it is of.
// Promise: what an older host does not know is not called; the answer says so. Lives for one call
// of a decoder; I/O thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "abi/watchpost_decoder.h"
#include "sdk/abi_members.hpp"
#include "sdk/observation.hpp"

namespace watchpost::sdk {

// What a decoder has learnt and knows again after a restart: a value under its key.
struct Remembered {
  std::string_view key;
  std::string_view value;  // empty: forgotten
};

// See watchpost_inner. Without a time, the message's arrival counts.
struct Inner {
  std::string_view device;
  std::string_view payload;
  std::uint32_t port = 0;
  std::optional<std::int64_t> time{};
  watchpost_time_source time_source = WATCHPOST_TIME_NETWORK;
  bool simulated = false;
};

enum class Verdict { decoded, not_mine, malformed };

class Sink {
 public:
  explicit Sink(const watchpost_sink* sink) : sink_(sink) {}
  // Of more than a frame may have the rest is left out, and told.
  void emit(const Observation& observation) {
    if (emitted_++ >= kMostObservations) return not_understood(kTooMany);
    auto c = observation.as_c();
    if (c.device.size == 0) c.device = view(kNobody);
    c.reading_count = std::min(c.reading_count, kMostReadings);
    c.flag_count = std::min(c.flag_count, kMostFlags);
    sink_->emit(sink_->context, &c);
  }
  Verdict ignore(std::string_view why) {
    sink_->ignore(sink_->context, view(why));
    return Verdict::decoded;
  }
  Verdict malformed(std::string_view why) {
    sink_->explain(sink_->context, view(why));
    return Verdict::malformed;
  }
  Verdict not_mine(std::string_view why) {
    sink_->explain(sink_->context, view(why));
    return Verdict::not_mine;
  }
  // Beside what is emitted: what may be an alarm and is in no form we know.
  void not_understood(std::string_view why) { sink_->explain(sink_->context, view(why)); }
  // For recall() after a restart; false where the host is too old to remember, and of what it may
  // not be given.
  bool remember(const Remembered& learnt) {
    if (!has_member(*sink_, sink_->remember)) return false;
    const auto& [key, value] = learnt;
    if (key.empty() || key.size() > kLongestDevice || value.size() > kLongestMemory) return false;
    if (remembered_ == kMostRemembered) return false;
    ++remembered_;
    sink_->remember(sink_->context, view(key), view(value));
    return true;
  }
  // Of more than a frame may have the rest is left out.
  void can_declare(std::string_view device, watchpost_kind kind) {
    if (!has_member(*sink_, sink_->can_declare) || device.empty()) return;
    if (declared_ == kMostCapabilities) return;
    ++declared_;
    sink_->can_declare(sink_->context, view(cut(device, kLongestDevice)),
                       static_cast<std::uint32_t>(kind));
  }
  // False where the host is too old to have mappings of devices, and of what it may not be given.
  bool hand_over(const Inner& inner) {
    if (!has_member(*sink_, sink_->hand_over) || sink_->hand_over == nullptr) return false;
    if (inner.device.empty() || inner.device.size() > kLongestDevice) return false;
    if (inner.payload.size() > kLongestInner) return false;
    const auto source = inner.time ? inner.time_source : WATCHPOST_TIME_RECEIVED;
    const watchpost_inner c{
        sizeof(watchpost_inner),
        inner.port,
        static_cast<std::uint32_t>(source),
        inner.simulated ? 1U : 0U,
        inner.time.value_or(0),
        view(inner.device),
        {reinterpret_cast<const std::uint8_t*>(inner.payload.data()), inner.payload.size()}};
    sink_->hand_over(sink_->context, &c);
    return true;
  }
  void identify(std::string_view device) {
    sink_->identify(sink_->context, view(cut(device, kLongestDevice)));
  }

 private:
  static constexpr std::string_view kTooMany =
      "it has more than 1024 reports; what is behind them was not read: send it in parts";

  const watchpost_sink* sink_;
  std::size_t emitted_ = 0;
  std::size_t remembered_ = 0;
  std::size_t declared_ = 0;
};

}  // namespace watchpost::sdk
