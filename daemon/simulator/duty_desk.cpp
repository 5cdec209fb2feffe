#include "simulator/duty_desk.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <functional>

#include "base/json_members.hpp"
#include "model/alarm_state.hpp"

namespace watchpost::simulator {
namespace {

namespace json = boost::json;

constexpr std::int64_t kMomentSeconds = 2;  // before somebody takes it
constexpr std::uint64_t kFalseEvery = 3;

}  // namespace

void DutyDesk::act(const Seen& alarm, DutyAction action, std::vector<Command>& acts) {
  const auto number = alarm_number_from(alarm.number);
  // One that was refused because the alarm had changed meanwhile is asked for again.
  const std::uint32_t seen = action == DutyAction::escalate ? 0 : alarm.revision;
  if (!number ||
      !done_.insert(fmt::format("{} {} {}", alarm.number, seen, to_string(action))).second)
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
  has_more_ = has_open_ = false;
  boost::system::error_code error;
  const json::value parsed = json::parse({answer.data(), answer.size()}, error);
  const json::object* const root = error ? nullptr : parsed.if_object();
  if (root == nullptr) return acts;
  for (const json::value& value : list_in(*root, "alarms")) {
    if (!value.is_object()) continue;
    const json::object& alarm = value.get_object();
    const auto state = alarm_state_from(text_in(alarm, "state"));
    if (!state || devices_.count(std::string(text_in(alarm, "device"))) == 0) continue;
    const auto count = count_in(alarm, "number");
    const Seen seen{fmt::format("{}-{}", text_in(alarm, "epoch"), count),
                    static_cast<std::uint32_t>(count_in(alarm, "revision"))};
    has_open_ = true;
    seen_.insert(seen.number);
    switch (*state) {
      case AlarmState::suspected:
      case AlarmState::unack:
      case AlarmState::rtn_unack:
        has_more_ = true;
        if (integer_in(alarm, "age_s").value_or(0) < kMomentSeconds) break;
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
