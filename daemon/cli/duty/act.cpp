#include "cli/duty/act.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <utmpx.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>
#include <cstring>
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
#include "model/trouble_catalogue.hpp"
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
  return std::move(parsed.get_object());
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

Failure cut_off() {
  return in_both(Failure::Kind::unavailable,
                 English{"The daemon ended the list of events before its end", "Ask again"},
                 Chinese{"服务没有给完事件列表", "请重试"});
}

// Adds its changes of one class; a list that did not come to its end is a Failure.
Result<void> add_changes(const AskOptions& options, std::string_view query,
                         const json::object& alarm, std::vector<json::object>& changes) {
  bool is_whole = false;
  const auto read = LocalClient(options.socket).read_lines(query, [&](std::string_view line) {
    is_whole = line.starts_with("{\"exported\":");
    // Most lines are no change, and reading JSON takes time.
    if (line.find(".transition.v1\"") == std::string_view::npos) return !is_whole;
    boost::system::error_code error;
    json::value parsed = json::parse({line.data(), line.size()}, error);
    if (!error && parsed.is_object() && is_about(parsed.get_object(), alarm))
      changes.push_back(std::move(parsed.get_object()));
    return true;
  });
  if (!read) return read.error();
  return is_whole ? Result<void>() : Result<void>(cut_off());
}

// Its changes: what was recorded since it was raised; where that is not known, of all that is
// stored. Those of a fault are of the class status, of which there is more to look through.
Result<std::vector<json::object>> changes_of(const json::object& alarm, const AskOptions& options) {
  std::vector<json::object> changes;
  const auto since = from_rfc3339(text(alarm, "since"), std::chrono::minutes{0});
  const std::string from =
      since ? to_rfc3339(*since - std::chrono::seconds{1}) : "1970-01-01T00:00:00Z";
  for (const EventClass event_class : {EventClass::alarm, EventClass::status}) {
    const std::string query =
        fmt::format("/v1/export?from={}&to=2200-01-01T00:00:00Z&unset=include&class={}", from,
                    to_string(event_class));
    if (auto added = add_changes(options, query, alarm, changes); !added) return added.error();
    if (!changes.empty()) break;
  }
  return changes;
}

// In the language of the person already.
Failure refusal_with(const std::string& line) {
  return in_both(Failure::Kind::refused, English{line, ""}, Chinese{line, ""});
}

// Whether it was done is not known, or it may be tried again: only with this key is it the same
// wish.
Failure to_try_again(const Failure& failure, const std::string& key) {
  return in_both(
      failure.kind,
      English{sentence_of(failure, Language::english),
              fmt::format("To try again give the same command with --key {}: nothing is done twice",
                          key)},
      Chinese{sentence_of(failure, Language::chinese),
              fmt::format("如需重试，请在同一命令后加 --key {}：不会重复执行", key)});
}

Language asked_language(const AskOptions& options) {
  return language_for(options.language);
}

Result<Command> command_of(const ActOptions& options) {
  Command command;
  command.action = options.action;
  if (rules::row_of(options.action).target == rules::Target::alarm) {
    const auto number = alarm_number_from(options.ask.alarm);
    if (!number) return no_number(options.ask.alarm);
    command.alarm = *number;
    // Nobody has seen what is fetched here: without a word of the person none is sent.
    command.seen_revision = options.revision;
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
  auto changes = changes_of(*alarm, options);
  if (!changes && options.as_json) return fail(voice, changes.error(), kFindings);
  if (changes) story.changes = std::move(*changes);
  if (!changes) story.unread = changes.error();
  story.alarm = std::move(*alarm);
  if (options.as_json) {
    story.alarm["changes"] = json::array(story.changes.begin(), story.changes.end());
    std::cout << json::serialize(story.alarm) << "\n";
    return 0;
  }
  if (auto status = ask(options, "/v1/status")) story.status = std::move(*status);
  std::cout << alarm_page(story, {voice.language, terminal_width()});
  return changes ? 0 : kFindings;
}

int run_act(const ActOptions& options) {
  const Voice voice{options.command, asked_language(options.ask)};
  const auto command = command_of(options);
  if (!command) return fail(voice, command.error(), kFindings);
  const std::string body = command_json(*command);
  const auto answer =
      object_from(LocalClient(options.ask.socket).post({"/v1/command?origin=cli", body}));
  if (!answer && answer.error().kind == Failure::Kind::unavailable)
    return fail(voice, to_try_again(answer.error(), command->key), kFindings);
  if (!answer) return fail(voice, answer.error(), kFindings);
  const bool is_done = text(*answer, "done") == "true";
  if (options.ask.as_json) {
    std::cout << json::serialize(*answer) << "\n";
    return is_done ? 0 : kFindings;
  }
  const std::string line =
      done_line(*answer, action_word(options.action, voice.language), voice.language);
  if (text(*answer, "reason") == to_string(Refusal::not_kept))
    return fail(voice, to_try_again(refusal_with(line), command->key), kFindings);
  if (!is_done) return fail(voice, refusal_with(line), kFindings);
  std::cout << line << "\n";
  return 0;
}

std::string usual_from() {
  const char* const session = std::getenv("SSH_CLIENT");
  const std::string_view client = session == nullptr ? "" : session;
  if (!client.empty()) return std::string(client.substr(0, client.find(' ')));
  const char* const terminal = ::ttyname(STDIN_FILENO);
  if (terminal == nullptr) return {};
  // sudo keeps no SSH_CLIENT.
  const std::string host = host_at_terminal(terminal);
  return host.empty() ? std::string(terminal) : host;
}

std::string host_at_terminal(std::string_view terminal) {
  constexpr std::string_view kDevices = "/dev/";
  if (terminal.starts_with(kDevices)) terminal.remove_prefix(kDevices.size());
  utmpx asked{};
  if (terminal.empty() || terminal.size() >= sizeof asked.ut_line) return {};
  std::copy(terminal.begin(), terminal.end(), std::begin(asked.ut_line));
  ::setutxent();
  const utmpx* const found = ::getutxline(&asked);
  std::string host;
  if (found != nullptr)
    host.assign(found->ut_host, ::strnlen(found->ut_host, sizeof found->ut_host));
  ::endutxent();
  return host;
}

std::string new_key() {
  std::random_device random;
  return fmt::format("cli-{:08x}{:08x}{:08x}", random(), random(), random());
}

}  // namespace watchpost::cli
