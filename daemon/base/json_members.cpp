#include "base/json_members.hpp"

#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

namespace watchpost {

namespace json = boost::json;

std::string_view text_in(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return {};
  return value->get_string();
}

std::optional<std::int64_t> integer_in(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  boost::system::error_code error;  // such as 1.5 or 1e30
  const auto number = value->to_number<std::int64_t>(error);
  return error ? std::nullopt : std::optional(number);
}

std::uint64_t count_in(const json::object& object, std::string_view name) {
  const std::int64_t number = integer_in(object, name).value_or(0);
  return number < 0 ? 0 : static_cast<std::uint64_t>(number);
}

bool flag_in(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

const json::object* object_in(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}

const json::array& list_in(const json::object& object, std::string_view name) {
  static const json::array kNone;
  const json::value* const value = object.if_contains(name);
  return value == nullptr || !value->is_array() ? kNone : value->get_array();
}

}  // namespace watchpost
