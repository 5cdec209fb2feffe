#include "model/alarm_words.hpp"

#include <algorithm>
#include <string>

#include "model/alarm.hpp"
#include "model/command_words.hpp"
#include "model/device.hpp"
#include "support/catch.hpp"

using namespace watchpost;

namespace {

// What stands between braces, in the order of the alphabet.
std::vector<std::string> names_in(std::string_view text) {
  std::vector<std::string> names;
  for (auto begin = text.find('{'); begin != std::string_view::npos;
       begin = text.find('{', begin + 1)) {
    names.emplace_back(text.substr(begin, text.find('}', begin) - begin + 1));
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

TEST_CASE("every state, cause, level, outcome and condition has a name and words",
          "[model][unit]") {
  for (std::size_t i = 0; i < kAlarmStateCount; ++i) {
    const auto state = static_cast<AlarmState>(i);
    CHECK(alarm_state_from(to_string(state)) == state);
    for (const Language language : kLanguages) CHECK_FALSE(state_word(state, language).empty());
  }
  for (std::size_t i = 0; i < kAlarmEventCount; ++i) {
    const auto event = static_cast<AlarmEvent>(i);
    CHECK(alarm_event_from(to_string(event)) == event);
    for (const Language language : kLanguages) CHECK_FALSE(event_sentence(event, language).empty());
  }
  for (std::size_t i = 0; i < kConditionCount; ++i) {
    const auto condition = static_cast<Condition>(i);
    CHECK(condition_from(to_string(condition)) == condition);
    CHECK_FALSE(condition_word(condition, Language::chinese).empty());
  }
  for (const auto level : {AlarmLevel::grey, AlarmLevel::blue, AlarmLevel::yellow,
                           AlarmLevel::orange, AlarmLevel::red}) {
    CHECK(alarm_level_from(to_string(level)) == level);
    CHECK_FALSE(level_word(level, Language::chinese).empty());
  }
  for (const auto outcome : {AlarmOutcome::unknown, AlarmOutcome::true_alarm,
                             AlarmOutcome::false_alarm, AlarmOutcome::test, AlarmOutcome::drill}) {
    CHECK(alarm_outcome_from(to_string(outcome)) == outcome);
    CHECK_FALSE(outcome_word(outcome, Language::chinese).empty());
  }
  for (const auto service :
       {DeviceService::unregistered, DeviceService::in_service, DeviceService::out_of_service})
    CHECK(device_service_from(to_string(service)) == service);
}

TEST_CASE("every refusal says what is so and what to do next, alike in both languages",
          "[model][unit]") {
  for (std::size_t i = 1; i < kRefusalCount; ++i) {
    const auto refusal = static_cast<Refusal>(i);
    INFO(to_string(refusal));
    CHECK_FALSE(to_string(refusal).empty());
    const RefusalText& english = refusal_text(refusal, Language::english);
    const RefusalText& chinese = refusal_text(refusal, Language::chinese);
    for (const auto text : {english.what, english.next, chinese.what, chinese.next}) {
      CHECK_FALSE(text.empty());
      CHECK(text.back() != '.');
    }
    CHECK(names_in(english.what) == names_in(chinese.what));
    CHECK(names_in(english.next) == names_in(chinese.next));
    CommandResult result;
    result.refusal = refusal;
    result.field = "outcome";
    for (const Language language : kLanguages) {
      const std::string sentence = sentence_of(result, language);
      CHECK(names_in(sentence).empty());
    }
  }
  CHECK(sentence_of(CommandResult{}, Language::english).empty());
}

TEST_CASE("a refusal names alarm, state and field as people say them", "[model][unit]") {
  CommandResult result;
  result.refusal = Refusal::alarm_changed;
  result.alarm = {0x7f3a0001, AlarmSerial{37}};
  result.state = AlarmState::unack;
  CHECK(sentence_of(result, Language::english) ==
        "Alarm 37 has changed meanwhile: it is now not taken. Look at it again, then decide");
  CHECK(sentence_of(result, Language::chinese) ==
        "警情 37 已有变化：现在是“待接警”。请重新查看后再决定");
}

TEST_CASE("an alarm's number is read back as it was written, with or without its epoch",
          "[model][unit]") {
  const AlarmNumber number{0x7f3a0001, AlarmSerial{37}};
  CHECK(to_string(number) == "7f3a0001-37");
  CHECK(alarm_number_from("7f3a0001-37") == number);
  CHECK(alarm_number_from("37") == AlarmNumber{0, AlarmSerial{37}});
  for (const char* wrong : {"", "0", "x", "37x", "-37", "7f3a-37", "7f3a0001-", "7f3a0001-0",
                            "7F3A0001-37", "99999999999999999999"})
    CHECK_FALSE(alarm_number_from(wrong));
}
