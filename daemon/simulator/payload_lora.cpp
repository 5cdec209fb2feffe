// ChirpStack v4 uplinks with the bytes of Milesight (TLV, little endian) and Dragino (fixed layout,
// big endian) devices, as in the samples that the makers publish.
#include <fmt/format.h>

#include <initializer_list>

#include "base/encoding.hpp"
#include "simulator/payloads.hpp"

namespace watchpost::simulator {
namespace {

using enum Family;

char byte(int value) {
  return static_cast<char>(static_cast<unsigned>(value) & 0xFFU);
}

void add(std::string& out, std::initializer_list<int> values) {
  for (const int value : values) out.push_back(byte(value));
}
void add_low_first(std::string& out, int value) {
  add(out, {value, value >> 8});
}
void add_high_first(std::string& out, int value) {
  add(out, {value >> 8, value});
}

void add_battery(std::string& out, const Device& device) {
  add(out, {0x01, 0x75, whole(device.battery)});
}

std::string em310(Device& device, const Scene& scene) {
  std::string out;
  add_battery(out, device);
  add(out, {0x03, 0x82});
  add_low_first(out, distance_mm(device, scene.weather));
  add(out, {0x04, 0x00, device.condition == Condition::tamper ? 1 : 0});
  return out;
}

std::string em400(Device& device, const Scene& scene) {
  const int temperature = whole(scene.weather.temperature * 10);
  const int distance = distance_mm(device, scene.weather);
  std::string out;
  if (device.condition == Condition::alarm) {
    add(out, {0x83, 0x67});
    add_low_first(out, temperature);
    add(out, {0x00, 0x84, 0x82});
    add_low_first(out, distance);
    add(out, {0x01});
    return out;
  }
  add_battery(out, device);
  add(out, {0x03, 0x67});
  add_low_first(out, temperature);
  add(out, {0x04, 0x82});
  add_low_first(out, distance);
  add(out, {0x05, 0x00, device.condition == Condition::tamper ? 1 : 0});
  return out;
}

std::string em300(const Device& device) {
  std::string out;
  add_battery(out, device);
  add(out, {0x05, 0x00, device.condition == Condition::alarm ? 1 : 0});
  return out;
}

// The bytes are version, type and message, battery, smoke, temperature and a check byte that makes
// the sum 0.
std::string gs524(Device& device, const Scene& scene) {
  const bool alarm = device.condition == Condition::alarm;
  const int message = alarm                                   ? 1
                      : device.condition == Condition::tamper ? 10
                      : device.battery < 20                   ? 4
                                                              : 7;
  const int smoke = alarm ? 20 + static_cast<int>(device.random.below(60)) : 0;
  std::string out;
  add(out, {0x22, 0x10 | message, whole(device.battery), smoke,
            whole(scene.weather.temperature + (alarm ? 12 : 4))});
  int sum = 0;
  for (const char part : out) sum += static_cast<unsigned char>(part);
  add(out, {-sum});
  return out;
}

// Detection: 0 normal, 1 vacant, 2 in bed, 3 out of bed, 4 fall. A fall also carries an event of
// its own.
std::string radar(Device& device, const Scene& scene) {
  const bool fall = device.condition == Condition::alarm;
  const bool somebody = fall || device.random.chance(activity_at(scene.sim));
  const double hour = hour_of_day(scene.sim);
  const int status = fall ? 4 : !somebody ? 1 : hour > 22 || hour < 6 ? 2 : 0;
  std::string out;
  add(out, {0x03, 0xF8, status, 0});
  add_low_first(out, somebody ? static_cast<int>(device.random.below(900)) : 0);
  add_low_first(out, whole(hour * 900));
  if (fall) {
    add(out, {0x06, 0xFB});
    add_low_first(out, static_cast<int>(device.counter & 0x7FFFU));
    add(out, {0x00, 0x01, 0xFF});
  }
  return out;
}

std::string ldds(Device& device, const Scene& scene) {
  std::string out;
  add_high_first(out, 2'700 + whole(device.battery * 9));
  add_high_first(out, distance_mm(device, scene.weather));
  add(out, {0x00, 0x00, 0x00, 0x01});
  return out;
}

std::string bytes_of(Device& device, const Scene& scene) {
  switch (device.family) {
    case em310_udl:
      return em310(device, scene);
    case em400_mud:
      return em400(device, scene);
    case em300_mld:
      return em300(device);
    case gs524n:
      return gs524(device, scene);
    case vs373:
      return radar(device, scene);
    case ldds45:
      return ldds(device, scene);
    default: {
      std::string battery_only;
      add_battery(battery_only, device);
      return battery_only;
    }
  }
}

std::string uuid_from(Random& random) {
  const auto high = random.next();
  const auto low = random.next();
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", high >> 32U, (high >> 16U) & 0xFFFFU,
                     high & 0xFFFU, 0x8000U | ((low >> 48U) & 0x3FFFU), low & 0xFFFFFFFFFFFFULL);
}

}  // namespace

std::string ws101_press(const Device& device) {
  std::string out;
  add_battery(out, device);
  add(out, {0xFF, 0x2E, 1});
  return out;
}

std::string vs373_cleared(Device& device) {
  std::string out;
  add(out, {0x06, 0xFB});
  add_low_first(out, static_cast<int>(device.counter & 0x7FFFU));
  add(out, {0x00, 0x02, 0xFF});
  return out;
}

std::string lora_event(Device& device, const Scene& scene, std::string_view bytes) {
  ++device.counter;
  const auto profile = facts_of(device.family).profile;
  const int port = device.family == ldds45 ? 2 : 85;
  // ChirpStack writes the zone as +00:00.
  const std::string time = to_rfc3339(scene.wall);
  return fmt::format(
      R"({{"deduplicationId":"{}","time":"{}+00:00",)"
      R"("deviceInfo":{{"tenantId":"52f14cd4-c6f1-4fbd-8f87-4025e1d49242","tenantName":)"
      R"("ChirpStack",)"
      R"("applicationId":"17c82e96-be03-4f38-aef3-f83d48582d97","applicationName":"village",)"
      R"("deviceProfileName":"{}","deviceName":"{}","devEui":"{}"}},)"
      R"("devAddr":"{:08x}","adr":true,"dr":3,"fCnt":{},"fPort":{},"confirmed":false,"data":"{}",)"
      R"("rxInfo":[{{"gatewayId":"0016c001f153a14c","rssi":{},"snr":{:.1f}}}]}})",
      uuid_from(device.random), time.substr(0, time.size() - 1), profile, device.name, device.id,
      0x01000000U + static_cast<unsigned>(device.phase * 65'535), device.counter, port,
      to_base64(bytes), -120 + static_cast<int>(device.random.below(70)),
      device.random.in({-8, 11}));
}

std::string lora_report(Device& device, const Scene& scene) {
  return lora_event(device, scene, bytes_of(device, scene));
}

}  // namespace watchpost::simulator
