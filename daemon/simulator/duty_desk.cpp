#include "simulator/duty_desk.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <functional>

#include "model/alarm_state.hpp"

namespace watchpost::simulator {
namespace {

namespace json = boost::json;

constexpr std::int64_t kMomentSeconds = 2;  // before somebody takes it
constexpr std::uint64_t kFalseEvery = 3;

std::string member_of(const json::object& object, std::string_view key) {
  const json::value* const value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

std::int64_t number(const json::object& object, std::string_view key) {
  const json::value* const value = object.if_contains(key);
  boost::system::error_code none;  // such as 1.5 or 1e30
  const auto whole = value == nullptr ? 0 : value->to_number<std::int64_t>(none);
  return none ? 0 : whole;
}

}  // namespace

void DutyDesk::act(const Seen& alarm, DutyAction action, std::vector<Command>& acts) {
  const auto number = alarm_number_from(alarm.number);
  if (!number || !done_.insert(fmt::format("{} {}", alarm.number, to_string(action))).second)
    return;
  Command& command = acts.emplace_back();
  command.action = action;
  command.alarm = *number;
  command.seen_revision = alarm.revision;
  command.by.who = "duty desk";
  command.by.from = "simulated";
  if (action != DutyAction::close) return;
  const bool is_false = std::hash<std::string>{}(alarm.number) % kFalseEvery == 0;
  command.outcome = is_false ? AlarmOutcome::false_alarm : AlarmOutcome::true_alarm;
  command.cause = "simulated";
}

std::vector<Command> DutyDesk::look(std::string_view answer) {
  std::vector<Command> acts;
  has_more_ = false;
  boost::system::error_code error;
  const json::value parsed = json::parse({answer.data(), answer.size()}, error);
  const json::object* const root = error ? nullptr : parsed.if_object();
  const json::value* const list = root == nullptr ? nullptr : root->if_contains("alarms");
  if (list == nullptr || !list->is_array()) return acts;
  for (const json::value& value : list->get_array()) {
    if (!value.is_object()) continue;
    const json::object& alarm = value.get_object();
    const auto state = alarm_state_from(member_of(alarm, "state"));
    if (!state || devices_.count(member_of(alarm, "device")) == 0) continue;
    const auto count = static_cast<std::uint64_t>(number(alarm, "number"));
    const Seen seen{fmt::format("{}-{}", member_of(alarm, "epoch"), count),
                    static_cast<std::uint32_t>(number(alarm, "revision"))};
    switch (*state) {
      case AlarmState::suspected:
      case AlarmState::unack:
      case AlarmState::rtn_unack:
        has_more_ = true;
        if (number(alarm, "age_s") < kMomentSeconds) break;
        if (count % escalates_every_ == 0) act(seen, DutyAction::escalate, acts);
        act(seen, DutyAction::take, acts);
        break;
      case AlarmState::close_pending:
        has_more_ = true;
        act(seen, DutyAction::close, acts);
        break;
      default:
        break;
    }
  }
  return acts;
}

}  // namespace watchpost::simulator
