#include "cli/duty/alarm_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "cli/duty/alarm_text.hpp"
#include "cli/duty/card_text.hpp"
#include "cli/local_time.hpp"
#include "cli/status_json.hpp"
#include "cli/status_text.hpp"
#include "model/alarm_words.hpp"
#include "model/event_id.hpp"
#include "model/kind_words.hpp"
#include "model/telling.hpp"
#include "model/trouble_catalogue.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

std::string alarm_state(const json::object& alarm, std::string_view member, Language language) {
  const std::string name = text(alarm, member);
  const auto state = alarm_state_from(name);
  return state ? std::string(state_word(*state, language)) : name;
}

std::string alarm_device(const json::object& alarm) {
  const auto name = text(alarm, "name");
  const auto device = text(alarm, "device");
  return name.empty() ? device : fmt::format("{} ({})", name, device);
}

// Its device, and where it is.
std::string alarm_device_and_place(const json::object& alarm) {
  const auto place = text(alarm, "place");
  return place.empty() ? alarm_device(alarm) : alarm_device(alarm) + ", " + place;
}

// Number, level, `column` and what it is about.
void add_first_line(StatusText& page, const json::object& alarm, const std::string& column) {
  const Language language = page.language();
  page.add(fmt::format("  {} {} {} {} {}", padded(text(alarm, "number"), 5),
                       padded(level_of(alarm, language), 7), padded(column, 20),
                       padded(about(alarm, language) + marks_of(alarm, language), 18),
                       alarm_device_and_place(alarm)));
}

// "said once", "said 5 times".
std::string said_so_often(const json::object& alarm, Language language) {
  const auto count = number(alarm, "count");
  if (language == Language::chinese) return fmt::format("报了 {} 次", count);
  return count == 1 ? "said once" : fmt::format("said {} times", count);
}

void add_line(StatusText& page, const json::object& alarm) {
  const Language language = page.language();
  add_first_line(page, alarm, alarm_state(alarm, "state", language));
  const bool english = language == Language::english;
  std::string more =
      fmt::format(fmt::runtime(english ? "        for {}, {}" : "        已持续 {}，{}"),
                  duration(number(alarm, "age_s"), language), said_so_often(alarm, language));
  for (const std::string& part : {value_in(alarm, language), rule_in(alarm, language)}) {
    if (!part.empty()) more += (english ? ", " : "，") + part;
  }
  if (const auto owner = text(alarm, "owner"); !owner.empty())
    more += fmt::format(fmt::runtime(english ? ", {} sees to it" : "，{} 处理"), owner);
  page.add(more);
  if (const auto silence = silence_in(alarm, language); !silence.empty())
    page.add("        " + silence);
  // Who has it has called.
  if (text(alarm, "owner").empty()) add_call(page, alarm, "        ");
}

// How many are open here; those of gateways below stand under their own names.
void add_count(StatusText& page, std::size_t open, bool has_villages) {
  if (open == 0 && has_villages) {
    page.line({"No alarm of this box is open", "本机没有未关闭的警情"});
  } else if (open == 0) {
    page.line({"No alarm is open", "没有未关闭的警情"});
  } else if (has_villages) {
    page.line({"Open alarms of this box: {}", "本机未关闭的警情：{}"}, open);
  } else {
    page.line({"Open alarms: {}", "未关闭的警情：{}"}, open);
  }
}

// A gateway below this one, with its open alarms as it told them last.
void add_village(StatusText& page, const json::object& village) {
  const auto gateway = text(village, "gateway");
  const auto heard = duration(number(village, "heard_s"), page.language());
  const json::array& alarms = list(village, "alarms");
  if (text(village, "connected") == "true") {
    page.line({"{}, connected; open alarms: {}", "{}，已连接；未关闭的警情：{}"}, gateway,
              alarms.size());
  } else {
    page.line({"! {}, NOT CONNECTED, heard last {} ago; open alarms then: {}",
               "! {}，未连接，最后一次收到是 {} 之前；当时未关闭的警情：{}"},
              gateway, heard, alarms.size());
  }
  for (const json::value& value : alarms) {
    if (value.is_object()) add_line(page, value.get_object());
  }
}

std::string actor_of(const json::object& by, Language language) {
  const auto who = text(by, "who");
  const auto from = text(by, "from");
  if (who.empty()) return language == Language::english ? "the gateway" : "网关";
  return from.empty() ? who : fmt::format("{}, {}", who, from);
}

void add_change(StatusText& page, const json::object& event) {
  const Language language = page.language();
  const json::object& alarm = section(section(event, "data"), "alarm");
  const auto cause = alarm_event_from(text(alarm, "event"));
  const auto condition = condition_from(text(alarm, "condition")).value_or(Condition::alarm);
  std::string line = fmt::format(
      "  {} {} → {}: {} ({})", local_time(text(event, "recordedtime")),
      alarm_state(alarm, "previous", language), alarm_state(alarm, "state", language),
      cause ? std::string(event_sentence(*cause, condition, language)) : text(alarm, "event"),
      actor_of(section(alarm, "by"), language));
  if (const auto note = text(alarm, "note"); !note.empty()) line += ": " + note;
  page.add(line);
}

// What the status knows of its changes at an upstream.
struct Delivery {
  std::size_t waiting = 0;  // past the cursor while something waits
  bool is_sent = true;      // what of it is of a class that goes there
  bool is_set_aside = false;
  bool is_dropped = false;
};

Delivery delivery_of(const AlarmStory& story, const json::object& upstream) {
  Delivery delivery;
  const json::object& dropped = section(section(story.status, "store"), "dropped");
  for (const json::object& event : story.changes) {
    const auto key = event_key_from(text(event, "id"));
    if (!key) continue;
    const auto name = to_string(key->event_class);
    const json::array& classes = list(upstream, "classes");
    const auto is_it = [name](const json::value& each) { return each == json::string(name); };
    // A daemon of earlier times does not say which are sent.
    delivery.is_sent =
        delivery.is_sent && (classes.empty() || std::any_of(classes.begin(), classes.end(), is_it));
    const auto cursor = number(section(upstream, "cursors"), name);
    // Where nothing waits, what lies behind the cursor is nothing that it is sent.
    const bool waits = static_cast<std::uint64_t>(cursor) < key->sequence.value &&
                       number(section(upstream, "backlog"), name) > 0;
    delivery.waiting += waits ? 1 : 0;
    delivery.is_set_aside =
        delivery.is_set_aside || number(section(upstream, "set_aside"), name) > 0;
    delivery.is_dropped = delivery.is_dropped || number(dropped, name) > 0;
  }
  return delivery;
}

// A cursor goes past what is not sent there, what was refused and what was given up, too: that
// nothing waits does not say that it arrived.
void add_delivery(StatusText& page, const AlarmStory& story) {
  if (story.changes.empty()) return;
  for (const json::value& value : list(story.status, "upstreams")) {
    if (!value.is_object()) continue;
    const json::object& upstream = value.get_object();
    const Delivery delivery = delivery_of(story, upstream);
    const auto name = text(upstream, "name");
    if (delivery.waiting > 0) {
      page.line({"  {}: {} of {} changes are on their way", "  {}：{} 条（共 {} 条）变化正在上传"},
                name, delivery.waiting, story.changes.size());
    } else if (!delivery.is_sent) {
      page.line({"  {} is not sent events of its class", "  {} 不接收这一类事件"}, name);
      continue;
    } else {
      page.line({"  nothing of it waits for {}", "  没有等待上传到 {} 的内容"}, name);
    }
    if (delivery.is_set_aside)
      page.line({"    some events of its class were refused there: look at `watchpost status`",
                 "    该上级拒收过同类事件：请查看 `watchpost status`"});
    if (delivery.is_dropped)
      page.line(
          {"    some events of its class were given up for want of room: look at `watchpost "
           "status`",
           "    因空间不足放弃过同类事件：请查看 `watchpost status`"});
  }
}

void add_when(StatusText& page, const json::object& alarm, std::string_view member,
              const settings::Words& words) {
  const auto time = text(alarm, member);
  if (!time.empty()) page.line(words, local_time(time));
}

// What became of telling people of it.
void add_told(StatusText& page, const json::object& alarm) {
  const Language language = page.language();
  for (const json::value& value : list(alarm, "told")) {
    if (!value.is_object()) continue;
    const json::object& told = value.get_object();
    const auto how = told_how_from(text(told, "how"));
    std::string what = how ? std::string(told_word(*how, language)) : text(told, "how");
    const bool is_accepted = how == ToldHow::accepted;
    if (const auto detail = text(told, "detail"); !is_accepted && !detail.empty())
      what += fmt::format(" ({})", detail);
    page.line({"  {}{}: {}, step {}, {}, attempt {}", "  {}{}：{}，第 {} 步，{}，第 {} 次"},
              is_accepted ? "" : "! ", text(told, "output"), what, number(told, "step"),
              local_time(text(told, "at")), number(told, "attempts"));
  }
}

// Closed before anybody saw it, so it is in no list of what is open.
void add_late(StatusText& page, const json::array& late) {
  if (late.empty()) return;
  page.line(
      {"Told after the fact within the last day: {}. The devices had been silent and say only "
       "now what they had seen; no siren has sounded for it",
       "最近一天内补报的警情：{}。设备此前失联，现在才报告当时发现的情况，警号没有响过"},
      late.size());
  for (const json::value& value : late) {
    if (!value.is_object()) continue;
    const json::object& alarm = value.get_object();
    add_first_line(page, alarm, "");
    page.line({"        seen {}, told {}", "        发生于 {}，补报于 {}"},
              local_time(text(alarm, "since")), local_time(text(alarm, "closed")));
  }
}

}  // namespace

Result<std::string> alarms_page(std::string_view answer, const PageShape& shape) {
  boost::system::error_code error;
  const json::value parsed = json::parse({answer.data(), answer.size()}, error);
  const auto* const root_there = error ? nullptr : parsed.if_object();
  const auto* const listed = root_there == nullptr ? nullptr : root_there->if_contains("alarms");
  if (listed == nullptr || !listed->is_array()) {
    return in_both(Failure::Kind::invalid_input,
                   English{"The daemon's answer is no list of alarms",
                           "Check that --socket names watchpostd's socket"},
                   Chinese{"服务的应答不是警情列表", "请确认 --socket 是 watchpostd 的套接字"});
  }
  const json::object& root = parsed.get_object();
  const json::array& alarms = list(root, "alarms");
  StatusText page(shape.language, shape.width);
  add_under_way(page, root);
  add_count(page, alarms.size(), !list(root, "villages").empty());
  for (const json::value& value : alarms) {
    if (value.is_object()) add_line(page, value.get_object());
  }
  add_beyond(page, root);
  add_late(page, list(root, "late"));
  for (const json::value& value : list(root, "villages")) {
    if (value.is_object()) add_village(page, value.get_object());
  }
  if (const auto more = number(root, "villages_more"); more > 0)
    page.line({"! and {1} more", "! 另有 {0} 个网关"}, more, page.counted(more, "gateway"));
  if (text(root, "villages_incomplete") == "true")
    page.line(
        {"! what gateways below told before this start is still being read: alarms of theirs may "
         "be missing",
         "! 下级网关在本次启动之前报告的内容尚未读完，可能缺少其警情"});
  if (const auto beyond = number(root, "villages_beyond"); beyond > 0)
    page.line({"! and {} words of alarms below for which there is no room here",
               "! 另有 {} 条下级警情信息本机列表放不下"},
              beyond);
  return page.take();
}

std::string closed_page(const std::vector<json::object>& closed, std::chrono::hours back,
                        const PageShape& shape) {
  const Language language = shape.language;
  StatusText page(language, shape.width);
  const auto days = back.count() / 24;
  if (closed.empty())
    page.line({"No alarm that is stored was closed within the last {} days",
               "最近 {} 天内没有已关闭且仍保存的警情"},
              days);
  if (!closed.empty())
    page.line({"Closed within the last {} days, the newest first: {}",
               "最近 {} 天内关闭的警情（新的在前）：{}"},
              days, closed.size());
  for (const json::object& alarm : closed) {
    const auto time = text(alarm, "closed");
    add_first_line(page, alarm, time.empty() ? "" : local_time(time));
    const auto outcome = alarm_outcome_from(text(alarm, "outcome"));
    std::string more = outcome ? std::string(outcome_word(*outcome, language)) : "";
    for (const auto member : {"cause", "owner"}) {
      if (const auto words = text(alarm, member); !words.empty())
        more += (more.empty() ? "" : ", ") + words;
    }
    if (!more.empty()) page.add("        " + more);
  }
  return page.take();
}

void add_under_way(StatusText& page, const json::object& duty) {
  const Language language = page.language();
  const bool english = language == Language::english;
  if (const json::object& drill = section(duty, "drill"); !drill.empty()) {
    std::string scope;
    for (const std::string_view member : {"devices", "places"}) {
      for (const json::value& each : list(drill, member)) {
        if (!each.is_string()) continue;
        scope += (scope.empty() ? "" : ", ") + std::string(each.get_string());
      }
    }
    for (const json::value& each : list(drill, "kinds")) {
      const auto kind = each.is_string() ? kind_from(std::string(each.get_string())) : std::nullopt;
      if (!kind) continue;
      scope += (scope.empty() ? "" : ", ") + std::string(kind_word(*kind, language));
    }
    if (scope.empty()) scope = english ? "everything" : "全部";
    page.line({"! A DRILL is under way for {} more ({}, {}): alarms of {} are marked as drill",
               "! 演练进行中，还有 {}（{}，{}）：{} 的警情标记为演练"},
              duration(number(drill, "left_s"), language), text(drill, "by"), text(drill, "note"),
              scope);
  }
  if (const json::object& silence = section(duty, "silence"); !silence.empty())
    page.line({"! The siren is SILENCED for {} more (by {}): alarms that come now sound",
               "! 警号已消音，还有 {}（{}）：新的警情仍会响"},
              duration(number(silence, "left_s"), language), text(silence, "by"));
}

void add_beyond(StatusText& page, const json::object& counts) {
  const auto beyond = number(counts, "beyond");
  const bool is_more = text(counts, "beyond_is_more") == "true";
  if (beyond == 0 && !is_more) return;
  page.line({"  ! and {}{} more for which the list has no room: they are recorded and forwarded",
             "  ! 另有 {}{} 个警情列表放不下：已记录并上传"},
            is_more ? (page.language() == Language::english ? "more than " : "超过 ") : "", beyond);
}

std::string alarm_page(const AlarmStory& story, const PageShape& shape) {
  const json::object& alarm = story.alarm;
  const Language language = shape.language;
  StatusText page(language, shape.width);
  page.line({"Alarm {}: {}, {}{}", "警情 {}：{}，{}{}"}, text(alarm, "number"),
            about(alarm, language), alarm_state(alarm, "state", language),
            marks_of(alarm, language));
  add_call(page, alarm, "  ");
  page.line({"  device: {}", "  设备：{}"}, alarm_device(alarm));
  if (const auto place = text(alarm, "place"); !place.empty())
    page.line({"  place: {}", "  位置：{}"}, place);
  page.line({"  level: {}; {}; revision {}", "  级别：{}；{}；版本 {}"}, level_of(alarm, language),
            said_so_often(alarm, language), number(alarm, "revision"));
  if (const auto value = value_in(alarm, language); !value.empty()) page.add("  " + value);
  if (const auto rule = rule_in(alarm, language); !rule.empty()) page.add("  " + rule);
  if (const auto silence = silence_in(alarm, language); !silence.empty()) page.add("  " + silence);
  add_when(page, alarm, "since", {"  since {}", "  起始：{}"});
  add_when(page, alarm, "last", {"  said last {}", "  最近一次：{}"});
  if (const auto owner = text(alarm, "owner"); !owner.empty())
    page.line({"  {} sees to it", "  处理人：{}"}, owner);
  if (const auto outcome = alarm_outcome_from(text(alarm, "outcome")))
    page.line({"  outcome: {} {}", "  结论：{} {}"}, outcome_word(*outcome, language),
              text(alarm, "cause"));
  add_told(page, alarm);
  if (!story.changes.empty()) page.line({"Its course:", "经过："});
  for (const json::object& event : story.changes) add_change(page, event);
  if (story.unread)
    page.line({"  ! its course could not be read: {}", "  ! 无法读取经过：{}"},
              sentence_of(*story.unread, language));
  add_delivery(page, story);
  return page.take();
}

std::string done_line(const json::object& answer, std::string_view what, Language language) {
  const bool english = language == Language::english;
  if (text(answer, "done") != "true") return text(section(answer, "text"), to_string(language));
  const json::object& alarm = section(answer, "alarm");
  const bool is_repeat = text(answer, "repeat") == "true";
  const std::string_view before = !is_repeat ? ""
                                  : english  ? "Done before, nothing was done again: "
                                             : "此前已执行，未重复执行：";
  if (alarm.empty()) return fmt::format("{}{}{}", before, english ? "Done: " : "已执行：", what);
  std::string line =
      fmt::format(fmt::runtime(english ? "{}alarm {} is now: {}" : "{}警情 {} 现在：{}"), before,
                  text(alarm, "number"), alarm_state(alarm, "state", language));
  if (const auto owner_before = text(answer, "taken_from"); !owner_before.empty())
    line +=
        fmt::format(fmt::runtime(english ? "; taken over from {}" : "；由 {} 移交"), owner_before);
  return line;
}

}  // namespace watchpost::cli
