// Compares the tables of docs/integrators.md and docs/sl651.md with the code: the tables must list
// everything.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "base/compression.hpp"
#include "danger/site_word.hpp"
#include "decode/known_words.hpp"
#include "decode/registry.hpp"
#include "decoding_text.hpp"
#include "fixtures.hpp"
#include "lorawan/codec.hpp"
#include "rules/verdict.hpp"
#include "sl651/elements.hpp"
#include "support/catch.hpp"
#include "vectors.hpp"

namespace watchpost::test {
namespace {

using Row = std::vector<std::string>;

std::string cell_text(std::string cell) {
  std::erase_if(cell, [](char c) { return c == '`' || c == '*'; });
  const auto begin = cell.find_first_not_of(' ');
  if (begin == std::string::npos) return {};
  return cell.substr(begin, cell.find_last_not_of(' ') + 1 - begin);
}

Row cells_of(const std::string& line) {
  Row cells;
  std::istringstream rest(line.substr(1));
  for (std::string cell; std::getline(rest, cell, '|');) cells.push_back(cell_text(cell));
  return cells;
}

// The rows of the table whose header begins with the cell `first`, without header and ruling.
std::vector<Row> table_of(const std::string& first,
                          const std::string& document = "docs/integrators.md") {
  std::istringstream lines(read_source_file(document));
  std::vector<Row> rows;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('|')) {
      if (inside) break;
      continue;
    }
    if (inside) rows.push_back(cells_of(line));
    inside = inside || cells_of(line).front() == first;
  }
  INFO(first);
  REQUIRE(rows.size() > 1);
  rows.erase(rows.begin());
  return rows;
}

std::string class_for(Kind kind, DeclaredState state) {
  Observation observation;
  observation.kind = kind;
  observation.state = state;
  return std::string(to_string(rules::judge(observation).event_class));
}

// The quantities that each decoder emits for all samples. With SenML, Tasmota and discovery
// messages the device chooses the names, and with what a network server has decoded its owner does,
// so these are left out.
std::map<std::string, std::set<std::string>> emitted_quantities() {
  std::map<std::string, std::set<std::string>> units;
  const auto take = [&units](const decode::Decoding& decoding) {
    for (const std::string_view own : {"senml", "tasmota", "home_assistant", "by_name"}) {
      if (decoding.decoder == own) return;
    }
    for (const Observation& observation : decoding.observations) {
      const auto& flags = observation.flags;
      if (std::find(flags.begin(), flags.end(), "by_server") != flags.end()) continue;
      for (const Reading& reading : observation.readings) {
        units[reading.quantity].insert(reading.unit);
      }
    }
  };
  for (const auto& file : all_vector_files()) {
    auto registry = registry_for(file, file.use);
    for (const auto& vector : file.vectors) {
      const auto topic = *Topic::parse(vector.topic);
      take(registry.decode({topic, vector.payload, vector.retained, vector.received_at,
                            vector.content_type, vector.content_encoding}));
    }
  }
  auto registry = fixture_registry();
  for (const auto& row : fixture_rows()) {
    for (const auto& message : messages_of(row)) {
      take(registry.decode(
          {message.topic, message.payload, message.retained, cli::default_received_at()}));
    }
  }
  return units;
}

// The source text of the decoders, to find quantities that no sample has.
std::string sources_of_decoders() {
  std::string all;
  const std::filesystem::path root(WATCHPOST_SOURCE_DIR);
  for (const auto* folder : {"plugins", "config/mappings"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      const auto kind = entry.path().extension();
      if (kind != ".cpp" && kind != ".toml") continue;
      all += read_source_file(std::filesystem::relative(entry.path(), root).string());
    }
  }
  return all;
}

}  // namespace

TEST_CASE("integrators.md lists every kind with its domain and its class", "[decode][contract]") {
  std::vector<std::string_view> listed;
  const auto rows = table_of("kind");
  for (const Row& row : rows) {
    INFO(row.at(0));
    listed.push_back(row.at(0));
    const auto kind = kind_from(row.at(0));
    REQUIRE(kind);
    CHECK(row.at(1) == to_string(domain_of(*kind)));
    CHECK(row.at(2) == class_for(*kind, DeclaredState::normal));
  }
  CHECK(listed == kind_names());
}

TEST_CASE("integrators.md says of every state which class an event of it gets",
          "[decode][contract]") {
  std::set<std::string> listed;
  for (const Row& row : table_of("state")) {
    INFO(row.at(0));
    listed.insert(row.at(0));
    const auto state = declared_state_from(row.at(0));
    REQUIRE(state);
    CHECK(row.at(1) == class_for(Kind::smoke, *state));
    CHECK(row.at(2) == class_for(Kind::water_level, *state));
  }
  for (int state = 0; state <= static_cast<int>(DeclaredState::info); ++state) {
    CHECK(listed.contains(std::string(to_string(static_cast<DeclaredState>(state)))));
  }
}

TEST_CASE("integrators.md lists every profile that a payload codec claims", "[decode][contract]") {
  std::set<std::string> listed;
  for (const Row& row : table_of("profile")) listed.insert(row.at(0));
  std::set<std::string> claimed;
  for (const auto name : lorawan::codec_names()) claimed.emplace(name);
  CHECK(listed == claimed);
}

TEST_CASE("integrators.md lists every quantity that decoders emit, with its unit",
          "[decode][contract]") {
  const auto emitted = emitted_quantities();
  const auto sources = sources_of_decoders();
  std::set<std::string> listed;
  for (const Row& row : table_of("quantity")) {
    INFO(row.at(0) << " is listed, and no decoder has this name or this unit");
    listed.insert(row.at(0));
    if (const auto found = emitted.find(row.at(0)); found != emitted.end()) {
      CHECK(found->second.contains(row.at(1)));
    } else {
      CHECK(sources.find("\"" + row.at(0) + "\"") != std::string::npos);
    }
  }
  for (const auto& element : sl651::elements()) listed.emplace(element.quantity);
  for (const auto& [quantity, units] : emitted) {
    INFO(quantity << " in " << *units.begin() << " is emitted and not listed");
    CHECK(listed.contains(quantity));
  }
  // A mapping may use those and no other without a word about it.
  const auto& known = decode::known_quantities();
  CHECK(std::vector<std::string>(known.begin(), known.end()) ==
        std::vector<std::string>(listed.begin(), listed.end()));
  for (const Row& row : table_of("quantity")) {
    INFO(row.at(1) << " is a unit that a mapping may not use");
    const auto& units = decode::known_units();
    CHECK((row.at(1).empty() || std::binary_search(units.begin(), units.end(), row.at(1))));
  }
}

TEST_CASE("sl651.md lists every element of SL 651 with its quantity and unit",
          "[decode][contract]") {
  std::vector<Row> expected;
  for (const auto& element : sl651::elements()) {
    expected.push_back({fmt::format("{:02X}", element.id), std::string(element.ascii),
                        std::string(element.quantity), std::string(element.unit)});
  }
  CHECK(table_of("identifier", "docs/sl651.md") == expected);
}

// The words in `quotes` of the text between two marks of a document.
std::set<std::string> words_between(const std::string& document, const std::string& from,
                                    const std::string& to) {
  const std::string text = read_source_file(document);
  const auto begin = text.find(from);
  const auto end = text.find(to, begin);
  INFO(document << ": " << from);
  REQUIRE(end != std::string::npos);
  std::set<std::string> words;
  for (auto at = text.find('`', begin); at < end; at = text.find('`', text.find('`', at + 1) + 1)) {
    words.insert(text.substr(at + 1, text.find('`', at + 1) - at - 1));
  }
  return words;
}

TEST_CASE("integrators.md lists every profile of a site's contacts", "[decode][contract]") {
  const auto names = danger::site_profiles();
  const std::set<std::string> all(names.begin(), names.end());
  CHECK(words_between("docs/integrators.md", "These profiles are of no LoRaWAN device",
                      "; with\n`options = { inverted") == all);
}

TEST_CASE("every topic that integrators.md calls bound without a setting is bound",
          "[decode][contract]") {
  std::set<std::string> bound;
  for (const auto& binding : decode::default_bindings()) {
    bound.insert(binding.topics.begin(), binding.topics.end());
  }
  std::size_t topics = 0;
  for (const Row& row : table_of("what")) {
    if (row.size() < 2) continue;
    std::istringstream cell(row.at(1).substr(0, row.at(1).find(';')));
    for (std::string word; std::getline(cell, word, ',');) {
      word = cell_text(word);
      if (const auto own = word.find('<'); own != std::string::npos)
        word.replace(own, std::string::npos, "+");
      if (word.find('/') == std::string::npos || word.find(' ') != std::string::npos) continue;
      if (word.starts_with("...")) continue;  // of home_assistant, which is asked about all
      INFO(word);
      CHECK(bound.contains(word));
      ++topics;
    }
  }
  CHECK(topics > 10);
}

TEST_CASE("every flag of a patrol tag that integrators.md explains is one of the decoder's",
          "[decode][contract]") {
  const auto sources = sources_of_decoders() + read_source_file("daemon/pipeline/taps.cpp");
  for (const Row& row : table_of("flag of the event")) {
    INFO(row.at(0));
    CHECK(sources.find("\"" + row.at(0) + "\"") != std::string::npos);
  }
}

TEST_CASE("mqtt.md lists every form of a batch", "[decode][contract]") {
  std::set<std::string> listed;
  for (const Row& row : table_of("compression", "docs/mqtt.md")) listed.insert(row.at(0));
  std::set<std::string> all{"none"};
  for (const auto coding : {ContentCoding::deflate, ContentCoding::zstd}) {
    all.emplace(to_string(coding));
  }
  CHECK(listed == all);
}

TEST_CASE("integrators.md and the mappings' README name every key and format of a mapping",
          "[decode][contract]") {
  const auto readme = read_source_file("config/mappings/README.md");
  const auto sources = read_source_file("daemon/decode/mapping_file.cpp") +
                       read_source_file("daemon/decode/mapping_rules.cpp") +
                       read_source_file("daemon/decode/mapping_places.cpp") +
                       read_source_file("daemon/decode/mapping_words.cpp");
  // Each look-up of a key in the table of a file: reader.text("unit").
  std::size_t keys = 0;
  for (const std::string call :
       {".text(\"", ".number(\"", ".boolean(\"", ".integer(\"", ".table(\"", ".array(\"",
        ".word(\"", "small_number(reader, \"", "each_table(reader, \"", "read_ports(root, \"",
        "hex_bytes(reader, \""}) {
    for (auto at = sources.find(call); at != std::string::npos; at = sources.find(call, at + 1)) {
      const auto begin = at + call.size();
      const auto key = sources.substr(begin, sources.find('"', begin) - begin);
      INFO(key);
      const bool named = readme.find("`" + key + "`") != std::string::npos ||
                         readme.find("[" + key + "]") != std::string::npos ||
                         readme.find("`" + key + " ") != std::string::npos;
      CHECK(named);
      ++keys;
    }
  }
  CHECK(keys > 30);
}

}  // namespace watchpost::test
