// Events of generation 2 (shelly-api-docs, General/Notifications): what happened once.
#include "danger/names.hpp"
#include "danger/values.hpp"
#include "danger/words.hpp"
#include "shelly/status.hpp"

namespace watchpost::shelly {
namespace {

namespace json = sdk::json;

// "alarm", "alarm_off", "alarm_test" of a detector; webhooks have the same names.
bool read_alarm_event(std::string_view component, std::string_view event, Report& report) {
  const auto meaning = danger::meaning_of_name(component.substr(0, component.find(':')));
  if (meaning.role != danger::Role::danger || meaning.weak) return false;
  const auto said = danger::meaning_of_text({.name = "alarm", .text = event}).saying;
  const bool alarm = said >= danger::Saying::suspected;
  if (!alarm && said != danger::Saying::calm && said != danger::Saying::test) return false;
  const auto& subject = danger::subject_of(meaning.danger);
  const bool own = component.ends_with(":0") || component.find(':') == std::string_view::npos;
  auto& told = report.others.emplace_back();
  told.device = report.device;
  if (!own) told.device.append("/").append(component);
  told.observation =
      sdk::Observation(subject.kind, alarm                          ? WATCHPOST_ALARM
                                     : said == danger::Saying::test ? WATCHPOST_TEST
                                                                    : WATCHPOST_NORMAL);
  if (said != danger::Saying::test) told.observation.boolean({subject.quantity}, alarm);
  return true;
}

}  // namespace

bool read_events(const json::object& params, Report& report) {
  const auto* events = sdk::member(params, "events");
  if (events == nullptr || !events->is_array()) return false;
  bool known = false;
  constexpr std::size_t kMost = 64;
  for (const auto& each : events->get_array()) {
    const auto* event = each.if_object();
    if (event == nullptr || report.others.size() >= kMost) continue;
    const auto component = sdk::text_at(*event, "component").value_or("");
    const auto what = sdk::text_at(*event, "event").value_or("");
    known = read_alarm_event(component, what, report) ||
            read_press({.contact = component, .event = what}, report) || known;
  }
  return known;
}

}  // namespace watchpost::shelly
