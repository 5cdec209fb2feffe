#include "app/config_changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "settings/keys.hpp"

namespace watchpost::app {
namespace {

using settings::AnySection;
using settings::Config;
using settings::Key;
using settings::ListenerConfig;
using settings::Section;

constexpr std::array<std::string_view, 4> kListenerKeysUsed{"anonymous", "password_file",
                                                            "acl_file", "readers"};
constexpr std::array<std::string_view, 4> kOutputKeysUsed{"step", "levels", "alarms", "places"};
constexpr std::array<std::string_view, 4> kSectionsUsed{"local_traffic", "patrol", "service",
                                                        "supervision"};

// Two sections of one kind that stand for the same thing.
struct Pair {
  AnySection before;
  AnySection wanted;
};

std::vector<std::string_view> differing_keys(const Section& section, const Pair& pair) {
  std::vector<std::string_view> names;
  for (const Key& key : section.keys) {
    const auto before = key.slot(pair.before);
    const auto wanted = key.slot(pair.wanted);
    const auto* const secret = std::get_if<std::string*>(&before);
    const bool differs = key.form == settings::Form::secret && secret != nullptr
                             ? **secret != *std::get<std::string*>(wanted)
                             : printed(key, before) != printed(key, wanted);
    if (differs) names.push_back(key.name);
  }
  return names;
}

// Which thing of the outside a repeated section is about; it stays the same while other keys
// change.
std::string identity_of(const AnySection& section) {
  if (auto* const* listener = std::get_if<ListenerConfig*>(&section)) {
    const ListenerConfig& one = **listener;
    return fmt::format("{} {} {}", to_string(one.protocol), one.address, one.port);
  }
  if (auto* const* upstream = std::get_if<settings::UpstreamConfig*>(&section)) {
    return (*upstream)->link.name;
  }
  if (auto* const* broker = std::get_if<settings::BrokerConfig*>(&section)) {
    return (*broker)->link.name;
  }
  if (auto* const* output = std::get_if<settings::OutputConfig*>(&section)) {
    return (*output)->name;
  }
  return {};
}

std::string short_name_of(const AnySection& section) {
  if (auto* const* listener = std::get_if<ListenerConfig*>(&section)) {
    return std::to_string((*listener)->port);
  }
  return identity_of(section);
}

class Comparison {
 public:
  explicit Comparison(const ConfigStep& step)
      : before_(step.before), wanted_(step.wanted), result_{step.before, {}, {}} {}

  ConfigChanges run() {
    for (const Section& section : settings::sections()) {
      if (section.name == "device" || section.name == "decoder" || section.name == "escalation" ||
          section.name == "rule")
        continue;
      if (section.repeated()) {
        compare_repeated(section);
      } else {
        compare_single(section);
      }
    }
    compare_decoding();
    use_listeners();
    use_escalations();
    use_grants();
    Config& in_use = result_.in_use;
    in_use.log.level = wanted_.log.level;
    in_use.service = wanted_.service;
    in_use.remarks = wanted_.remarks;
    return std::move(result_);
  }

 private:
  void compare_single(const Section& section) {
    const Pair pair{section.all(before_).front(), section.all(wanted_).front()};
    for (const auto key : differing_keys(section, pair)) {
      const auto& whole = kSectionsUsed;
      const bool is_used = std::find(whole.begin(), whole.end(), section.name) != whole.end() ||
                           (section.name == "log" && key == "level");
      add(is_used, fmt::format("{}.{}", section.name, key));
    }
  }
  void compare_repeated(const Section& section) {
    auto left = section.all(before_);
    for (const AnySection& wanted : section.all(wanted_)) {
      const auto found = std::find_if(left.begin(), left.end(), [&wanted](const auto& one) {
        return identity_of(one) == identity_of(wanted);
      });
      const std::string name = fmt::format("{} {}", section.name, short_name_of(wanted));
      if (found == left.end()) {
        add(false, name + " (new)");
        continue;
      }
      for (const auto key : differing_keys(section, {*found, wanted})) {
        add(is_used_of(wanted, key), fmt::format("{}: {}", name, key));
      }
      left.erase(found);
    }
    for (const AnySection& gone : left) {
      add(false, fmt::format("{} {} (removed)", section.name, short_name_of(gone)));
    }
  }
  // Whether pages of other hosts may open a WebSocket follows from `anonymous` and is settled when
  // the port is opened.
  static bool is_used_of(const AnySection& section, std::string_view key) {
    if (std::holds_alternative<settings::OutputConfig*>(section))
      return std::ranges::find(kOutputKeysUsed, key) != kOutputKeysUsed.end();
    if (std::holds_alternative<settings::UpstreamConfig*>(section)) return key == "commands";
    auto* const* listener = std::get_if<ListenerConfig*>(&section);
    if (listener == nullptr) return false;
    if (key == "anonymous" && is_web_socket(**listener)) return false;
    const auto& used = kListenerKeysUsed;
    return std::find(used.begin(), used.end(), key) != used.end();
  }
  static bool is_web_socket(const ListenerConfig& listener) {
    return listener.protocol == ListenerProtocol::websocket;
  }
  void compare_decoding() {
    if (before_.devices != wanted_.devices) add(true, "device");
    if (before_.decoders != wanted_.decoders) add(true, "decoder");
    if (before_.rules != wanted_.rules) add(true, "rule");
    const auto stations = [](const Config& config) {
      std::vector<settings::DeviceConfig> all;
      for (const auto& device : config.devices) {
        if (!device.station_mode && !device.station_ending) continue;
        settings::DeviceConfig& one = all.emplace_back();
        one.id = device.id;
        one.station_mode = device.station_mode;
        one.station_ending = device.station_ending;
      }
      return all;
    };
    if (stations(before_) != stations(wanted_)) add(false, "device: station_mode, station_ending");
    result_.in_use.devices = wanted_.devices;
    result_.in_use.decoders = wanted_.decoders;
    result_.in_use.rules = wanted_.rules;
    result_.in_use.patrol = wanted_.patrol;
    result_.in_use.supervision = wanted_.supervision;
    result_.in_use.local_traffic = wanted_.local_traffic;
  }
  void use_listeners() {
    for (ListenerConfig& one : result_.in_use.listeners) {
      const auto found =
          std::find_if(wanted_.listeners.begin(), wanted_.listeners.end(), [&one](auto& other) {
            return identity_of(AnySection{&one}) == identity_of(AnySection{&other});
          });
      if (found == wanted_.listeners.end()) continue;
      if (!is_web_socket(one)) one.anonymous = found->anonymous;
      one.password_file = found->password_file;
      one.acl_file = found->acl_file;
      one.readers = found->readers;
    }
  }
  // Who is told when; how an output is told needs a restart.
  void use_escalations() {
    if (before_.escalations != wanted_.escalations) add(true, "escalation");
    result_.in_use.escalations = wanted_.escalations;
    for (settings::OutputConfig& one : result_.in_use.outputs) {
      const auto found =
          std::ranges::find(wanted_.outputs, one.name, &settings::OutputConfig::name);
      if (found == wanted_.outputs.end()) continue;
      one.step = found->step;
      one.which = found->which;
    }
  }
  void use_grants() {
    for (settings::UpstreamConfig& one : result_.in_use.upstreams) {
      for (const settings::UpstreamConfig& wanted : wanted_.upstreams) {
        if (wanted.link.name == one.link.name) one.commands = wanted.commands;
      }
    }
  }
  void add(bool is_used, std::string what) {
    (is_used ? result_.used : result_.waiting).push_back(std::move(what));
  }

  Config before_;  // copies, because the table of keys gives pointers to what may be changed
  Config wanted_;
  ConfigChanges result_;
};

}  // namespace

ConfigChanges changes_in(const ConfigStep& step) {
  return Comparison(step).run();
}

}  // namespace watchpost::app
