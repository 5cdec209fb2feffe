#include "vectors.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <stdexcept>

#include "base/encoding.hpp"
#include "decoding_text.hpp"
#include "support/catch.hpp"

namespace watchpost::test {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 6> kExpectations{"decoded",  "ignored", "malformed",
                                                        "not_mine", "relayed", "own"};

[[noreturn]] void wrong(const std::string& what) {
  throw std::runtime_error(what);
}

std::string text_in(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr) return {};
  if (!value->is_string()) wrong("\"" + std::string(key) + "\" must be a text: put it in quotes");
  return std::string(value->get_string());
}

// The member of that name, which must be of kind `is`; null where it is absent.
const json::value* member(const json::object& object, std::string_view key, json::kind is) {
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
  vector.source = text_in(entry, "source");
  vector.topic = text_in(entry, "topic");
  if (!Topic::parse(vector.topic)) wrong("\"topic\" is missing, or is no topic of one message");
  vector.expect = text_in(entry, "expect");
  if (std::find(kExpectations.begin(), kExpectations.end(), vector.expect) == kExpectations.end()) {
    wrong("\"expect\" must be decoded, ignored, malformed, not_mine, relayed or own");
  }
  vector.content_type = text_in(entry, "content_type");
  vector.content_encoding = text_in(entry, "content_encoding");
  if (const auto* relayed = member(entry, "relayed", json::kind::object)) {
    vector.relayed = relayed->get_object();
  }
  if (entry.contains("text") == entry.contains("hex")) {
    wrong("the payload must stand in either \"text\" or \"hex\"");
  }
  vector.payload = entry.contains("hex") ? bytes_in(text_in(entry, "hex")) : text_in(entry, "text");
  const auto* retained = member(entry, "retained", json::kind::bool_);
  vector.retained = retained != nullptr && retained->get_bool();
  vector.received_at =
      entry.contains("received") ? time_in(text_in(entry, "received")) : default_received_at();
  const auto* observations = member(entry, "observations", json::kind::array);
  if (observations == nullptr) return;
  for (const auto& expected : observations->get_array()) {
    if (!expected.is_object()) wrong("each of \"observations\" must be an object in braces");
    vector.observations.push_back(expected.get_object());
  }
}

}  // namespace

Vector vector_from(const json::object& entry, const std::string& file) {
  Vector vector;
  try {
    vector.name = text_in(entry, "name");
    read_vector(entry, vector);
  } catch (const std::runtime_error& error) {
    wrong(file + ": vector \"" + vector.name + "\": " + error.what());
  }
  return vector;
}

WallTime default_received_at() {
  return from_rfc3339("2026-11-23T12:00:00Z", std::chrono::minutes{0}).value();
}

VectorFile vector_file(const std::string& folder) {
  const std::string path = "plugins/" + folder + "/vectors.json";
  boost::system::error_code error;
  const auto whole = json::parse(read_source_file(path), error);
  if (error) wrong(path + " is no JSON: " + error.message());
  const auto& object = whole.as_object();
  VectorFile file;
  file.folder = folder;
  file.decoder = text_in(object, "decoder");
  const auto names = decode::builtin_names();
  const bool built_in = std::find(names.begin(), names.end(), file.decoder) != names.end();
  file.use = built_in ? file.decoder : WATCHPOST_TEMPLATE_MODULE;
  file.gateway = text_in(object, "gateway");
  if (const auto* options = object.if_contains("options")) {
    file.options_json = json::serialize(*options);
  }
  if (const auto* keys = object.if_contains("tag_keys")) {
    file.tag_keys_json = json::serialize(*keys);
  }
  if (const auto* devices = object.if_contains("devices")) {
    for (const auto& device : devices->as_array()) {
      decode::DeviceEntry entry;
      entry.id = text_in(device.as_object(), "id");
      entry.profile = text_in(device.as_object(), "profile");
      file.devices.push_back(std::move(entry));
    }
  }
  for (const auto& entry : object.at("vectors").as_array()) {
    file.vectors.push_back(vector_from(entry.as_object(), path));
  }
  return file;
}

std::vector<VectorFile> all_vector_files() {
  std::vector<std::string> folders;
  const std::filesystem::path root = std::string(WATCHPOST_SOURCE_DIR) + "/plugins";
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    if (std::filesystem::exists(entry.path() / "vectors.json")) {
      folders.push_back(entry.path().filename().string());
    }
  }
  std::sort(folders.begin(), folders.end());
  std::vector<VectorFile> files;
  for (const auto& folder : folders) files.push_back(vector_file(folder));
  return files;
}

decode::Registry registry_for(const VectorFile& file, const std::string& use) {
  decode::RegistryOptions options;
  options.bindings.push_back({{"#"}, use, file.options_json});
  options.devices = file.devices;
  options.gateway = file.gateway;
  options.tag_keys_json = file.tag_keys_json;
  auto registry = decode::Registry::build(options);
  INFO((registry ? std::string{} : registry.error().sentence()));
  REQUIRE(registry.has_value());
  return std::move(*registry);
}

}  // namespace watchpost::test
