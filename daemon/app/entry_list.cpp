#include "app/entry_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "base/json_text.hpp"
#include "model/command_words.hpp"

namespace watchpost::app {
namespace {

namespace json = boost::json;

Failure no_entry_list(std::string_view what) {
  return Failure{Failure::Kind::invalid_input, std::string(what),
                 R"(Send {"by":"Wang","devices":[{"device":"…","name":"…","place":"…"}]})"};
}

std::string text_at(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return {};
  return std::string(value->get_string().data(), value->get_string().size());
}

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
                      {"name", entry.device.name},
                      {"place", entry.device.place}};
  if (entry.change == Entry::Change::edited) {
    object["name_before"] = entry.name_before;
    object["place_before"] = entry.place_before;
  }
  if (entry.result.refusal == Refusal::none) return object;
  object["reason"] = to_string(entry.result.refusal);
  object["text"] = {{to_string(Language::english), sentence_of(entry.result, Language::english)},
                    {to_string(Language::chinese), sentence_of(entry.result, Language::chinese)}};
  return object;
}

}  // namespace

Result<EntryList> entry_list_from_json(std::string_view text) {
  json::error_code error;
  const json::value value = json::parse({text.data(), text.size()}, error);
  if (error || !value.is_object()) return no_entry_list("The list of devices is no JSON object");
  const json::object& object = value.get_object();
  EntryList list;
  list.by.who = text_at(object, "by");
  list.by.from = text_at(object, "from");
  if (list.by.who.empty()) return no_entry_list("Nobody is named who enters the devices (`by`)");
  const json::value* const dry = object.if_contains("dry_run");
  list.dry_run = dry != nullptr && dry->is_bool() && dry->get_bool();
  const json::value* const devices = object.if_contains("devices");
  if (devices == nullptr || !devices->is_array()) return no_entry_list("`devices` is no list");
  if (devices->get_array().size() > EntryList::kMost)
    return no_entry_list(fmt::format("More than {} devices in one request", EntryList::kMost));
  for (const json::value& each : devices->get_array()) {
    if (!each.is_object()) return no_entry_list("A device is no JSON object");
    Entry& entry = list.entries.emplace_back();
    entry.device.id = text_at(each.get_object(), "device");
    entry.device.name = text_at(each.get_object(), "name");
    entry.device.place = text_at(each.get_object(), "place");
  }
  return list;
}

bool is_fixed(std::string_view device, const settings::Config& config) {
  return std::any_of(config.devices.begin(), config.devices.end(), [device](const auto& entry) {
    return entry.id == device && !entry.name.empty();
  });
}

void compare(EntryList& list, const rules::Judgement& judgement, const settings::Config& config) {
  for (Entry& entry : list.entries) {
    const Device* const known = judgement.device_on_disk(entry.device.id);
    if (is_fixed(entry.device.id, config)) {
      entry.change = Entry::Change::fixed;
    } else if (known == nullptr || known->service == DeviceService::unregistered) {
      entry.change = Entry::Change::entered;
    } else if (known->name != entry.device.name || known->place != entry.device.place) {
      entry.change = Entry::Change::edited;
      entry.name_before = known->name;
      entry.place_before = known->place;
    }
  }
}

std::string answer_text(const EntryList& list) {
  json::array entries;
  for (const Entry& entry : list.entries) entries.push_back(entry_json(entry));
  return json::serialize(json::object{{"dry_run", list.dry_run}, {"devices", std::move(entries)}});
}

}  // namespace watchpost::app
