// Places: where in the file each key stands, so that a later check can point at it.
// Promise: where the file does not give a key, its place is that of its section, and without a
// section that of the file.
// Used by the configuration only, at start-up.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "settings/config_file.hpp"

namespace watchpost::settings {

struct FilePosition {
  unsigned line = 0;
  unsigned column = 0;
  unsigned part = 0;  // which of the files that are read as one configuration
};

// A section of the file: "upstream", and which one of several, from 0.
struct SectionRef {
  std::string_view section;
  std::size_t index = 0;
};

class Places {
 public:
  // An empty key means the section itself.
  void put(SectionRef section, std::string_view key, FilePosition place);
  [[nodiscard]] bool given(SectionRef section, std::string_view key) const;
  [[nodiscard]] FilePosition find(SectionRef section, std::string_view key) const;
  // The files in the order of FilePosition::part.
  void set_files(std::vector<std::string> files) { files_ = std::move(files); }
  // "line 12", or "line 12 of FILE" where who reads it looks into another file.
  struct Pointing {
    FilePosition to;
    FilePosition from;
  };
  [[nodiscard]] Words line_in_words(const Pointing& pointing) const;

 private:
  std::vector<std::string> files_;
  std::map<std::string, FilePosition> places_;
};

// Fills the values that the file leaves open and that depend on other keys or on the process.
void complete_config(Config& config, const Places& places, const ConfigSurroundings& surroundings);

// Mistakes that show only when several keys are looked at together. `file` of the mistakes is left
// empty.
[[nodiscard]] std::vector<ConfigMistake> check_config(const Config& config, const Places& places,
                                                      const ConfigSurroundings& surroundings);

// Remarks on values that are accepted but were probably meant otherwise.
[[nodiscard]] std::vector<Words> remarks_on(const Config& config, const Places& places,
                                            const ConfigSurroundings& surroundings);

}  // namespace watchpost::settings
