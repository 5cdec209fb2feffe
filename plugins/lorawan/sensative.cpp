// Sensative Strips (Guard, Comfort, Drip, Presence and their likes): all send one form. Port 1: a
// sequence number, then items of one byte of type and a value, high byte first; the highest bit of
// the type says that the item is in the history too. Port 2: stored items, each behind its age in
// seconds. Each danger is an event of its own, so that one clears only itself.
// Source: TheThingsNetwork/lorawan-devices vendor/sensative/strips.js, strips-codec.yaml.
#include <array>
#include <optional>

#include "base/encoding.hpp"
#include "lorawan/models.hpp"
#include "sdk/bytes.hpp"

namespace watchpost::lorawan::sensative {
namespace {

enum class Form : std::uint8_t { none, u8, i16, u16, skip8 };

enum class Role : std::uint8_t {
  number,
  flag,        // true unless 0
  danger,      // 0 calm, else an alarm: of the kind, and named by `alarm`
  tamper,      // as danger, but it is the device that was touched
  limits,      // bit 0: too warm, bit 1: too cold
  cleanliness  // 0 to 3
};

struct Piece {
  Form form = Form::none;
  Role role = Role::number;
  watchpost_kind kind = WATCHPOST_MEASUREMENT;
  sdk::Quantity quantity{};
  double per = 1;  // so many steps are one of the unit
  std::string_view alarm{};
};

struct Item {
  unsigned type = 0;
  std::array<Piece, 2> pieces{};
};

constexpr Piece kTemperature{
    Form::i16, Role::number, WATCHPOST_MEASUREMENT, {"temperature", "Cel"}, 10};
constexpr Piece kAverage{
    Form::i16, Role::number, WATCHPOST_MEASUREMENT, {"average_temperature", "Cel"}, 10};
constexpr Piece kHumidity{Form::u8, Role::number, WATCHPOST_MEASUREMENT, {"humidity", "%RH"}, 2};
constexpr Piece kLimits{Form::u8, Role::limits};
// What is published of it differs in whether true is open or closed, so that it is no "contact".
constexpr Piece kDoor{Form::u8, Role::flag, WATCHPOST_MEASUREMENT, {"door_report"}};
constexpr Piece kTamper{Form::u8, Role::tamper, WATCHPOST_DEVICE_STATUS, {"tamper"}};

constexpr Piece danger_of(watchpost_kind kind, sdk::Quantity quantity, std::string_view alarm) {
  return {Form::u8, Role::danger, kind, quantity, 1, alarm};
}
constexpr Piece number_of(watchpost_kind kind, sdk::Quantity quantity, Form form) {
  return {form, Role::number, kind, quantity};
}

constexpr std::array kItems{
    Item{0},  // empty
    Item{1, {{number_of(WATCHPOST_DEVICE_STATUS, {"battery", "%EL"}, Form::u8)}}},
    Item{2, {{kTemperature}}},
    Item{3, {{kLimits}}},
    Item{4, {{kAverage}}},
    Item{5, {{kLimits}}},
    Item{6, {{kHumidity}}},
    Item{7, {{number_of(WATCHPOST_MEASUREMENT, {"illuminance", "lx"}, Form::u16)}}},
    Item{8, {{number_of(WATCHPOST_MEASUREMENT, {"illuminance_2", "lx"}, Form::u16)}}},
    Item{9, {{kDoor}}},
    Item{10, {{danger_of(WATCHPOST_UNNAMED_ALARM, {"alarm_1"}, "door")}}},
    Item{11, {{kTamper}}},
    Item{12, {{kTamper}}},
    Item{13, {{number_of(WATCHPOST_WATER_LEAK, {"wetness", "%"}, Form::u8)}}},
    Item{14, {{danger_of(WATCHPOST_WATER_LEAK, {"water_leak"}, {})}}},
    Item{15, {{danger_of(WATCHPOST_MEASUREMENT, {"oil"}, "oil")}}},
    Item{16, {{danger_of(WATCHPOST_UNNAMED_ALARM, {"alarm_2"}, "user_switch")}}},
    Item{17, {{number_of(WATCHPOST_MEASUREMENT, {"event_count"}, Form::u16)}}},
    Item{18, {{{Form::u8, Role::flag, WATCHPOST_PRESENCE, {"presence"}}}}},
    Item{19, {{number_of(WATCHPOST_PRESENCE, {"proximity"}, Form::u16)}}},
    Item{20, {{number_of(WATCHPOST_PRESENCE, {"proximity_2"}, Form::u16)}}},
    Item{21, {{{Form::u8, Role::flag, WATCHPOST_PRESENCE, {"close_proximity"}}}}},
    Item{22, {{{Form::u8, Role::cleanliness, WATCHPOST_PRESENCE, {"cleanliness"}}}}},
    Item{80, {{kHumidity, kTemperature}}},
    Item{81, {{kHumidity, kAverage}}},
    Item{82, {{kDoor, kTemperature}}},
    Item{110, {{{Form::skip8}}}},  // its version
    Item{112, {{number_of(WATCHPOST_WATER_LEAK, {"capacitance_flood"}, Form::u16)}}},
    Item{113, {{number_of(WATCHPOST_MEASUREMENT, {"capacitance_pad"}, Form::u16)}}},
    Item{114, {{number_of(WATCHPOST_MEASUREMENT, {"capacitance_end"}, Form::u16)}}},
};

// What is said at one time, an observation for each kind.
class Told {
 public:
  explicit Told(std::vector<sdk::Observation>& all) : all_(all), first_(all.size()) {}

  sdk::Observation& of(watchpost_kind kind) {
    for (std::size_t i = first_; i < all_.size(); ++i) {
      if (all_[i].kind() == kind) return all_[i];
    }
    return all_.emplace_back(kind, WATCHPOST_INFO);
  }
  // The worst that is said of a kind stays.
  void judge(const Piece& piece, bool alarms) {
    auto& observation = of(piece.kind);
    const auto bad = piece.role == Role::tamper ? WATCHPOST_TAMPER : WATCHPOST_ALARM;
    if (alarms) {
      observation.state(bad);
      if (!piece.alarm.empty() && !observation.has("device_alarm")) {
        observation.text({"device_alarm"}, piece.alarm);
      }
    } else if (observation.state() == WATCHPOST_INFO) {
      observation.state(WATCHPOST_NORMAL);
    }
  }
  [[nodiscard]] bool alarms() const {
    for (std::size_t i = first_; i < all_.size(); ++i) {
      if (all_[i].state() == WATCHPOST_ALARM) return true;
    }
    return false;
  }
  [[nodiscard]] bool empty() const { return all_.size() == first_; }

 private:
  std::vector<sdk::Observation>& all_;
  std::size_t first_;
};

void add_limits(int bits, Told& told) {
  const Piece warm{Form::u8, Role::limits, WATCHPOST_HEAT};
  const Piece cold{Form::u8, Role::limits, WATCHPOST_MEASUREMENT, {}, 1, "low_temperature"};
  told.judge(warm, (bits & 1) != 0);
  told.judge(cold, (bits & 2) != 0);
  auto& heat = told.of(WATCHPOST_HEAT);
  if (!heat.has("temperature_alarm")) heat.boolean({"temperature_alarm"}, (bits & 1) != 0);
}

void add_piece(const Piece& piece, int value, Told& told) {
  constexpr std::array<std::string_view, 4> kWords{"dirty", "occupied", "cleaning", "clean"};
  if (piece.role == Role::limits) return add_limits(value, told);
  auto& observation = told.of(piece.kind);
  if (piece.role == Role::number) {
    observation.number(piece.quantity, value / piece.per);
  } else if (piece.role == Role::cleanliness) {
    const auto at = static_cast<std::size_t>(value);
    observation.text(piece.quantity, at < kWords.size() ? kWords.at(at) : "unknown");
  } else {
    observation.boolean(piece.quantity, value != 0);
    if (piece.role != Role::flag) told.judge(piece, value != 0);
  }
}

int value_of(Form form, sdk::ByteReader& bytes) {
  if (form == Form::u8) return bytes.u8();
  if (form == Form::i16) return bytes.i16be();
  if (form == Form::u16) return bytes.u16be();
  bytes.take(form == Form::skip8 ? 8 : 0);
  return 0;
}

// One item. A reason where it is cut or not published.
std::string read_item(sdk::ByteReader& bytes, Told& told) {
  const unsigned type = bytes.u8() & 0x7FU;
  if (!bytes.ok()) return "the last item is cut";
  for (const Item& item : kItems) {
    if (item.type != type) continue;
    for (const Piece& piece : item.pieces) {
      if (piece.form == Form::none) continue;
      const int value = value_of(piece.form, bytes);
      if (!bytes.ok()) return "the last item is cut";
      if (piece.form != Form::skip8) add_piece(piece, value, told);
    }
    return {};
  }
  return "the item " + std::to_string(type) + " is not known";
}

// What was read before an item that is not known stays; before one that is cut only an alarm.
bool end_at(const std::string& why, const Told& told, Decoded& decoded) {
  const bool is_cut = why.ends_with("cut");
  if (told.empty() || (is_cut && !told.alarms())) {
    return malformed(decoded, why + ": is the device profile right?");
  }
  for (auto& observation : decoded.observations) observation.flag("partly_read");
  decoded.unread = why;
  return true;
}

bool read_now(sdk::ByteReader& bytes, Decoded& decoded) {
  Told told(decoded.observations);
  while (!bytes.at_end()) {
    const auto why = read_item(bytes, told);
    if (!why.empty()) return end_at(why, told, decoded);
  }
  if (told.empty()) told.of(WATCHPOST_DEVICE_STATUS);  // it lives
  return true;
}

bool read_stored(sdk::ByteReader& bytes, Decoded& decoded) {
  while (!bytes.at_end()) {
    const auto age = bytes.u32be();
    Told told(decoded.observations);
    const auto why = read_item(bytes, told);
    decoded.ages.resize(decoded.observations.size(), age);
    if (why.empty()) continue;
    if (decoded.observations.empty()) return malformed(decoded, why);
    decoded.unread = why;
    break;
  }
  for (auto& observation : decoded.observations) observation.history();
  return true;
}

bool strips(const Uplink& uplink, Decoded& decoded) {
  sdk::ByteReader bytes(uplink.bytes);
  bytes.u16be();  // of its history
  if (!bytes.ok() || (uplink.port != 1 && uplink.port != 2)) {
    return malformed(decoded, "Strips send at least 2 bytes on port 1 or 2");
  }
  return uplink.port == 1 ? read_now(bytes, decoded) : read_stored(bytes, decoded);
}

constexpr std::array kCodecs{NamedCodec{"sensative_strips", &strips}};

}  // namespace

std::span<const NamedCodec> codecs() {
  return kCodecs;
}

}  // namespace watchpost::lorawan::sensative
