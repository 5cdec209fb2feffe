// decode_lines: the real decoder, for test_breadth.py. Reads lines "topic TAB payload" and answers
// each with what became of it: "raised", "loud" (class alarm, not understood) or "quiet", with the
// kinds and states. A line "restart" begins with a new decoder.
#include <iostream>
#include <string>

#include "decode/registry.hpp"
#include "rules/verdict.hpp"

namespace {

using namespace watchpost;

std::string answer(const decode::Decoding& decoding) {
  std::string word = "quiet";
  std::string rest;
  for (const Observation& observation : decoding.observations) {
    const auto verdict = rules::judge(observation);
    if (verdict.alarm) {
      word = "raised";
    } else if (verdict.event_class == EventClass::alarm && word == "quiet") {
      word = "loud";
    }
    rest.append(" ").append(to_string(observation.kind)).append(":");
    rest.append(to_string(observation.state));
  }
  if (decoding.outcome != decode::Outcome::decoded) rest = " " + decoding.why;
  return word + rest;
}

decode::Registry registry() {
  return decode::Registry::build({decode::default_bindings(), {}, 480, {}}).value();
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  auto decoder = registry();
  auto now = watchpost::from_rfc3339("2026-11-23T12:00:00Z", std::chrono::minutes{0}).value();
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "restart") {
      decoder = registry();
      continue;
    }
    now += std::chrono::minutes{1};  // no press is taken for the one before
    const auto tab = line.find('\t');
    const auto topic = Topic::parse(line.substr(0, tab));
    if (tab == std::string::npos || !topic) {
      std::cout << "no line of ours\n";
      continue;
    }
    const auto payload = std::string_view(line).substr(tab + 1);
    std::cout << answer(decoder.decode({*topic, payload, false, now})) << '\n';
  }
}
