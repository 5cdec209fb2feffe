// What people and programs are told, and what an answer means.
#include "outputs/letter.hpp"

#include "support/catch.hpp"
#include "support/judged_rows.hpp"

using namespace watchpost;
using namespace watchpost::outputs;

namespace {

Mentioned kitchen(std::uint64_t number = 37) {
  Alarm alarm;
  alarm.number = {1, AlarmSerial{number}};
  alarm.source = {"smoke-3f-07", Kind::smoke};
  alarm.grade.level = AlarmLevel::orange;
  alarm.times.raised = support::a_stamp(0);
  return {std::make_shared<const Alarm>(alarm), {"厨房烟感", "3 号楼 2 单元"}, 0};
}
LetterTerms in(Language language) {
  return {"zhaoxiang-03", language, std::chrono::minutes{480}};
}

}  // namespace

TEST_CASE("a letter says what, where, when, and since how many steps", "[outputs][unit]") {
  Mentioned one = kitchen();
  CHECK(letter_of({one}, in(Language::chinese)).text ==
        "【报警】警情 37：烟雾（橙）\n地点：3 号楼 2 单元\n设备：厨房烟感 "
        "(smoke-3f-07)\n时间：2027-01-15 "
        "16:00:00\n网关：zhaoxiang-03");
  one.stage = 2;
  const Letter english = letter_of({one}, in(Language::english));
  CHECK(english.text.find("Nobody has taken it: step 2") != std::string::npos);
  CHECK(std::ranges::count(english.environment, "WATCHPOST_ALARM=37") == 1);
  CHECK(std::ranges::count(english.environment, "WATCHPOST_STEP=2") == 1);
  CHECK(english.json.find(R"("step":2})") != std::string::npos);
}

TEST_CASE("a letter of a radio that is down says how many devices it affects", "[outputs][unit]") {
  Alarm alarm = *kitchen().alarm;
  alarm.source = {"zigbee2mqtt/bridge", Kind::device_status, Condition::silent};
  Absence absence;
  absence.affects = 17;
  alarm.times.absence = absence;
  const Mentioned radio{std::make_shared<const Alarm>(alarm), {}, 0};
  CHECK(letter_of({radio}, in(Language::english)).text.find("\nDevices that it affects: 17\n") !=
        std::string::npos);
  CHECK(letter_of({radio}, in(Language::chinese)).text.find("\n受影响的设备：17\n") !=
        std::string::npos);
}

TEST_CASE("several alarms are one digest with their number and sorts", "[outputs][unit]") {
  std::vector<Mentioned> all;
  for (std::uint64_t number = 1; number <= 100; ++number) all.push_back(kitchen(number));
  const Letter letter = letter_of(all, in(Language::chinese));
  CHECK(letter.text.starts_with("【报警】另有 100 条：烟雾 100\n警情 1、2、"));
  CHECK(letter.text.size() < 2'000);
  CHECK(letter.json.size() < 60'000);
  CHECK(letter.json.find(R"("count":100)") != std::string::npos);
}

TEST_CASE("a drill and a test say so before anything else", "[outputs][unit]") {
  Mentioned one = kitchen();
  Alarm alarm = *one.alarm;
  alarm.marks.exercise = true;
  const Mentioned drill{std::make_shared<const Alarm>(alarm), one.where, 0};
  alarm.marks = {};
  alarm.marks.test = true;
  const Mentioned test{std::make_shared<const Alarm>(alarm), one.where, 0};
  const auto text = [](const std::vector<Mentioned>& all, Language language) {
    return letter_of(all, in(language)).text;
  };
  CHECK(text({drill}, Language::english).starts_with("[DRILL, no real ALARM] 37: "));
  CHECK(text({drill}, Language::chinese).starts_with("【演练，不是真实报警】警情 37："));
  CHECK(text({test}, Language::english).starts_with("[TEST, no real ALARM] 37: "));
  CHECK(text({test}, Language::chinese).starts_with("【测试，不是真实报警】警情 37："));
  CHECK(text({drill, drill}, Language::english)
            .starts_with("[DRILL, no real ALARM] and 2 more: smoke (drill) 2"));
  // A real one among them makes it real, and the others keep their mark.
  CHECK(text({drill, one}, Language::english)
            .starts_with("[ALARM] and 2 more: smoke 1 smoke (drill) 1"));
  const auto status = [](const std::vector<Mentioned>& all, const std::string& word) {
    return std::ranges::count(letter_of(all, in(Language::english)).environment,
                              "WATCHPOST_STATUS=" + word) == 1;
  };
  CHECK(status({drill}, "Exercise"));
  CHECK(status({test}, "Test"));
  CHECK(status({one}, "Actual"));
  CHECK(status({drill, one}, "Actual"));
}

TEST_CASE("no name breaks a letter", "[outputs][unit]") {
  Mentioned odd = kitchen();
  Alarm alarm = *odd.alarm;
  alarm.source.device = std::string("a\0\n\"\xff", 5) + std::string(5'000, 'x');
  odd.alarm = std::make_shared<const Alarm>(alarm);
  odd.where.name = std::string(200, 'n') + "\nWATCHPOST_LEVEL=grey";
  const Letter letter = letter_of({odd}, in(Language::english));
  CHECK(letter.text.size() < 1'000);
  for (const std::string& one : letter.environment) {
    CHECK(one.find('\0') == std::string::npos);
    if (!one.starts_with("WATCHPOST_TEXT=")) CHECK(one.find('\n') == std::string::npos);
  }
}

TEST_CASE("each robot gets the text in its own form", "[outputs][unit]") {
  const Letter letter{"a\"b", "{}", {}};
  CHECK(body_of(letter, BodyForm::wecom).content ==
        R"({"msgtype":"text","text":{"content":"a\"b"}})");
  CHECK(body_of(letter, BodyForm::dingtalk).content ==
        R"({"msgtype":"text","text":{"content":"a\"b"}})");
  CHECK(body_of(letter, BodyForm::feishu).content ==
        R"({"msg_type":"text","content":{"text":"a\"b"}})");
  CHECK(body_of(letter, BodyForm::text).content == "a\"b");
  CHECK(body_of(letter, BodyForm::json).content == "{}");
}

TEST_CASE("a success that says it is none is a failure", "[outputs][unit]") {
  CHECK(verdict_of({200, ""}).how == ToldHow::accepted);
  CHECK(verdict_of({204, "ok"}).how == ToldHow::accepted);
  CHECK(verdict_of({200, R"({"errcode":0,"errmsg":"ok"})"}).how == ToldHow::accepted);
  CHECK(verdict_of({200, R"({"StatusCode":0,"code":0,"msg":"success"})"}).how == ToldHow::accepted);
  const auto wecom = verdict_of({200, R"({"errcode":45009,"errmsg":"api freq out of limit"})"});
  CHECK(wecom.how == ToldHow::refused);
  CHECK(wecom.detail == "errcode 45009: api freq out of limit");
  CHECK(verdict_of({200, R"({"code":9499,"msg":"Bad Request"})"}).detail ==
        "code 9499: Bad Request");
  CHECK(verdict_of({500, R"({"errcode":0})"}).detail == "HTTP 500");
  CHECK(verdict_of({302, ""}).how == ToldHow::status);
  CHECK(verdict_of({200, R"({"errcode":1,"errmsg":")" + std::string(500, 'x') + "\"}"})
            .detail.size() <= Telling::kMostDetail);
}
