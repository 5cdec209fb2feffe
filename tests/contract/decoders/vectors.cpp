#include "vectors.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>

#include "base/encoding.hpp"
#include "decoding_text.hpp"
#include "support/catch.hpp"

namespace watchpost::test {
namespace {

namespace json = boost::json;

std::string text_in(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value == nullptr ? std::string{} : std::string(value->as_string());
}

Vector vector_in(const json::object& entry) {
  Vector vector;
  vector.name = text_in(entry, "name");
  vector.source = text_in(entry, "source");
  vector.topic = text_in(entry, "topic");
  vector.expect = text_in(entry, "expect");
  vector.content_type = text_in(entry, "content_type");
  vector.content_encoding = text_in(entry, "content_encoding");
  if (const auto* relayed = entry.if_contains("relayed")) vector.relayed = relayed->as_object();
  INFO(vector.name);
  REQUIRE(entry.contains("text") != entry.contains("hex"));
  vector.payload = text_in(entry, "text");
  if (entry.contains("hex")) vector.payload = from_hex(text_in(entry, "hex")).value();
  if (const auto* retained = entry.if_contains("retained")) vector.retained = retained->as_bool();
  vector.received_at = default_received_at();
  if (entry.contains("received")) {
    vector.received_at = from_rfc3339(text_in(entry, "received"), std::chrono::minutes{0}).value();
  }
  if (const auto* observations = entry.if_contains("observations")) {
    for (const auto& expected : observations->as_array()) {
      vector.observations.push_back(expected.as_object());
    }
  }
  return vector;
}

}  // namespace

WallTime default_received_at() {
  return from_rfc3339("2026-11-23T12:00:00Z", std::chrono::minutes{0}).value();
}

VectorFile vector_file(const std::string& folder) {
  const auto whole = json::parse(read_source_file("plugins/" + folder + "/vectors.json"));
  const auto& object = whole.as_object();
  VectorFile file;
  file.folder = folder;
  file.decoder = text_in(object, "decoder");
  file.gateway = text_in(object, "gateway");
  if (const auto* options = object.if_contains("options")) {
    file.options_json = json::serialize(*options);
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
    file.vectors.push_back(vector_in(entry.as_object()));
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
  auto registry = decode::Registry::build(options);
  INFO((registry ? std::string{} : registry.error().sentence()));
  REQUIRE(registry.has_value());
  return std::move(*registry);
}

}  // namespace watchpost::test
