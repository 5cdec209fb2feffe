#include "receiver/same_event.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace watchpost::receiver {
namespace {

namespace json = boost::json;

// Whether these go along, and how, is a setting of the gateway.
constexpr std::string_view kBySetting[] = {"raw", "raw_base64", "name"};
constexpr std::size_t kMostPayloadDepth = 64;

// What both say, they say alike.
bool agree(const json::object& one, const json::object& other) {
  return std::all_of(one.begin(), one.end(), [&other](const json::key_value_pair& member) {
    const std::string_view key = member.key();
    if (std::find(std::begin(kBySetting), std::end(kBySetting), key) != std::end(kBySetting)) {
      return true;
    }
    const json::value* there = other.if_contains(member.key());
    return there == nullptr || *there == member.value();
  });
}

// All but `data` is the same to the last member.
bool envelopes_equal(json::object one, json::object other) {
  one.erase("data");
  other.erase("data");
  return one == other;
}

}  // namespace

bool is_same_event(std::string_view one, std::string_view other) {
  if (one == other) return true;
  json::parse_options options;
  options.max_depth = kMostPayloadDepth;
  boost::system::error_code error;
  const json::value first = json::parse(one, error, {}, options);
  if (error || !first.is_object()) return false;
  const json::value second = json::parse(other, error, {}, options);
  if (error || !second.is_object()) return false;
  if (!envelopes_equal(first.get_object(), second.get_object())) return false;
  const json::value* first_data = first.get_object().if_contains("data");
  const json::value* second_data = second.get_object().if_contains("data");
  if (first_data == nullptr || second_data == nullptr || !first_data->is_object() ||
      !second_data->is_object()) {
    return first_data == second_data;
  }
  return agree(first_data->get_object(), second_data->get_object());
}

}  // namespace watchpost::receiver
