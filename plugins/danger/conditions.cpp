#include "danger/conditions.hpp"

#include <optional>

namespace watchpost::danger {
namespace {

std::optional<bool> value_of(Saying saying) {
  if (saying == Saying::calm) return false;
  if (saying >= Saying::suspected) return true;
  return std::nullopt;
}

// What a member says, under its own name, where the condition's reading does not say it already.
void add_member(const Member& member, std::string_view quantity, sdk::Observation& observation) {
  const auto& value = *member.value;
  if (member.name == quantity && !value.is_string()) return;
  const std::string_view name = member.name == quantity ? "detection" : member.name;
  if (observation.has(name)) return;
  if (value.is_string()) {
    observation.text({name}, std::string_view(value.get_string()));
  } else if (value.is_bool()) {
    observation.boolean({name}, value.get_bool());
  } else if (const auto number = sdk::number_of(value)) {
    observation.number({name}, *number);
  }
}

sdk::Observation condition_of(const Finding& finding, bool testing) {
  const auto& subject = subject_of(finding.danger);
  const auto state = state_of(finding.saying, testing);
  sdk::Observation observation(subject.kind, state);
  observation.boolean({subject.quantity}, value_of(finding.saying));
  for (const auto& member : finding.members) add_member(member, subject.quantity, observation);
  if (state == WATCHPOST_ALARM && testing) observation.flag("ambiguous_test_bit");
  if (finding.saying == Saying::unread) observation.flag("not_understood");
  return observation;
}

}  // namespace

watchpost_state state_of(Saying saying, bool testing) {
  switch (saying) {
    case Saying::calm:
      return testing ? WATCHPOST_TEST : WATCHPOST_NORMAL;
    case Saying::test:
      return WATCHPOST_TEST;
    case Saying::suspected:
      return WATCHPOST_SUSPECTED;
    case Saying::on:
    case Saying::alarm:
      return WATCHPOST_ALARM;
    case Saying::nothing:
    case Saying::muted:
    case Saying::unread:
      return WATCHPOST_UNKNOWN;
  }
  return WATCHPOST_UNKNOWN;
}

std::deque<sdk::Observation> conditions_of(const Findings& findings,
                                           const sdk::json::object& state) {
  const bool testing = sdk::boolean_at(state, "test").value_or(false);
  std::deque<sdk::Observation> conditions;
  for (const auto& finding : findings.dangers) {
    conditions.push_back(condition_of(finding, testing));
  }
  return conditions;
}

sdk::Observation call_for_help(std::string_view action) {
  sdk::Observation observation(WATCHPOST_SOS, WATCHPOST_ALARM);
  observation.boolean({"sos"}, true).text({"button"}, action);
  return observation;
}

}  // namespace watchpost::danger
