// From the text of the file to a Config, by the table of keys.
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "base/encoding.hpp"
#include "settings/config_file.hpp"
#include "settings/keys.hpp"
#include "settings/places.hpp"
#include "settings/read_value.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

constexpr std::size_t kLargestFile = 8'388'608;

Place place_of(const toml::source_region& source) {
  return {source.begin.line, source.begin.column};
}

class FileReader {
 public:
  FileReader(std::filesystem::path file, const ConfigSurroundings& surroundings, Config& config)
      : file_(std::move(file)),
        folders_{std::filesystem::absolute(file_).parent_path(),
                 surroundings.mappings.value_or(std::filesystem::path{})},
        config_(config) {}

  void read(const toml::table& root) {
    for (const auto& [name, node] : root) {
      const Section* section = find(name.str());
      if (section == nullptr) {
        refuse_name(name);
      } else {
        read_section(*section, name, node);
      }
    }
  }
  void add(ConfigMistake mistake) {
    mistake.file = file_.string();
    mistakes_.push_back(std::move(mistake));
  }
  [[nodiscard]] const Places& places() const { return places_; }
  // In the order of the file.
  [[nodiscard]] ConfigMistakes mistakes() {
    std::stable_sort(mistakes_.begin(), mistakes_.end(), [](const auto& a, const auto& b) {
      return std::pair(a.line, a.column) < std::pair(b.line, b.column);
    });
    return {std::move(mistakes_)};
  }

 private:
  static const Section* find(std::string_view name) {
    for (const Section& section : sections()) {
      if (section.name == name) return &section;
    }
    return nullptr;
  }

  void refuse_name(const toml::key& name) {
    std::vector<std::string_view> names;
    for (const Section& section : sections()) names.push_back(section.name);
    const auto nearest = meant_by(name.str(), names);
    const auto place = place_of(name.source());
    add({{},
         place.line,
         place.column,
         std::string(name.str()),
         "a section that does not exist",
         fmt::format("{}", fmt::join(names, ", ")),
         nearest ? fmt::format("Did you mean {}?", find(*nearest)->heading()) : ""});
  }

  void refuse_shape(const Section& section, const toml::key& name, const toml::node& node) {
    const auto place = place_of(name.source());
    add({{},
         place.line,
         place.column,
         std::string(section.name),
         node.is_table() ? fmt::format("[{}]", section.name) : shown(node),
         section.heading(),
         section.repeated() ? "This section may stand several times: write it with two brackets"
                            : "This section stands once: write it with one bracket"});
  }

  void read_section(const Section& section, const toml::key& name, const toml::node& node) {
    if (!section.repeated()) {
      if (const auto* table = node.as_table()) return read_keys(section, *table, 0);
      return refuse_shape(section, name, node);
    }
    const auto* list = node.as_array();
    if (list == nullptr) return refuse_shape(section, name, node);
    section.clear(config_);
    std::size_t index = 0;
    for (const auto& element : *list) {
      const auto* table = element.as_table();
      if (table == nullptr) return refuse_shape(section, name, element);
      if (index == section.most) return refuse_count(section, place_of(table->source()));
      read_keys(section, *table, index);
      ++index;
    }
  }

  void refuse_count(const Section& section, Place place) {
    add({{},
         place.line,
         place.column,
         std::string(section.name),
         fmt::format("more than {}", section.most),
         fmt::format("at most {}", section.most),
         ""});
  }

  void read_keys(const Section& section, const toml::table& table, std::size_t index) {
    const SectionRef here{section.name, index};
    const Place start = place_of(table.source());
    places_.put(here, "", start);
    const AnySection target = section.add(config_);
    for (const auto& [name, node] : table) {
      const auto key = std::ranges::find(section.keys, name.str(), &Key::name);
      if (key == section.keys.end()) {
        refuse_key(section, name);
        continue;
      }
      const Place place = place_of(name.source());
      places_.put(here, key->name, place);
      const Slot slot = key->slot(target);
      if (auto answer = read_value(node, *key, slot, folders_)) {
        add({{},
             place.line,
             place.column,
             fmt::format("{}.{}", section.name, key->name),
             std::move(answer->found),
             accepted_by(*key, slot),
             std::move(answer->remedy)});
      }
    }
    for (const Key& key : section.keys) {
      if (!key.required || places_.given(here, key.name)) continue;
      add({{},
           start.line,
           start.column,
           fmt::format("{}.{}", section.name, key.name),
           "nothing",
           accepted_by(key, key.slot(target)),
           fmt::format("Every {} needs the key {}", section.heading(), key.name)});
    }
  }

  void refuse_key(const Section& section, const toml::key& name) {
    std::vector<std::string_view> names;
    for (const Key& key : section.keys) names.push_back(key.name);
    const auto nearest = meant_by(name.str(), names);
    const auto place = place_of(name.source());
    add({{},
         place.line,
         place.column,
         fmt::format("{}.{}", section.name, name.str()),
         "a key that does not exist",
         fmt::format("in {}: {}", section.heading(), fmt::join(names, ", ")),
         nearest ? fmt::format("Did you mean {}?", *nearest) : ""});
  }

  std::filesystem::path file_;
  Folders folders_;
  Config& config_;
  Places places_;
  std::vector<ConfigMistake> mistakes_;
};

ConfigMistakes one_mistake(ConfigMistake mistake) {
  return {{std::move(mistake)}};
}

ConfigMistakes unreadable(const std::filesystem::path& file, std::string found,
                          std::string remedy) {
  return one_mistake(
      {file.string(), 0, 0, "", std::move(found), "a file in TOML", std::move(remedy)});
}

Config empty_config() {
  Config config;
  config.listeners.emplace_back();
  return config;
}

}  // namespace

Config default_config(const ConfigSurroundings& surroundings) {
  Config config = empty_config();
  complete_config(config, Places{}, surroundings);
  return config;
}

ParsedConfig parse_config_text(std::string_view text, const std::filesystem::path& file,
                               const ConfigSurroundings& surroundings) {
  if (!is_utf8(text)) {
    return unreadable(file, "bytes that are not UTF-8", "Save the file as UTF-8");
  }
  toml::table root;
  try {
    root = toml::parse(text, file.string());
  } catch (const toml::parse_error& error) {
    const Place place = place_of(error.source());
    return one_mistake(
        {file.string(), place.line, place.column, "", std::string(error.description()), "TOML",
         "Look at this line and the one above for a missing quotation mark or bracket"});
  }
  Config config = empty_config();
  FileReader reader(file, surroundings, config);
  reader.read(root);
  complete_config(config, reader.places(), surroundings);
  for (auto& mistake : check_config(config, reader.places())) reader.add(std::move(mistake));
  auto mistakes = reader.mistakes();
  if (!mistakes.list.empty()) return mistakes;
  return config;
}

ParsedConfig parse_config(const std::filesystem::path& file,
                          const ConfigSurroundings& surroundings) {
  std::ifstream in(file, std::ios::binary);
  std::error_code error;
  if (!in || std::filesystem::is_directory(file, error)) {
    const std::string why =
        in ? "a folder" : fmt::format("that it cannot be opened ({})", std::strerror(errno));
    return unreadable(file, why,
                      "Check the path; to begin with all defaults, write the output of "
                      "`watchpostd --print-config` there, or copy the sample watchpost.toml");
  }
  std::string text(kLargestFile + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kLargestFile) {
    return unreadable(file, "more than 8 MiB", "Name the configuration, not another file");
  }
  return parse_config_text(text, file, surroundings);
}

}  // namespace watchpost::settings
