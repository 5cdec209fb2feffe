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
#include "cli/duty/alarm_log.hpp"
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

// "zhaoxiang-03/37" of a village, or "37" of this gateway.
struct NamedAlarm {
  std::string gateway;
  AlarmNumber number;
};
std::optional<NamedAlarm> named_alarm(const std::string& text) {
  const auto slash = text.rfind('/');
  const bool is_here = slash == std::string::npos;
  const auto number = alarm_number_from(is_here ? text : text.substr(slash + 1));
  if (!number || slash == 0) return std::nullopt;
  return NamedAlarm{is_here ? std::string() : text.substr(0, slash), *number};
}

}  // namespace

Result<json::object> ask(const AskOptions& options, const std::string& target) {
  return object_from(LocalClient(options.socket).get(target));
}

namespace {

// As the daemon has it; one that was closed so long ago that it does not, as its last event told.
Result<json::object> ask_for_alarm(const AskOptions& options) {
  if (!named_alarm(options.alarm)) return no_number(options.alarm);
  auto alarm = ask(options, "/v1/alarm?number=" + options.alarm);
  // Of a village there is what it told last, and no more.
  const bool is_here = options.alarm.find('/') == std::string::npos;
  if (!is_here || alarm.has_value() || alarm.error().kind != Failure::Kind::not_found) return alarm;
  auto told = AlarmLog(options.socket).last_told(options.alarm);
  if (!told) return told.error();
  if (!*told) return alarm;
  return std::move(**told);
}

// In the language of the person already.
Failure refusal_with(const std::string& line) {
  return in_both(Failure::Kind::refused, English{line, ""}, Chinese{line, ""});
}

// The line says already that it may be tried again, and how.
Failure refusal_with_key(const std::string& line, const std::string& key) {
  return in_both(Failure::Kind::refused,
                 English{fmt::format("{} (the same command with --key {})", line, key), ""},
                 Chinese{fmt::format("{}（同一命令加 --key {}）", line, key), ""});
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
    auto named = named_alarm(options.ask.alarm);
    if (!named) return no_number(options.ask.alarm);
    command.alarm = named->number;
    command.gateway = std::move(named->gateway);
    // Nobody has seen what is fetched here: without a word of the person none is sent.
    command.seen_revision = options.revision;
  }
  command.device = options.device;
  command.output = options.output;
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

int show_closed(const AskOptions& options, std::chrono::hours back) {
  const Voice voice{"alarms", asked_language(options)};
  auto closed = AlarmLog(options.socket).closed_within(back);
  if (!closed) return fail(voice, closed.error(), kFindings);
  if (options.as_json) {
    const json::array list(closed->begin(), closed->end());
    std::cout << json::serialize(json::object{{"alarms", list}}) << "\n";
    return 0;
  }
  std::cout << closed_page(*closed, back, {voice.language, terminal_width()});
  return 0;
}

int show_alarm(const AskOptions& options) {
  const Voice voice{"alarm", asked_language(options)};
  auto alarm = ask_for_alarm(options);
  if (!alarm) return fail(voice, alarm.error(), kFindings);
  AlarmStory story;
  auto changes = AlarmLog(options.socket).changes_of(*alarm);
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
  const std::string reason = text(*answer, "reason");
  if (reason == to_string(Refusal::not_kept) || reason == to_string(Refusal::no_answer))
    return fail(voice, refusal_with_key(line, command->key), kFindings);
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
