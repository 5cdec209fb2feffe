// Turns the text of the files into a Config, by the table of keys.
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>
#include <variant>

#include "base/encoding.hpp"
#include "settings/config_file.hpp"
#include "settings/keys.hpp"
#include "settings/places.hpp"
#include "settings/read_value.hpp"
#include "settings/source_lines.hpp"
#include "settings/syntax_mistake.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

// What is read of all files together.
struct Gathered {
  Config config;
  Places places;
  std::vector<ConfigMistake> mistakes;
  std::map<std::string_view, std::size_t> counts;  // of sections that may stand several times
};

// The sections that have a key of this name.
std::vector<const Section*> owners_of(std::string_view key) {
  std::vector<const Section*> owners;
  for (const Section& section : sections()) {
    if (std::ranges::find(section.keys, key, &Key::name) != section.keys.end()) {
      owners.push_back(&section);
    }
  }
  return owners;
}

// "[gateway]", "[[upstream]] or [[broker]]".
Words headings_of(const std::vector<const Section*>& owners) {
  Words list;
  for (std::size_t i = 0; i < owners.size(); ++i) {
    const bool is_last = i + 1 == owners.size();
    if (i > 0) {
      list.english += is_last ? " or " : ", ";
      list.chinese += is_last ? " 或 " : "、";
    }
    list.english += owners[i]->heading();
    list.chinese += owners[i]->heading();
  }
  return list;
}

const Section* section_called(std::string_view name) {
  for (const Section& section : sections()) {
    if (section.name == name) return &section;
  }
  return nullptr;
}

class FileReader {
 public:
  FileReader(std::string_view text, unsigned part, ReadingPlace here, Gathered& all)
      : lines_(text),
        part_(part),
        here_(std::move(here)),
        config_(all.config),
        places_(all.places),
        mistakes_(all.mistakes),
        counts_(all.counts) {}

  void read(const toml::table& root) {
    for (const auto& [name, node] : root) {
      const Section* section = section_called(name.str());
      if (name.str() == kReservedSection && node.is_table()) {
        places_.put({kReservedSection}, "", place_of(name.source()));
      } else if (section == nullptr) {
        refuse_name(name, node);
      } else {
        read_section(*section, name, node);
      }
    }
  }

 private:
  void add(ConfigMistake mistake) {
    mistake.part = part_;
    mistakes_.push_back(std::move(mistake));
  }
  [[nodiscard]] FilePosition place_of(const toml::source_region& source) const {
    return {source.begin.line, source.begin.column, part_};
  }

  // A key above the first heading is read as if it were a section of that name.
  void refuse_name(const toml::key& name, const toml::node& node) {
    std::vector<std::string_view> names;
    for (const Section& section : sections()) names.push_back(section.name);
    const std::string word(name.str());
    const auto owners = owners_of(word);
    const bool is_key = !node.is_table() && !node.is_array_of_tables();
    if (is_key && !owners.empty()) {
      return add_at(name, word,
                    {say("this key stands above the first section", "这个键写在第一个段之前"),
                     say("Write it below {}", "请写在 {} 之下", headings_of(owners))});
    }
    Words next;
    if (const auto nearest = meant_by(word, names)) {
      next = say("Did you mean {}?", "是不是 {}？", section_called(*nearest)->heading());
    }
    add_at(name, word,
           {is_key ? say("there is no such key, and no section stands above it; keys stand below "
                         "one of {}",
                         "没有这个键，它上面也没有段；键要写在以下段之一里：{}",
                         fmt::to_string(fmt::join(names, ", ")))
                   : say("there is no such section; there are {}", "没有这个段；可用的段有 {}",
                         fmt::to_string(fmt::join(names, ", "))),
            std::move(next)});
  }

  void refuse_shape(const Section& section, const toml::key& name, const toml::node& node) {
    const std::string found = node.is_table() ? fmt::format("[{}]", section.name) : shown(node);
    add_at(name, std::string(section.name),
           {say("{} cannot be used here; write {}", "这里不能写 {}；应写 {}", found,
                section.heading()),
            section.repeated() ? say("This section may stand several times, so it has two brackets",
                                     "这个段可以写多次，所以用两层括号")
                               : say("This section stands once, so it has one bracket",
                                     "这个段只写一次，所以用一层括号")});
  }

  void read_section(const Section& section, const toml::key& name, const toml::node& node) {
    if (!section.repeated()) {
      if (const auto* table = node.as_table()) return read_keys(section, *table, 0);
      return refuse_shape(section, name, node);
    }
    const auto* list = node.as_array();
    if (list == nullptr) return refuse_shape(section, name, node);
    std::size_t& index = counts_[section.name];
    if (index == 0) section.clear(config_);
    for (const auto& element : *list) {
      const auto* table = element.as_table();
      if (table == nullptr) return refuse_shape(section, name, element);
      if (index == section.most) return refuse_count(section, place_of(table->source()));
      read_keys(section, *table, index);
      ++index;
    }
  }

  void refuse_count(const Section& section, FilePosition place) {
    ConfigMistake mistake;
    mistake.line = place.line;
    mistake.column = place.column;
    mistake.key = section.name;
    mistake.what =
        say("there are more than {} of {}", "{1} 超过了 {0} 段", section.most, section.heading());
    mistake.next = say("Remove some of them", "请删掉一些");
    add(std::move(mistake));
  }

  void read_keys(const Section& section, const toml::table& table, std::size_t index) {
    const SectionRef here{section.name, index};
    const FilePosition start = place_of(table.source());
    places_.put(here, "", start);
    const AnySection target = section.add(config_);
    for (const auto& [name, node] : table) {
      const auto key = std::ranges::find(section.keys, name.str(), &Key::name);
      if (key == section.keys.end()) {
        refuse_key(section, name);
        continue;
      }
      places_.put(here, key->name, place_of(name.source()));
      const Slot slot = key->slot(target);
      if (auto answer = read_value(node, *key, slot, here_)) {
        add_at(name, fmt::format("{}.{}", section.name, key->name),
               {say("{} cannot be used here; write {}", "这里不能写 {}；应写{}", answer->found,
                    accepted_by(*key, slot)),
                std::move(answer->advice)});
      }
    }
    for (const Key& key : section.keys) {
      if (!key.required || places_.given(here, key.name)) continue;
      ConfigMistake mistake;
      mistake.line = start.line;
      mistake.column = start.column;
      mistake.key = fmt::format("{}.{}", section.name, key.name);
      mistake.what = say("this key is missing; write {}", "缺少这个键；应写{}",
                         accepted_by(key, key.slot(target)));
      mistake.next =
          say("Every {} needs the key {}", "每个 {} 都要有键 {}", section.heading(), key.name);
      add(std::move(mistake));
    }
  }

  void refuse_key(const Section& section, const toml::key& name) {
    std::vector<std::string_view> names;
    for (const Key& key : section.keys) names.push_back(key.name);
    const std::string word(name.str());
    Words next;
    if (auto misplaced = misplaced_key(word, place_of(name.source()).line); !misplaced.empty()) {
      next = std::move(misplaced);
    } else if (const auto nearest = meant_by(word, names)) {
      next = say("Did you mean {}?", "是不是 {}？", *nearest);
    }
    add_at(name, fmt::format("{}.{}", section.name, word),
           {say("{} has no such key; it has {}", "{} 里没有这个键；可用的键有 {}",
                section.heading(), fmt::to_string(fmt::join(names, ", "))),
            std::move(next)});
  }

  // The usual cause of a key in the wrong section is a heading that was left commented out.
  [[nodiscard]] Words misplaced_key(const std::string& key, unsigned line) const {
    const auto owners = owners_of(key);
    for (const Section* owner : owners) {
      if (const auto heading = lines_.commented_heading_above(line, owner->name)) {
        return say("{} belongs to {}: line {} still begins with #, remove that #",
                   "{} 属于 {}：第 {} 行行首还有 #，请去掉", key, owner->heading(), heading->line);
      }
    }
    if (owners.empty()) return {};
    return say("{} belongs to {}: write it below that heading", "{} 属于 {}：请写在那个标题之下",
               key, headings_of(owners));
  }

  struct Saying {
    Words what;
    Words next;
  };
  void add_at(const toml::key& name, std::string key, Saying saying) {
    const FilePosition place = place_of(name.source());
    ConfigMistake mistake;
    mistake.line = place.line;
    mistake.column = place.column;
    mistake.key = std::move(key);
    mistake.what = std::move(saying.what);
    mistake.next = std::move(saying.next);
    add(std::move(mistake));
  }

  SourceLines lines_;
  unsigned part_;
  ReadingPlace here_;
  Config& config_;
  Places& places_;
  std::vector<ConfigMistake>& mistakes_;
  std::map<std::string_view, std::size_t>& counts_;
};

// In the order of the files and their lines.
ConfigMistakes in_order_of_lines(std::vector<ConfigMistake> list,
                                 const std::vector<ConfigPart>& parts) {
  std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
    return std::tuple(a.part, a.line, a.column) < std::tuple(b.part, b.line, b.column);
  });
  for (ConfigMistake& mistake : list) mistake.file = parts.at(mistake.part).file.string();
  return {std::move(list)};
}

ConfigMistake about_the_whole(Words what, Words next) {
  ConfigMistake mistake;
  mistake.what = std::move(what);
  mistake.next = std::move(next);
  return mistake;
}

Config empty_config() {
  Config config;
  config.listeners.emplace_back();
  return config;
}

// The tables of one file, or why there are none.
std::variant<toml::table, std::vector<ConfigMistake>> tables_of(const ConfigPart& part) {
  const std::string_view text = part.text;
  if (!is_utf8(text)) {
    return std::vector{
        about_the_whole(say("the file holds bytes that are not UTF-8", "文件不是 UTF-8 编码"),
                        say("Save the file as UTF-8", "请把文件另存为 UTF-8"))};
  }
  if (text.find('\0') != std::string_view::npos) {
    return std::vector{about_the_whole(
        say("the file holds zero bytes", "文件里有零字节"),
        say("Perhaps the power failed while it was written: put back a copy, or begin "
            "anew with the sample watchpost.toml",
            "可能写文件时断电了：请换回备份，或用样例 watchpost.toml 重新开始"))};
  }
  try {
    return toml::parse(text, part.file.string());
  } catch (const toml::parse_error& error) {
    const auto& place = error.source().begin;
    return syntax_mistakes(text, {place.line, place.column, error.description()});
  }
}

}  // namespace

Config default_config(const ConfigSurroundings& surroundings) {
  Config config = empty_config();
  complete_config(config, Places{}, surroundings);
  config.remarks.list = remarks_on(config, Places{}, surroundings);
  return config;
}

ParsedConfig parse_config_parts(const std::vector<ConfigPart>& parts,
                                const ConfigSurroundings& surroundings) {
  Gathered all;
  all.config = empty_config();
  std::vector<std::string> names;
  const ReadingPlace here{std::filesystem::absolute(parts.front().file).parent_path(),
                          surroundings.mappings.value_or(std::filesystem::path{}),
                          surroundings.user_name};
  bool is_toml = true;
  for (const ConfigPart& part : parts) {
    const auto number = static_cast<unsigned>(names.size());
    names.push_back(part.file.string());
    auto tables = tables_of(part);
    if (auto* wrong = std::get_if<std::vector<ConfigMistake>>(&tables)) {
      for (ConfigMistake& mistake : *wrong) mistake.part = number;
      std::move(wrong->begin(), wrong->end(), std::back_inserter(all.mistakes));
      is_toml = false;
      continue;
    }
    FileReader(part.text, number, here, all).read(std::get<toml::table>(tables));
  }
  // What a file that is no TOML would have said is not known, so nothing is said of the whole.
  if (!is_toml) return in_order_of_lines(std::move(all.mistakes), parts);
  all.places.set_files(std::move(names));
  complete_config(all.config, all.places, surroundings);
  for (auto& mistake : check_config(all.config, all.places, surroundings)) {
    all.mistakes.push_back(std::move(mistake));
  }
  if (!all.mistakes.empty()) return in_order_of_lines(std::move(all.mistakes), parts);
  all.config.remarks.list = remarks_on(all.config, all.places, surroundings);
  return std::move(all.config);
}

ParsedConfig parse_config_text(ConfigText config_text, const std::filesystem::path& file,
                               const ConfigSurroundings& surroundings) {
  return parse_config_parts({{file, std::string(config_text.text)}}, surroundings);
}

}  // namespace watchpost::settings
