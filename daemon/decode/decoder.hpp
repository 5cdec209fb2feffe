// Decoder: turns one message into observations, chosen by topic filter and device profile.
// Promise: a pure function of its options, the frame and its own state; no I/O, threads or clock.
// It never guesses at bytes: what it cannot read for certain is `malformed` with a reason.
// I/O thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "decode/outcome.hpp"
#include "model/observation.hpp"
#include "model/remembered.hpp"
#include "model/severity.hpp"
#include "model/topic.hpp"

namespace watchpost::decode {

struct Frame {
  const Topic& topic;
  std::string_view payload;
  bool retained = false;  // a stored copy from a broker: it says what was once
  WallTime received_at{};
  std::string_view content_type{};      // as sent, MQTT 5.0
  std::string_view content_encoding{};  // as sent in the User Property of this name
  bool repeated = false;                // the sender says that it may have sent it before
};

// An event, or a batch of them, that another gateway made.
struct Relayed {
  std::string gateway;  // as its topics name it
  EventClass event_class = EventClass::telemetry;
  Domain domain = Domain::other;
  std::uint8_t severity_number = kSeverityInfo;
  std::optional<WallTime> observed_at;
};

// By the word of a catalogue, a device can declare a danger.
struct Capability {
  std::string device;
  Kind kind = Kind::unnamed_alarm;
};

// The payload of a device, out of what its network server wrote around it.
struct HandedOver {
  std::string device;
  std::string payload;
  std::uint32_t port = 0;  // LoRaWAN's fPort
  std::optional<WallTime> observed_at{};
  TimeSource time_source = TimeSource::received;
  bool is_simulated = false;  // an alarm in it is a test
};

struct Decoding {
  Outcome outcome = Outcome::not_mine;
  std::string decoder;  // name of the decoder that answered; empty when none did
  std::string device;   // set also when nothing was decoded, where the topic or envelope names it
  std::vector<Observation> observations;
  std::string why;  // also of `decoded`: what may be an alarm and was not understood
  std::optional<Relayed> relayed{};
  std::string name{};  // of `device`, for people; empty where the site gives it none
  std::vector<Remembered> remembered{};  // to be kept with the message
  bool adds = false;  // a mapping of the site: what the decoders behind it read is kept too
  std::vector<Capability> capabilities{};  // all that `device` lists
  std::optional<HandedOver> handed{};      // for the mapping that is the device's profile
  bool is_unwrapped = false;               // made of handed-over bytes: nobody else is asked
  bool is_unlike = false;  // malformed, and nothing of it has the form that the mapping knows
};

class Decoder {
 public:
  virtual ~Decoder() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  virtual Decoding decode(const Frame& frame) = 0;
  // See Registry::recall.
  virtual void recall(const Remembered& /*remembered*/) {}
  // It knows what another program wrote around a device's message, so on its topics it is asked
  // before the mappings of devices.
  [[nodiscard]] virtual bool unwraps() const { return false; }
  // See Registry::not_kept.
  virtual void not_kept(const Remembered& /*remembered*/) {}
};

}  // namespace watchpost::decode
