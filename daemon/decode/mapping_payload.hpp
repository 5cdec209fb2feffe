// MappingPayload: one payload, read at the places a mapping names.
// Promise: a place that the payload does not have, or of another type, gives nothing; a JSON null
// gives a null reading.
// Reads stay within the payload. Lives for one message.
#pragma once

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "decode/mapping.hpp"

namespace watchpost::decode {

class MappingPayload {
 public:
  MappingPayload(const Mapping& mapping, std::string_view payload);
  MappingPayload(const MappingPayload&) = delete;
  MappingPayload& operator=(const MappingPayload&) = delete;

  // Why it is broken; empty where it is not.
  [[nodiscard]] const std::string& broken() const { return broken_; }
  // How many elements the list there has; nothing where there is none.
  [[nodiscard]] std::optional<std::size_t> size_of(const std::string& list) const;
  // From now on places are looked for in this element of the list, then in the whole payload.
  void enter(const std::string& list, std::size_t element);
  [[nodiscard]] bool has(const std::string& pointer) const;
  [[nodiscard]] std::optional<Reading::Value> at(const PayloadPlace& place) const;

 private:
  void parse_json(std::string_view payload);
  void check(const Check& check);
  [[nodiscard]] const boost::json::value* find(const std::string& pointer) const;
  [[nodiscard]] std::optional<Reading::Value> bytes_at(const PayloadPlace& place) const;

  PayloadFormat format_;
  boost::json::monotonic_resource memory_;
  std::optional<boost::json::value> json_;
  const boost::json::value* element_ = nullptr;
  std::string bytes_;
  std::string broken_;
};

// A value as the mapping file writes it: "1", "true", "on"; whole numbers without a point.
[[nodiscard]] std::string value_text(const Reading::Value& value);

}  // namespace watchpost::decode
