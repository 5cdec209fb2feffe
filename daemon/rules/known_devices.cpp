#include "rules/known_devices.hpp"

#include <memory>
#include <utility>

#include "rules/command_table.hpp"

namespace watchpost::rules {
namespace {

bool may_yield(const Core& core, const Device& device) {
  return device.service == DeviceService::unregistered && !device.tested_until &&
         !core.alarms.may_have(device.id);
}

void know(Step& step, Device device) {
  step.core().unknown_devices.remove(step.number(), hash_of(device.id));
  step.put(std::move(device));
}

}  // namespace

Acquaintance acquaint(Step& step, std::string_view id) {
  Core& core = step.core();
  if (id.empty() || core.devices.find(id) != nullptr) return Acquaintance::known;
  if (core.devices.size() >= core.options.most_devices) {
    core.unknown_devices.add(hash_of(id));
    return Acquaintance::no_room;
  }
  Device device;
  device.id = id;
  know(step, std::move(device));
  return Acquaintance::now_heard;
}

CommandResult enter_device(Step& step, const Device& entered) {
  Core& core = step.core();
  if (entered.id.empty()) {
    CommandResult nameless = refused(Refusal::field_missing);
    nameless.field = "id";
    return nameless;
  }
  for (const FieldLength& each : {FieldLength{"id", entered.id.size(), kMostDevice},
                                  {"name", entered.name.size(), kMostName},
                                  {"place", entered.place.size(), kMostName}}) {
    if (auto result = too_long(each)) return *result;
  }
  const Device* known = core.devices.find(entered.id);
  if (known == nullptr && core.devices.size() >= core.options.most_devices) {
    const Device* yields =
        core.devices.find_if([&core](const Device& each) { return may_yield(core, each); });
    if (yields == nullptr) return refused(Refusal::no_room);
    Device gone = *yields;
    gone.is_removed = true;
    step.put(std::move(gone));
  }
  Device device = known == nullptr ? Device{} : *known;
  device.id = entered.id;
  device.name = entered.name;
  device.place = entered.place;
  device.expected = entered.expected;
  if (device.out) {
    auto out = std::make_shared<OutOfService>(*device.out);
    out->was_registered = true;
    device.out = std::move(out);
  } else {
    device.service = DeviceService::in_service;
  }
  know(step, std::move(device));
  return {};
}

}  // namespace watchpost::rules
