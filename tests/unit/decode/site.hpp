// Site: the decoders of a site, and the alarms that people hear of what its devices send, a minute
// after each other.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "decode/registry.hpp"
#include "rules/verdict.hpp"

namespace watchpost::decode::testing {

struct Site {
  Registry registry;
  WallTime now = *from_rfc3339("2026-11-23T12:00:00Z", std::chrono::minutes{0});

  explicit Site(std::vector<DecoderBinding> bindings = default_bindings())
      : registry(Registry::build({std::move(bindings), {}, 480, {}}).value()) {}
  explicit Site(Registry its_registry) : registry(std::move(its_registry)) {}

  Decoding decode(std::string_view topic, std::string_view payload, bool retained = false) {
    now += std::chrono::minutes{1};
    return registry.decode({*Topic::parse(topic), payload, retained, now});
  }
  // "smoke@kitchen" for each alarm.
  std::string alarms(std::string_view topic, std::string_view payload) {
    std::string text;
    for (const auto& observation : decode(topic, payload).observations) {
      if (!rules::judge(observation).alarm) continue;
      text.append(text.empty() ? "" : " ").append(to_string(observation.kind));
      text.append("@").append(observation.device);
    }
    return text;
  }
};

}  // namespace watchpost::decode::testing
