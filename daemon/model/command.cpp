#include "model/command.hpp"

#include <algorithm>

#include "model/names.hpp"
#include "model/place.hpp"

namespace watchpost {
namespace {

constexpr names::Table<DutyAction, kDutyActionCount> kActionNames{{
    {DutyAction::take, "take"},
    {DutyAction::verify, "verify"},
    {DutyAction::arrive, "arrive"},
    {DutyAction::note, "note"},
    {DutyAction::close, "close"},
    {DutyAction::shelve, "shelve"},
    {DutyAction::unshelve, "unshelve"},
    {DutyAction::turn_real, "turn_real"},
    {DutyAction::escalate, "escalate"},
    {DutyAction::out_of_service, "out_of_service"},
    {DutyAction::back_in_service, "back_in_service"},
    {DutyAction::live_test_start, "live_test_start"},
    {DutyAction::live_test_end, "live_test_end"},
    {DutyAction::drill_start, "drill_start"},
    {DutyAction::drill_end, "drill_end"},
    {DutyAction::silence_siren, "silence_siren"},
    {DutyAction::test_output, "test_output"},
    {DutyAction::send_state, "send_state"},
    {DutyAction::replay, "replay"},
}};

constexpr names::Table<Refusal, kRefusalCount> kRefusalNames{{
    {Refusal::none, "none"},
    {Refusal::not_granted, "not_granted"},
    {Refusal::not_from_here, "not_from_here"},
    {Refusal::not_an_upstream, "not_an_upstream"},
    {Refusal::nobody_named, "nobody_named"},
    {Refusal::key_missing, "key_missing"},
    {Refusal::key_reused, "key_reused"},
    {Refusal::expired, "expired"},
    {Refusal::expiry_missing, "expiry_missing"},
    {Refusal::expiry_too_far, "expiry_too_far"},
    {Refusal::clock_unset, "clock_unset"},
    {Refusal::field_missing, "field_missing"},
    {Refusal::field_too_long, "field_too_long"},
    {Refusal::too_long, "too_long"},
    {Refusal::revision_missing, "revision_missing"},
    {Refusal::alarm_unknown, "alarm_unknown"},
    {Refusal::alarm_changed, "alarm_changed"},
    {Refusal::alarm_closed, "alarm_closed"},
    {Refusal::not_taken, "not_taken"},
    {Refusal::not_shelved, "not_shelved"},
    {Refusal::never_shelved, "never_shelved"},
    {Refusal::not_practice, "not_practice"},
    {Refusal::no_more_stages, "no_more_stages"},
    {Refusal::device_unknown, "device_unknown"},
    {Refusal::place_unknown, "place_unknown"},
    {Refusal::already_out, "already_out"},
    {Refusal::not_out, "not_out"},
    {Refusal::already_tested, "already_tested"},
    {Refusal::not_tested, "not_tested"},
    {Refusal::drill_running, "drill_running"},
    {Refusal::no_drill, "no_drill"},
    {Refusal::nothing_sounds, "nothing_sounds"},
    {Refusal::output_unknown, "output_unknown"},
    {Refusal::output_under_test, "output_under_test"},
    {Refusal::no_range, "no_range"},
    {Refusal::no_room, "no_room"},
    {Refusal::too_many, "too_many"},
    {Refusal::too_large, "too_large"},
    {Refusal::retained_copy, "retained_copy"},
    {Refusal::gateway_unknown, "gateway_unknown"},
    {Refusal::gateway_away, "gateway_away"},
    {Refusal::too_many_below, "too_many_below"},
    {Refusal::no_answer, "no_answer"},
    {Refusal::refused_there, "refused_there"},
    {Refusal::not_kept, "not_kept"},
}};

}  // namespace

std::size_t memory_of(const CommandDone& done) {
  return sizeof done + done.key.size() + done.target.size();
}
bool DrillScope::covers(const Source& source) const {
  const auto allows = [](const auto& list, const auto& value) {
    return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
  };
  const auto holds = [&source](const std::string& each) { return Place{each}.holds(source.place); };
  const bool is_there = places.empty() || std::any_of(places.begin(), places.end(), holds);
  return allows(devices, source.device) && is_there && allows(kinds, source.kind);
}

std::size_t memory_of(const DrillScope& scope) {
  std::size_t size = sizeof scope + scope.kinds.size() * sizeof(Kind);
  for (const auto* list : {&scope.devices, &scope.places}) {
    for (const std::string& each : *list) size += sizeof each + each.size();
  }
  return size;
}

std::string_view to_string(DutyAction action) {
  return names::name_of(kActionNames, action);
}
std::optional<DutyAction> action_from(std::string_view name) {
  if (name == "acknowledge") return DutyAction::take;
  return names::value_of(kActionNames, name);
}
DutyActionSet all_actions() {
  return DutyActionSet{}.set();
}
DutyActionSet upstream_actions() {
  DutyActionSet actions = all_actions();
  for (const DutyAction each : {DutyAction::shelve, DutyAction::out_of_service,
                                DutyAction::live_test_start, DutyAction::silence_siren}) {
    actions.reset(static_cast<std::size_t>(each));
  }
  return actions;
}
std::string_view to_string(Refusal refusal) {
  return names::name_of(kRefusalNames, refusal);
}
std::optional<Refusal> refusal_from(std::string_view name) {
  return names::value_of(kRefusalNames, name);
}

}  // namespace watchpost
