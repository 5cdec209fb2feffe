#include "cli/decode/vector_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "base/encoding.hpp"
#include "cli/decode/difference.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 6> kExpectations{"decoded",  "ignored", "malformed",
                                                        "not_mine", "relayed", "own"};

// Within this file only; what leaves it is a Failure.
[[noreturn]] void wrong(const std::string& what) {
  throw std::runtime_error(what);
}

std::string checked_text(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr) return {};
  if (!value->is_string()) wrong("\"" + std::string(key) + "\" must be a text: put it in quotes");
  return std::string(value->get_string());
}

// The member of that name, which must be of kind `is`; null where it is absent.
const json::value* member_of_kind(const json::object& object, std::string_view key, json::kind is) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || value->kind() == is) return value;
  wrong("\"" + std::string(key) + "\" must be of the type " + std::string(to_string(is)));
}

std::string bytes_in(const std::string& hex) {
  if (hex.size() % 2 != 0) {
    wrong("\"hex\" has an odd number of digits (" + std::to_string(hex.size()) +
          "): write two for each byte, 0A and not A");
  }
  auto bytes = from_hex(hex);
  if (!bytes) wrong("\"hex\" holds something that is no hexadecimal digit: write 0-9, a-f only");
  return std::move(*bytes);
}

WallTime time_in(const std::string& text) {
  const auto time = from_rfc3339(text, std::chrono::minutes{0});
  if (!time) wrong("\"received\" is no time: write it as 2026-11-23T12:00:00Z");
  return *time;
}

void read_vector(const json::object& entry, Vector& vector) {
  vector.source = checked_text(entry, "source");
  vector.topic = checked_text(entry, "topic");
  if (!Topic::parse(vector.topic)) wrong("\"topic\" is missing, or is no topic of one message");
  vector.expect = checked_text(entry, "expect");
  if (std::find(kExpectations.begin(), kExpectations.end(), vector.expect) == kExpectations.end()) {
    wrong("\"expect\" must be decoded, ignored, malformed, not_mine, relayed or own");
  }
  vector.content_type = checked_text(entry, "content_type");
  vector.content_encoding = checked_text(entry, "content_encoding");
  if (const auto* relayed = member_of_kind(entry, "relayed", json::kind::object)) {
    vector.relayed = relayed->get_object();
  }
  if (entry.contains("text") == entry.contains("hex")) {
    wrong("the payload must stand in either \"text\" or \"hex\"");
  }
  vector.payload =
      entry.contains("hex") ? bytes_in(checked_text(entry, "hex")) : checked_text(entry, "text");
  const auto* retained = member_of_kind(entry, "retained", json::kind::bool_);
  vector.retained = retained != nullptr && retained->get_bool();
  vector.received_at =
      entry.contains("received") ? time_in(checked_text(entry, "received")) : default_received_at();
  const auto* observations = member_of_kind(entry, "observations", json::kind::array);
  if (observations == nullptr) return;
  for (const auto& expected : observations->get_array()) {
    if (!expected.is_object()) wrong("each of \"observations\" must be an object in braces");
    vector.observations.push_back(expected.get_object());
  }
}

Vector vector_from(const json::value& entry) {
  const auto* object = entry.if_object();
  if (object == nullptr) wrong("a vector must be an object in braces");
  Vector vector;
  try {
    vector.name = checked_text(*object, "name");
    read_vector(*object, vector);
  } catch (const std::runtime_error& error) {
    wrong("vector \"" + vector.name + "\": " + error.what());
  }
  return vector;
}

VectorFile file_from(std::string_view text) {
  boost::system::error_code error;
  const auto whole = json::parse(text, error);
  if (error) wrong("it is no JSON: " + error.message());
  const auto* object = whole.if_object();
  const auto* vectors =
      object == nullptr ? nullptr : member_of_kind(*object, "vectors", json::kind::array);
  if (vectors == nullptr) wrong("it has no \"vectors\"");
  VectorFile file;
  file.decoder = checked_text(*object, "decoder");
  file.gateway = checked_text(*object, "gateway");
  if (const auto* options = object->if_contains("options")) {
    file.options_json = json::serialize(*options);
  }
  if (const auto* keys = object->if_contains("tag_keys")) {
    file.tag_keys_json = json::serialize(*keys);
  }
  if (const auto* devices = member_of_kind(*object, "devices", json::kind::array)) {
    for (const auto& device : devices->get_array()) {
      if (!device.is_object()) wrong("each of \"devices\" must be an object in braces");
      decode::DeviceEntry entry;
      entry.id = checked_text(device.get_object(), "id");
      entry.profile = checked_text(device.get_object(), "profile");
      file.devices.push_back(std::move(entry));
    }
  }
  for (const auto& entry : vectors->get_array()) file.vectors.push_back(vector_from(entry));
  return file;
}

}  // namespace

WallTime default_received_at() {
  return from_rfc3339("2026-11-23T12:00:00Z", std::chrono::minutes{0}).value();
}

Result<VectorFile> parse_vectors(const VectorText& vectors) {
  try {
    return file_from(vectors.text);
  } catch (const std::runtime_error& error) {
    return Failure{Failure::Kind::invalid_input, fmt::format("{}: {}", vectors.file, error.what()),
                   "plugins/README.md says what a vectors.json holds"};
  }
}

decode::RegistryOptions with_vectors(decode::RegistryOptions base, const VectorFile& file,
                                     const std::string& use) {
  bool is_profile = false;
  for (const auto& device : file.devices) {
    is_profile = is_profile || (device.profile == file.decoder && use.ends_with(".toml"));
  }
  if (!is_profile) base.bindings = {{{"#"}, use, file.options_json, true}};
  base.gateway = file.gateway;
  if (!file.tag_keys_json.empty()) {
    base.tag_keys_file.clear();
    base.tag_keys_json = file.tag_keys_json;
  }
  for (const auto& device : file.devices) {
    std::erase_if(base.devices,
                  [&](const decode::DeviceEntry& each) { return each.id == device.id; });
    base.devices.push_back(device);
    if (is_profile && device.profile == file.decoder) base.devices.back().profile = use;
  }
  return base;
}

decode::Frame frame_of(const Vector& vector, const Topic& topic) {
  return {topic,
          vector.payload,
          vector.retained,
          vector.received_at,
          vector.content_type,
          vector.content_encoding};
}

std::string difference(const Vector& vector, const decode::Decoding& decoding) {
  if (to_string(decoding.outcome) != vector.expect) {
    return "the file says " + vector.expect + ", found " +
           std::string(to_string(decoding.outcome)) + "\n";
  }
  if (vector.expect == "relayed") return relayed_difference(vector.relayed, decoding);
  if (vector.expect != "decoded") return {};
  if (decoding.observations.size() != vector.observations.size()) {
    return "the file says " + std::to_string(vector.observations.size()) + " observations, found " +
           std::to_string(decoding.observations.size()) + "\n";
  }
  std::string differences;
  for (std::size_t i = 0; i < vector.observations.size(); ++i) {
    const auto text = difference(vector.observations[i], decoding.observations[i]);
    if (text.empty()) continue;
    differences += vector.observations.size() > 1 ? std::to_string(i + 1) + ". " : "";
    differences += text;
  }
  return differences;
}

}  // namespace watchpost::cli
