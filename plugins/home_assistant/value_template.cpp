#include "home_assistant/value_template.hpp"

#include "home_assistant/template_reader.hpp"

namespace watchpost::home_assistant {
namespace {

namespace json = sdk::json;
using Compared = ValueTemplate::Compared;

const json::value* at(const json::value& value, const std::string& key) {
  if (const auto* object = value.if_object()) return object->if_contains(key);
  const auto* list = value.if_array();
  if (list == nullptr) return nullptr;
  const auto index = sdk::number_from(key);
  if (!index || *index < 0 || *index >= static_cast<double>(list->size())) return nullptr;
  return &(*list)[static_cast<std::size_t>(*index)];
}

// As Jinja takes a value for true.
bool is_true(const json::value& value) {
  if (value.is_bool()) return value.get_bool();
  if (value.is_number()) return value.to_number<double>() != 0;
  if (value.is_string()) return !value.get_string().empty();
  if (value.is_array()) return !value.get_array().empty();
  return value.is_object() && !value.get_object().empty();
}

std::optional<double> plain_number(const json::value& value) {
  if (value.is_bool()) return value.get_bool() ? 1 : 0;
  if (value.is_number()) return value.to_number<double>();
  return std::nullopt;
}

bool holds(const json::value& left, Compared compared, const json::value& right) {
  const auto a = plain_number(left);
  const auto b = plain_number(right);
  const bool numbers = a && b;
  const bool texts = left.is_string() && right.is_string();
  if (compared == Compared::equal || compared == Compared::unequal) {
    const bool same =
        numbers ? *a == *b : texts && std::string_view(left.get_string()) == right.get_string();
    return same == (compared == Compared::equal);
  }
  if (!numbers) return false;
  switch (compared) {
    case Compared::less:
      return *a < *b;
    case Compared::less_or_equal:
      return *a <= *b;
    case Compared::greater:
      return *a > *b;
    case Compared::greater_or_equal:
      return *a >= *b;
    case Compared::no:
    case Compared::equal:
    case Compared::unequal:
      return false;
  }
  return false;
}

}  // namespace

std::optional<ValueTemplate> ValueTemplate::parse(std::string_view text) {
  auto parts = parts_of_template(text);
  if (!parts) return std::nullopt;
  return ValueTemplate(std::move(*parts));
}

std::optional<json::value> ValueTemplate::evaluate(std::string_view payload,
                                                   const json::value* json) const {
  json::value value;
  if (parts_.of_json) {
    const json::value* found = json;
    for (const std::string& key : parts_.path) {
      if (found != nullptr) found = at(*found, key);
    }
    if (found == nullptr) return std::nullopt;
    value = *found;
  } else {
    value = json::string(payload);
  }
  if (value.is_null()) return value;
  if (parts_.as_number) {
    const auto number = value.is_bool() ? plain_number(value) : sdk::number_of(value);
    if (!number) return std::nullopt;
    value = *number;
  }
  const bool is_plain = parts_.compared == Compared::no && !parts_.negated;
  if (is_plain && !parts_.chooses) return value;
  bool result = parts_.compared == Compared::no ? is_true(value)
                                                : holds(value, parts_.compared, parts_.literal);
  if (parts_.negated) result = !result;
  if (!parts_.chooses) return json::value(result);
  return result ? parts_.when_true : parts_.when_false;
}

}  // namespace watchpost::home_assistant
