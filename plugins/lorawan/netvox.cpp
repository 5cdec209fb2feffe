// Netvox: version, device type, report type, then eight bytes; port 6 reports, 7 and 13 answers.
// Sources: TheThingsNetwork/lorawan-devices vendor/netvox/payload; tago-io/decoders@dbdd65e2
// connector/netvox, which has the types of the models with two probes. Of a rope that tells where
// it is wet, a public ThingPark driver tells what the numbers at both ends mean: dry, not
// connected.
#include <algorithm>
#include <array>
#include <string>

#include "lorawan/model_codecs.hpp"
#include "lorawan/models.hpp"
#include "sdk/bytes.hpp"

namespace watchpost::lorawan::netvox {
namespace {

// One alarm byte of a report.
struct Danger {
  std::size_t at = 0;
  watchpost_kind kind = WATCHPOST_DEVICE_STATUS;
  std::string_view quantity;
};

struct Model {
  std::string_view profile;
  std::array<unsigned, 2> types;  // as the device names itself; 0: none
  std::array<Danger, 2> dangers;
  std::size_t temperature_at = 0;  // 0: none
  bool two_probes = false;         // the second danger is the first at another place
  bool tells_where = false;        // the danger is a number of two bytes: where along the rope
};

constexpr Danger leak_at(std::size_t at, std::string_view quantity) {
  return {at, WATCHPOST_WATER_LEAK, quantity};
}
constexpr Danger kEmergency{4, WATCHPOST_SOS, "sos"};
constexpr std::array kTwoLeaks{leak_at(4, "water_leak_1"), leak_at(5, "water_leak_2")};
constexpr Danger kHeat{5, WATCHPOST_HEAT, "heat"};

constexpr std::array kModels{
    Model{"netvox_r311w", {6}, kTwoLeaks, 0, true},
    Model{"netvox_r718wa", {50}, {{leak_at(4, "water_leak")}}},
    Model{"netvox_r718wb", {18}, {{leak_at(4, "water_leak")}}},
    Model{"netvox_r718wa2", {70, 71}, kTwoLeaks, 0, true},
    Model{"netvox_r718wb2", {70, 71}, kTwoLeaks, 0, true},
    Model{"netvox_r312a", {77}, {{kEmergency}}},
    Model{"netvox_rb02i", {16}, {{kEmergency}}},
    Model{"netvox_r718t", {49}, {{kEmergency}}},
    Model{"netvox_r718t2", {72}, {{kEmergency, {5, WATCHPOST_SOS, "sos_2"}}}, 0, true},
    Model{"netvox_ra02a", {10}, {{{4, WATCHPOST_SMOKE, "smoke"}, kHeat}}, 6},
    Model{"netvox_ra02c", {17}, {{{4, WATCHPOST_CO, "co"}, kHeat}}},
    Model{"netvox_ra02g", {215}, {{{4, WATCHPOST_SMOKE, "smoke"}}}},
    Model{"netvox_ra07w", {12}, {{leak_at(4, "water_leak")}}, 0, false, true},
    Model{"netvox_r718we", {143}, {{leak_at(4, "water_leak")}}, 0, false, true},
};

constexpr int kReports = 6;
constexpr int kAnswers = 7;
constexpr int kButtonAnswers = 13;

unsigned octet(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

void add_battery(unsigned code, sdk::Observation& observation) {
  observation.number({"battery_voltage", "V"}, (code & 0x7FU) / 10.0);
  if ((code & 0x80U) != 0) observation.boolean({"low_battery"}, true);
}

void add_temperature(const Model& model, std::string_view bytes, sdk::Observation& observation) {
  if (model.temperature_at == 0 || bytes.size() <= model.temperature_at) return;
  sdk::ByteReader reader(bytes.substr(model.temperature_at));
  const auto tenths = reader.i16be();
  if (reader.ok()) observation.number({"temperature", "Cel"}, tenths / 10.0);
}

// An alarm before the cut stands.
bool cut(Decoded& decoded) {
  const bool alarm =
      !decoded.observations.empty() && decoded.observations.front().state() == WATCHPOST_ALARM;
  if (!alarm) return malformed(decoded, "a report that is cut");
  decoded.observations.front().flag("partly_read");
  decoded.unread = "the end of the report is cut";
  return true;
}

bool rope(std::string_view bytes, Decoded& decoded) {
  constexpr unsigned kDry = 0;
  constexpr unsigned kNotConnected = 0xFFFF;
  sdk::ByteReader reader(bytes.substr(4));
  const unsigned where = reader.u16be();
  if (!reader.ok()) return malformed(decoded, "a report that is cut");
  sdk::Observation leak(WATCHPOST_WATER_LEAK, WATCHPOST_NORMAL);
  if (where == kNotConnected) {
    leak.state(WATCHPOST_FAULT).null({"water_leak"}).boolean({"fault"}, true);
  } else {
    leak.boolean({"water_leak"}, where != kDry);
    if (where != kDry) leak.state(WATCHPOST_ALARM).number({"leak_location", "cm"}, where * 10.0);
  }
  add_battery(octet(bytes, 3), leak);
  return keep(decoded, std::move(leak));
}

bool report(const Model& model, std::string_view bytes, Decoded& decoded) {
  if (model.tells_where) return rope(bytes, decoded);
  for (const Danger& danger : model.dangers) {
    if (danger.quantity.empty()) continue;
    if (bytes.size() <= danger.at) return cut(decoded);
    const bool on = octet(bytes, danger.at) != 0;
    const auto state = on ? WATCHPOST_ALARM : WATCHPOST_NORMAL;
    if (model.two_probes && !decoded.observations.empty()) {
      auto& first = decoded.observations.front().boolean({danger.quantity}, on);
      if (on) first.state(WATCHPOST_ALARM);
      continue;
    }
    sdk::Observation observation(danger.kind, state);
    observation.boolean({danger.quantity}, on);
    if (decoded.observations.empty()) {
      add_battery(octet(bytes, 3), observation);
      add_temperature(model, bytes, observation);
    }
    decoded.observations.push_back(std::move(observation));
  }
  return true;
}

bool is_of(const Model& model, unsigned type) {
  return type != 0 && (type == model.types[0] || type == model.types[1]);
}

// Report types above 1 are not published; the maker's codecs read them as type 1. Of ours the
// dangers stand, and what says that all is well is not believed.
void doubt(unsigned report_type, Decoded& decoded) {
  if (report_type == 1) return;
  for (auto& observation : decoded.observations) {
    if (observation.state() == WATCHPOST_NORMAL) observation.state(WATCHPOST_UNKNOWN);
    observation.flag("partly_read");
  }
  decoded.unread = "a report of a type that is not published";
}

bool read(const Uplink& uplink, const Model& model, Decoded& decoded) {
  if (uplink.port == kAnswers || uplink.port == kButtonAnswers) return true;
  const auto bytes = uplink.bytes;
  if (uplink.port != kReports || bytes.size() < 5) {
    return malformed(decoded, "a Netvox sensor reports 11 bytes on port 6");
  }
  const unsigned type = octet(bytes, 1);
  // The device says itself which model it is: that counts more than a profile that is wrong.
  const auto* named = is_of(model, type) ? &model : nullptr;
  for (const Model& each : kModels) {
    if (named == nullptr && is_of(each, type)) named = &each;
  }
  if (named == nullptr) {
    return malformed(decoded, "another device type than the profile's: is the profile right?");
  }
  const unsigned report_type = octet(bytes, 2);
  if (report_type == 0) {  // versions
    sdk::Observation facts(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
    return keep(decoded, std::move(facts.number({"firmware_version"}, octet(bytes, 3) / 10.0)));
  }
  if (!report(*named, bytes, decoded)) return false;
  doubt(report_type, decoded);
  if (named != &model) {
    decoded.unread = "the device calls itself " + std::string(named->profile) +
                     ", which is not its profile here, and was read as that";
  }
  return true;
}

constexpr auto kCodecs = codecs_of<kModels, read>();

}  // namespace

std::span<const NamedCodec> codecs() {
  return kCodecs;
}

}  // namespace watchpost::lorawan::netvox
