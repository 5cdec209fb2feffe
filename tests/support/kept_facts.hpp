// KeptFacts: the rows of judgement as a store would have them, for tests of it without one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/fact.hpp"

namespace watchpost::support {

struct KeptFacts {
  std::map<std::uint64_t, SharedAlarm> alarms;
  std::map<std::string, SharedDevice> devices;
  std::map<std::string, SharedCommandDone> commands;
  SharedDuty duty;
  std::uint64_t numbers_given = 0;

  // Numbers the evidence of `step`, as a store does that gives the numbers.
  void keep(const Fact& fact, const std::map<StepNumber, Evidence>& records) {
    if (const auto* alarm = std::get_if<SharedAlarm>(&fact)) {
      auto row = std::make_shared<Alarm>(**alarm);
      for (Evidence& each : row->evidence) {
        const auto found = records.find(each.step);
        if (each.sequence.value == 0 && found != records.end()) each = found->second;
      }
      numbers_given = std::max(numbers_given, row->number.serial.value);
      alarms[row->number.serial.value] = std::move(row);
    } else if (const auto* device = std::get_if<SharedDevice>(&fact)) {
      if ((*device)->is_removed) {
        devices.erase((*device)->id);
      } else {
        devices[(*device)->id] = *device;
      }
    } else if (const auto* done = std::get_if<SharedCommandDone>(&fact)) {
      if ((*done)->is_forgotten) {
        commands.erase((*done)->key);
      } else {
        commands[(*done)->key] = *done;
      }
    } else if (const auto* row = std::get_if<SharedDuty>(&fact)) {
      duty = *row;
    }
  }

  // Open ones and all that are closed: more than a store would hand back.
  [[nodiscard]] StoredJudgement stored() const {
    StoredJudgement all;
    for (const auto& [count, row] : alarms) all.alarms.push_back(row);
    for (const auto& [id, row] : devices) all.devices.push_back(row);
    for (const auto& [key, row] : commands) all.commands.push_back(row);
    all.duty = duty;
    all.numbers_given = numbers_given;
    return all;
  }
};

}  // namespace watchpost::support
