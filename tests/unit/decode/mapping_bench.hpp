// A mapping of a well, what is wrong with a mapping, and what one reads.
#pragma once

#include <string>
#include <string_view>

#include "decode/mapping_decoder.hpp"
#include "support/catch.hpp"

namespace watchpost::decode::testing {

inline const std::string kWellHead =
    "name = \"m\"\nkind = \"water_level\"\n[device]\nfixed = \"well\"\n";

inline std::string mistake_in(const std::string& toml) {
  const auto mapping = Mapping::parse({toml, "m.toml"});
  REQUIRE_FALSE(mapping.has_value());
  return mapping.error().sentence();
}

inline Decoding read_by(const std::string& toml, std::string_view payload, bool retained = false) {
  auto mapping = Mapping::parse({toml, "m.toml"});
  INFO((mapping ? std::string{} : mapping.error().sentence()));
  REQUIRE(mapping.has_value());
  MappingDecoder decoder(std::move(*mapping), 480);
  const auto topic = *Topic::parse("a/b/c");
  const auto now = *from_rfc3339("2026-11-23T12:00:00Z", std::chrono::minutes{0});
  return decoder.decode({topic, payload, retained, now});
}

inline std::string byte_mapping(const std::string& reading, const std::string& rest = {}) {
  return "format = \"bytes\"\n" + kWellHead + "[[reading]]\nquantity = \"q\"\n" + reading + rest;
}

inline Reading::Value sole_value(const Decoding& decoding) {
  INFO(decoding.why);
  REQUIRE(decoding.observations.size() == 1);
  return decoding.observations[0].readings.at(0).value;
}

}  // namespace watchpost::decode::testing
