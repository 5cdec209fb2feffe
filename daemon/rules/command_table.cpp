#include "rules/command_table.hpp"

#include <array>

namespace watchpost::rules {
namespace {

using std::chrono::minutes;

constexpr Needs kNothing{};
constexpr Needs kSeen{.revision = true};
constexpr minutes kShift{480};

constexpr std::array<DutyActionRow, kDutyActionCount> kActions{{
    {DutyAction::take, Target::alarm, true, kSeen},
    {DutyAction::verify, Target::alarm, true, {.is_true = true, .revision = true}},
    {DutyAction::arrive, Target::alarm, true, kNothing},
    {DutyAction::note, Target::alarm, true, {.note = true}},
    {DutyAction::close, Target::alarm, true, {.outcome = true, .revision = true}},
    {DutyAction::shelve,
     Target::alarm,
     false,
     {.note = true, .lasts = true, .revision = true},
     kShift},
    {DutyAction::unshelve, Target::alarm, true, kNothing},
    {DutyAction::turn_real, Target::alarm, true, kNothing},
    {DutyAction::escalate, Target::alarm, true, kNothing},
    {DutyAction::out_of_service, Target::device, false, {.note = true}},
    {DutyAction::back_in_service, Target::device, true, kNothing},
    {DutyAction::live_test_start, Target::device, false, {.lasts = true}, minutes{60}},
    {DutyAction::live_test_end, Target::device, true, kNothing},
    {DutyAction::drill_start, Target::gateway, true, {.note = true, .lasts = true}, minutes{240}},
    {DutyAction::drill_end, Target::gateway, true, kNothing},
    {DutyAction::silence_siren, Target::gateway, false, kNothing},
}};

constexpr bool actions_are_in_order() {
  for (std::size_t i = 0; i < kActions.size(); ++i) {
    if (static_cast<std::size_t>(kActions[i].action) != i) return false;
  }
  return true;
}
static_assert(actions_are_in_order());

CommandResult refused(Refusal why) {
  CommandResult result;
  result.refusal = why;
  return result;
}
CommandResult lacks(std::string_view field) {
  CommandResult result = refused(Refusal::field_missing);
  result.field = field;
  return result;
}
struct Limit {
  std::string_view field;
  std::size_t is;
  std::size_t most;
};

// Nothing that has expired is done. What a street sent before the link went down a week ago is no
// wish of today.
CommandResult check_time(const Command& command, const ClockReading& now) {
  if (!command.expires)
    return command.by.origin == Origin::upstream ? refused(Refusal::expiry_missing)
                                                 : CommandResult{};
  if (now.quality == ClockQuality::unset) return refused(Refusal::clock_unset);
  return now.wall >= *command.expires ? refused(Refusal::expired) : CommandResult{};
}

CommandResult check_fields(const Command& command, const DutyActionRow& row) {
  const Limit limits[] = {{"key", command.key.size(), kMostKey},
                          {"by", command.by.who.size(), kMostName},
                          {"place", command.by.place.size(), kMostName},
                          {"device", command.device.size(), kMostName},
                          {"note", command.note.size(), kMostNote},
                          {"cause", command.cause.size(), kMostNote},
                          {"devices", command.scope.devices.size(), kMostScope},
                          {"places", command.scope.places.size(), kMostScope}};
  for (const Limit& limit : limits) {
    if (limit.is <= limit.most) continue;
    CommandResult result = refused(Refusal::field_too_long);
    result.field = limit.field;
    result.most = static_cast<std::int64_t>(limit.most);
    return result;
  }
  if (row.target == Target::alarm && command.alarm.count == 0) return lacks("alarm");
  if (row.target == Target::device && command.device.empty()) return lacks("device");
  if (row.needs.note && command.note.empty()) return lacks("note");
  if (row.needs.is_true && !command.is_true) return lacks("is_true");
  if (row.needs.outcome && !command.outcome) return lacks("outcome");
  if (row.needs.lasts && !command.lasts) return lacks("lasts");
  if (row.needs.revision && !command.seen_revision) {
    CommandResult result = refused(Refusal::revision_missing);
    result.alarm = command.alarm;
    return result;
  }
  if (row.needs.lasts && (*command.lasts < minutes{1} || *command.lasts > row.most)) {
    CommandResult result = refused(Refusal::too_long);
    result.most = row.most.count();
    return result;
  }
  return {};
}

}  // namespace

const DutyActionRow& row_of(DutyAction action) {
  return kActions[static_cast<std::size_t>(action)];
}

CommandResult check_sender(const Command& command) {
  const Origin from = command.by.origin;
  if (!command.granted.test(static_cast<std::size_t>(command.action)))
    return refused(Refusal::not_granted);
  const bool is_person = from != Origin::device && from != Origin::gateway;
  if (!is_person || (from == Origin::upstream && !row_of(command.action).from_upstream))
    return refused(Refusal::not_from_here);
  if (command.by.who.empty()) return refused(Refusal::nobody_named);
  return command.key.empty() ? refused(Refusal::key_missing) : CommandResult{};
}

CommandResult check_wish(const Command& command, const ClockReading& now) {
  const CommandResult result = check_time(command, now);
  return result.refusal == Refusal::none ? check_fields(command, row_of(command.action)) : result;
}

}  // namespace watchpost::rules
