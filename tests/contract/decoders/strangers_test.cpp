// Messages that no sample was made for: what a person would call danger is an alarm, and nothing
// else is (strangers.tsv).
#include <algorithm>
#include <sstream>

#include "decode/registry.hpp"
#include "decoding_text.hpp"
#include "rules/verdict.hpp"
#include "support/catch.hpp"

namespace watchpost::test {
namespace {

std::string heard(const decode::Decoding& decoding) {
  std::string word = "quiet";
  for (const Observation& observation : decoding.observations) {
    const auto verdict = rules::judge(observation);
    if (verdict.alarm) return "raised";
    if (verdict.event_class == EventClass::alarm) word = "loud";
  }
  return word;
}

// "fault": quiet, and told as one.
bool is_as_said(const decode::Decoding& decoding, std::string_view said) {
  if (said != "fault") return heard(decoding) == said;
  return heard(decoding) == "quiet" &&
         std::any_of(decoding.observations.begin(), decoding.observations.end(),
                     [](const Observation& each) { return each.state == DeclaredState::fault; });
}

}  // namespace

TEST_CASE("what a person would call danger is an alarm, and nothing else is",
          "[decode][contract]") {
  std::istringstream lines(read_source_file("tests/contract/decoders/strangers.tsv"));
  const auto now = *from_rfc3339("2026-11-23T12:00:00Z", std::chrono::minutes{0});
  std::size_t rows = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    const auto first = line.find('\t');
    const auto second = line.find('\t', first + 1);
    REQUIRE(second != std::string::npos);
    const auto topic = Topic::parse(line.substr(first + 1, second - first - 1));
    REQUIRE(topic);
    auto registry = decode::Registry::build({decode::default_bindings(), {}, 480, {}}).value();
    const auto payload = line.substr(second + 1);
    const auto decoding = registry.decode({*topic, payload, false, now});
    INFO(topic->text() << " " << payload << ": " << decoding.decoder << " " << decoding.why);
    INFO("heard: " << heard(decoding));
    CHECK(is_as_said(decoding, line.substr(0, first)));
    ++rows;
  }
  CHECK(rows > 1'000);
}

}  // namespace watchpost::test
