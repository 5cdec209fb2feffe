#include "app/service_unit.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <variant>

#include "settings/keys.hpp"

namespace watchpost::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUnit = "watchpostd.service";
// The unit is read from the first folder that has it; drop-ins are read from all folders
// (systemd.unit(5)).
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

void read_setting(const std::string& key, const std::string& value, ServiceUnit& unit) {
  if (key == "User") unit.user = value;
  if (key == "ProtectSystem") unit.may_write_elsewhere = value != "strict";
  if (key == "StateDirectory") {
    for (const auto& word : words_of(value)) unit.writable.push_back(fs::path("/var/lib") / word);
  }
  if (key == "ReadWritePaths") {
    for (auto& word : words_of(value)) unit.writable.push_back(without_prefix(std::move(word)));
  }
  if (key == "ExecStart") {
    const auto words = words_of(value);
    const auto option = std::find(words.begin(), words.end(), "--config");
    if (option != words.end() && option + 1 != words.end()) unit.config_file = *(option + 1);
  }
}

void read_file(const fs::path& file, ServiceUnit& unit) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const auto equals = line.find('=');
    if (equals == std::string::npos || line.starts_with('#') || line.starts_with(';')) continue;
    std::string value = line.substr(equals + 1);
    while (value.ends_with('\r') || value.ends_with(' ')) value.pop_back();
    read_setting(line.substr(0, equals), value, unit);
  }
}

std::vector<fs::path> drop_ins(const fs::path& root) {
  std::vector<fs::path> files;
  for (const char* folder : kUnitFolders) {
    std::error_code error;
    const fs::path all = root / folder / fmt::format("{}.d", kUnit);
    for (const auto& entry : fs::directory_iterator(all, error)) {
      if (entry.path().extension() == ".conf") files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end(),
            [](const fs::path& a, const fs::path& b) { return a.filename() < b.filename(); });
  return files;
}

// Called with the other user's rights. Returns 0 where the file can be read, 1 where the file
// itself is closed, and from 2 on the depth of the folder that is closed.
int closed_at(const fs::path& file) {
  fs::path walked;
  int depth = 1;
  for (const auto& part : file.parent_path()) {
    walked /= part;
    ++depth;
    if (::access(walked.c_str(), X_OK) != 0) return depth;
  }
  return ::access(file.c_str(), R_OK) == 0 ? 0 : 1;
}

constexpr int kCannotBecome = 255;

int closed_at_for(const passwd& user, const fs::path& file) {
  const pid_t child = ::fork();
  if (child == 0) {
    const bool is_user = ::initgroups(user.pw_name, user.pw_gid) == 0 &&
                         ::setgid(user.pw_gid) == 0 && ::setuid(user.pw_uid) == 0;
    ::_exit(is_user ? std::min(closed_at(file), kCannotBecome - 1) : kCannotBecome);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return 0;
  // A process that may not become that user cannot tell, so the file counts as readable.
  return WEXITSTATUS(status) == kCannotBecome ? 0 : WEXITSTATUS(status);
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
    if (!fs::is_regular_file(file, error)) continue;
    ServiceUnit unit;
    read_file(file, unit);
    for (const auto& drop_in : drop_ins(root)) read_file(drop_in, unit);
    return unit;
  }
  return std::nullopt;
}

bool ServiceUnit::may_write(const fs::path& folder) const {
  if (may_write_elsewhere) return true;
  return std::any_of(writable.begin(), writable.end(), [&folder](const fs::path& allowed) {
    const auto rest = folder.lexically_normal().lexically_relative(allowed);
    return !rest.empty() && *rest.begin() != "..";
  });
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
          files.push_back({name, **path});
        }
        if (key.form == settings::Form::decoder && text != nullptr && (*text)->starts_with('/')) {
          files.push_back({name, **text});
        }
      }
    }
  }
  return files;
}

std::vector<Unreadable> unreadable_for(const std::string& user,
                                       const std::vector<NamedFile>& files) {
  std::vector<Unreadable> closed;
  const passwd* entry = ::getpwnam(user.c_str());
  for (const NamedFile& file : files) {
    const int at = entry == nullptr ? 1 : closed_at_for(*entry, file.path);
    if (at == 0) continue;
    closed.push_back({file, at == 1 ? fs::path{} : folder_at(file.path, at)});
  }
  return closed;
}

}  // namespace watchpost::app
