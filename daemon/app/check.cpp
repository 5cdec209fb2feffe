#include "app/check.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <optional>
#include <ostream>
#include <string_view>

#include "app/access_check.hpp"
#include "app/daemon.hpp"
#include "app/store_check.hpp"
#include "app/tls_check.hpp"
#include "base/whole_file.hpp"
#include "model/trouble_catalogue.hpp"
#include "settings/backup_place.hpp"
#include "settings/closed_files.hpp"
#include "settings/config_file.hpp"
#include "spool/salvage/store_pages.hpp"
#include "spool/tables/all_tables.hpp"

namespace watchpost::app {
namespace {

namespace fs = std::filesystem;
using settings::say;
using settings::Words;

bool is_same_file(const fs::path& a, const fs::path& b) {
  std::error_code error;
  return a == b || fs::equivalent(a, b, error);
}

bool is_program(const fs::path& file) {
  std::error_code error;
  return fs::is_regular_file(file, error) && ::access(file.c_str(), X_OK) == 0;
}

// What keeps everybody from running the programs of outputs.
std::vector<Words> program_mistakes(const settings::Config& config) {
  std::vector<Words> mistakes;
  for (const NamedFile& program : programs_of(config)) {
    if (is_program(program.path)) continue;
    const std::string file = program.path.string();
    std::error_code error;
    const auto kind = fs::status(program.path, error).type();
    if (kind == fs::file_type::not_found) {
      mistakes.push_back(say("{}: there is no {}: install it or correct the path",
                             "{}：没有 {}：请安装它，或改正路径", program.key, file));
    } else if (kind == fs::file_type::regular) {
      mistakes.push_back(say("{}: {} cannot be run: sudo chmod 755 {}",
                             "{}：{} 不能运行：sudo chmod 755 {}", program.key, file, file));
    } else if (!error) {
      mistakes.push_back(say("{}: {} is not a file", "{}：{} 不是文件", program.key, file));
    }
  }
  return mistakes;
}

Words words_about_program(const Unreadable& closed, const std::string& user) {
  const std::string file = closed.file.path.string();
  if (settings::is_hidden_from_service(closed.file.path)) {
    return say(
        "{}: the service sees nothing below /home and /root, so it cannot run {}: move the program "
        "to /usr/local/bin",
        "{}：服务看不到 /home 和 /root 下的任何内容，不能运行 {}：请把程序移到 /usr/local/bin",
        closed.file.key, file);
  }
  if (closed.closed_folder.empty()) {
    return say(
        "{}: the service cannot run {} (it runs as the user {}): sudo chown root:{} {}; sudo "
        "chmod 750 {}",
        "{}：服务不能运行 {}（它以用户 {} 运行）：sudo chown root:{} {}; sudo chmod 750 {}",
        closed.file.key, file, user, user, file, file);
  }
  return say(
      "{}: the service cannot run {}: the folder {} is closed to its user {}. Move the program to "
      "/usr/local/bin",
      "{0}：服务不能运行 {1}：它的用户 {3} 进不了目录 {2}。请把程序移到 /usr/local/bin",
      closed.file.key, file, closed.closed_folder.string(), user);
}

Words words_about(const Unreadable& closed, const std::string& user) {
  if (closed.file.is_run) return words_about_program(closed, user);
  const std::string file = closed.file.path.string();
  if (!closed.closed_folder.empty()) {
    const std::string folder = closed.closed_folder.string();
    const Words advice =
        settings::is_hidden_from_service(closed.closed_folder)
            ? say("Move the file to /etc/watchpost", "请把文件移到 /etc/watchpost")
            : say("sudo chown root:{} {}; sudo chmod 750 {}",
                  "sudo chown root:{} {}; sudo chmod 750 {}", user, folder, folder);
    return say("{}: the service cannot read {}: the folder {} is closed to its user {}. {}",
               "{0}：服务读不到 {1}：它的用户 {3} 进不了目录 {2}。{4}", closed.file.key, file,
               folder, user, advice);
  }
  return say(
      "{}: the service cannot read {} (it runs as the user {}): sudo chown root:{} {}; sudo "
      "chmod 640 {}",
      "{}：服务读不到 {}（它以用户 {} 运行）：sudo chown root:{} {}; sudo chmod 640 {}",
      closed.file.key, file, user, user, file, file);
}

// The service would not start, whatever the rights of the folder are.
Words words_about_unit(const fs::path& store) {
  if (settings::is_hidden_from_service(store)) {
    return say(
        "store.directory: the service sees nothing below /home and /root, so not {}: name another "
        "folder",
        "store.directory：服务看不到 /home 和 /root 下的任何内容，因此不能用 {}：请换一个目录",
        store.string());
  }
  return say(
      "store.directory: {} is read-only for the service: run `sudo systemctl edit watchpostd` and "
      "write the two lines `[Service]` and `ReadWritePaths=-{}`",
      "store.directory：{} 对服务是只读的：请运行 `sudo systemctl edit watchpostd`，写入 "
      "`[Service]` 和 `ReadWritePaths=-{}` 两行",
      store.string(), store.string());
}

// The folder that systemd makes for the service (StateDirectory=).
Words words_about_link(const fs::path& folder) {
  return say(
      "{} is a symbolic link, and with one there systemd does not start the service "
      "(238/STATE_DIRECTORY): remove the link, and name its folder in store.directory",
      "{} 是符号链接，systemd 因此不会启动服务（238/STATE_DIRECTORY）：请把它指向的目录写进 "
      "store.directory，并删除该链接",
      folder.string());
}

std::string line_of(const fs::path& file, const std::string& sentence) {
  return fmt::format("{}: {}\n", file.string(), with_full_stop(sentence));
}

// The store was written by a later Watchpost: this one would not start with it.
std::optional<Failure> store_of_later(const fs::path& directory) {
  const auto file = directory / "watchpost.db";
  const auto pages = spool::StorePages::open(file);
  if (!pages) return std::nullopt;
  const auto version = pages->schema_version();
  if (!version || *version <= static_cast<std::uint32_t>(spool::kSchemaVersion)) {
    return std::nullopt;
  }
  return spool::unknown_version(file, *version);
}

std::vector<Words> tls_mistakes(const settings::Config& config) {
  std::vector<Words> mistakes;
  const auto look_at = [&mistakes](std::string_view section, const std::string& name,
                                   const NamedTlsFiles& files) {
    for (const Words& mistake : check_tls_files(files)) {
      mistakes.push_back(say("{} {}: {}", "{} {}：{}", section, name, mistake));
    }
  };
  const auto files_in = [](const auto& keys) {
    return NamedTlsFiles{keys.ca_file, keys.cert_file, keys.key_file};
  };
  for (const auto& listener : config.listeners) {
    look_at("listener", std::to_string(listener.port), files_in(listener.tls));
    for (const Words& mistake : check_listener_lists(listener)) {
      mistakes.push_back(say("listener {}: {}", "listener {}：{}", listener.port, mistake));
    }
  }
  for (const auto& upstream : config.upstreams) {
    look_at("upstream", upstream.link.name, files_in(upstream.link));
  }
  for (const auto& broker : config.brokers) {
    look_at("broker", broker.link.name, files_in(broker.link));
  }
  return mistakes;
}

}  // namespace

std::string with_full_stop(const std::string& sentence) {
  for (const std::string_view end : {".", "?", "。", "？"}) {
    if (sentence.ends_with(end)) return sentence;
  }
  const bool is_path = sentence.substr(sentence.rfind(' ') + 1).starts_with('/');
  if (is_path || sentence.empty()) return sentence;
  const bool is_chinese = static_cast<unsigned char>(sentence.back()) >= 0x80;
  return sentence + (is_chinese ? "。" : ".");
}

ServiceView view_of_service(const CheckedFile& file, const ServiceUnit& unit) {
  ServiceView view;
  const fs::path& directory = file.config.store.directory;
  const StoreFolder folder{directory, unit.makes(directory)};
  if (!is_same_file(file.path, unit.config_file)) return view;
  const bool may_write = unit.may_write(directory);
  auto files = files_of(file.config);
  std::error_code error;
  if (fs::exists(file.path, error) || error) files.push_back({"--config", file.path, false});
  for (const fs::path& addition : settings::additions_to(file.path)) {
    files.push_back({"--config", addition, false});
  }
  for (NamedFile& program : programs_of(file.config)) {
    if (is_program(program.path)) files.push_back(std::move(program));
  }
  if (::geteuid() == 0) {
    for (const auto& closed : unreadable_for(unit.user, files)) {
      view.mistakes.push_back(words_about(closed, unit.user));
    }
    // A folder that stays hidden from the service is not made ready for it.
    if (may_write || !settings::is_hidden_from_service(directory)) {
      if (auto unusable = unusable_store_for(unit.user, folder)) {
        view.mistakes.push_back(std::move(*unusable));
      }
    }
  } else {
    view.notes.push_back(
        say("run this check with sudo: only then it sees whether the service (user "
            "{}) can read the files and write its store",
            "请用 sudo 运行检查：这样才能看出服务（用户 {}）能否读取这些文件、写入数据目录",
            unit.user));
  }
  if (!may_write) view.mistakes.push_back(words_about_unit(directory));
  for (const fs::path& made : unit.state_directories) {
    if (fs::is_symlink(made, error)) view.mistakes.push_back(words_about_link(made));
  }
  return view;
}

bool check(const CheckedFile& file, std::ostream& out) {
  auto failures = Daemon::check(file.config);
  if (auto later = store_of_later(file.config.store.directory)) {
    failures.push_back(std::move(*later));
  }
  if (auto inside = settings::backup_in_itself(
          {file.config.backup.folder, file.config.store.directory, folder_of(file.path)})) {
    failures.push_back(std::move(*inside));
  }
  for (const Failure& failure : failures) {
    out << line_of(file.path, sentence_of(failure, file.language));
  }
  ServiceView service;
  if (const auto unit = ServiceUnit::installed("/")) service = view_of_service(file, *unit);
  auto mistakes = tls_mistakes(file.config);
  for (Words& each : program_mistakes(file.config)) mistakes.push_back(std::move(each));
  // Where the service's user was asked, its answer tells more.
  if (service.mistakes.empty()) {
    if (auto unusable = unusable_store({file.config.store.directory})) {
      mistakes.push_back(std::move(*unusable));
    }
  }
  mistakes.insert(mistakes.end(), service.mistakes.begin(), service.mistakes.end());
  for (const Words& mistake : mistakes) out << line_of(file.path, mistake.in(file.language));
  const bool good = failures.empty() && mistakes.empty();
  if (good) {
    out << say("{} has no mistakes.", "{} 没有错误。", file.path.string()).in(file.language)
        << "\n";
  }
  auto notes = file.config.notes();
  const auto about_access = access_notes(file.config);
  notes.insert(notes.end(), about_access.begin(), about_access.end());
  notes.insert(notes.end(), service.notes.begin(), service.notes.end());
  for (const Words& note : notes) {
    out << say("Note: {}", "注意：{}", note).in(file.language) << "\n";
  }
  return good;
}

}  // namespace watchpost::app
