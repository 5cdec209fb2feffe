#include "app/service_unit.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <sstream>
#include <string_view>
#include <variant>

#include "app/as_user.hpp"
#include "base/text.hpp"
#include "decode/profiles.hpp"
#include "settings/keys.hpp"

namespace watchpost::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kUnit = "watchpostd.service";
// In the order in which they count (systemd.unit(5)).
constexpr std::array kUnitFolders{"etc/systemd/system", "run/systemd/system",
                                  "usr/local/lib/systemd/system", "usr/lib/systemd/system",
                                  "lib/systemd/system"};

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

// Removes the prefixes of a path: "-/mnt/ssd" may be missing, "+/srv" is within the service's root.
fs::path without_prefix(std::string word) {
  while (word.starts_with('-') || word.starts_with('+')) word.erase(0, 1);
  return fs::path(word).lexically_normal();
}

fs::path config_in(const std::vector<std::string>& command) {
  constexpr std::string_view kOption = "--config";
  for (std::size_t i = 0; i < command.size(); ++i) {
    const std::string_view word = command[i];
    if (word == kOption && i + 1 < command.size()) return command[i + 1];
    if (word.starts_with("--config=")) return word.substr(kOption.size() + 1);
  }
  return {};
}

// Of "from:to:options" the place where the service finds it; "path" alone stands for both.
std::string ends_of(std::string_view value) {
  std::string places;
  for (const auto& word : words_of(std::string(value))) {
    const auto colon = word.find(':');
    const auto place = colon == std::string::npos ? word : word.substr(colon + 1);
    places += place.substr(0, place.find(':')) + " ";
  }
  return places;
}

// A list grows with each assignment, and an empty one makes it empty (systemd.exec(5)).
void add_paths(std::string_view value, const fs::path& below, std::vector<fs::path>& list) {
  if (value.empty()) list.clear();
  for (auto& word : words_of(std::string(value))) {
    list.push_back(below / without_prefix(std::move(word)));
  }
}

void read_setting(std::string_view line, ServiceUnit& unit) {
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) return;
  const std::string_view key = trimmed(line.substr(0, equals));
  const std::string_view value = trimmed(line.substr(equals + 1));
  if (key == "User") unit.user = value;
  if (key == "ProtectSystem") unit.may_write_elsewhere = value != "strict";
  if (key == "StateDirectory") add_paths(value, "/var/lib", unit.state_directories);
  if (key == "ReadWritePaths") add_paths(value, {}, unit.read_write_paths);
  if (key == "BindPaths") add_paths(ends_of(value), {}, unit.bind_paths);
  if (key == "ExecStart") unit.config_file = config_in(words_of(std::string(value)));
}

// systemd.syntax(7): a line that ends with a backslash goes on in the next; comments between the
// two are left out.
void read_file(const fs::path& file, ServiceUnit& unit) {
  std::ifstream in(file);
  std::string whole;
  for (std::string line; std::getline(in, line);) {
    const std::string_view text = trimmed(line);
    if (text.starts_with('#') || text.starts_with(';')) continue;
    const bool goes_on = text.ends_with('\\');
    whole += text.substr(0, text.size() - (goes_on ? 1 : 0));
    if (goes_on) {
      whole += ' ';
      continue;
    }
    read_setting(whole, unit);
    whole.clear();
  }
  read_setting(whole, unit);
}

// By file name; of several with one name the first folder's counts, and the folders of the unit
// come before those of all services (systemd.unit(5)).
std::map<std::string, fs::path> drop_ins(const fs::path& root) {
  std::map<std::string, fs::path> files;
  for (const std::string_view of : std::array<std::string_view, 2>{kUnit, "service"}) {
    for (const char* folder : kUnitFolders) {
      std::error_code error;
      for (const auto& entry :
           fs::directory_iterator(root / folder / fmt::format("{}.d", of), error)) {
        const fs::path& file = entry.path();
        if (file.extension() == ".conf") files.emplace(file.filename().string(), file);
      }
    }
  }
  return files;
}

// Called with the other user's rights; `wanted`: R_OK or X_OK. Returns 0 where it is had, 1 where
// the file itself is closed, and from 2 on the depth of the folder that is closed.
int closed_at(const fs::path& file, int wanted) {
  fs::path walked;
  int depth = 1;
  for (const auto& part : file.parent_path()) {
    walked /= part;
    ++depth;
    if (::access(walked.c_str(), X_OK) != 0) return depth;
  }
  return ::access(file.c_str(), wanted) == 0 ? 0 : 1;
}

fs::path folder_at(const fs::path& file, int depth) {
  fs::path walked;
  for (const auto& part : file.parent_path()) {
    walked /= part;
    if (--depth == 1) break;
  }
  return walked;
}

}  // namespace

std::optional<ServiceUnit> ServiceUnit::installed(const fs::path& root) {
  std::error_code error;
  for (const char* folder : kUnitFolders) {
    const fs::path file = root / folder / kUnit;
    if (!fs::exists(file, error)) continue;
    ServiceUnit unit;
    read_file(file, unit);
    for (const auto& [name, drop_in] : drop_ins(root)) read_file(drop_in, unit);
    return unit;
  }
  return std::nullopt;
}

bool ServiceUnit::may_write(const fs::path& folder) const {
  if (may_write_elsewhere) return true;
  const auto holds_folder = [&folder](const fs::path& allowed) {
    const auto rest = folder.lexically_normal().lexically_relative(allowed);
    return !rest.empty() && *rest.begin() != "..";
  };
  return std::any_of(state_directories.begin(), state_directories.end(), holds_folder) ||
         std::any_of(read_write_paths.begin(), read_write_paths.end(), holds_folder) ||
         std::any_of(bind_paths.begin(), bind_paths.end(), holds_folder);
}

bool ServiceUnit::makes(const fs::path& folder) const {
  const auto is_it = [&folder](const fs::path& made) {
    return made.lexically_normal() == folder.lexically_normal();
  };
  return std::any_of(state_directories.begin(), state_directories.end(), is_it);
}

std::vector<NamedFile> files_of(const settings::Config& config) {
  settings::Config copy = config;
  std::vector<NamedFile> files;
  for (const auto& section : settings::sections()) {
    for (const auto& instance : section.all(copy)) {
      for (const auto& key : section.keys) {
        const auto slot = key.slot(instance);
        const auto* const* path = std::get_if<fs::path*>(&slot);
        const auto* const* text = std::get_if<std::string*>(&slot);
        const auto name = fmt::format("{}.{}", section.name, key.name);
        if (key.form == settings::Form::file && path != nullptr && !(*path)->empty()) {
          files.push_back({name, **path, false});
        }
        if (text == nullptr || !(*text)->starts_with('/')) continue;
        const bool is_mapping =
            key.form == settings::Form::profile && decode::is_mapping_profile(**text);
        if (key.form == settings::Form::decoder || is_mapping)
          files.push_back({name, **text, false});
      }
    }
  }
  return files;
}

std::vector<NamedFile> programs_of(const settings::Config& config) {
  std::vector<NamedFile> programs;
  for (const settings::OutputConfig& output : config.outputs) {
    if (output.command.empty()) continue;
    programs.push_back({"output.command", output.command.front(), true});
  }
  return programs;
}

std::vector<Unreadable> unreadable_for(const std::string& user,
                                       const std::vector<NamedFile>& files) {
  std::vector<Unreadable> closed;
  const bool is_known = ::getpwnam(user.c_str()) != nullptr;
  for (const NamedFile& file : files) {
    // A process that may not become that user cannot tell, so the file counts as readable.
    const int at =
        is_known
            ? as_user(user, [&file] { return closed_at(file.path, file.is_run ? X_OK : R_OK); })
                  .value_or(0)
            : 1;
    if (at == 0) continue;
    closed.push_back({file, at == 1 ? fs::path{} : folder_at(file.path, at)});
  }
  return closed;
}

}  // namespace watchpost::app
