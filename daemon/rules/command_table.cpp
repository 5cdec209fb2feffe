#include "rules/command_table.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace watchpost::rules {
namespace {

using std::chrono::minutes;

constexpr Needs kNoField{};
constexpr Needs kSeen{.revision = true};
constexpr minutes kShift{480};
using Event = AlarmEvent;
using Do = DutyAction;
using To = Target;

constexpr std::array<DutyActionRow, kDutyActionCount> kActions{{
    {Do::take, To::alarm, Event::taken, kSeen},
    {Do::verify, To::alarm, Event::verified_true, {.is_true = true, .revision = true}},
    {Do::arrive, To::alarm, Event::arrived, kNoField},
    {Do::note, To::alarm, Event::noted, {.note = true}},
    {Do::close, To::alarm, Event::closed, {.outcome = true, .revision = true}},
    {Do::shelve,
     To::alarm,
     Event::shelved,
     {.note = true, .lasts = true, .revision = true},
     kShift},
    {Do::unshelve, To::alarm, Event::unshelved, kNoField},
    {Do::turn_real, To::alarm, Event::turned_real, kNoField},
    {Do::escalate, To::alarm, Event::escalated, kNoField},
    {Do::out_of_service, To::device, Event::out_of_service, {.note = true}},
    {Do::back_in_service, To::device, Event::back_in_service, kNoField},
    {Do::live_test_start, To::device, Event::noted, {.lasts = true}, minutes{60}},
    {Do::live_test_end, To::device, Event::noted, kNoField},
    {Do::drill_start, To::gateway, Event::noted, {.note = true, .lasts = true}, minutes{240}},
    {Do::drill_end, To::gateway, Event::noted, kNoField},
    {Do::silence_siren, To::gateway, Event::noted, kNoField},
    {Do::test_output, To::gateway, Event::noted, {.output = true}},
    {Do::send_state, To::gateway, Event::noted, kNoField},
    {Do::replay, To::gateway, Event::noted, {.range = true}},
}};

constexpr bool actions_are_in_order() {
  for (std::size_t i = 0; i < kActions.size(); ++i) {
    if (static_cast<std::size_t>(kActions[i].action) != i) return false;
  }
  return true;
}
static_assert(actions_are_in_order());

CommandResult lacks(std::string_view field) {
  CommandResult result = refused(Refusal::field_missing);
  result.field = field;
  return result;
}

// Nothing that has expired is done. What a street sent before the link went down a week ago is no
// wish of today.
CommandResult check_time(const Command& command, const ClockReading& now) {
  if (!command.expires)
    return command.by.origin == Origin::upstream ? refused(Refusal::expiry_missing)
                                                 : CommandResult{};
  if (now.quality == ClockQuality::unset) return refused(Refusal::clock_unset);
  if (now.wall >= *command.expires) return refused(Refusal::expired);
  const bool is_far = *command.expires - now.wall > kMostAhead;
  if (!is_far || command.by.origin != Origin::upstream) return {};
  CommandResult result = refused(Refusal::expiry_too_far);
  result.most = kMostAhead.count();
  return result;
}

std::optional<CommandResult> check_texts(const std::vector<std::string>& texts,
                                         std::string_view field, std::size_t most) {
  for (const std::string& text : texts) {
    if (auto result = too_long({field, text.size(), most})) return result;
  }
  return std::nullopt;
}

// What is kept of a command is bounded: of its texts and of its lists.
std::optional<CommandResult> check_lengths(const Command& command) {
  const DrillScope& scope = command.scope;
  const FieldLength lengths[] = {
      {"key", command.key.size(), kMostKey},         {"by", command.by.who.size(), kMostName},
      {"from", command.by.from.size(), kMostName},   {"device", command.device.size(), kMostDevice},
      {"note", command.note.size(), kMostNote},      {"cause", command.cause.size(), kMostNote},
      {"devices", scope.devices.size(), kMostScope}, {"places", scope.places.size(), kMostScope},
      {"kinds", scope.kinds.size(), kKindCount},     {"output", command.output.size(), kMostName},
  };
  for (const FieldLength& each : lengths) {
    if (auto result = too_long(each)) return result;
  }
  if (auto result = check_texts(scope.devices, "devices", kMostDevice)) return result;
  return check_texts(scope.places, "places", kMostName);
}

bool has_range(const Command& command) {
  return command.event_class && command.first.value > 0 && command.first <= command.last &&
         command.last.value - command.first.value < kMostReplayed;
}

CommandResult check_fields(const Command& command, const DutyActionRow& row) {
  if (row.target == Target::alarm && command.alarm.serial.value == 0) return lacks("alarm");
  if (row.target == Target::device && command.device.empty()) return lacks("device");
  if (row.needs.note && command.note.empty()) return lacks("note");
  if (row.needs.range && !has_range(command)) {
    CommandResult result = refused(Refusal::no_range);
    result.most = static_cast<std::int64_t>(kMostReplayed);
    return result;
  }
  if (row.needs.output && command.output.empty()) return lacks("output");
  if (row.needs.is_true && !command.is_true) return lacks("is_true");
  if (row.needs.outcome && !command.outcome) return lacks("outcome");
  if (row.needs.lasts && !command.lasts) return lacks("minutes");
  // A person at a terminal names the alarm by what was read or heard just now.
  const bool may_be_unseen = command.by.origin == Origin::cli;
  if (row.needs.revision && !command.seen_revision && !may_be_unseen) {
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

CommandResult refused(Refusal why) {
  CommandResult result;
  result.refusal = why;
  return result;
}

std::optional<CommandResult> too_long(const FieldLength& length) {
  if (length.is <= length.most) return std::nullopt;
  CommandResult result = refused(Refusal::field_too_long);
  result.field = length.field;
  result.most = static_cast<std::int64_t>(length.most);
  return result;
}

const DutyActionRow& row_of(DutyAction action) {
  return kActions[static_cast<std::size_t>(action)];
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == text.npos;
}

CommandResult check_sender(const Command& command) {
  const Origin from = command.by.origin;
  if (!command.granted.test(static_cast<std::size_t>(command.action)))
    return refused(Refusal::not_granted);
  const bool is_person = from != Origin::device && from != Origin::gateway;
  if (!is_person || (from == Origin::upstream &&
                     !upstream_actions().test(static_cast<std::size_t>(command.action))))
    return refused(Refusal::not_from_here);
  // It goes to whoever asks for it.
  if (command.action == DutyAction::replay && from != Origin::upstream)
    return refused(Refusal::not_an_upstream);
  if (is_blank(command.by.who)) return refused(Refusal::nobody_named);
  return command.key.empty() ? refused(Refusal::key_missing) : CommandResult{};
}

CommandResult check_wish(const Command& command, const ClockReading& now) {
  const CommandResult result = check_time(command, now);
  if (result.refusal != Refusal::none) return result;
  if (auto too_long = check_lengths(command)) return *too_long;
  return check_fields(command, row_of(command.action));
}

}  // namespace watchpost::rules
