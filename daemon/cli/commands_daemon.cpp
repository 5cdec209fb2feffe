// status, tail, verify, backup, export and replay: commands that ask the running daemon, or read
// its store.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "cli/backup/backup.hpp"
#include "cli/columns.hpp"
#include "cli/commands.hpp"
#include "cli/ending.hpp"
#include "cli/export/export.hpp"
#include "cli/local_client.hpp"
#include "cli/replay/replay.hpp"
#include "cli/restore/restore.hpp"
#include "cli/states_page.hpp"
#include "cli/status_check.hpp"
#include "cli/status_page.hpp"
#include "cli/tail.hpp"
#include "cli/trouble_page.hpp"
#include "cli/verify/verify.hpp"

namespace watchpost::cli {
namespace {

constexpr int kFailed = 1;

struct StatusOptions {
  std::string socket = default_socket();
  std::string language;
  std::string silent;
  DeviceFilter devices;
  bool as_json = false;
  bool check = false;
};

struct TroublesOptions {
  std::string code;
  std::string language;
  bool as_markdown = false;
};

int show_check(const Result<std::string>& status, Language language) {
  const CheckAnswer answer = check_status(status, language);
  std::cout << answer.line << "\n";
  return ended({"status", language}, {.told = answer.code, .not_written = kStatusUnknown});
}

int show_status(const StatusOptions& options) {
  PageOptions page{language_for(options.language), terminal_width(), options.devices};
  if (!options.silent.empty()) page.devices.silent = span_from(options.silent);
  const bool all = options.as_json || page.devices.is_set();
  const auto status =
      LocalClient(options.socket).get(all ? "/v1/status?devices=all" : "/v1/status");
  if (options.check) return show_check(status, page.language);
  if (!status) return fail({"status", page.language}, status.error(), kFailed);
  if (options.as_json) {
    std::cout << *status << "\n";
    return 0;
  }
  const auto text = status_page(*status, page);
  if (!text) return fail({"status", page.language}, text.error(), kFailed);
  std::cout << *text;
  return 0;
}

int show_troubles(const TroublesOptions& options) {
  const auto language = language_for(options.language);
  if (options.as_markdown) {
    std::cout << trouble_table(language, TroublePlace::top) << "\n"
              << trouble_table(language, TroublePlace::cause);
    return 0;
  }
  const auto list = trouble_list(options.code, language);
  if (!list) return fail({"troubles", language}, list.error(), kFailed);
  std::cout << *list;
  return 0;
}

int show_tail(const TailOptions& options) {
  const auto ended = run_tail(options);
  return ended ? 0 : fail({"tail", language_for(options.language)}, ended.error(), kFailed);
}

}  // namespace

std::string default_socket() {
  std::error_code ignored;
  const std::filesystem::path unit = "/run/watchpost/watchpost.sock";
  if (std::filesystem::exists(unit, ignored)) return unit.string();
  const std::filesystem::path here = "watchpost-data/watchpost.sock";
  return std::filesystem::exists(here, ignored) ? here.string() : unit.string();
}

Subcommand add_status(CLI::App& app) {
  CLI::App* status = app.add_subcommand("status", "what works, what does not, and what to do");
  const auto options = std::make_shared<StatusOptions>();
  status->add_option("--socket", options->socket, "the daemon's local socket")
      ->capture_default_str();
  auto* json = status->add_flag("--json", options->as_json, "as one JSON object");
  status
      ->add_flag("--check", options->check,
                 "one line for monitoring; ends with 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN")
      ->excludes(json);
  status->add_option("--device", options->devices.device,
                     "only devices whose name or id has this in it");
  status->add_flag("--unread", options->devices.unread,
                   "only devices of which something could not be read");
  status->add_option("--silent", options->silent, "only devices silent for so long, such as 1d")
      ->check([](const std::string& text) {
        return span_from(text) ? std::string()
                               : text + " is no time span: write it as 90s, 30min, 12h or 1d";
      });
  add_language(*status, options->language);
  return {status, [options] { return show_status(*options); }};
}

Subcommand add_troubles(CLI::App& app) {
  CLI::App* troubles = app.add_subcommand("troubles", "every trouble that status can show");
  const auto options = std::make_shared<TroublesOptions>();
  troubles->add_option("code", options->code, "only the trouble with this code");
  troubles->add_flag("--markdown", options->as_markdown, "as the tables of the guide");
  add_language(*troubles, options->language);
  return {troubles, [options] { return show_troubles(*options); }};
}

Subcommand add_states(CLI::App& app) {
  CLI::App* states = app.add_subcommand(
      "states", "what devices declare, what of it becomes an alarm, and what takes it back");
  const auto language = std::make_shared<std::string>();
  add_language(*states, *language);
  return {states, [language] {
            std::cout << states_page(language_for(*language));
            return 0;
          }};
}

Subcommand add_tail(CLI::App& app) {
  CLI::App* tail = app.add_subcommand(
      "tail", "events: what is committed from now on, until Ctrl-C; or what is stored");
  const auto options = std::make_shared<TailOptions>();
  options->socket = default_socket();
  tail->add_option("--socket", options->socket, "the daemon's local socket")->capture_default_str();
  tail->add_flag("--json", options->as_json, "as CloudEvents, one a line");
  tail->add_flag("--from-oldest", options->from_oldest, "begin with the oldest that is stored");
  auto* count = tail->add_option("--count", options->count,
                                 "the newest so many that are stored (with --from-oldest: the "
                                 "oldest), then end, also where there are fewer");
  tail->add_flag(
          "--follow", options->follow,
          "with --count: wait for what is committed after it; with --from-oldest until there "
          "are as many")
      ->needs(count);
  tail->add_option("--class", options->event_class, "alarm, patrol, status or telemetry only")
      ->check(CLI::IsMember({"alarm", "patrol", "status", "telemetry"}));
  tail->add_option("--device", options->device, "only of the device with this id or name");
  add_language(*tail, options->language);
  return {tail, [options] { return show_tail(*options); }};
}

Subcommand add_backup(CLI::App& app) {
  CLI::App* backup = app.add_subcommand(
      "backup",
      "copy the store into one file, or store and configuration into a folder of backups; beside "
      "the running daemon or of a stopped one");
  const auto options = std::make_shared<BackupOptions>();
  options->socket = default_socket();
  auto* file =
      backup->add_option("FILE", options->file,
                         "the file to write, with the store alone; one that exists is left "
                         "alone");
  auto* to = backup
                 ->add_option("--to", options->folder,
                              "folder of backups: make a new one there, with the configuration")
                 ->excludes(file);
  backup->add_flag("--scheduled", options->scheduled, "as [backup] of the configuration says")
      ->excludes(file)
      ->excludes(to);
  backup->add_option("--keep", options->keep, "with --to: the newest so many of this gateway stay")
      ->needs(to);
  options->config = "/etc/watchpost/watchpost.toml";
  backup->add_option("--config", options->config, "with --to and --scheduled: the configuration")
      ->excludes(file)
      ->capture_default_str();
  auto* socket =
      backup->add_option("--socket", options->socket, "socket of the daemon whose store is copied")
          ->capture_default_str();
  backup->add_option("--store", options->store, "copy this store folder instead")->excludes(socket);
  add_language(*backup, options->language);
  return {backup, [options] { return run_backup(*options); }, kCouldNotLook};
}

Subcommand add_verify(CLI::App& app) {
  CLI::App* verify = app.add_subcommand("verify", "is what the store holds whole?");
  const auto options = std::make_shared<VerifyOptions>();
  options->socket = default_socket();
  auto* socket = verify->add_option("--socket", options->socket, "ask the daemon at this socket")
                     ->capture_default_str();
  verify
      ->add_option("--store", options->store,
                   "read this store folder instead, all of its pages too")
      ->excludes(socket);
  add_language(*verify, options->language);
  return {verify, [options] { return run_verify(*options); }, kCouldNotLook};
}

Subcommand add_export(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("export", "the events of a time range as CloudEvents, one a line");
  const auto options = std::make_shared<ExportOptions>();
  options->socket = default_socket();
  command->add_option("--from", options->from, "from this time on, RFC 3339")->required();
  command->add_option("--to", options->to, "before this time, RFC 3339")->required();
  command->add_option("--class", options->event_class, "alarm, patrol, status or telemetry only");
  command->add_flag("--observed", options->observed,
                    "by the time of observation, where there is one");
  command->add_flag("--include-unset-clock", options->unset_clock,
                    "also all records from a time when the box had no clock");
  auto* socket = command->add_option("--socket", options->socket, "ask the daemon at this socket")
                     ->capture_default_str();
  auto* gateway = command->add_option("--gateway", options->gateway, "with --store: gateway.id");
  auto* area = command->add_option("--area", options->area, "with --store: gateway.area");
  command->add_option("--store", options->store, "read this store folder instead")
      ->excludes(socket)
      ->needs(gateway)
      ->needs(area);
  add_language(*command, options->language);
  return {command, [options] { return run_export(*options); }};
}

Subcommand add_restore(CLI::App& app) {
  CLI::App* restore = app.add_subcommand(
      "restore", "put a backup of a folder in the place of this box's store and configuration");
  const auto options = std::make_shared<RestoreOptions>();
  restore->add_option("BACKUP", options->backup, "the backup: a folder watchpost-NAME-TIME")
      ->required();
  restore->add_flag("--store-only", options->store_only, "leave the configuration as it is");
  restore->add_option("--config", options->config, "the configuration of this box")
      ->capture_default_str();
  restore->add_option("--user", options->user, "to whom the store belongs")->capture_default_str();
  restore->add_flag("--no-service", options->no_service,
                    "neither stop nor start the service: it is not running");
  add_language(*restore, options->language);
  return {restore, [options] { return run_restore(*options); }, kCouldNotLook};
}

Subcommand add_replay(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "replay", "what the rules of a file would have raised by what is stored, beside what was");
  const auto options = std::make_shared<ReplayOptions>();
  options->socket = default_socket();
  command
      ->add_option("--rules", options->rules,
                   "a configuration with the [[rule]] and [[device]] sections to try")
      ->required();
  command->add_option("--from", options->from, "from this time on, RFC 3339")->required();
  command->add_option("--to", options->to, "before this time, RFC 3339")->required();
  auto* socket =
      command->add_option("--socket", options->socket, "socket of the daemon whose store is read")
          ->capture_default_str();
  command->add_option("--store", options->store, "read this store folder instead")
      ->excludes(socket);
  add_language(*command, options->language);
  return {command, [options] { return run_replay(*options); }, kCouldNotLook};
}

}  // namespace watchpost::cli
