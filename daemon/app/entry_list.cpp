#include "app/entry_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <utility>

#include "base/encoding.hpp"
#include "base/json_members.hpp"
#include "base/json_text.hpp"
#include "model/command_words.hpp"
#include "rules/command_table.hpp"
#include "settings/entered_interval.hpp"
#include "settings/values.hpp"
#include "settings/words.hpp"

namespace watchpost::app {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostListBytes = 1U << 20U;
constexpr std::size_t kMostListDepth = 8;

Failure no_entry_list(std::string_view english, std::string_view chinese) {
  return in_both(
      Failure::Kind::invalid_input,
      English{std::string(english),
              R"(Send {"by":"Wang","devices":[{"device":"…","name":"…","place":"…"}]})"},
      Chinese{std::string(chinese),
              R"(请发送 {"by":"王伟","devices":[{"device":"…","name":"…","place":"…"}]})"});
}

// What a member may be.
enum class Shape : std::uint8_t { device_id, name, interval, yes_or_no, devices };

settings::Words words_for(Shape shape) {
  using settings::say;
  switch (shape) {
    case Shape::device_id:
      return say("a text of 1 to {} bytes", "1 到 {} 字节的文字", rules::kMostDevice);
    case Shape::name:
      return say("a text of at most {} bytes", "最多 {} 字节的文字", rules::kMostName);
    case Shape::interval:
      return say("{}, or empty", "{}，或留空", settings::entered_interval_bounds());
    case Shape::yes_or_no:
      return say("true or false, without quotes", "true 或 false，不带引号");
    case Shape::devices:
      return say("a list of at most {} objects", "最多 {} 个对象的列表", EntryList::kMost);
  }
  return {};
}

// Which member is wrong, and why.
struct Wrong {
  std::string member{};  // empty: the value is no object
  std::string device{};  // of which it is; empty: of the list, or it is not known yet
  settings::Words why{};
};

Failure unfit_list(const Wrong& wrong) {
  const bool is_of_device = !wrong.device.empty();
  return no_entry_list(
      fmt::format("The member `{}`{}{}", wrong.member,
                  is_of_device ? fmt::format(" of device {}", wrong.device) : "",
                  wrong.why.english),
      fmt::format("{}成员 `{}`{}", is_of_device ? fmt::format("设备 {} 的", wrong.device) : "",
                  wrong.member, wrong.why.chinese));
}

// True: it is a text that is not too long.
bool read_text(std::string& into, const json::value& value, std::size_t most) {
  if (!value.is_string() || value.get_string().size() > most) return false;
  into.assign(value.get_string().data(), value.get_string().size());
  return true;
}

// Empty: none is entered.
bool read_interval(std::optional<std::optional<std::chrono::seconds>>& into,
                   const std::string& text) {
  into.emplace();
  if (text.empty()) return true;
  *into = settings::entered_interval(text);
  return into->has_value();
}

std::string beginning_of(const json::value& value) {
  constexpr std::size_t kMostQuoted = 60;
  std::string text = json::serialize(value);
  if (text.size() <= kMostQuoted) return text;
  text.resize(kMostQuoted);
  while (!is_utf8(text)) text.pop_back();
  return text + "…";
}

template <class Place>
struct Member {
  std::string_view name;
  Shape shape;
  bool (*read)(Place& place, const json::value& value);
};

// False: a member that is not in the table, or is not what it may be, which `wrong` says.
template <class Place, std::size_t kCount>
bool read_members(Place& into, const json::value& value,
                  const std::array<Member<Place>, kCount>& members, Wrong& wrong) {
  if (!value.is_object()) return false;
  for (const auto& [key, each] : value.get_object()) {
    const std::string_view name(key.data(), key.size());
    const auto member =
        std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.name == name; });
    if (member != members.end() && member->read(into, each)) continue;
    if (!wrong.member.empty()) return false;
    wrong.member = as_utf8(name);
    if (member == members.end()) {
      std::string known;
      for (const auto& one : members) known += (known.empty() ? "" : ", ") + std::string(one.name);
      wrong.why = settings::say(" is not known; there are: {}", " 不存在；可用的有：{}", known);
    } else {
      wrong.why = settings::say(" is {}; it must be {}", " 是 {}；应为{}", beginning_of(each),
                                words_for(member->shape));
    }
    return false;
  }
  return true;
}

template <std::size_t kAt>
constexpr Member<Entry> card_member() {
  return {kCardTexts[kAt].name, Shape::name, [](Entry& entry, const json::value& value) {
            return read_text(entry.card[kAt].emplace(), value, rules::kMostName);
          }};
}

constexpr auto kDeviceMembers = std::to_array<Member<Entry>>({
    {"device", Shape::device_id,
     [](Entry& e, const json::value& v) {
       return read_text(e.device.id, v, rules::kMostDevice) && !e.device.id.empty();
     }},
    {"name", Shape::name,
     [](Entry& e, const json::value& v) {
       return read_text(e.name.emplace(), v, rules::kMostName);
     }},
    {"place", Shape::name,
     [](Entry& e, const json::value& v) {
       return read_text(e.place.emplace(), v, rules::kMostName);
     }},
    {"expected_interval", Shape::interval,
     [](Entry& e, const json::value& v) {
       std::string text;
       return read_text(text, v, rules::kMostName) && read_interval(e.expected, text);
     }},
    card_member<0>(),
    card_member<1>(),
    card_member<2>(),
    card_member<3>(),
    card_member<4>(),
    card_member<5>(),
});
static_assert(kCardTexts.size() == 6);

Wrong lacking(std::string_view member) {
  return {std::string(member), {}, settings::say(" is missing", " 缺失")};
}

// The list as it is read, and which member of which device is wrong.
struct ListReading {
  EntryList list;
  Wrong wrong{};
};

bool read_devices(ListReading& reading, const json::value& value) {
  if (!value.is_array() || value.get_array().size() > EntryList::kMost) return false;
  for (const json::value& each : value.get_array()) {
    Entry& entry = reading.list.entries.emplace_back();
    if (!read_members(entry, each, kDeviceMembers, reading.wrong)) {
      if (each.is_object() && reading.wrong.member != "device")
        reading.wrong.device = as_utf8(text_in(each.get_object(), "device"));
      return false;
    }
    if (!entry.device.id.empty()) continue;
    reading.wrong = lacking("device");
    return false;
  }
  return true;
}

constexpr auto kListMembers = std::to_array<Member<ListReading>>({
    {"by", Shape::name,
     [](ListReading& r, const json::value& v) {
       return read_text(r.list.by.who, v, rules::kMostName);
     }},
    {"from", Shape::name,
     [](ListReading& r, const json::value& v) {
       return read_text(r.list.by.from, v, rules::kMostName);
     }},
    {"dry_run", Shape::yes_or_no,
     [](ListReading& r, const json::value& v) {
       if (!v.is_bool()) return false;
       r.list.dry_run = v.get_bool();
       return true;
     }},
    {"devices", Shape::devices, read_devices},
});

std::string_view word_for(Entry::Change change) {
  switch (change) {
    case Entry::Change::same:
      return "same";
    case Entry::Change::entered:
      return "entered";
    case Entry::Change::edited:
      return "edited";
    case Entry::Change::fixed:
      return "fixed";
  }
  return {};
}

void add_card(const DeviceCard& card, std::string_view suffix, json::object& object) {
  for (const CardText& each : kCardTexts) {
    const std::string_view text = card.*each.text;
    if (!text.empty()) object[std::string(each.name) + std::string(suffix)] = text;
  }
}

json::object entry_json(const Entry& entry) {
  json::object object{{"device", as_utf8(entry.device.id)},
                      {"change", word_for(entry.change)},
                      {"name", entry.device.name.view()},
                      {"place", entry.device.place.view()},
                      {"expected_interval", interval_text(entry.device.expected)}};
  const DeviceCard card = entry.device.card ? *entry.device.card : DeviceCard{};
  add_card(card, "", object);
  if (!entry.fixed.empty()) {
    object["fixed"] = true;
    object["fixed_texts"] = json::array(entry.fixed.begin(), entry.fixed.end());
  }
  if (entry.change == Entry::Change::edited) {
    object["name_before"] = entry.name_before;
    object["place_before"] = entry.place_before;
    object["expected_interval_before"] = interval_text(entry.expected_before);
    add_card(entry.card_before, "_before", object);
  }
  if (entry.result.refusal == Refusal::none) return object;
  object["reason"] = to_string(entry.result.refusal);
  object["text"] = {{to_string(Language::english), sentence_of(entry.result, Language::english)},
                    {to_string(Language::chinese), sentence_of(entry.result, Language::chinese)}};
  return object;
}

// A text as it is sent, and as the configuration has it; empty: it does not fix it.
struct FixedText {
  std::string_view name;
  const std::optional<std::string>& sent;
  std::string_view fixed;
};

Failure without_consent(std::string_view id) {
  const std::string device = as_utf8(id);
  return in_both(
      Failure::Kind::invalid_input,
      English{fmt::format("Device {}: the age group and the sex of who lives there are kept only "
                          "with consent, and none is noted",
                          device),
              "Write in `consent` who agreed, who noted it and when, or empty `age_group` and "
              "`sex`; nothing was entered"},
      Chinese{
          fmt::format("设备 {}：住户的年龄段和性别须经本人同意才能保存，现在没有同意记录", device),
          "请在 `consent` 中写明谁同意、谁登记、何时登记，或清空 `age_group` 和 "
          "`sex`；尚未登记任何设备"});
}

}  // namespace

std::string interval_text(const std::optional<std::chrono::seconds>& expected) {
  if (!expected) return {};
  return expected->count() == 0 ? std::string(settings::kNeverHeard)
                                : settings::format_duration(*expected);
}

Result<EntryList> entry_list_from_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = kMostListDepth;
  json::error_code error;
  const json::value value = text.size() > kMostListBytes
                                ? json::value{}
                                : json::parse({text.data(), text.size()}, error, {}, options);
  if (error || !value.is_object())
    return no_entry_list("The list of devices is no JSON object", "设备列表不是 JSON 对象");
  ListReading reading;
  if (!read_members(reading, value, kListMembers, reading.wrong)) return unfit_list(reading.wrong);
  if (reading.list.by.who.empty())
    return no_entry_list("Nobody is named who enters the devices (`by`)",
                         "没有写明由谁登记（`by`）");
  if (!value.get_object().contains("devices")) return unfit_list(lacking("devices"));
  return std::move(reading.list);
}

Result<void> compare(EntryList& list, const pipeline::Judging& judging) {
  for (Entry& entry : list.entries) {
    const Device* const known = judging.judgement().device_on_disk(entry.device.id);
    if (known != nullptr) {
      entry.name_before = known->name;
      entry.place_before = known->place;
      entry.expected_before = known->expected;
      if (known->card) entry.card_before = *known->card;
    }
    const auto* const fixed = judging.fixed(entry.device.id);
    // What is fixed stands in the configuration, not in the row.
    const auto text_to_be = [&entry](const FixedText& text, std::string_view before) {
      if (text.fixed.empty()) return std::string(text.sent ? *text.sent : before);
      if (text.sent && *text.sent != text.fixed) entry.fixed.push_back(text.name);
      return std::string(before);
    };
    entry.device.name =
        text_to_be({"name", entry.name, fixed == nullptr ? std::string_view{} : fixed->name},
                   entry.name_before);
    DeviceCard card;
    for (std::size_t i = 0; i < kCardTexts.size(); ++i) {
      const CardText& each = kCardTexts[i];
      const std::string_view is_fixed =
          fixed == nullptr ? std::string_view{} : (fixed->card.*each.text).view();
      card.*each.text =
          text_to_be({each.name, entry.card[i], is_fixed}, entry.card_before.*each.text);
    }
    if (card.lacks_consent()) return without_consent(entry.device.id);
    if (!card.empty()) entry.device.card = card;
    entry.device.place = entry.place.value_or(entry.place_before);
    entry.device.expected = entry.expected.value_or(entry.expected_before);
    if (known == nullptr || known->service == DeviceService::unregistered) {
      entry.change = Entry::Change::entered;
    } else if (entry.name_before != entry.device.name || entry.place_before != entry.device.place ||
               entry.expected_before != entry.device.expected || !(entry.card_before == card)) {
      entry.change = Entry::Change::edited;
    } else if (!entry.fixed.empty()) {
      entry.change = Entry::Change::fixed;
    }
  }
  return {};
}

std::string answer_text(const EntryList& list) {
  json::array entries;
  for (const Entry& entry : list.entries) entries.push_back(entry_json(entry));
  return json::serialize(json::object{{"dry_run", list.dry_run}, {"devices", std::move(entries)}});
}

}  // namespace watchpost::app
