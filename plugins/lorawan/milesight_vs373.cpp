#include <array>

#include "lorawan/milesight_items.hpp"
#include "lorawan/models.hpp"
#include "sdk/text.hpp"

namespace watchpost::lorawan::milesight {
namespace {

constexpr std::array<std::string_view, 5> kDetections{"normal", "vacant", "in_bed", "out_of_bed",
                                                      "fall"};
constexpr std::array<std::string_view, 6> kEvents{"fall",       "motionless", "dwell",
                                                  "out_of_bed", "occupied",   "vacant"};
constexpr unsigned kFallDetected = 4;
constexpr unsigned kFallEvent = 0;

template <std::size_t N>
std::string_view word(const std::array<std::string_view, N>& words, unsigned code) {
  return code < N ? words[code] : std::string_view("unknown");
}

// 1 triggered, 2 deactivated, 3 ignored: the vendor's code, where its manual counts from 0.
// NOLINTNEXTLINE(bugprone-easily-swappable-parameters): as the two bytes stand in the frame
watchpost_state state_of_event(unsigned type, unsigned status) {
  if (type != kFallEvent) return WATCHPOST_INFO;
  switch (status) {
    case 1:
      return WATCHPOST_ALARM;
    case 2:
      return WATCHPOST_CLEARED;
    case 3:
      return WATCHPOST_NORMAL;
    default:
      return WATCHPOST_UNKNOWN;
  }
}

Item detection(Reader& reader) {
  auto& [bytes, current, decoded] = reader;
  const unsigned status = bytes.u8();
  bytes.u8();  // what the target does: normal, motionless, abnormal
  const auto now = bytes.u16le();
  const auto today = bytes.u16le();
  if (!bytes.ok()) return Item::unknown;
  const bool fall = status == kFallDetected;
  const auto normal = status < kFallDetected ? WATCHPOST_NORMAL : WATCHPOST_UNKNOWN;
  current.kind(WATCHPOST_FALL);
  if (current.state() != WATCHPOST_ALARM) current.state(fall ? WATCHPOST_ALARM : normal);
  current.text({"detection"}, word(kDetections, status));
  if (!fall && status != 0) current.boolean({"presence"}, status != 1);
  current.number({"use_time_now", "s"}, now).number({"use_time_today", "s"}, today);
  return Item::done;
}

Item event(Reader& reader) {
  auto& [bytes, current, decoded] = reader;
  const auto alarm_id = bytes.u16le();
  const unsigned type = bytes.u8();
  const unsigned status = bytes.u8();
  bytes.u8();  // region
  // A cut tail must not hide a fall: what was read of it counts.
  const auto state = state_of_event(type, status);
  if (!bytes.ok() && state != WATCHPOST_ALARM) return Item::unknown;
  current.kind(WATCHPOST_FALL);
  if (current.state() != WATCHPOST_ALARM && state != WATCHPOST_INFO) current.state(state);
  current.number({"device_alarm_id"}, alarm_id).text({"event"}, word(kEvents, type));
  return Item::done;
}

Item stored(Reader& reader) {
  auto& [bytes, current, decoded] = reader;
  const auto time = sdk::time_from_epoch(bytes.u32le());
  const auto alarm_id = bytes.u16le();
  const unsigned type = bytes.u8();
  const unsigned status = bytes.u8();
  bytes.u8();
  sdk::Observation observation(WATCHPOST_FALL, state_of_event(type, status));
  observation.number({"device_alarm_id"}, alarm_id).text({"event"}, word(kEvents, type));
  observation.history().observed(time, WATCHPOST_TIME_DEVICE);
  if (bytes.ok()) decoded.observations.push_back(std::move(observation));
  return Item::done;
}

Item vs373_item(unsigned id, Reader& reader) {
  switch (id) {
    case 0x03F8:
    case 0x07B0:
      return detection(reader);
    // Occupancy of the regions: 1 means vacant in old firmware and occupied in new; not used.
    case 0x04F9:
    case 0x08B1:
      reader.bytes.take(4);
      return Item::done;
    case 0x05FA:
      reader.bytes.take(8);
      return Item::done;
    case 0x06FB:
      return event(reader);
    case 0x20CE:
      return stored(reader);
    default:
      return common_item(id, reader);
  }
}

}  // namespace

bool vs373(const Uplink& uplink, Decoded& decoded) {
  return read_items(uplink, &vs373_item, decoded);
}

}  // namespace watchpost::lorawan::milesight
