// The fixtures: real payloads and what they must become (tests/fixtures/README.md).
#pragma once

#include <boost/json/array.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "decode/registry.hpp"

namespace watchpost::test {

struct FixtureRow {
  std::string file;
  std::string topic;  // as index.tsv has it, with the remarks there
  std::string expect_class;
  bool alarm = false;
  boost::json::array expected;
};

struct FixtureMessage {
  Topic topic;
  std::string payload;
  bool retained = false;
};

[[nodiscard]] std::vector<FixtureRow> fixture_rows();
[[nodiscard]] std::vector<FixtureMessage> messages_of(const FixtureRow& row);
// Whether the installed mappings are bound before the built-in decoders that read the same.
enum class FixtureMappings : std::uint8_t { none, first };
// A registry with the default bindings and those that a site with these devices would configure.
[[nodiscard]] decode::Registry fixture_registry(FixtureMappings mappings = FixtureMappings::none);

}  // namespace watchpost::test
