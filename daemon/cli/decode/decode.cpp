#include "cli/decode/decode.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "cli/decode/decoding_text.hpp"
#include "cli/decode/vector_file.hpp"
#include "cli/ending.hpp"
#include "decode/mapping_notes.hpp"
#include "settings/config_file.hpp"
#include "settings/decoding.hpp"

namespace watchpost::cli {
namespace {

constexpr std::string_view kIsCommand =
    "local traffic: what a device is told to do (local_traffic in docs/mqtt.md). It is never read "
    "as a report and not sent upstream; a [[decoder]] that names this topic makes it a sensor's\n";
constexpr std::string_view kIsList =
    "local traffic: what programs tell of devices (local_traffic in docs/mqtt.md). Only alarms, "
    "patrols and status in it are sent upstream\n";

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

// A mapping or plugin that the file names lies beside it.
std::string decoder_of(const VectorFile& vectors, const std::string& file) {
  const std::filesystem::path named = vectors.decoder;
  const bool is_file = named.extension() == ".toml" || named.extension() == ".so";
  if (!is_file || named.is_absolute()) return vectors.decoder;
  return (std::filesystem::path(file).parent_path() / named).string();
}

// Without the full stop and the new line of the last: what to do follows.
std::string problems_in(const settings::ConfigMistakes& mistakes) {
  std::string text = mistakes.text();
  text.erase(text.find_last_not_of(".\n") + 1);
  return text;
}

Result<settings::Config> config_of(const DecodeOptions& options) {
  auto surroundings = settings::ConfigSurroundings::of_process();
  if (options.config.empty()) return settings::default_config(surroundings);
  auto parsed = settings::parse_config(options.config, surroundings);
  if (!parsed) return invalid(problems_in(parsed.error()), "Correct the configuration");
  return std::move(*parsed);
}

decode::RegistryOptions registry_options_of(const DecodeOptions& options,
                                            const settings::Config& config) {
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

// What reads the samples.
struct Reader {
  decode::Registry registry;
  decode::LocalTraffic local;
};

Result<void> add_sample(Reader& reader, const Vector& sample, DecodePage& page) {
  const auto topic = Topic::parse(sample.topic);
  if (!topic) {
    return invalid("\"" + sample.topic + "\" is no topic of one message",
                   "Give --topic a topic without '+' and '#'");
  }
  // The samples of a decoder are about that decoder, whatever the topic is a rule for.
  const bool is_message = sample.expect.empty();
  const auto local =
      is_message ? reader.local.kind_of(sample.topic) : decode::LocalTraffic::Kind::no;
  if (local == decode::LocalTraffic::Kind::command) {
    page.text += kIsCommand;
    page.good = false;
    return {};
  }
  std::vector<decode::Attempt> attempts;
  const auto decoding = reader.registry.decode_telling(frame_of(sample, *topic), attempts);
  if (!sample.name.empty()) page.text += "-- " + sample.name + "\n";
  if (local == decode::LocalTraffic::Kind::list) page.text += kIsList;
  page.text += decoding_text(decoding, attempts);
  if (sample.expect.empty()) {
    page.good = page.good && decoding.outcome == decode::Outcome::decoded;
  } else if (const auto differences = difference(sample, decoding); !differences.empty()) {
    page.text += "  NOT AS EXPECTED: " + differences;
    page.good = false;
  }
  return {};
}

// The file of --vectors, in whose decoder and devices the samples are read.
Result<std::vector<Vector>> samples_of(const std::string& file, decode::RegistryOptions& options) {
  const auto content = bytes_in_file(file);
  if (!content) return content.error();
  auto vectors = parse_vectors({.text = *content, .file = file});
  if (!vectors) return vectors.error();
  options = with_vectors(std::move(options), *vectors, decoder_of(*vectors, file));
  return std::move(vectors->vectors);
}

}  // namespace

Result<DecodePage> decode_page(const DecodeOptions& options) {
  const auto config = config_of(options);
  if (!config) return config.error();
  auto registry_options = registry_options_of(options, *config);
  std::vector<Vector> samples;
  if (!options.vectors.empty()) {
    auto read = samples_of(options.vectors, registry_options);
    if (!read) return read.error();
    samples = std::move(*read);
  } else {
    auto payload = payload_of(options);
    if (!payload) return payload.error();
    Vector& sample = samples.emplace_back();
    sample.topic = options.topic;
    sample.payload = std::move(*payload);
    sample.retained = options.retained;
    sample.received_at = SystemClock{}.wall();
  }
  auto registry = decode::Registry::build(registry_options);
  if (!registry) return registry.error();
  Reader reader{std::move(*registry), settings::local_traffic(*config)};
  DecodePage page;
  const bool chinese = language_for(options.language) == Language::chinese;
  for (const auto& note : decode::notes_on_mappings(registry_options)) {
    page.text +=
        chinese ? "注意：" + note.chinese + "\n" : "note: " + note.what + ". " + note.remedy + "\n";
  }
  for (const Vector& sample : samples) {
    if (auto added = add_sample(reader, sample, page); !added) return added.error();
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
