#include "model/command_json.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "base/json_members.hpp"
#include "base/json_text.hpp"
#include "model/command_words.hpp"

namespace watchpost {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostCommandBytes = 1U << 20U;
constexpr std::size_t kMostCommandDepth = 8;

Failure no_command(std::string_view english, std::string_view chinese) {
  return in_both(Failure::Kind::invalid_input,
                 English{std::string(english), "docs/guide.md says how a command is written"},
                 Chinese{std::string(chinese), "命令的写法见 docs/guide.zh-CN.md"});
}

Failure wrong(std::string_view member) {
  return no_command(fmt::format("The member `{}` of the command is not what it may be", member),
                    fmt::format("命令的成员 `{}` 不符合要求", member));
}

std::optional<std::string> text_of(const json::value& value) {
  if (!value.is_string()) return std::nullopt;
  return std::string(value.get_string().data(), value.get_string().size());
}

std::optional<std::int64_t> number_in(const json::value& value) {
  if (!value.is_int64() || value.get_int64() < 0) return std::nullopt;
  return value.get_int64();
}

std::optional<std::vector<std::string>> text_list_in(const json::value& value) {
  if (!value.is_array()) return std::nullopt;
  std::vector<std::string> all;
  for (const json::value& each : value.get_array()) {
    auto text = text_of(each);
    if (!text) return std::nullopt;
    all.push_back(std::move(*text));
  }
  return all;
}

// Puts what is there into `place`. False: it is not what it may be.
template <class Place, class Found>
bool put(Place& place, Found found) {
  if (!found) return false;
  place = std::move(*found);
  return true;
}

bool read_action(Command& command, const json::value& value) {
  const auto name = text_of(value);
  return name && put(command.action, action_from(*name));
}
bool read_alarm(Command& command, const json::value& value) {
  const auto count = number_in(value);
  if (count) return put(command.alarm, alarm_number_from(std::to_string(*count)));
  const auto text = text_of(value);
  return text && put(command.alarm, alarm_number_from(*text));
}
bool read_revision(Command& command, const json::value& value) {
  const auto number = number_in(value);
  if (!number || *number > UINT32_MAX) return false;
  command.seen_revision = static_cast<std::uint32_t>(*number);
  return true;
}
bool read_expires(Command& command, const json::value& value) {
  const auto text = text_of(value);
  return text && put(command.expires, from_rfc3339(*text, std::chrono::minutes{0}));
}
bool read_is_true(Command& command, const json::value& value) {
  if (!value.is_bool()) return false;
  command.is_true = value.get_bool();
  return true;
}
bool read_outcome(Command& command, const json::value& value) {
  const auto text = text_of(value);
  return text && put(command.outcome, alarm_outcome_from(*text));
}
bool read_minutes(Command& command, const json::value& value) {
  constexpr std::int64_t kYear = 366 * 24 * 60;
  const auto number = number_in(value);
  if (!number || *number > kYear) return false;
  command.lasts = std::chrono::minutes{*number};
  return true;
}
bool read_class(Command& command, const json::value& value) {
  const auto name = text_of(value);
  command.event_class = name ? event_class_from(*name) : std::nullopt;
  return command.event_class.has_value();
}
bool read_sequence(Seq& place, const json::value& value) {
  const auto number = number_in(value);
  if (number) place = Seq{static_cast<std::uint64_t>(*number)};
  return number.has_value();
}
bool read_kinds(Command& command, const json::value& value) {
  const auto names = text_list_in(value);
  if (!names) return false;
  for (const std::string& name : *names) {
    const auto kind = kind_from(name);
    if (!kind) return false;
    command.scope.kinds.push_back(*kind);
  }
  return true;
}

struct Member {
  std::string_view name;
  bool (*read)(Command& command, const json::value& value);
};
constexpr auto kMembers = std::to_array<Member>({
    {"action", read_action},
    {"gateway", [](Command& c, const json::value& v) { return put(c.gateway, text_of(v)); }},
    {"alarm", read_alarm},
    {"device", [](Command& c, const json::value& v) { return put(c.device, text_of(v)); }},
    {"output", [](Command& c, const json::value& v) { return put(c.output, text_of(v)); }},
    {"class", read_class},
    {"first", [](Command& c, const json::value& v) { return read_sequence(c.first, v); }},
    {"last", [](Command& c, const json::value& v) { return read_sequence(c.last, v); }},
    {"by", [](Command& c, const json::value& v) { return put(c.by.who, text_of(v)); }},
    {"from", [](Command& c, const json::value& v) { return put(c.by.from, text_of(v)); }},
    {"key", [](Command& c, const json::value& v) { return put(c.key, text_of(v)); }},
    {"seen_revision", read_revision},
    {"expires", read_expires},
    {"note", [](Command& c, const json::value& v) { return put(c.note, text_of(v)); }},
    {"is_true", read_is_true},
    {"outcome", read_outcome},
    {"cause", [](Command& c, const json::value& v) { return put(c.cause, text_of(v)); }},
    {"minutes", read_minutes},
    {"devices",
     [](Command& c, const json::value& v) { return put(c.scope.devices, text_list_in(v)); }},
    {"places",
     [](Command& c, const json::value& v) { return put(c.scope.places, text_list_in(v)); }},
    {"kinds", read_kinds},
});

const Member* find_member(std::string_view name) {
  for (const Member& each : kMembers) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

// Null for what is no JSON, too large or too deep.
json::value bounded_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = kMostCommandDepth;
  json::error_code error;
  if (text.size() > kMostCommandBytes) return {};
  json::value value = json::parse({text.data(), text.size()}, error, {}, options);
  return error ? json::value{} : value;
}

void add(json::object& object, std::string_view name, const std::string& text) {
  if (!text.empty()) object[name] = text;
}
void add(json::object& object, std::string_view name, const std::vector<std::string>& texts) {
  if (!texts.empty()) object[name] = json::array(texts.begin(), texts.end());
}

}  // namespace

Result<Command> command_from_json(std::string_view text) {
  const json::value value = bounded_json(text);
  if (!value.is_object()) return no_command("The command is no JSON object", "命令不是 JSON 对象");
  Command command;
  bool has_action = false;
  for (const auto& [key, each] : value.get_object()) {
    const std::string_view name(key.data(), key.size());
    const Member* const member = find_member(name);
    if (member == nullptr)
      return no_command(fmt::format("A command has no member `{}`", as_utf8(name)),
                        fmt::format("命令没有成员 `{}`", as_utf8(name)));
    if (!member->read(command, each)) return wrong(name);
    has_action = has_action || name == "action";
  }
  if (!has_action) return wrong("action");
  return command;
}

std::string command_json(const Command& command) {
  json::object object{{"action", to_string(command.action)}};
  add(object, "gateway", command.gateway);
  if (command.alarm.serial.value != 0) {
    object["alarm"] = command.alarm.epoch == 0 ? std::to_string(command.alarm.serial.value)
                                               : to_string(command.alarm);
  }
  add(object, "device", command.device);
  add(object, "output", command.output);
  if (command.event_class) object["class"] = to_string(*command.event_class);
  if (command.first.value != 0) object["first"] = command.first.value;
  if (command.last.value != 0) object["last"] = command.last.value;
  add(object, "by", command.by.who);
  add(object, "from", command.by.from);
  add(object, "key", command.key);
  if (command.seen_revision) object["seen_revision"] = *command.seen_revision;
  if (command.expires) object["expires"] = to_rfc3339(*command.expires);
  add(object, "note", command.note);
  if (command.is_true) object["is_true"] = *command.is_true;
  if (command.outcome) object["outcome"] = to_string(*command.outcome);
  add(object, "cause", command.cause);
  if (command.lasts) object["minutes"] = command.lasts->count();
  add(object, "devices", command.scope.devices);
  add(object, "places", command.scope.places);
  std::vector<std::string> kinds;
  for (const Kind kind : command.scope.kinds) kinds.emplace_back(to_string(kind));
  add(object, "kinds", kinds);
  return json::serialize(object);
}

namespace {

json::object both_languages(std::string_view english, std::string_view chinese) {
  return {{to_string(Language::english), english}, {to_string(Language::chinese), chinese}};
}

std::string with_result(json::object object, const CommandResult& result) {
  const bool is_done = result.refusal == Refusal::none;
  object["done"] = is_done;
  if (is_done) object["repeat"] = result.is_repeat;
  if (is_done) add(object, "taken_from", as_utf8(result.taken_from));
  if (result.alarm.serial.value != 0) {
    json::object alarm{{"number", result.alarm.serial.value}};
    if (result.alarm.epoch != 0) alarm["epoch"] = epoch_from(result.alarm.epoch);
    // Of an alarm that is not known there is no state.
    if (result.state != AlarmState::normal) {
      alarm["state"] = to_string(result.state);
      alarm["revision"] = result.revision;
    }
    object["alarm"] = std::move(alarm);
  }
  if (is_done && result.open_alarms) {
    object["more_alarms"] = result.more_alarms;
    std::string text = json::serialize(object);
    text.pop_back();
    return fmt::format(R"({},"open_alarms":[{}]}})", text, *result.open_alarms);
  }
  if (is_done) return json::serialize(object);
  object["reason"] = to_string(result.refusal);
  if (!result.field.empty()) object["field"] = result.field;
  if (result.most != 0) object["most"] = result.most;
  object["text"] = both_languages(sentence_of(result, Language::english),
                                  sentence_of(result, Language::chinese));
  return json::serialize(object);
}

}  // namespace

std::string result_json(const CommandResult& result) {
  return with_result({}, result);
}

std::string answer_json(const Command& command, const CommandResult& result) {
  json::object object;
  add(object, "key", as_utf8(command.key));
  object["action"] = to_string(command.action);
  return with_result(std::move(object), result);
}

namespace {

void read_alarm_of(const json::object& alarm, CommandResult& result) {
  result.alarm.serial = AlarmSerial{count_in(alarm, "number")};
  result.revision = static_cast<std::uint32_t>(count_in(alarm, "revision"));
  const auto named = alarm_number_from(std::string(text_in(alarm, "epoch")) + "-1");
  if (named) result.alarm.epoch = named->epoch;
  if (const auto state = alarm_state_from(text_in(alarm, "state"))) result.state = *state;
}

}  // namespace

std::optional<CommandAnswer> answer_from_json(std::string_view text) {
  const json::value value = bounded_json(text);
  if (!value.is_object()) return std::nullopt;
  const json::object& object = value.get_object();
  const json::value* const done = object.if_contains("done");
  CommandAnswer answer{std::string(text_in(object, "key")), {}};
  if (answer.key.empty() || done == nullptr || !done->is_bool()) return std::nullopt;
  answer.result.is_repeat = flag_in(object, "repeat");
  if (!done->get_bool()) {
    const Refusal why = refusal_from(text_in(object, "reason")).value_or(Refusal::none);
    answer.result.refusal = why == Refusal::none ? Refusal::refused_there : why;
  }
  if (const Member* const member = find_member(text_in(object, "field")))
    answer.result.field = member->name;
  answer.result.most = static_cast<std::int64_t>(count_in(object, "most"));
  answer.result.taken_from = text_in(object, "taken_from");
  if (object.contains("open_alarms")) {
    const std::string list = json::serialize(list_in(object, "open_alarms"));
    answer.result.open_alarms = list.substr(1, list.size() - 2);
    answer.result.more_alarms = count_in(object, "more_alarms");
  }
  if (const json::object* const alarm = object_in(object, "alarm"))
    read_alarm_of(*alarm, answer.result);
  return answer;
}

std::string unreadable_json(const Failure& why) {
  return json::serialize(json::object{{"done", false},
                                      {"reason", "unreadable"},
                                      {"text", both_languages(why.sentence(), why.chinese)}});
}

}  // namespace watchpost
