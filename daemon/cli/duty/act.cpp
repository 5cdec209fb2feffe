#include "cli/duty/act.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string_view>
#include <utility>

#include "cli/columns.hpp"
#include "cli/duty/alarm_page.hpp"
#include "cli/ending.hpp"
#include "cli/local_client.hpp"
#include "cli/status_json.hpp"
#include "model/command_json.hpp"
#include "model/command_words.hpp"
#include "rules/command_table.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

Failure not_understood() {
  return in_both(Failure::Kind::invalid_input,
                 English{"The daemon's answer is not understood",
                         "Check that --socket names watchpostd's socket"},
                 Chinese{"无法理解服务的应答", "请确认 --socket 是 watchpostd 的套接字"});
}

Failure no_number(const std::string& text) {
  return in_both(Failure::Kind::invalid_input,
                 English{fmt::format("\"{}\" is no number of an alarm", text),
                         "Look at the list: watchpost alarms"},
                 Chinese{fmt::format("“{}” 不是警情编号", text), "请查看列表：watchpost alarms"});
}

Result<json::object> object_from(const Result<std::string>& answer) {
  if (!answer) return answer.error();
  boost::system::error_code error;
  json::value parsed = json::parse(*answer, error);
  if (error || !parsed.is_object()) return not_understood();
  json::object& object = parsed.get_object();
  if (const auto why = text(object, "error"); !why.empty())
    return Failure{Failure::Kind::refused, why, ""};
  return std::move(object);
}

Result<json::object> ask(const AskOptions& options, const std::string& target) {
  return object_from(LocalClient(options.socket).get(target));
}

Result<json::object> ask_for_alarm(const AskOptions& options) {
  if (!alarm_number_from(options.alarm)) return no_number(options.alarm);
  return ask(options, "/v1/alarm?number=" + options.alarm);
}

bool is_about(const json::object& event, const json::object& alarm) {
  const json::object& told = section(section(event, "data"), "alarm");
  return text(told, "number") == text(alarm, "number") &&
         text(told, "epoch") == text(alarm, "epoch");
}

// Its changes: what of its class was recorded since it was raised.
std::vector<json::object> changes_of(const json::object& alarm, const AskOptions& options) {
  std::vector<json::object> changes;
  const auto since = from_rfc3339(text(alarm, "since"), std::chrono::minutes{0});
  if (!since) return changes;
  const std::string target =
      fmt::format("/v1/export?from={}&to={}&unset=include",
                  to_rfc3339(*since - std::chrono::seconds{1}), "2200-01-01T00:00:00Z");
  const auto read = LocalClient(options.socket).read_lines(target, [&](std::string_view line) {
    // Most lines are no change, and reading JSON takes time.
    if (line.find(".transition.v1\"") == std::string_view::npos) return true;
    boost::system::error_code error;
    json::value parsed = json::parse({line.data(), line.size()}, error);
    if (!error && parsed.is_object() && is_about(parsed.get_object(), alarm))
      changes.push_back(std::move(parsed.get_object()));
    return true;
  });
  if (!read) changes.clear();
  return changes;
}

// In the language of the person already.
Failure refusal_with(const std::string& line) {
  return in_both(Failure::Kind::refused, English{line, ""}, Chinese{line, ""});
}

Language asked_language(const AskOptions& options) {
  return language_for(options.language);
}

// What of the alarm its sender has seen: as named, else as it is now.
Result<void> note_alarm(const ActOptions& options, Command& command) {
  const auto number = alarm_number_from(options.ask.alarm);
  if (!number) return no_number(options.ask.alarm);
  command.alarm = *number;
  command.seen_revision = options.revision;
  if (command.seen_revision) return {};
  const auto alarm = ask_for_alarm(options.ask);
  if (!alarm) return alarm.error();
  command.seen_revision = static_cast<std::uint32_t>(cli::number(*alarm, "revision"));
  return {};
}

Result<Command> command_of(const ActOptions& options) {
  Command command;
  command.action = options.action;
  if (rules::row_of(options.action).target == rules::Target::alarm) {
    if (auto noted = note_alarm(options, command); !noted) return noted.error();
  }
  command.device = options.device;
  command.by.who = options.by;
  command.by.from = options.from.empty() ? usual_from() : options.from;
  command.key = options.key.empty() ? new_key() : options.key;
  command.note = options.note;
  if (options.is_true || options.is_false) command.is_true = options.is_true;
  if (!options.outcome.empty()) command.outcome = alarm_outcome_from(options.outcome);
  command.cause = options.cause;
  if (options.minutes > 0) command.lasts = std::chrono::minutes{options.minutes};
  command.scope.devices = options.devices;
  command.scope.places = options.places;
  for (const std::string& name : options.kinds) {
    if (const auto kind = kind_from(name)) command.scope.kinds.push_back(*kind);
  }
  return command;
}

}  // namespace

int show_alarms(const AskOptions& options) {
  const auto answer = LocalClient(options.socket).get("/v1/alarms");
  const Voice voice{"alarms", asked_language(options)};
  if (!answer) return fail(voice, answer.error(), kFindings);
  if (options.as_json) {
    std::cout << *answer << "\n";
    return 0;
  }
  const auto page = alarms_page(*answer, {voice.language, terminal_width()});
  if (!page) return fail(voice, page.error(), kFindings);
  std::cout << *page;
  return 0;
}

int show_alarm(const AskOptions& options) {
  const Voice voice{"alarm", asked_language(options)};
  auto alarm = ask_for_alarm(options);
  if (!alarm) return fail(voice, alarm.error(), kFindings);
  AlarmStory story;
  story.changes = changes_of(*alarm, options);
  story.alarm = std::move(*alarm);
  if (options.as_json) {
    story.alarm["changes"] = json::array(story.changes.begin(), story.changes.end());
    std::cout << json::serialize(story.alarm) << "\n";
    return 0;
  }
  if (auto status = ask(options, "/v1/status")) story.status = std::move(*status);
  std::cout << alarm_page(story, {voice.language, terminal_width()});
  return 0;
}

int run_act(const ActOptions& options) {
  const Voice voice{options.command, asked_language(options.ask)};
  const auto command = command_of(options);
  if (!command) return fail(voice, command.error(), kFindings);
  const std::string body = command_json(*command);
  const auto answer =
      object_from(LocalClient(options.ask.socket).post({"/v1/command?origin=cli", body}));
  if (!answer) return fail(voice, answer.error(), kFindings);
  const bool is_done = text(*answer, "done") == "true";
  if (options.ask.as_json) {
    std::cout << json::serialize(*answer) << "\n";
    return is_done ? 0 : kFindings;
  }
  const std::string line =
      done_line(*answer, action_word(options.action, voice.language), voice.language);
  if (!is_done) return fail(voice, refusal_with(line), kFindings);
  std::cout << line << "\n";
  return 0;
}

std::string usual_from() {
  const char* const session = std::getenv("SSH_CLIENT");
  const std::string_view client = session == nullptr ? "" : session;
  if (!client.empty()) return std::string(client.substr(0, client.find(' ')));
  const char* const terminal = ::ttyname(STDIN_FILENO);
  return terminal == nullptr ? std::string() : std::string(terminal);
}

std::string new_key() {
  std::random_device random;
  return fmt::format("cli-{:08x}{:08x}{:08x}", random(), random(), random());
}

}  // namespace watchpost::cli
