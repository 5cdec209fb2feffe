#include "cli/support/redaction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "settings/values.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kShort = 2;
// In whatever object they stand.
constexpr std::array<std::string_view, 12> kNames{"device",  "place", "client_id", "peer",
                                                  "station", "topic", "user",      "by",
                                                  "note",    "group", "household", "contact"};

std::string_view text_of_value(const json::value& value) {
  return value.is_string() ? std::string_view(value.get_string()) : std::string_view{};
}

}  // namespace

void Redaction::hide(std::string_view name) {
  if (name.empty()) return;
  std::string key = settings::in_lower_case(name);
  if (key.size() <= kShort) key = fmt::format("\"{}\"", key);
  if (stand_ins_.contains(key)) return;
  const std::string stand_in = fmt::format("name-{}", stand_ins_.size() + 1);
  stand_ins_.emplace(key, key.front() == '"' ? fmt::format("\"{}\"", stand_in) : stand_in);
}

void Redaction::hide_names_of(const json::value& status) {
  if (const auto* array = status.if_array()) {
    for (const json::value& one : *array) hide_names_of(one);
  }
  const auto* object = status.if_object();
  if (object == nullptr) return;
  for (const auto& [key, value] : *object) {
    const std::string_view name(key);
    const bool is_name = std::find(kNames.begin(), kNames.end(), name) != kNames.end();
    if (is_name || (name == "name" && object->contains("device"))) hide(text_of_value(value));
    hide_names_of(value);
  }
}

std::string Redaction::of(std::string_view text) const {
  // The longest first, so that a name inside another one does not leave the rest of it.
  std::vector<const std::pair<const std::string, std::string>*> longest;
  for (const auto& one : stand_ins_) longest.push_back(&one);
  std::stable_sort(longest.begin(), longest.end(),
                   [](const auto* a, const auto* b) { return a->first.size() > b->first.size(); });
  std::string out(text);
  std::string lower = settings::in_lower_case(out);
  for (const auto* one : longest) {
    for (auto at = lower.find(one->first); at != std::string::npos;
         at = lower.find(one->first, at + one->second.size())) {
      out.replace(at, one->first.size(), one->second);
      lower.replace(at, one->first.size(), one->second);
    }
  }
  return out;
}

}  // namespace watchpost::cli
