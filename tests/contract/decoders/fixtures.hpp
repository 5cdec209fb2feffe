// The fixtures: real payloads and what they must become (tests/fixtures/README.md).
#pragma once

#include <boost/json/array.hpp>
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
// A registry with the default bindings and those that a site with these devices would configure.
[[nodiscard]] decode::Registry fixture_registry();

}  // namespace watchpost::test
