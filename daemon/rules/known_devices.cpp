#include "rules/known_devices.hpp"

#include <optional>
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

CommandResult lacking(std::string_view field) {
  CommandResult result = refused(Refusal::field_missing);
  result.field = field;
  return result;
}

std::optional<CommandResult> unfit(const Device& entered) {
  if (entered.id.empty()) return lacking("id");
  for (const FieldLength& each : {FieldLength{"id", entered.id.size(), kMostDevice},
                                  {"name", entered.name.size(), kMostName},
                                  {"place", entered.place.size(), kMostName}}) {
    if (auto result = too_long(each)) return result;
  }
  if (!entered.card) return std::nullopt;
  for (const CardText& each : kCardTexts) {
    if (auto result = too_long({each.name, ((*entered.card).*each.text).size(), kMostName}))
      return result;
  }
  if (entered.card->lacks_consent()) return lacking("consent");
  return std::nullopt;
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
  if (auto refusal = unfit(entered)) return *refusal;
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
  device.card = entered.card;
  if (device.out) {
    OutOfService out = *device.out;
    out.was_registered = true;
    device.out = std::move(out);
  } else {
    device.service = DeviceService::in_service;
  }
  know(step, std::move(device));
  return {};
}

}  // namespace watchpost::rules
