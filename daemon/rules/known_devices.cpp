#include "rules/known_devices.hpp"

namespace watchpost::rules {
namespace {

bool may_yield(const Core& core, const Device& device) {
  return device.service == DeviceService::unregistered && !device.tested_until &&
         core.alarms.of_device(device.id).empty();
}

}  // namespace

Acquaintance acquaint(Step& step, std::string_view id) {
  Core& core = step.core();
  if (id.empty() || core.devices.find(id) != nullptr) return Acquaintance::known;
  if (core.devices.size() >= core.options.most_devices) return Acquaintance::no_room;
  Device device;
  device.id = id;
  device.since = step.at();
  step.put(std::move(device));
  return Acquaintance::now_heard;
}

bool enter_device(Step& step, Device device) {
  Core& core = step.core();
  const bool is_known = core.devices.find(device.id) != nullptr;
  if (!is_known && core.devices.size() >= core.options.most_devices) {
    const Device* yields =
        core.devices.find_if([&core](const Device& each) { return may_yield(core, each); });
    if (yields == nullptr) return false;
    Device gone = *yields;
    gone.is_removed = true;
    step.put(std::move(gone));
  }
  step.put(std::move(device));
  return true;
}

}  // namespace watchpost::rules
