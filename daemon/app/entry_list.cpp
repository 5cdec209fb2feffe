#include "app/entry_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <utility>

#include "base/json_text.hpp"
#include "model/command_words.hpp"
#include "rules/command_table.hpp"
#include "settings/values.hpp"

namespace watchpost::app {
namespace {

namespace json = boost::json;

constexpr std::string_view kNever = "never";
constexpr std::chrono::seconds kLeastInterval{10};
constexpr std::chrono::hours kMostInterval{366 * 24};
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

Failure wrong(std::string_view member) {
  return no_entry_list(fmt::format("The member `{}` is not what it may be", member),
                       fmt::format("成员 `{}` 不符合要求", member));
}

// True: it is a text that is not too long.
bool read_text(std::string& into, const json::value& value, std::size_t most) {
  if (!value.is_string() || value.get_string().size() > most) return false;
  into.assign(value.get_string().data(), value.get_string().size());
  return true;
}

// "1 h", "never"; empty: none is entered.
bool read_interval(std::optional<std::optional<std::chrono::seconds>>& into,
                   const std::string& text) {
  into.emplace();
  if (text.empty()) return true;
  if (text == kNever) {
    into->emplace(0);
    return true;
  }
  const auto read = settings::parse_duration(text);
  if (!read || *read < kLeastInterval || *read > kMostInterval) return false;
  into->emplace(std::chrono::duration_cast<std::chrono::seconds>(*read));
  return true;
}

template <class Place>
struct Member {
  std::string_view name;
  bool (*read)(Place& place, const json::value& value);
};

// False: a member that is not in the table, or is not what it may be, which `wrong` names.
template <class Place, std::size_t kCount>
bool read_members(Place& into, const json::value& value,
                  const std::array<Member<Place>, kCount>& members, std::string& wrong) {
  if (!value.is_object()) return false;
  for (const auto& [key, each] : value.get_object()) {
    const std::string_view name(key.data(), key.size());
    const auto member =
        std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.name == name; });
    if (member != members.end() && member->read(into, each)) continue;
    if (wrong.empty()) wrong = as_utf8(name);
    return false;
  }
  return true;
}

constexpr auto kDeviceMembers = std::to_array<Member<Entry>>({
    {"device",
     [](Entry& e, const json::value& v) {
       return read_text(e.device.id, v, rules::kMostDevice) && !e.device.id.empty();
     }},
    {"name", [](Entry& e,
                const json::value& v) { return read_text(e.name.emplace(), v, rules::kMostName); }},
    {"place",
     [](Entry& e, const json::value& v) {
       return read_text(e.place.emplace(), v, rules::kMostName);
     }},
    {"expected_interval",
     [](Entry& e, const json::value& v) {
       std::string text;
       return read_text(text, v, rules::kMostName) && read_interval(e.expected, text);
     }},
});

// The list as it is read, and which member of which device is wrong.
struct ListReading {
  EntryList list;
  std::string wrong{};
};

bool read_devices(ListReading& reading, const json::value& value) {
  if (!value.is_array() || value.get_array().size() > EntryList::kMost) return false;
  for (const json::value& each : value.get_array()) {
    Entry& entry = reading.list.entries.emplace_back();
    if (!read_members(entry, each, kDeviceMembers, reading.wrong)) return false;
    if (entry.device.id.empty()) return reading.wrong = "device", false;
  }
  return true;
}

constexpr auto kListMembers = std::to_array<Member<ListReading>>({
    {"by", [](ListReading& r,
              const json::value& v) { return read_text(r.list.by.who, v, rules::kMostName); }},
    {"from", [](ListReading& r,
                const json::value& v) { return read_text(r.list.by.from, v, rules::kMostName); }},
    {"dry_run",
     [](ListReading& r, const json::value& v) {
       if (!v.is_bool()) return false;
       r.list.dry_run = v.get_bool();
       return true;
     }},
    {"devices", read_devices},
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

json::object entry_json(const Entry& entry) {
  json::object object{{"device", as_utf8(entry.device.id)},
                      {"change", word_for(entry.change)},
                      {"name", entry.device.name.view()},
                      {"place", entry.device.place.view()},
                      {"expected_interval", interval_text(entry.device.expected)}};
  if (entry.is_name_fixed) object["fixed"] = true;
  if (entry.change == Entry::Change::edited) {
    object["name_before"] = entry.name_before;
    object["place_before"] = entry.place_before;
    object["expected_interval_before"] = interval_text(entry.expected_before);
  }
  if (entry.result.refusal == Refusal::none) return object;
  object["reason"] = to_string(entry.result.refusal);
  object["text"] = {{to_string(Language::english), sentence_of(entry.result, Language::english)},
                    {to_string(Language::chinese), sentence_of(entry.result, Language::chinese)}};
  return object;
}

}  // namespace

std::string interval_text(const std::optional<std::chrono::seconds>& expected) {
  if (!expected) return {};
  return expected->count() == 0 ? std::string(kNever) : settings::format_duration(*expected);
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
  if (!read_members(reading, value, kListMembers, reading.wrong)) return wrong(reading.wrong);
  if (reading.list.by.who.empty())
    return no_entry_list("Nobody is named who enters the devices (`by`)",
                         "没有写明由谁登记（`by`）");
  if (!value.get_object().contains("devices")) return wrong("devices");
  return std::move(reading.list);
}

void compare(EntryList& list, const pipeline::Judging& judging) {
  for (Entry& entry : list.entries) {
    const Device* const known = judging.judgement().device_on_disk(entry.device.id);
    if (known != nullptr) {
      entry.name_before = known->name;
      entry.place_before = known->place;
      entry.expected_before = known->expected;
    }
    const std::string* const fixed = judging.fixed_name(entry.device.id);
    entry.is_name_fixed = fixed != nullptr && entry.name && *entry.name != *fixed;
    // A fixed name stands in the configuration, not in the row.
    entry.device.name =
        fixed != nullptr ? entry.name_before : entry.name.value_or(entry.name_before);
    entry.device.place = entry.place.value_or(entry.place_before);
    entry.device.expected = entry.expected.value_or(entry.expected_before);
    if (known == nullptr || known->service == DeviceService::unregistered) {
      entry.change = Entry::Change::entered;
    } else if (entry.name_before != entry.device.name || entry.place_before != entry.device.place ||
               entry.expected_before != entry.device.expected) {
      entry.change = Entry::Change::edited;
    } else if (entry.is_name_fixed) {
      entry.change = Entry::Change::fixed;
    }
  }
}

std::string answer_text(const EntryList& list) {
  json::array entries;
  for (const Entry& entry : list.entries) entries.push_back(entry_json(entry));
  return json::serialize(json::object{{"dry_run", list.dry_run}, {"devices", std::move(entries)}});
}

}  // namespace watchpost::app
