#include "sdk/json.hpp"

#include <cmath>

namespace watchpost::sdk {

JsonDocument::JsonDocument()
    : parser_(json::storage_ptr(), json::parse_options(), scratch_.data(), scratch_.size()) {}

const json::value* JsonDocument::parse(std::string_view text) {
  root_.reset();
  parser_.reset();  // lets go of a half-built value before its memory goes
  memory_.emplace(buffer_.data(), buffer_.size());
  parser_.reset(&*memory_);
  boost::system::error_code error;
  parser_.write(text.data(), text.size(), error);
  if (error) {
    why_ = "not valid JSON: " + error.message();
    return nullptr;
  }
  root_.emplace(parser_.release());
  return &*root_;
}

const json::object* JsonDocument::parse_object(std::string_view text) {
  const auto* value = parse(text);
  if (value == nullptr) return nullptr;
  if (!value->is_object()) {
    why_ = "JSON, but not an object";
    return nullptr;
  }
  return &value->get_object();
}

const json::value* member(const json::object& object, std::string_view key) {
  return object.if_contains(key);
}

const json::object* object_at(const json::object& object, std::string_view key) {
  const auto* value = member(object, key);
  return value == nullptr ? nullptr : value->if_object();
}

std::optional<std::string_view> text_at(const json::object& object, std::string_view key) {
  const auto* value = member(object, key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string());
}

std::optional<double> number_of(const json::value& value) {
  if (value.is_string()) return number_from(value.get_string());
  if (!value.is_number()) return std::nullopt;
  const auto number = value.to_number<double>();
  return std::isfinite(number) ? std::optional<double>(number) : std::nullopt;
}

std::optional<double> number_at(const json::object& object, std::string_view key) {
  const auto* value = member(object, key);
  return value == nullptr ? std::nullopt : number_of(*value);
}

std::optional<bool> boolean_at(const json::object& object, std::string_view key) {
  const auto* value = member(object, key);
  if (value == nullptr || !value->is_bool()) return std::nullopt;
  return value->get_bool();
}

std::optional<std::int64_t> time_of(const json::value& value, int zone_minutes) {
  if (const auto epoch = number_of(value)) return time_from_epoch(*epoch);
  if (value.is_string()) return time_from_text(value.get_string(), zone_minutes);
  return std::nullopt;
}

std::optional<std::int64_t> time_at(const json::object& object, std::string_view key,
                                    int zone_minutes) {
  const auto* value = member(object, key);
  return value == nullptr ? std::nullopt : time_of(*value, zone_minutes);
}

}  // namespace watchpost::sdk
