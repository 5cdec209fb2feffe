// Sample: a folder for each test, and the shortest way to read a configuration in it.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "settings/config_file.hpp"
#include "support/catch.hpp"

namespace watchpost::settings::testing {

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "wp-config-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(std::string_view name, std::string_view text) const {
    const auto file = path_ / name;
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }

 private:
  std::filesystem::path path_;
};

inline ConfigSurroundings surroundings() {
  ConfigSurroundings result;
  result.host_name = "Zhaoxiang_03.local";
  result.state_directory = "/var/lib/watchpost";
  return result;
}

inline ParsedConfig parsed(std::string_view text) {
  return parse_config_text(ConfigText{text}, "/etc/watchpost/watchpost.toml", surroundings());
}

inline std::vector<ConfigMistake> mistakes_of(std::string_view text) {
  const auto result = parsed(text);
  if (result) return {};
  return result.error().list;
}

// The mistake of a text that has exactly one.
inline ConfigMistake mistake_of(std::string_view text) {
  const auto list = mistakes_of(text);
  for (const auto& mistake : list) UNSCOPED_INFO(mistake.sentence());
  REQUIRE(list.size() == 1);
  return list.front();
}

inline Config config_of(std::string_view text) {
  const auto result = parsed(text);
  if (!result) FAIL(result.error().text());
  return *result;
}

inline bool mentions(const std::vector<Words>& notes, std::string_view words) {
  for (const auto& note : notes) {
    if (note.english.find(words) != std::string::npos) return true;
  }
  return false;
}

}  // namespace watchpost::settings::testing
