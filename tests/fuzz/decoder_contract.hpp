// What a decoder gives its host, held against the contract of plugins/abi/watchpost_decoder.h.
#pragma once

#include <cmath>
#include <cstdlib>
#include <string_view>

#include "abi/watchpost_decoder.h"
#include "base/encoding.hpp"
#include "sdk/observation.hpp"

namespace watchpost::fuzz {

class DecoderHost {
 public:
  explicit DecoderHost(const watchpost_decoder* decoder) : decoder_(decoder) {
    sink_.struct_size = sizeof sink_;
    sink_.context = this;
    sink_.emit = [](void* self, const watchpost_observation* c) {
      static_cast<DecoderHost*>(self)->emitted(*c);
    };
    sink_.ignore = [](void* self, watchpost_text) {
      static_cast<DecoderHost*>(self)->ignored_ = true;
    };
    sink_.explain = [](void* self, watchpost_text text) {
      static_cast<DecoderHost*>(self)->explained(text);
    };
    sink_.identify = [](void*, watchpost_text text) { check_text(text); };
    sink_.remember = [](void* self, watchpost_text key, watchpost_text value) {
      static_cast<DecoderHost*>(self)->remembered(key, value);
    };
    sink_.hand_over = [](void* self, const watchpost_inner* inner) {
      check_text(inner->device);
      static_cast<DecoderHost*>(self)->ignored_ = true;  // as good as a reading
    };
    constexpr std::string_view kOptions =
        R"({"options":{},"zone_minutes":480,"devices":[],"topics":[]})";
    state_ = decoder_->open(sdk::view(kOptions), &sink_);
    if (state_ == nullptr) std::abort();
  }
  DecoderHost(const DecoderHost&) = delete;
  DecoderHost& operator=(const DecoderHost&) = delete;
  ~DecoderHost() { decoder_->close(state_); }

  void decode(std::string_view topic, std::string_view payload, std::int64_t received_ns) {
    count_ = remembered_ = 0;
    ignored_ = explained_ = false;
    watchpost_frame frame{};
    frame.struct_size = sizeof frame;
    frame.topic = sdk::view(topic);
    frame.payload = {reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size()};
    frame.received_unix_ns = received_ns;
    const auto status = decoder_->decode(state_, &frame, &sink_);
    if (status == WATCHPOST_DECODED && count_ == 0 && !ignored_) std::abort();
    if (status == WATCHPOST_MALFORMED && !explained_) std::abort();
    if (status >= WATCHPOST_STATUS_COUNT) std::abort();
  }

 private:
  static void check_text(const watchpost_text& text) {
    if (!is_utf8(sdk::view(text))) std::abort();
  }
  void emitted(const watchpost_observation& c) {
    if (++count_ > 1'024 || c.reading_count > 256 || c.flag_count > 32) std::abort();
    if (c.device.size == 0) std::abort();
    check_text(c.device);
    for (std::size_t i = 0; i < c.reading_count; ++i) {
      const watchpost_reading& reading = c.readings[i];
      if (reading.quantity.size == 0 || !std::isfinite(reading.number)) std::abort();
      check_text(reading.quantity);
      check_text(reading.text);
    }
  }
  void explained(const watchpost_text& text) {
    explained_ = text.size != 0;
    check_text(text);
  }
  void remembered(const watchpost_text& key, const watchpost_text& value) {
    if (++remembered_ > 16 || key.size > 1'024 || value.size > 4 * 1'024 * 1'024) std::abort();
    check_text(key);
    check_text(value);
  }

  const watchpost_decoder* decoder_;
  watchpost_sink sink_{};
  void* state_ = nullptr;
  std::size_t count_ = 0;
  std::size_t remembered_ = 0;
  bool ignored_ = false;
  bool explained_ = false;
};

}  // namespace watchpost::fuzz
