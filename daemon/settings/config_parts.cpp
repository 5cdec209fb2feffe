// Finds and opens the files that are one configuration: watchpost.toml, and conf.d beside it.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <variant>

#include "settings/closed_files.hpp"
#include "settings/config_file.hpp"

namespace watchpost::settings {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = 8'388'608;
constexpr std::size_t kMostAdditions = 100;

ConfigMistakes unreadable(const fs::path& file, Words what, Words next) {
  ConfigMistake mistake;
  mistake.file = file.string();
  mistake.what = std::move(what);
  mistake.next = std::move(next);
  return {{std::move(mistake)}};
}

ConfigMistakes cannot_open(const fs::path& file, int error, const ConfigSurroundings& around) {
  auto what = say("the file cannot be opened ({})", "文件打不开（{}）",
                  std::string_view(std::strerror(error)));
  if (error == EACCES && around.state_directory) {
    // The service itself: nobody can run it with sudo.
    return unreadable(file, std::move(what), way_to_read(file, RunningAs{around.user_name}));
  }
  if (error == EACCES) {
    return unreadable(file, std::move(what),
                      say("Run this with sudo, or as a member of the group watchpost",
                          "请用 sudo 运行，或者加入 watchpost 组"));
  }
  return unreadable(
      file, std::move(what),
      say("Check the path. To begin with all defaults, write the output of "
          "`watchpostd --print-config` there, or copy the sample watchpost.toml",
          "请检查路径。要从默认值开始，可把 `watchpostd --print-config` 的输出写到那里，"
          "或复制样例 watchpost.toml"));
}

std::variant<ConfigPart, ConfigMistakes> part_of(const fs::path& file,
                                                 const ConfigSurroundings& around) {
  std::error_code error;
  if (fs::is_directory(file, error)) {
    return unreadable(
        file, say("this is a folder", "这是一个目录"),
        say("Name the file in it: {}", "请写出其中的文件：{}", (file / "watchpost.toml").string()));
  }
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in) return cannot_open(file, errno, around);
  std::string text(kLargestFile + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kLargestFile) {
    return unreadable(file, say("the file has more than 8 MiB", "文件超过 8 MiB"),
                      say("Name the configuration, not another file", "请指定配置文件"));
  }
  return ConfigPart{file, std::move(text)};
}

fs::path folder_of_additions(const fs::path& file) {
  return file.parent_path() / "conf.d";
}

// Why conf.d cannot be listed; nothing where it can, or where it is not there.
std::optional<ConfigMistakes> closed_additions(const fs::path& file,
                                               const ConfigSurroundings& around) {
  std::error_code error;
  const fs::directory_iterator list(folder_of_additions(file), error);
  if (error != std::errc::permission_denied) return std::nullopt;
  return cannot_open(folder_of_additions(file), EACCES, around);
}

}  // namespace

std::vector<fs::path> additions_to(const fs::path& file) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_of_additions(file), error)) {
    const std::string name = entry.path().filename().string();
    // What an editor or a package leaves beside a file has another ending or begins with a dot.
    if (entry.path().extension() == ".toml" && !name.starts_with('.')) {
      found.push_back(entry.path());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

ParsedConfig parse_config(const fs::path& file, const ConfigSurroundings& around) {
  std::vector<ConfigPart> parts;
  std::error_code error;
  const bool is_missing = !fs::exists(file, error) && !error;
  if (is_missing && around.is_installed_config) {
    parts.push_back({file});
  } else {
    auto part = part_of(file, around);
    if (auto* wrong = std::get_if<ConfigMistakes>(&part)) return std::move(*wrong);
    parts.push_back(std::get<ConfigPart>(std::move(part)));
  }
  if (auto closed = closed_additions(file, around)) return std::move(*closed);
  const auto additions = additions_to(file);
  if (additions.size() > kMostAdditions) {
    return unreadable(folder_of_additions(file),
                      say("there are {} files, more than {}", "有 {} 个文件，超过 {} 个",
                          additions.size(), kMostAdditions),
                      say("Join some of them", "请合并一些"));
  }
  for (const fs::path& addition : additions) {
    auto part = part_of(addition, around);
    if (auto* wrong = std::get_if<ConfigMistakes>(&part)) return std::move(*wrong);
    parts.push_back(std::get<ConfigPart>(std::move(part)));
  }
  auto config = parse_config_parts(parts, around);
  if (config) config->is_set_up = !is_missing || !additions.empty();
  return config;
}

}  // namespace watchpost::settings
