// devices: who is known, entered from a table, tested, taken out of service and put back.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.hpp"
#include "cli/duty/act_options.hpp"
#include "cli/duty/devices.hpp"

namespace watchpost::cli {
namespace {

constexpr Act kActs[] = {
    {"out", DutyAction::out_of_service, "take a device out of service, with a reason"},
    {"back", DutyAction::back_in_service, "put it back into service"},
    {"test", DutyAction::live_test_start, "begin a live test: its alarms are a test meanwhile"},
    {"test-end", DutyAction::live_test_end, "end the live test"},
};

Subcommand add_table_import(CLI::App& devices) {
  CLI::App* import = devices.add_subcommand(
      "import",
      "enter devices from a table (CSV with the columns device, name, place, expected_interval, "
      "group, household, contact, age_group, sex, consent)");
  const auto options = std::make_shared<ImportOptions>();
  import->add_option("file", options->file, "the table; - is standard input")->required();
  import->add_option("--by", options->by, "the name of the person; it stands on record")
      ->required();
  import->add_option("--from", options->from, "where the person sits");
  import->add_flag("--dry-run", options->dry_run, "only say what would change");
  add_socket(*import, options->ask);
  return {import, [options] { return import_devices(*options); }};
}

Subcommand add_one_device(CLI::App& devices) {
  CLI::App* command = devices.add_subcommand(
      "show", "one device, with its household, whom to call, and what else was entered of it");
  const auto options = std::make_shared<AskOptions>();
  const auto device = std::make_shared<std::string>();
  command->add_option("device", *device, "its id")->required();
  add_socket(*command, *options);
  command->add_flag("--json", options->as_json, "as JSON");
  return {command, [options, device] { return show_device(*options, *device); }};
}

Subcommand add_table_export(CLI::App& devices) {
  CLI::App* command = devices.add_subcommand("export", "all devices as a table (CSV)");
  const auto options = std::make_shared<AskOptions>();
  add_socket(*command, *options);
  return {command, [options] { return export_devices(*options); }};
}

}  // namespace

void add_devices(CLI::App& app, std::vector<Subcommand>& commands) {
  CLI::App* devices = app.add_subcommand("devices", "the devices that are known");
  commands.push_back(add_one_device(*devices));
  commands.push_back(add_table_import(*devices));
  commands.push_back(add_table_export(*devices));
  for (const Act& act : kActs)
    commands.push_back(add_named(*devices, std::string("devices ") + act.name, act));
  const auto all = std::make_shared<AskOptions>();
  add_socket(*devices, *all);
  devices->add_flag("--json", all->as_json, "as JSON");
  commands.push_back({devices, [all] { return show_devices(*all); }});
}

}  // namespace watchpost::cli
