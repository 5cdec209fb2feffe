// Rows of judgement with a value in each member, for tests of what keeps them.
#pragma once

#include <memory>
#include <string>

#include "model/duty.hpp"

namespace watchpost::support {

inline Stamp a_stamp(std::int64_t ms) {
  return {ServiceTime{std::chrono::milliseconds{ms}},
          WallTime{std::chrono::seconds{1'800'000'000} + std::chrono::milliseconds{ms}},
          ClockQuality::synced};
}

// Nothing in it has the value that an empty row has.
inline Alarm an_alarm(std::uint64_t count, Life life = Life::ack) {
  Alarm alarm;
  alarm.number = {0xf0000001U, AlarmSerial{count}};
  alarm.previous = {0xf0000000U, AlarmSerial{7}};
  alarm.source = {"hall/\xff\"\n3", Kind::smoke, Condition::rule, "too hot"};
  alarm.domain = Domain::fire;
  alarm.life = life;
  alarm.holds = {true, true, true};
  alarm.marks = {true, true, true, true, true};
  alarm.declared = {AlarmLevel::orange, Urgency::expected, AlarmSeverity::moderate,
                    Certainty::likely};
  alarm.grade = {AlarmLevel::red, Urgency::future, AlarmSeverity::severe, Certainty::possible};
  alarm.revision = 3;
  alarm.transitions = 4;
  alarm.count = 5;
  alarm.peak = 0.1;
  alarm.times = {a_stamp(1), a_stamp(2), a_stamp(3), a_stamp(4),
                 a_stamp(5), a_stamp(6), a_stamp(7), a_stamp(8)};
  alarm.waiting_since = ServiceTime{std::chrono::milliseconds{9}};
  alarm.escalation = 2;
  alarm.shelved_until = ServiceTime{std::chrono::milliseconds{10}};
  alarm.returning_since = ServiceTime{std::chrono::milliseconds{11}};
  alarm.owner = "Duty 值班";
  alarm.verified = false;
  alarm.outcome = AlarmOutcome::drill;
  alarm.cause = "fried peppers";
  alarm.evidence = {{{}, 0xf0000001U, EventClass::alarm, Seq{12}},
                    {{}, 0xf0000002U, EventClass::status, Seq{13}}};
  alarm.told = {{"chat", 2, ServiceTime{std::chrono::milliseconds{9}}, ToldHow::refused,
                 "errcode 45009", 4, WallTime{std::chrono::seconds{14}}}};
  return alarm;
}

inline Device a_device(std::string id) {
  Device device;
  device.id = std::move(id);
  device.name = "smoke, kitchen";
  device.place = "3-201";
  device.service = DeviceService::out_of_service;
  device.out = OutOfService{"painting", "Duty", a_stamp(1), true};
  device.tested_until = ServiceTime{std::chrono::milliseconds{2}};
  device.proven = WallTime{std::chrono::seconds{3}};
  device.card = DeviceCard{"3", "Zhang", "Li, +86 138", "over 80", "f", "Zhang, noted by Wang"};
  device.changed = a_stamp(4);
  return device;
}

inline CommandDone a_command_done(std::string key) {
  CommandDone done;
  done.key = std::move(key);
  done.action = DutyAction::shelve;
  done.target = "alarm 37";
  done.result.alarm = {0xf0000001U, AlarmSerial{37}};
  done.result.revision = 5;
  done.result.state = AlarmState::shelved;
  done.at = a_stamp(6);
  return done;
}

inline Duty a_duty() {
  const Actor by{Origin::cli, "Duty", "desk"};
  Duty duty;
  duty.silence = Silence{ServiceTime{std::chrono::milliseconds{1}},
                         ServiceTime{std::chrono::milliseconds{2}}, by};
  Drill drill;
  drill.scope = {{"a", "b"}, {"3-201"}, {Kind::smoke, Kind::fall}};
  drill.from = ServiceTime{std::chrono::milliseconds{3}};
  drill.until = ServiceTime{std::chrono::milliseconds{4}};
  drill.by = by;
  drill.note = "autumn drill";
  drill.ended_by = Actor{Origin::upstream, "Street", "street"};
  duty.drill = std::move(drill);
  duty.output_test = OutputTest{"yard", ServiceTime{std::chrono::milliseconds{6}}, by};
  duty.tested = {{"chat", ToldHow::refused, "errcode 1", "Duty 值班", a_stamp(7), {}},
                 {"yard", ToldHow::accepted, {}, "Duty", a_stamp(8), a_stamp(8).service}};
  duty.changed = a_stamp(5);
  return duty;
}

}  // namespace watchpost::support
