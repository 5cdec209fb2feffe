// The texts in which judgement's rows are kept: what is read back is what was written.
#include "support/judged_rows.hpp"

#include "model/alarm_row.hpp"
#include "model/duty_rows.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::support;

TEST_CASE("an alarm is read back as it was written, in each member", "[model][unit]") {
  const Alarm full = an_alarm(37);
  Alarm empty;
  empty.number = {1, AlarmSerial{1}};
  Alarm whole_peak = full;
  whole_peak.peak = 30'000'000'000.0;
  for (const Alarm& alarm : {full, empty, whole_peak}) {
    const auto read = alarm_from_row(row_text(alarm));
    REQUIRE(read.has_value());
    CHECK(*read == alarm);
  }
}

TEST_CASE("a row of a version before outputs were noted is read, without them", "[model][unit]") {
  Alarm alarm = an_alarm(37);
  std::string text = row_text(alarm);
  const auto at = text.find(",\"told\":");
  REQUIRE(at != std::string::npos);
  text.replace(at, std::string::npos, "}");
  alarm.told.clear();
  CHECK(alarm_from_row(text) == alarm);
}

TEST_CASE("of each output the newest word is kept, and of many outputs the newest",
          "[model][unit]") {
  Alarm alarm;
  for (int i = 0; i < 40; ++i) keep_told(alarm, {"output-" + std::to_string(i)});
  CHECK(alarm.told.size() == kMostTold);
  CHECK(alarm.told.front().output == "output-8");
  keep_told(alarm, {"output-20", 2});
  CHECK(alarm.told.size() == kMostTold);
  CHECK(alarm.told.back().stage == 2);
}

TEST_CASE("a row of each enumerator is read back", "[model][unit]") {
  for (int i = 0; i < static_cast<int>(kKindCount); ++i) {
    Alarm alarm = an_alarm(1, static_cast<Life>(i % static_cast<int>(kLifeCount)));
    alarm.source.kind = static_cast<Kind>(i);
    alarm.source.condition = static_cast<Condition>(i % static_cast<int>(kConditionCount));
    alarm.outcome = static_cast<AlarmOutcome>(i % 5);
    alarm.grade.level = static_cast<AlarmLevel>(i % 5);
    CHECK(alarm_from_row(row_text(alarm)) == alarm);
  }
  for (int i = 0; i < static_cast<int>(kDutyActionCount); ++i) {
    CommandDone done = a_command_done("key");
    done.action = static_cast<DutyAction>(i);
    const auto read = command_from_row(row_text(done));
    REQUIRE(read.has_value());
    CHECK(read->action == done.action);
  }
}

TEST_CASE("a device, a command done and the duty are read back as they were written",
          "[model][unit]") {
  const Device device = a_device("hall/\xfe");
  const auto read = device_from_row(row_text(device));
  REQUIRE(read.has_value());
  CHECK(read->id == device.id);
  CHECK(read->name == device.name);
  CHECK(read->place == device.place);
  CHECK(read->service == device.service);
  REQUIRE(read->out.has_value());
  CHECK(*read->out == *device.out);
  CHECK(read->tested_until == device.tested_until);
  CHECK(read->proven == device.proven);
  CHECK(read->changed == device.changed);
  CHECK(read->card == device.card);
  CHECK_FALSE(device_from_row(row_text(Device{}))->out);

  const CommandDone done = a_command_done("k\"1");
  const auto command = command_from_row(row_text(done));
  REQUIRE(command.has_value());
  CHECK(command->key == done.key);
  CHECK(command->target == done.target);
  CHECK(command->result.alarm == done.result.alarm);
  CHECK(command->result.revision == done.result.revision);
  CHECK(command->result.state == done.result.state);
  CHECK(command->at == done.at);

  CHECK(duty_from_row(row_text(a_duty())) == a_duty());
  CHECK(duty_from_row(row_text(Duty{})) == Duty{});
  // As it was before outputs were tested.
  const std::string changed = row_text(Duty{});
  const std::string before =
      R"({"silence":null,"drill":null,)" + changed.substr(changed.find("\"changed\""));
  CHECK(duty_from_row(before) == Duty{});
}

TEST_CASE("a row of a device without a card opens, and one with a card that means nothing does not",
          "[model][unit]") {
  const std::string without = row_text(Device{});
  CHECK(without.find("card") == std::string::npos);
  REQUIRE(device_from_row(without).has_value());
  CHECK_FALSE(device_from_row(without)->card);
  // What is not said of the household stands in no row.
  Device some;
  some.card = DeviceCard{{}, {}, "Li, 138"};
  CHECK(row_text(some).find(R"("card":{"contact":"Li, 138"})") != std::string::npos);
  CHECK(device_from_row(row_text(some))->card == some.card);
  const auto with_card = [&without](std::string_view card) {
    return without.substr(0, without.size() - 1) + ",\"card\":" + std::string(card) + "}";
  };
  CHECK(device_from_row(with_card(R"({"of_the_future":1})")).has_value());
  CHECK_FALSE(device_from_row(with_card(R"({"contact":7})")).has_value());
  CHECK_FALSE(device_from_row(with_card("7")).has_value());
}

TEST_CASE("a text that is no row gives nothing", "[model][unit]") {
  const std::string alarm = row_text(an_alarm(37));
  for (std::size_t size = 0; size < alarm.size(); ++size)
    CHECK_FALSE(alarm_from_row(alarm.substr(0, size)).has_value());
  const auto with = [&alarm](std::string_view from, std::string_view to) {
    std::string text = alarm;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
  };
  CHECK(alarm_from_row(with("{\"number\"", "{\"of_the_future\":[1],\"number\"")).has_value());
  CHECK_FALSE(alarm_from_row(with("\"life\":3", "\"life\":7")).has_value());
  CHECK_FALSE(alarm_from_row(with("\"life\":3", "\"life\":-1")).has_value());
  CHECK_FALSE(alarm_from_row(with("\"kind\":\"smoke\"", "\"kind\":\"smog\"")).has_value());
  CHECK_FALSE(alarm_from_row(with("\"owner\"", "\"owned\"")).has_value());
  CHECK_FALSE(alarm_from_row(with("\"count\":5", "\"count\":\"5\"")).has_value());
  for (const std::string_view none : {"", "[]", "null", "{}", "{\"key\":1}"}) {
    CHECK_FALSE(alarm_from_row(none).has_value());
    CHECK_FALSE(device_from_row(none).has_value());
    CHECK_FALSE(command_from_row(none).has_value());
    CHECK_FALSE(duty_from_row(none).has_value());
  }
}
