#include "sdk/options.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <stdexcept>

#include "sdk/text.hpp"

namespace watchpost::sdk {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return {};
  return std::string(value->get_string());
}

Device device_of(const json::value& entry) {
  const auto* object = entry.if_object();
  if (object == nullptr) throw std::invalid_argument("\"devices\" holds something not an object");
  Device device{text_of(*object, "id"), text_of(*object, "profile"), {}};
  if (device.id.empty()) throw std::invalid_argument("an entry of \"devices\" has no \"id\"");
  if (const auto* options = object->if_contains("options"); options && options->is_object()) {
    device.options = options->get_object();
  }
  return device;
}

}  // namespace

Options Options::parse(std::string_view text) {
  Options options;
  if (text.empty()) return options;
  boost::system::error_code error;
  const auto whole = json::parse(text, error);
  if (error) throw std::invalid_argument("the options are not JSON: " + error.message());
  const auto* object = whole.if_object();
  if (object == nullptr) throw std::invalid_argument("the options are not a JSON object");
  if (const auto* own = object->if_contains("options")) {
    if (!own->is_object()) throw std::invalid_argument("\"options\" is not a JSON object");
    options.own_ = own->get_object();
  }
  if (const auto* zone = object->if_contains("zone_minutes"); zone && zone->is_int64()) {
    options.zone_minutes_ =
        static_cast<int>(std::clamp<std::int64_t>(zone->get_int64(), -900, 900));
  }
  if (const auto* keys = object->if_contains("tag_keys"); keys && keys->is_array()) {
    options.tag_keys_ = keys->get_array();
  }
  if (const auto* topics = object->if_contains("topics"); topics && topics->is_array()) {
    for (const auto& topic : topics->get_array()) {
      if (topic.is_string()) options.topics_.emplace_back(topic.get_string());
    }
  }
  if (const auto* devices = object->if_contains("devices"); devices && devices->is_array()) {
    for (const auto& entry : devices->get_array()) {
      auto device = device_of(entry);
      auto key = lower_case(device.id);
      options.devices_.insert_or_assign(std::move(key), std::move(device));
    }
  }
  return options;
}

std::string Options::text(std::string_view key, Fallback fallback) const {
  const auto* value = own_.if_contains(key);
  if (value == nullptr) return std::string(fallback.text);
  if (!value->is_string()) {
    throw std::invalid_argument("option \"" + std::string(key) + "\" must be a text");
  }
  return std::string(value->get_string());
}

void Options::refuse_unknown(std::initializer_list<std::string_view> known) const {
  for (const auto& member : own_) {
    const std::string_view key = member.key();
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    std::string sentence = "there is no option \"" + std::string(key) + "\"; options are:";
    for (const auto name : known) sentence.append(" ").append(name);
    if (known.size() == 0) sentence += " none";
    throw std::invalid_argument(sentence);
  }
}

const Device* Options::device(std::string_view id) const {
  if (devices_.empty()) return nullptr;
  const auto found = devices_.find(lower_case(id));
  return found == devices_.end() ? nullptr : &found->second;
}

}  // namespace watchpost::sdk
