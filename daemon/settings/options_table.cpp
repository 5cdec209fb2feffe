#include "settings/options_table.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <sstream>

#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

namespace json = boost::json;

// Depth is bounded by the TOML parser (256 levels).
std::optional<json::value> to_json(const toml::node& node);

std::optional<json::value> to_json(const toml::table& table) {
  json::object object;
  for (const auto& [name, node] : table) {
    auto value = to_json(node);
    if (!value) return std::nullopt;
    object[std::string_view{name.str()}] = std::move(*value);
  }
  return json::value(std::move(object));
}

std::optional<json::value> to_json(const toml::array& list) {
  json::array array;
  for (const auto& node : list) {
    auto value = to_json(node);
    if (!value) return std::nullopt;
    array.push_back(std::move(*value));
  }
  return json::value(std::move(array));
}

template <class Time>
std::string written(const Time& time) {
  std::ostringstream out;
  out << time;
  return out.str();
}

std::optional<json::value> to_json(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return to_json(*node.as_table());
    case toml::node_type::array:
      return to_json(*node.as_array());
    case toml::node_type::string:
      return json::value(node.ref<std::string>());
    case toml::node_type::integer:
      return json::value(node.ref<std::int64_t>());
    case toml::node_type::boolean:
      return json::value(node.ref<bool>());
    case toml::node_type::floating_point:
      if (!std::isfinite(node.ref<double>())) return std::nullopt;
      return json::value(node.ref<double>());
    case toml::node_type::date:
      return json::value(written(node.ref<toml::date>()));
    case toml::node_type::time:
      return json::value(written(node.ref<toml::time>()));
    case toml::node_type::date_time:
      return json::value(written(node.ref<toml::date_time>()));
    case toml::node_type::none:
      break;
  }
  return std::nullopt;
}

std::string to_toml(const json::value& value) {
  if (const auto* object = value.if_object()) {
    std::string inside;
    for (const auto& [name, member] : *object) {
      inside += fmt::format("{}{} = {}", inside.empty() ? "" : ", ",
                            toml_quoted({name.data(), name.size()}), to_toml(member));
    }
    return fmt::format("{{ {} }}", inside);
  }
  if (const auto* array = value.if_array()) {
    std::string inside;
    for (const auto& member : *array) {
      inside += (inside.empty() ? "" : ", ") + to_toml(member);
    }
    return fmt::format("[{}]", inside);
  }
  if (const auto* text = value.if_string()) return toml_quoted({text->data(), text->size()});
  if (const auto* number = value.if_double()) {
    std::string shown = fmt::format("{}", *number);
    // Without a point or an exponent TOML would read an integer.
    if (shown.find_first_of(".e") == std::string::npos) shown += ".0";
    return shown;
  }
  return json::serialize(value);
}

}  // namespace

std::optional<std::string> options_to_json(const toml::table& options) {
  const auto value = to_json(options);
  if (!value) return std::nullopt;
  return json::serialize(*value);
}

std::string options_to_toml(std::string_view text) {
  // Numbers beyond 64 bits cannot occur: the text was made from TOML, whose integers have 64.
  json::parse_options deep;
  deep.max_depth = 512;
  return to_toml(json::parse(json::string_view(text.data(), text.size()), {}, deep));
}

}  // namespace watchpost::settings
