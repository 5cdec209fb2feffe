#include "rules/life_cycle.hpp"

#include <set>

#include "model/alarm_words.hpp"
#include "rules/verdict.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::rules;

namespace {

std::vector<Life> all_lives() {
  std::vector<Life> all;
  for (std::size_t i = 0; i < kLifeCount; ++i) all.push_back(static_cast<Life>(i));
  return all;
}
std::vector<AlarmEvent> all_events() {
  std::vector<AlarmEvent> all;
  for (std::size_t i = 0; i < kAlarmEventCount; ++i) all.push_back(static_cast<AlarmEvent>(i));
  return all;
}
// One of each kind of policy.
std::vector<AlarmPolicy> all_policies() {
  const Policies& policies = default_policies();
  return {row_of(policies.alarms, Kind::smoke), row_of(policies.alarms, Kind::fall),
          row_of(policies.alarms, Kind::sos), row_of(policies.alarms, Kind::water_level),
          policies.conditions[static_cast<std::size_t>(Condition::fault)]};
}
bool is_open(Life life) {
  return life != Life::normal && life != Life::closed;
}

}  // namespace

TEST_CASE("every state has an answer to every event, and the answer says which", "[rules][unit]") {
  for (const AlarmPolicy& policy : all_policies()) {
    for (const Life life : all_lives()) {
      for (const AlarmEvent event : all_events()) {
        INFO(to_string(state_of(life, {})) << " and " << to_string(event));
        const Answer answer = answer_to(event, life, policy);
        const bool refused = answer.what == Answer::What::refused;
        CHECK(refused == (answer.refusal != Refusal::none));
        // Only people are refused: a device and a timer are told nothing.
        if (refused) CHECK(caused_by(event) == CausedBy::person);
        if (answer.what == Answer::What::transition) CHECK(answer.to != Life::normal);
        for (const Language language : kLanguages)
          CHECK_FALSE(event_sentence(event, language).empty());
      }
    }
  }
}

TEST_CASE("an alarm leaves the open list by what ends it, and by no timer", "[rules][unit]") {
  std::set<AlarmEvent> ending;
  for (const AlarmPolicy& policy : all_policies()) {
    for (const Life life : all_lives()) {
      if (!is_open(life)) continue;
      for (const AlarmEvent event : all_events()) {
        const Answer answer = answer_to(event, life, policy);
        if (answer.what == Answer::What::transition && !is_open(answer.to)) {
          CHECK(answer.to == Life::closed);
          ending.insert(event);
          if (policy.closed_by == ClosedBy::person) {
            CHECK((caused_by(event) == CausedBy::person || event == AlarmEvent::yielded));
          }
        }
      }
    }
  }
  CHECK(ending == std::set<AlarmEvent>{AlarmEvent::returned, AlarmEvent::returned_in_repair,
                                       AlarmEvent::practice_closed, AlarmEvent::yielded,
                                       AlarmEvent::taken, AlarmEvent::closed});
}

TEST_CASE("what a device says ends only what somebody has taken, in repair too", "[rules][unit]") {
  for (const AlarmPolicy& policy : all_policies()) {
    for (const Life life : all_lives()) {
      for (const AlarmEvent event : all_events()) {
        if (!is_open(life) || caused_by(event) != CausedBy::device) continue;
        INFO(to_string(state_of(life, {})) << " and " << to_string(event));
        const Answer answer = answer_to(event, life, policy);
        if (answer.what != Answer::What::transition) continue;
        if (answer.to == Life::closed) CHECK(life == Life::ack);
      }
    }
    // In repair nothing is heard of it: it waits for what it was.
    for (const Life life : {Life::suspected, Life::unack, Life::rtn_unack})
      CHECK(answer_to(AlarmEvent::returned_in_repair, life, policy).to == Life::close_pending);
  }
}

TEST_CASE("only a person makes an alarm taken", "[rules][unit]") {
  for (const AlarmPolicy& policy : all_policies()) {
    for (const Life life : all_lives()) {
      for (const AlarmEvent event : all_events()) {
        const Answer answer = answer_to(event, life, policy);
        const bool becomes_taken =
            answer.what == Answer::What::transition && answer.to == Life::ack && life != Life::ack;
        if (becomes_taken) CHECK(caused_by(event) == CausedBy::person);
      }
    }
  }
}

TEST_CASE("a closed alarm never changes, and there is no alarm before one is raised",
          "[rules][unit]") {
  for (const AlarmPolicy& policy : all_policies()) {
    for (const AlarmEvent event : all_events()) {
      CHECK(answer_to(event, Life::closed, policy).what != Answer::What::transition);
      const Answer first = answer_to(event, Life::normal, policy);
      const bool raises = event == AlarmEvent::raised || event == AlarmEvent::suspected ||
                          event == AlarmEvent::confirmed || event == AlarmEvent::late;
      CHECK((first.what == Answer::What::transition) == raises);
    }
  }
}

TEST_CASE("what a device says and what time does make an alarm louder, or wait to be seen",
          "[rules][unit]") {
  for (const AlarmPolicy& policy : all_policies()) {
    for (const Life life : all_lives()) {
      if (!is_open(life)) continue;
      for (const AlarmEvent event : all_events()) {
        if (caused_by(event) != CausedBy::gateway) continue;
        const Answer answer = answer_to(event, life, policy);
        if (answer.what != Answer::What::transition || answer.to == life) continue;
        INFO(to_string(state_of(life, {})) << " and " << to_string(event));
        CHECK((answer.to == Life::unack || event == AlarmEvent::yielded));
      }
    }
  }
}

TEST_CASE("the state that people see says what keeps an alarm quiet", "[rules][unit]") {
  CHECK(state_of(Life::unack, {}) == AlarmState::unack);
  CHECK(state_of(Life::ack, {.shelved = true}) == AlarmState::shelved);
  CHECK(state_of(Life::unack, {.suppressed = true}) == AlarmState::suppressed);
  CHECK(state_of(Life::unack, {.out_of_service = true, .shelved = true}) ==
        AlarmState::out_of_service);
  CHECK(state_of(Life::closed, {.shelved = true}) == AlarmState::closed);
}

TEST_CASE("fire, falls and calls for help latch and are closed by a person; faults have no siren",
          "[rules][unit]") {
  const Policies& policies = default_policies();
  for (const AlarmPolicy& policy : policies.alarms) {
    const Domain domain = domain_of(policy.kind);
    const bool is_emergency = is_fire(policy.kind) || policy.kind == Kind::fall ||
                              policy.kind == Kind::sos || policy.kind == Kind::unnamed_alarm;
    INFO(to_string(policy.kind) << " of " << to_string(domain));
    CHECK((policy.latching == Latching::latches) == is_emergency);
    CHECK((policy.closed_by == ClosedBy::person) == is_emergency);
    if (is_emergency) CHECK(policy.tone == Tone::siren);
    CHECK(policy.event_class == EventClass::alarm);
  }
  for (const Condition condition :
       {Condition::fault, Condition::tamper, Condition::low_battery, Condition::silent,
        Condition::implausible, Condition::clock_suspect}) {
    const AlarmPolicy& policy = policies.of({"d", Kind::smoke, condition});
    CHECK(policy.tone == Tone::fault);
    CHECK(policy.event_class == EventClass::status);
  }
  CHECK(row_of(policies.alarms, Kind::fire_system).shelving.count() == 0);
  CHECK_FALSE(row_of(policies.alarms, Kind::sos).device_clears);
  CHECK(row_of(policies.alarms, Kind::fall).confirm_after == std::chrono::seconds{60});
}
