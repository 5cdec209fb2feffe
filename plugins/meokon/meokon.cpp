// Meokon's wireless terminals on GIOT-GW/UL/<id>: the frame as hexadecimal text, or as it is where
// a bridge passes on the bytes. Stored values stay together in one reading, oldest first.
#include <algorithm>

#include "base/encoding.hpp"
#include "meokon/terminal.hpp"
#include "sdk/decoder.hpp"
#include "sdk/text.hpp"

namespace watchpost::meokon {
namespace {

using sdk::Frame;
using sdk::Observation;
using sdk::Sink;
using sdk::Verdict;

constexpr unsigned kLow = 0x01;
constexpr unsigned kHigh = 0x02;
constexpr unsigned kBattery = 0x04;
constexpr unsigned kSensor = 0x08;
constexpr unsigned kHardware = 0x10;

// What the bits from 5 on say, by type (表三 and its notes).
struct Bit {
  unsigned bit;
  std::string_view hydrant_with_tilt;
  std::string_view hydrant;
  std::string_view other;
};
constexpr Bit kBits[] = {{0x20, "impact", "second_low", "second_low"},
                         {0x40, "tilt", "second_high", "second_high"},
                         {0x80, "water_release", "water_release", "third"}};

std::string alarm_words(const Terminal& terminal) {
  std::string words;
  const auto add = [&words](std::string_view word) {
    words.append(words.empty() ? "" : " ").append(word);
  };
  if ((terminal.alarms & kLow) != 0) add("low");
  if ((terminal.alarms & kHigh) != 0) add("high");
  for (const Bit& bit : kBits) {
    if ((terminal.alarms & bit.bit) == 0) continue;
    add(terminal.type == kHydrantTilt ? bit.hydrant_with_tilt
        : terminal.type == kHydrant   ? bit.hydrant
                                      : bit.other);
  }
  return words.empty() ? "none" : words;
}

std::string series_text(const std::vector<double>& values) {
  std::string text;
  for (const double value : values) {
    // Steps are tenths at the finest.
    const auto tenths = static_cast<long>(value * 10 + (value < 0 ? -0.5 : 0.5));
    if (!text.empty()) text += ' ';
    if (tenths < 0) text += '-';
    const long size = tenths < 0 ? -tenths : tenths;
    text += std::to_string(size / 10);
    if (size % 10 != 0) text.append(".").append(std::to_string(size % 10));
  }
  return text;
}

class Decoder {
 public:
  explicit Decoder(const sdk::Options& options) { options.refuse_unknown({}); }

  Verdict decode(const Frame& frame, Sink& sink) {
    sink.identify(frame.topic.substr(frame.topic.rfind('/') + 1));
    const auto text = sdk::trim(frame.payload);
    if (text.empty()) return sink.ignore("an empty payload");
    std::string bytes(frame.payload);
    if (!bytes.starts_with("\xA5\x5A")) {
      auto decoded = from_hex(std::string(text));
      if (!decoded) return sink.malformed("neither a frame nor its hexadecimal text");
      bytes = std::move(*decoded);
    }
    std::string why;
    const auto terminal = terminal_in(bytes, why);
    if (!terminal) return sink.malformed(why);
    tell(*terminal, sink);
    return Verdict::decoded;
  }

 private:
  static void tell(const Terminal& terminal, Sink& sink) {
    const bool fault = (terminal.alarms & (kSensor | kHardware)) != 0;
    const bool alarm = (terminal.alarms & ~(kBattery | kSensor | kHardware) & 0xFFU) != 0;
    const bool pressure =
        terminal.series || terminal.type == kHydrant || terminal.type == kHydrantTilt;
    Observation observation(pressure ? WATCHPOST_HYDRANT_PRESSURE : WATCHPOST_MEASUREMENT,
                            alarm   ? WATCHPOST_ALARM
                            : fault ? WATCHPOST_FAULT
                                    : WATCHPOST_NORMAL);
    if (terminal.series) {
      const Series& series = *terminal.series;
      observation.number({"pressure", "kPa"}, series.value);
      observation.number({"pressure_low_limit", "kPa"}, series.low);
      observation.number({"pressure_high_limit", "kPa"}, series.high);
      if (!series.records.empty()) {
        observation.text({"pressure_records", "kPa"}, observation.own(series_text(series.records)));
        observation.number({"record_interval", "s"}, terminal.interval_s);
      }
      observation.observed(sdk::time_from_epoch(series.time), WATCHPOST_TIME_DEVICE);
    } else {
      observation.number({"device_type"}, terminal.type);
    }
    observation.number({"battery", "%EL"}, std::min(100U, (terminal.supply & 0x1FU) * 5));
    if ((terminal.supply & 0x80U) != 0) observation.boolean({"external_power"}, true);
    observation.number({"rssi", "dBm"}, terminal.signal_dbm);
    observation.text({"device_alarm"}, observation.own(alarm_words(terminal)));
    observation.boolean({"low_battery"}, (terminal.alarms & kBattery) != 0);
    observation.boolean({"fault"}, fault);
    sink.emit(observation.device(terminal.id));
  }
};

}  // namespace
}  // namespace watchpost::meokon

WATCHPOST_DECODER(watchpost::meokon::Decoder, "meokon", "1.0")
