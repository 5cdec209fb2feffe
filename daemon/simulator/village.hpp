// Village: the simulated devices, by family, and the connections they publish over.
// Promise: a function of seed and options alone; a bigger village begins with the devices of a
// smaller one. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/message.hpp"
#include "protocol/packet_type.hpp"
#include "simulator/random.hpp"

namespace watchpost::simulator {

// Time since midnight of the first simulated day.
using SimTime = std::chrono::milliseconds;

enum class Family : std::uint8_t {
  z2m_smoke,
  z2m_gas,
  z2m_leak,
  z2m_sos,
  z2m_fall_tuya,
  z2m_fall_heiman,
  em310_udl,
  em400_mud,
  em300_mld,
  gs524n,
  ws101,
  vs373,
  ldds45,
  tasmota_rc522,
  tasmota_pn532,
  esphome_tag,
  plain_tag,
  shelly_smoke,
  shelly_flood,
  senml_river,
  senml_pond,
  senml_underpass,
  senml_rain,
  senml_smoke,
  senml_fall,
};

// The connection over which a device's messages come.
enum class Via : std::uint8_t { zigbee_bridge, lora_server, itself };

// The messages of an alarm of this family; none: the family never raises one by itself.
enum class AlarmForm : std::uint8_t { none, plain, suspected_first, three_publishes, press };

struct FamilyFacts {
  Family family{};
  std::string_view prefix;      // of the device id
  std::string_view place;       // of the name that people read
  unsigned share = 0;           // devices of this family among 1000
  unsigned report_minutes = 0;  // 0: the device speaks only when something happens
  Via via = Via::itself;
  AlarmForm alarm = AlarmForm::none;
  std::string_view profile;  // the profile in the daemon's device table; empty: no table is needed
};
[[nodiscard]] std::span<const FamilyFacts> families();
[[nodiscard]] const FamilyFacts& facts_of(Family family);

enum class Condition : std::uint8_t { normal, alarm, suspected, tamper };

struct Device {
  Family family{};
  std::string id;     // the name that the daemon will give the device
  std::string topic;  // the topic of the ordinary messages
  std::string name;
  std::size_t client = 0;
  Qos qos = Qos::at_least_once;
  Random random{0};
  // State that changes in the course of the day.
  double battery = 100;  // percent
  double phase = 0;      // 0..1; differs, so that no two devices read the same
  std::uint32_t counter = 0;
  Condition condition = Condition::normal;
  bool online = true;
};

struct Client {
  std::string id;
  protocol::Version version = protocol::Version::v5;
};

enum class ProtocolChoice : std::uint8_t { v5, v3_1_1, mixed };
enum class QosChoice : std::uint8_t { zero, one, two, mix };

struct VillageOptions {
  std::uint64_t seed = 1;
  std::size_t devices = 300;
  ProtocolChoice protocol = ProtocolChoice::mixed;
  QosChoice qos = QosChoice::mix;
};

struct Village {
  std::vector<Device> devices;
  std::vector<Client> clients;
  std::vector<std::string> tags;  // UIDs the volunteers carry, upper case hexadecimal
};
[[nodiscard]] Village build_village(const VillageOptions& options);

// Writes the [[device]] tables for the daemon's configuration.
[[nodiscard]] std::string device_tables(const Village& village);

}  // namespace watchpost::simulator
