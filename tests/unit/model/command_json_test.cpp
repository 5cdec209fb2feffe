#include "model/command_json.hpp"

#include <boost/json.hpp>

#include "support/catch.hpp"

using namespace watchpost;

namespace {

Command whole_command() {
  Command command;
  command.action = DutyAction::close;
  command.gateway = "zhaoxiang-03";
  command.alarm = {0x7f3a0001, AlarmSerial{37}};
  command.device = "kitchen";
  command.scope = {{"a"}, {"block 3"}, {Kind::smoke}};
  command.seen_revision = 3;
  command.by = {Origin::gateway, "王", "desk"};
  command.key = "wish-1";
  command.expires = WallTime{std::chrono::seconds{1'795'462'867}};
  command.note = "a \"note\"";
  command.is_true = false;
  command.outcome = AlarmOutcome::false_alarm;
  command.cause = "steam";
  command.lasts = std::chrono::minutes{30};
  return command;
}

std::string refusal_of(std::string_view text) {
  const auto read = command_from_json(text);
  return read ? std::string() : read.error().what;
}

}  // namespace

TEST_CASE("the state that was asked for comes with the answer, and through a street",
          "[model][unit]") {
  Command command;
  command.action = DutyAction::send_state;
  command.key = "k";
  CommandResult result;
  result.open_alarms = R"({"number":37,"state":"UNACK"},{"number":38,"state":"ACK"})";
  result.more_alarms = 3;
  const std::string answer = answer_json(command, result);
  CHECK(answer.ends_with(R"("more_alarms":3,"open_alarms":[{"number":37,"state":"UNACK"},)"
                         R"({"number":38,"state":"ACK"}]})"));
  const auto read = answer_from_json(answer);
  REQUIRE(read);
  CHECK(read->result.open_alarms == result.open_alarms);
  CHECK(read->result.more_alarms == 3);
  result.open_alarms = "";
  result.more_alarms = 0;
  CHECK(answer_from_json(answer_json(command, result))->result.open_alarms == "");
  CHECK_FALSE(answer_from_json(answer_json(command, {}))->result.open_alarms);
}

TEST_CASE("a command is read as it was written", "[model][unit]") {
  const Command command = whole_command();
  const auto read = command_from_json(command_json(command));
  REQUIRE(read.has_value());
  CHECK(read->action == command.action);
  CHECK(read->gateway == command.gateway);
  CHECK(read->alarm == command.alarm);
  CHECK(read->device == command.device);
  CHECK(read->scope == command.scope);
  CHECK(read->seen_revision == command.seen_revision);
  CHECK(read->by == command.by);
  CHECK(read->key == command.key);
  CHECK(read->expires == command.expires);
  CHECK(read->note == command.note);
  CHECK(read->is_true == command.is_true);
  CHECK(read->outcome == command.outcome);
  CHECK(read->cause == command.cause);
  CHECK(read->lasts == command.lasts);
}

TEST_CASE("every action can be asked for, and an alarm by its count alone", "[model][unit]") {
  for (std::size_t i = 0; i < kDutyActionCount; ++i) {
    Command command;
    command.action = static_cast<DutyAction>(i);
    CHECK(command_from_json(command_json(command)).value().action == command.action);
  }
  CHECK(command_from_json(R"({"action":"take","alarm":37})").value().alarm.serial ==
        AlarmSerial{37});
  CHECK(command_from_json(R"({"action":"take","alarm":"37"})").value().alarm.epoch == 0);
}

TEST_CASE("what is no command, or says what nobody knows, is refused and nothing is guessed",
          "[model][unit]") {
  CHECK(refusal_of("take 37") == "The command is no JSON object");
  CHECK(refusal_of("[]") == "The command is no JSON object");
  CHECK(refusal_of(R"({"alarm":37})") ==
        "The member `action` of the command is not what it may be");
  CHECK(refusal_of(R"({"action":"take","alram":37})") == "A command has no member `alram`");
  for (const char* member :
       {R"("alarm":-1)", R"("alarm":"x")", R"("alarm":1.5)", R"("by":7)", R"("seen_revision":-1)",
        R"("expires":"soon")", R"("is_true":"yes")", R"("outcome":"maybe")", R"("minutes":1e9)",
        R"("devices":"a")", R"("kinds":["smok"])", R"("origin":"device")", R"("granted":true)"}) {
    UNSCOPED_INFO(member);
    CHECK_FALSE(refusal_of(std::string(R"({"action":"take",)") + member + "}").empty());
  }
  CHECK_FALSE(refusal_of(std::string(2U << 20U, ' ')).empty());
}

TEST_CASE("an answer says what became of the command, or why not in both languages",
          "[model][unit]") {
  CommandResult result;
  result.alarm = {0x7f3a0001, AlarmSerial{37}};
  result.revision = 4;
  result.state = AlarmState::ack;
  const auto done = boost::json::parse(result_json(result)).as_object();
  CHECK(done.at("done").as_bool());
  CHECK_FALSE(done.at("repeat").as_bool());
  CHECK(done.at("alarm").at("state") == "ACK");
  CHECK(done.at("alarm").at("epoch") == "7f3a0001");
  CHECK(done.at("alarm").at("revision").to_number<int>() == 4);

  result.refusal = Refusal::alarm_changed;
  const auto refused = boost::json::parse(result_json(result)).as_object();
  CHECK_FALSE(refused.at("done").as_bool());
  CHECK(refused.at("reason") == "alarm_changed");
  CHECK(refused.at("text").at("en").as_string().find("Alarm 37 has changed") == 0);
  CHECK(refused.at("text").as_object().contains("zh-CN"));

  CommandResult too_long;
  too_long.refusal = Refusal::too_long;
  too_long.most = 240;
  const auto limit = boost::json::parse(result_json(too_long)).as_object();
  CHECK(limit.at("most").to_number<int>() == 240);
  CHECK_FALSE(limit.contains("alarm"));
}

TEST_CASE("an answer is read as it was written, for every reason", "[model][unit]") {
  const Command command = whole_command();
  for (std::size_t i = 0; i < kRefusalCount; ++i) {
    CommandResult result;
    result.refusal = static_cast<Refusal>(i);
    result.alarm = {0x7f3a0001, AlarmSerial{37}};
    result.state = AlarmState::ack;
    result.revision = 4;
    result.most = i == 0 ? 0 : 9;
    if (i == 0) result.taken_from = "Zhao";
    const auto answer = answer_from_json(answer_json(command, result));
    REQUIRE(answer.has_value());
    CHECK(answer->key == "wish-1");
    CHECK(answer->result.refusal == result.refusal);
    CHECK(answer->result.alarm == result.alarm);
    CHECK(answer->result.state == result.state);
    CHECK(answer->result.revision == result.revision);
    CHECK(answer->result.most == result.most);
    CHECK(answer->result.taken_from == result.taken_from);
  }
  for (const auto* text : {"", "[]", "{}", R"({"key":"k"})", R"({"done":true})",
                           R"({"key":"k","done":"yes"})", R"({"key":7,"done":true})"})
    CHECK_FALSE(answer_from_json(text).has_value());
}

TEST_CASE("taking has two names, and an upstream is never granted what makes quiet",
          "[model][unit]") {
  CHECK(action_from("acknowledge") == DutyAction::take);
  CHECK(to_string(DutyAction::take) == "take");
  CHECK(upstream_actions().count() == kDutyActionCount - 4);
}
