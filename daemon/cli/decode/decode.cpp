#include "cli/decode/decode.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "cli/decode/decoding_text.hpp"
#include "cli/ending.hpp"
#include "settings/config_file.hpp"
#include "settings/decoding.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

struct Sample {
  std::string name;
  std::string topic;
  std::string payload;
  bool retained = false;
  std::string expect;  // empty: nothing is expected
};

Failure invalid(std::string what, std::string remedy) {
  return Failure{Failure::Kind::invalid_input, std::move(what), std::move(remedy)};
}

Result<std::string> bytes_in_file(const std::string& file) {
  if (file == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream in(file, std::ios::binary);
  if (!in) return invalid("cannot read " + file, "Name a file that is there and readable");
  return std::string(std::istreambuf_iterator<char>(in), {});
}

Result<std::string> bytes_of(const std::string& hex) {
  if (auto bytes = from_hex(hex)) return std::move(*bytes);
  return invalid("\"" + hex + "\" is no hexadecimal text", "Write two digits for each byte: 0A");
}

Result<std::string> payload_of(const DecodeOptions& options) {
  if (!options.hex.empty()) return bytes_of(options.hex);
  if (!options.file.empty()) return bytes_in_file(options.file);
  return options.text;
}

std::string text_in(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Result<Sample> sample_of(const json::object& entry) {
  Sample sample;
  sample.name = text_in(entry, "name");
  sample.topic = text_in(entry, "topic");
  sample.payload = text_in(entry, "text");
  if (entry.contains("hex")) {
    auto bytes = bytes_of(text_in(entry, "hex"));
    if (!bytes) return bytes.error();
    sample.payload = std::move(*bytes);
  }
  const auto* retained = entry.if_contains("retained");
  sample.retained = retained != nullptr && retained->is_bool() && retained->get_bool();
  sample.expect = text_in(entry, "expect");
  return sample;
}

// vectors.json beside a decoder (plugins/README.md): its decoder, options, devices and samples.
Result<std::vector<Sample>> samples_of(const std::string& file, decode::RegistryOptions& options) {
  const auto content = bytes_in_file(file);
  if (!content) return content.error();
  boost::system::error_code error;
  const auto whole = json::parse(*content, error);
  const auto* object = error ? nullptr : whole.if_object();
  const auto* vectors = object == nullptr ? nullptr : object->if_contains("vectors");
  if (vectors == nullptr || !vectors->is_array()) {
    return invalid(file + " is no vectors.json", "See plugins/README.md");
  }
  decode::DecoderBinding binding{{"#"}, text_in(*object, "decoder"), {}};
  if (const auto* own = object->if_contains("options"))
    binding.options_json = json::serialize(*own);
  options.bindings = {std::move(binding)};
  options.gateway = text_in(*object, "gateway");
  if (const auto* keys = object->if_contains("tag_keys")) {
    options.tag_keys_file.clear();
    options.tag_keys_json = json::serialize(*keys);
  }
  if (const auto* devices = object->if_contains("devices"); devices && devices->is_array()) {
    for (const auto& device : devices->get_array()) {
      if (!device.is_object()) continue;
      decode::DeviceEntry entry;
      entry.id = text_in(device.get_object(), "id");
      entry.profile = text_in(device.get_object(), "profile");
      options.devices.push_back(std::move(entry));
    }
  }
  std::vector<Sample> samples;
  for (const auto& entry : vectors->get_array()) {
    if (!entry.is_object()) return invalid(file + ": a vector is no object", "Put it in braces");
    auto sample = sample_of(entry.get_object());
    if (!sample) return sample.error();
    samples.push_back(std::move(*sample));
  }
  return samples;
}

Result<decode::RegistryOptions> registry_options_of(const DecodeOptions& options) {
  auto surroundings = settings::ConfigSurroundings::of_process();
  auto config = settings::default_config(surroundings);
  if (!options.config.empty()) {
    auto parsed = settings::parse_config(options.config, surroundings);
    if (!parsed) return invalid(parsed.error().text(), "Correct the configuration");
    config = std::move(*parsed);
  }
  auto registry = settings::registry_options(config);
  if (options.device.empty()) return registry;
  const auto equals = options.device.find('=');
  decode::DeviceEntry entry;
  entry.id = options.device.substr(0, equals);
  if (equals != std::string::npos) entry.profile = options.device.substr(equals + 1);
  std::erase_if(registry.devices,
                [&](const decode::DeviceEntry& each) { return each.id == entry.id; });
  registry.devices.push_back(std::move(entry));
  return registry;
}

Result<void> add_sample(decode::Registry& registry, const Sample& sample, DecodePage& page) {
  const auto topic = Topic::parse(sample.topic);
  if (!topic) {
    return invalid("\"" + sample.topic + "\" is no topic of one message",
                   "Give --topic a topic without '+' and '#'");
  }
  std::vector<decode::Attempt> attempts;
  const auto decoding = registry.decode_telling(
      {*topic, sample.payload, sample.retained, SystemClock{}.wall()}, attempts);
  if (!sample.name.empty()) page.text += "-- " + sample.name + "\n";
  page.text += decoding_text(decoding, attempts);
  if (sample.expect.empty()) {
    page.good = page.good && decoding.outcome == decode::Outcome::decoded;
  } else if (to_string(decoding.outcome) != sample.expect) {
    page.text += "  NOT AS EXPECTED: the file says " + sample.expect + "\n";
    page.good = false;
  }
  return {};
}

}  // namespace

Result<DecodePage> decode_page(const DecodeOptions& options) {
  auto registry_options = registry_options_of(options);
  if (!registry_options) return registry_options.error();
  std::vector<Sample> samples;
  if (!options.vectors.empty()) {
    auto read = samples_of(options.vectors, *registry_options);
    if (!read) return read.error();
    samples = std::move(*read);
  } else {
    auto payload = payload_of(options);
    if (!payload) return payload.error();
    samples.push_back({{}, options.topic, std::move(*payload), options.retained, {}});
  }
  auto registry = decode::Registry::build(*registry_options);
  if (!registry) return registry.error();
  DecodePage page;
  for (const Sample& sample : samples) {
    if (auto added = add_sample(*registry, sample, page); !added) return added.error();
  }
  return page;
}

int run_decode(const DecodeOptions& options) {
  const auto page = decode_page(options);
  if (!page) return fail({"decode", language_for(options.language)}, page.error(), kCouldNotLook);
  std::cout << page->text;
  return page->good ? 0 : kFindings;
}

}  // namespace watchpost::cli
