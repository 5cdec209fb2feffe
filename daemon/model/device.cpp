#include "model/device.hpp"

#include "model/names.hpp"

namespace watchpost {
namespace {

constexpr names::Table<DeviceService, 3> kServiceNames{{
    {DeviceService::unregistered, "new"},
    {DeviceService::in_service, "in_service"},
    {DeviceService::out_of_service, "out_of_service"},
}};

}  // namespace

std::string_view to_string(DeviceService service) {
  return names::name_of(kServiceNames, service);
}
std::optional<DeviceService> device_service_from(std::string_view name) {
  return names::value_of(kServiceNames, name);
}

std::size_t memory_of(const Device& device) {
  const std::size_t out =
      device.out ? sizeof *device.out + device.out->why.size() + device.out->by.size() : 0;
  std::size_t card = device.card ? sizeof *device.card : 0;
  for (const CardText& each : kCardTexts) {
    if (device.card) card += ((*device.card).*each.text).size();
  }
  const std::size_t habit = device.habit
                                ? sizeof *device.habit + device.habit->learning.size() +
                                      device.habit->radio.size() + device.habit->broker.size()
                                : 0;
  return sizeof device + habit + card + device.id.size() + device.name.size() +
         device.place.size() + out;
}

}  // namespace watchpost
