#include "simulator/village.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace watchpost::simulator {
namespace {

using enum Family;

// In the order of the enumeration.
constexpr std::array kFamilies{
    FamilyFacts{z2m_smoke, "smoke", "楼道烟感", 200, 50, Via::zigbee_bridge, AlarmForm::plain, ""},
    FamilyFacts{z2m_gas, "gas", "厨房燃气", 80, 30, Via::zigbee_bridge, AlarmForm::plain, ""},
    FamilyFacts{z2m_leak, "leak", "泵房水浸", 70, 50, Via::zigbee_bridge, AlarmForm::plain, ""},
    FamilyFacts{z2m_sos, "sos", "独居老人呼救按钮", 60, 240, Via::zigbee_bridge,
                AlarmForm::three_publishes, "sos_button"},
    FamilyFacts{z2m_fall_tuya, "radar", "卧室跌倒雷达", 50, 10, Via::zigbee_bridge,
                AlarmForm::suspected_first, ""},
    FamilyFacts{z2m_fall_heiman, "fall", "卫生间跌倒雷达", 40, 10, Via::zigbee_bridge,
                AlarmForm::suspected_first, ""},
    FamilyFacts{em310_udl, "24e124713c", "窨井水位", 40, 20, Via::lora_server, AlarmForm::none,
                "milesight_em310_udl"},
    FamilyFacts{em400_mud, "24e124713d", "河道雷达水位", 30, 20, Via::lora_server, AlarmForm::plain,
                "milesight_em400_mud"},
    FamilyFacts{em300_mld, "24e124136d", "地下车库水浸", 30, 60, Via::lora_server, AlarmForm::plain,
                "milesight_em300_mld"},
    FamilyFacts{gs524n, "24e124136c", "仓库烟感", 50, 60, Via::lora_server, AlarmForm::plain,
                "milesight_gs524n"},
    FamilyFacts{ws101, "24e124535b", "床头呼救按钮", 30, 360, Via::lora_server, AlarmForm::press,
                "milesight_ws101"},
    FamilyFacts{vs373, "24e124798c", "客厅跌倒雷达", 30, 10, Via::lora_server, AlarmForm::plain,
                "milesight_vs373"},
    FamilyFacts{ldds45, "a84041000181c0", "水池液位", 20, 20, Via::lora_server, AlarmForm::none,
                "dragino_ldds45"},
    FamilyFacts{tasmota_rc522, "patrol-point-a", "巡更点", 20, 0, Via::itself, AlarmForm::none, ""},
    FamilyFacts{tasmota_pn532, "patrol-point-b", "巡更点", 15, 0, Via::itself, AlarmForm::none, ""},
    FamilyFacts{esphome_tag, "patrol-point-c", "巡更点", 15, 0, Via::itself, AlarmForm::none, ""},
    FamilyFacts{plain_tag, "patrol-point-d", "巡更点", 10, 0, Via::itself, AlarmForm::none, ""},
    FamilyFacts{shelly_smoke, "shellyplussmoke-80646fd0", "商铺烟感", 30, 120, Via::itself,
                AlarmForm::plain, ""},
    FamilyFacts{shelly_flood, "shellyflood-244CAB42", "商铺水浸", 20, 120, Via::itself,
                AlarmForm::plain, ""},
    FamilyFacts{senml_river, "river", "河口水位", 30, 5, Via::itself, AlarmForm::none, ""},
    FamilyFacts{senml_pond, "pond", "池塘水位", 20, 10, Via::itself, AlarmForm::none, ""},
    FamilyFacts{senml_underpass, "underpass", "下穿通道积水", 20, 5, Via::itself, AlarmForm::none,
                ""},
    FamilyFacts{senml_rain, "rain", "雨量", 10, 10, Via::itself, AlarmForm::none, ""},
    FamilyFacts{senml_smoke, "esp-smoke", "老宅烟感", 50, 30, Via::itself, AlarmForm::plain, ""},
    FamilyFacts{senml_fall, "esp-fall", "活动室跌倒", 30, 15, Via::itself, AlarmForm::plain, ""},
};

constexpr unsigned total_share() {
  unsigned total = 0;
  for (const auto& facts : kFamilies) total += facts.share;
  return total;
}
static_assert(total_share() == 1'000);

constexpr std::size_t kVolunteers = 8;
constexpr std::string_view kApplication = "17c82e96-be03-4f38-aef3-f83d48582d97";

std::string topic_of(Family family, const std::string& id) {
  switch (family) {
    case z2m_smoke:
    case z2m_gas:
    case z2m_leak:
    case z2m_sos:
    case z2m_fall_tuya:
    case z2m_fall_heiman:
      return "zigbee2mqtt/" + id;
    case em310_udl:
    case em400_mud:
    case em300_mld:
    case gs524n:
    case ws101:
    case vs373:
    case ldds45:
      return fmt::format("application/{}/device/{}/event/up", kApplication, id);
    case tasmota_rc522:
    case tasmota_pn532:
      return fmt::format("tele/{}/SENSOR", id);
    case esphome_tag:
      return id + "/tag";
    case plain_tag:
      return id + "/tag_scanned";
    case shelly_smoke:
      return id + "/events/rpc";
    case shelly_flood:
      return fmt::format("shellies/{}/info", id);
    case senml_river:
    case senml_pond:
    case senml_underpass:
    case senml_rain:
      return "wp/in/water/" + id;
    case senml_smoke:
      return "wp/in/fire/" + id;
    case senml_fall:
      return "wp/in/fall/" + id;
  }
  return {};
}

// LoRa and Shelly identifiers end with the device's number, as their makers do it; others have a
// dash and two digits.
std::string id_of(const FamilyFacts& facts, std::size_t number) {
  if (facts.via == Via::lora_server) {
    return fmt::format("{}{:0{}x}", facts.prefix, number, 16 - facts.prefix.size());
  }
  if (facts.family == shelly_smoke) return fmt::format("{}{:04x}", facts.prefix, number);
  if (facts.family == shelly_flood) return fmt::format("{}{:04X}", facts.prefix, number);
  return fmt::format("{}-{:02}", facts.prefix, number);
}

// The family with the largest lack, compared with its share of the village.
const FamilyFacts& next_family(const std::array<std::size_t, kFamilies.size()>& counts,
                               std::size_t devices) {
  std::size_t best = 0;
  double most_behind = -1;
  for (std::size_t i = 0; i < kFamilies.size(); ++i) {
    const double due =
        static_cast<double>(kFamilies[i].share) * static_cast<double>(devices + 1) / total_share();
    const double behind = due - static_cast<double>(counts[i]);
    if (behind > most_behind) {
      most_behind = behind;
      best = i;
    }
  }
  return kFamilies[best];
}

bool is_gauge_with_own_connection(Family family) {
  return family == senml_river || family == senml_pond || family == senml_underpass ||
         family == senml_rain;
}

// A device publishes all its messages at one QoS, as real devices do.
Qos qos_of(QosChoice choice, Family family, std::size_t number) {
  switch (choice) {
    case QosChoice::zero:
      return Qos::at_most_once;
    case QosChoice::one:
      return Qos::at_least_once;
    case QosChoice::two:
      return Qos::exactly_once;
    case QosChoice::mix:
      break;
  }
  if (is_gauge_with_own_connection(family) && number % 5 == 3) return Qos::at_most_once;
  return number % 10 == 5 ? Qos::exactly_once : Qos::at_least_once;
}

protocol::Version version_of(ProtocolChoice choice, std::size_t client) {
  const bool five =
      choice == ProtocolChoice::v5 || (choice == ProtocolChoice::mixed && client % 2 == 0);
  return five ? protocol::Version::v5 : protocol::Version::v3_1_1;
}

std::size_t client_of(Village& village, Via via, const std::string& id, ProtocolChoice protocol) {
  const std::string name = via == Via::zigbee_bridge ? "sim-zigbee2mqtt"
                           : via == Via::lora_server ? "sim-chirpstack"
                                                     : "sim-" + id;
  if (via != Via::itself) {
    const auto found = std::find_if(village.clients.begin(), village.clients.end(),
                                    [&](const Client& client) { return client.id == name; });
    if (found != village.clients.end()) {
      return static_cast<std::size_t>(found - village.clients.begin());
    }
  }
  village.clients.push_back(Client{name, version_of(protocol, village.clients.size())});
  return village.clients.size() - 1;
}

Device make_device(const FamilyFacts& facts, std::size_t number, Random random) {
  Device device;
  device.family = facts.family;
  device.id = id_of(facts, number);
  device.topic = topic_of(facts.family, device.id);
  device.name = fmt::format("{} {}", facts.place, number);
  // One device in forty has a battery that is nearly empty.
  device.battery = random.chance(0.025) ? random.in({12, 22}) : random.in({55, 100});
  device.phase = random.unit();
  device.counter = static_cast<std::uint32_t>(random.below(1'000));
  device.random = random;
  return device;
}

}  // namespace

std::span<const FamilyFacts> families() {
  return kFamilies;
}

const FamilyFacts& facts_of(Family family) {
  return kFamilies[static_cast<std::size_t>(family)];
}

Village build_village(const VillageOptions& options) {
  Village village;
  Random random(options.seed);
  for (std::size_t i = 0; i < kVolunteers; ++i) {
    village.tags.push_back(fmt::format("{:08X}", random.next() & 0xFFFFFFFFU));
  }
  std::array<std::size_t, kFamilies.size()> counts{};
  village.devices.reserve(options.devices);
  for (std::size_t i = 0; i < options.devices; ++i) {
    const FamilyFacts& facts = next_family(counts, i);
    const std::size_t number = ++counts[static_cast<std::size_t>(facts.family)];
    Device device = make_device(facts, number, Random(random.next()));
    device.client = client_of(village, facts.via, device.id, options.protocol);
    device.qos = qos_of(options.qos, facts.family, number);
    village.devices.push_back(std::move(device));
  }
  return village;
}

std::string device_tables(const Village& village) {
  std::string out;
  for (const Device& device : village.devices) {
    const auto profile = facts_of(device.family).profile;
    out += fmt::format("[[device]]\nid = \"{}\"\n", device.id);
    if (!profile.empty()) out += fmt::format("profile = \"{}\"\n", profile);
    out += fmt::format("name = \"{}\"\n\n", device.name);
  }
  return out;
}

}  // namespace watchpost::simulator
