// alarms, alarm, and what a person on duty does about one: ack, verdict, close, ...; drill,
// silence.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/duty/act.hpp"
#include "cli/duty/act_options.hpp"
#include "rules/command_table.hpp"

namespace watchpost::cli {
namespace {

constexpr Act kAlarmActs[] = {
    {"ack", DutyAction::take, "take an alarm: I see to it"},
    {"verdict", DutyAction::verify, "say that it is true or false"},
    {"arrive", DutyAction::arrive, "say that somebody is there"},
    {"note", DutyAction::note, "add a note to an alarm"},
    {"close", DutyAction::close, "close an alarm that was taken, with what it was"},
    {"shelve", DutyAction::shelve, "keep an alarm quiet for some time, with a reason"},
    {"unshelve", DutyAction::unshelve, "end that before its time"},
    {"real", DutyAction::turn_real, "an alarm of a drill is a real one"},
    {"escalate", DutyAction::escalate, "tell the next in line at once"},
};

void add_ask(CLI::App& command, AskOptions& options) {
  command.add_flag("--json", options.as_json, "as JSON");
  add_socket(command, options);
}

}  // namespace

void add_socket(CLI::App& command, AskOptions& options) {
  options.socket = default_socket();
  command.add_option("--socket", options.socket, "the daemon's local socket")
      ->capture_default_str();
  add_language(command, options.language);
}

// What every act has, and what its row of the table of commands says that it needs.
void add_act(CLI::App& command, ActOptions& options) {
  const rules::DutyActionRow& row = rules::row_of(options.action);
  if (row.target == rules::Target::alarm) {
    command
        .add_option("alarm", options.ask.alarm,
                    "its number, as 37; of a village below zhaoxiang-03/37")
        ->required();
    command.add_option("--revision", options.revision,
                       "refuse if the alarm has changed since this revision was seen");
  }
  if (row.target == rules::Target::device)
    command.add_option("device", options.device, "the device's id")->required();
  if (row.needs.output)
    command.add_option("output", options.output, "its name in the configuration")->required();
  command.add_option("--by", options.by, "the name of the person; it stands on record")->required();
  command.add_option(
      "--from", options.from,
      "where the person sits; without it the host of an SSH session or the terminal");
  auto* const note = command.add_option("--note", options.note, "words or reason");
  if (row.needs.note) note->required();
  command.add_option("--key", options.key,
                     "the same for each try of one wish, so that nothing is done twice");
  if (row.needs.lasts) {
    command.add_option("--minutes", options.minutes, "how long")
        ->required()
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{row.most.count()}));
  }
  if (row.needs.outcome) {
    command.add_option("--outcome", options.outcome, "what it turned out to be")
        ->required()
        ->check(CLI::IsMember({"true", "false", "test", "drill", "unknown"}));
    command.add_option("--cause", options.cause, "what it was, in words");
  }
  if (row.needs.is_true) {
    auto* const choice = command.add_option_group("choice");
    choice->add_flag("--true", options.is_true, "it is real");
    choice->add_flag("--false", options.is_false, "it is not");
    choice->require_option(1);
  }
  add_ask(command, options.ask);
}

Subcommand add_named(CLI::App& app, std::string words, const Act& act) {
  CLI::App* command = app.add_subcommand(act.name, act.help);
  const auto options = std::make_shared<ActOptions>();
  options->command = std::move(words);
  options->action = act.action;
  add_act(*command, *options);
  return {command, [options] { return run_act(*options); }};
}

namespace {

void add_drill(CLI::App& app, std::vector<Subcommand>& commands) {
  CLI::App* drill = app.add_subcommand("drill", "a drill: what it covers is no real alarm");
  drill->require_subcommand(1);
  CLI::App* start = drill->add_subcommand("start", "begin a drill");
  const auto options = std::make_shared<ActOptions>();
  options->command = "drill start";
  options->action = DutyAction::drill_start;
  add_act(*start, *options);
  start->add_option(
      "--device", options->devices,
      "only this device; may be given again. What is outside of any of these is real");
  start->add_option("--place", options->places,
                    "only this place and what lies within it; may be given again");
  start->add_option("--kind", options->kinds, "only this kind, as smoke; may be given again")
      ->check([](const std::string& name) {
        return kind_from(name) ? std::string() : name + " is no kind";
      });
  commands.push_back({start, [options] { return run_act(*options); }});
  commands.push_back(
      add_named(*drill, "drill end", {"end", DutyAction::drill_end, "end the drill"}));
}

}  // namespace

void add_duty(CLI::App& app, std::vector<Subcommand>& commands) {
  CLI::App* alarms = app.add_subcommand("alarms", "the open alarms, what nobody has taken first");
  const auto all = std::make_shared<AskOptions>();
  add_ask(*alarms, *all);
  const auto days = std::make_shared<std::int64_t>(7);
  const auto closed = std::make_shared<bool>(false);
  alarms->add_flag("--closed", *closed, "those that were closed, from the stored events");
  alarms->add_option("--days", *days, "with --closed: within how many days")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{3'660}))
      ->needs("--closed");
  commands.push_back({alarms, [all, days, closed] {
                        if (!*closed) return show_alarms(*all);
                        return show_closed(*all, std::chrono::hours{24 * *days});
                      }});

  CLI::App* alarm = app.add_subcommand("alarm", "one alarm, and how it went");
  const auto one = std::make_shared<AskOptions>();
  alarm->add_option("number", one->alarm, "its number, as 37; of a village below zhaoxiang-03/37")
      ->required();
  add_ask(*alarm, *one);
  commands.push_back({alarm, [one] { return show_alarm(*one); }});

  for (const Act& act : kAlarmActs) commands.push_back(add_named(app, act.name, act));
  add_drill(app, commands);
  commands.push_back(add_named(
      app, "silence", {"silence", DutyAction::silence_siren, "silence the siren for two minutes"}));
}

}  // namespace watchpost::cli
