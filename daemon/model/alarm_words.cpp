#include "model/alarm_words.hpp"

#include <array>
#include <optional>

namespace watchpost {
namespace {

struct InBoth {
  std::string_view english;
  std::string_view chinese;
};

template <std::size_t size>
std::string_view word_in(const std::array<InBoth, size>& words, std::size_t index,
                         Language language) {
  const InBoth& both = words[index];
  return language == Language::chinese ? both.chinese : both.english;
}

// Each in the order of its enumerators.
constexpr std::array<InBoth, kAlarmStateCount> kStateWords{{
    {"no alarm", "无报警"},
    {"suspected", "疑似"},
    {"not taken", "待接警"},
    {"taken", "已接警"},
    {"gone, not taken", "已恢复，待接警"},
    {"waits to be closed", "待关闭"},
    {"closed", "已关闭"},
    {"shelved", "已搁置"},
    {"suppressed", "已抑制"},
    {"out of service", "已停用"},
}};

constexpr std::array<InBoth, kAlarmEventCount> kEventSentences{{
    {"the device says that it may be so", "设备报疑似"},
    {"the device raised it", "设备报警"},
    {"the device confirmed it", "设备确认"},
    {"a second signal confirmed it", "另一信号确认"},
    {"a second detector of the same place says so too", "同一地点另一探测器也报警"},
    {"the condition is gone", "现象已消失"},
    {"the condition is gone; the device is out of service", "现象已消失（设备停用中）"},
    {"told after the fact: the device had been silent", "事后补报：设备此前失联"},
    {"the reading that it rests on can be believed", "依据的读数可信"},
    {"nobody answered in time", "限时内无人应答"},
    {"nobody took it in time: the next are told", "限时内无人接警：通知下一级"},
    {"the shelving ended by time", "搁置到期"},
    {"the test or drill is over and the condition is still there", "测试或演练已结束，现象仍在"},
    {"the test or drill is over and the condition is gone", "测试或演练已结束，现象已消失"},
    {"the oldest fault made room for an alarm", "最早的故障让位给报警"},
    {"taken", "接警"},
    {"verified: it is true", "核实：属实"},
    {"verified: it is false", "核实：误报"},
    {"arrived on the spot", "到场"},
    {"noted", "备注"},
    {"closed", "关闭"},
    {"shelved", "搁置"},
    {"unshelved", "取消搁置"},
    {"its device was taken out of service", "设备停用"},
    {"its device is back in service", "设备恢复使用"},
    {"turned real: it is no drill", "转为真实警情：不是演练"},
    {"the next were called at once", "立即升级"},
    {"the radio over which it is heard is down", "其所属网关或链路中断"},
}};

constexpr std::array<InBoth, 5> kLevelWords{{
    {"grey", "灰"},
    {"blue", "蓝"},
    {"yellow", "黄"},
    {"orange", "橙"},
    {"red", "红"},
}};

constexpr std::array<InBoth, 5> kOutcomeWords{{
    {"not known", "不明"},
    {"true", "真警"},
    {"false", "误报"},
    {"test", "测试"},
    {"drill", "演练"},
}};

constexpr std::array<InBoth, kConditionCount> kConditionWords{{
    {"alarm", "报警"},
    {"fault", "故障"},
    {"tampered with", "防拆"},
    {"low battery", "电量低"},
    {"silent", "失联"},
    {"bad reading", "读数不可信"},
    {"clock in doubt", "时钟不可信"},
    {"rule", "规则"},
}};

struct BeginAndEnd {
  InBoth begin, end;
};

// Of a condition that no device says of itself.
std::optional<BeginAndEnd> sentences_of(Condition condition) {
  switch (condition) {
    case Condition::rule:
      return BeginAndEnd{{"a rule of this site raised it", "本站规则报警"},
                         {"by the rule it is over", "按规则已恢复"}};
    case Condition::silent:
      return BeginAndEnd{{"nothing was heard of it for too long", "超时未收到其消息"},
                         {"it is heard again", "已恢复通信"}};
    case Condition::implausible:
      return BeginAndEnd{{"what it measures cannot be so", "读数不合常理"},
                         {"its readings can be believed again", "读数恢复可信"}};
    case Condition::clock_suspect:
      return BeginAndEnd{{"its clock and that of this box are far apart", "设备时钟与本机相差过大"},
                         {"its clock agrees with that of this box", "设备时钟与本机一致"}};
    case Condition::alarm:
    case Condition::fault:
    case Condition::tamper:
    case Condition::low_battery:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::string_view state_word(AlarmState state, Language language) {
  return word_in(kStateWords, static_cast<std::size_t>(state), language);
}
std::string_view event_sentence(AlarmEvent event, Language language) {
  return word_in(kEventSentences, static_cast<std::size_t>(event), language);
}
std::string_view event_sentence(AlarmEvent event, Condition condition, Language language) {
  if (event == AlarmEvent::suppression_over && condition == Condition::silent)
    return language == Language::chinese ? "链路已恢复，仍未收到其消息"
                                         : "its radio is back, and it is still not heard";
  const bool is_return = event == AlarmEvent::returned || event == AlarmEvent::returned_in_repair;
  const std::optional<BeginAndEnd> own = sentences_of(condition);
  if (!own || (event != AlarmEvent::raised && !is_return)) return event_sentence(event, language);
  const InBoth& both = is_return ? own->end : own->begin;
  return language == Language::chinese ? both.chinese : both.english;
}
std::string_view level_word(AlarmLevel level, Language language) {
  return word_in(kLevelWords, static_cast<std::size_t>(level), language);
}
std::string_view outcome_word(AlarmOutcome outcome, Language language) {
  return word_in(kOutcomeWords, static_cast<std::size_t>(outcome), language);
}
std::string_view condition_word(Condition condition, Language language) {
  return word_in(kConditionWords, static_cast<std::size_t>(condition), language);
}

}  // namespace watchpost
