#include "danger/stranger.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <iterator>
#include <optional>

#include "base/encoding.hpp"
#include "danger/appliances.hpp"
#include "danger/code_words.hpp"
#include "danger/device_codes.hpp"
#include "danger/failures.hpp"
#include "danger/fire_codes.hpp"
#include "danger/fire_parts.hpp"
#include "danger/forms.hpp"
#include "danger/happenings.hpp"
#include "danger/levels.hpp"
#include "danger/lexicon.hpp"
#include "danger/loose_report.hpp"
#include "danger/member_parts.hpp"
#include "danger/neighbours.hpp"
#include "danger/panel_codes.hpp"
#include "danger/panels.hpp"
#include "danger/phrase.hpp"
#include "danger/plain_words.hpp"
#include "danger/sentences.hpp"
#include "danger/telling.hpp"
#include "danger/topic_meaning.hpp"
#include "danger/trackers.hpp"
#include "danger/values.hpp"
#include "danger/water_lines.hpp"
#include "danger/words_things.hpp"
#include "sdk/reachability.hpp"
#include "sdk/text.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;
using sdk::Sink;
using sdk::Verdict;

constexpr std::size_t kLargest = 64 * 1024;  // more is no message of a sensor
constexpr int kDeepestCoded = 6;
constexpr int kDeepestList = 4;
constexpr std::size_t kLongestWord = 180;  // of a payload that is no JSON: 60 Chinese characters
constexpr std::size_t kWorldwide = 8;      // an id of so many characters needs no topic before it

bool is_text(std::string_view payload) {
  return is_utf8(payload) && std::none_of(payload.begin(), payload.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t';
         });
}

// The value of a topic whose payload is no JSON object: 1, "ON", true, detected.
std::optional<json::value> scalar_in(std::string_view payload, const json::value* parsed) {
  if (parsed != nullptr) {
    return !parsed->is_object() && !parsed->is_array() ? std::optional<json::value>(*parsed)
                                                       : std::nullopt;
  }
  const auto text = sdk::trim(payload);
  const bool is_long = text.size() > kLongestWord || is_prose(text);
  if (text.empty() || is_long || text.front() == '{' || text.front() == '[') return std::nullopt;
  if (!is_text(text)) return std::nullopt;
  return json::value(std::string_view(text));
}

// A report of an alarm panel in the codes of its receiver, or a tracker's call for help.
std::optional<json::value> frame_in(std::string_view payload, std::string_view topic) {
  auto report = tracker_call_in(payload);
  if (!report) report = panel_frame_in(payload, speaks_of_codes(topic));
  if (!report) return std::nullopt;
  return json::value(std::move(*report));
}

// The reports of one message, told one by one.
class Telling {
 public:
  Telling(const sdk::Options& options, const TopicMeaning& topic, Sink& sink)
      : options_(options), topic_(topic), sink_(sink) {
    place_ = topic.device;
    if (const auto* listed = listed_in(topic.device)) place_ = listed->id;
  }

  void repaired(bool is_mended) { is_mended_ = is_mended; }

  // Parts of a fire alarm system by the numbers of the standard, wherever they stand in the
  // message. True: one of them raises; what says so is then taken out of `value`.
  bool coded(json::value& value, const std::string& below, int depth = 0) {
    if (depth > kDeepestCoded) return false;
    bool raised = false;
    if (auto* list = value.if_array()) {
      for (auto& each : *list) raised |= coded(each, below, depth + 1);
      return raised;
    }
    auto* object = value.if_object();
    if (object == nullptr) return false;
    const std::string device = device_of(*object, 0, below);
    const bool is_told = tell_coded(*object, device);
    if (is_told) drop_scalars(*object);
    for (auto& member : *object) raised |= coded(member.value(), device, depth + 1);
    return raised || is_told;
  }

  // An object, or a list of objects or pairs, or of such lists.
  void report(const json::value& value, int depth = 0) {
    if (const auto* whole = value.if_object()) return object(*whole, 0, {});
    const auto& list = value.get_array();
    if (const auto pairs = pairs_of(list)) return object(*pairs, 0, {});
    if (const auto rows = table_in(value)) return report(*rows, depth + 1);
    if (const auto row = cells_of_row(list); !row.empty()) return object(row, 0, {});
    std::size_t number = 0;
    for (const auto& each : list) {
      ++number;
      if (each.is_object()) object(each.get_object(), number, {});
      if (each.is_array() && depth < kDeepestList) report(each, depth + 1);
    }
  }

  // An alarm of which nothing says what it is.
  void not_understood(std::string_view why) {
    if (any_ || why.empty()) return;
    any_ = true;
    std::deque<sdk::Observation> observations;
    observations.emplace_back(WATCHPOST_UNNAMED_ALARM, WATCHPOST_UNKNOWN);
    observations.front().flag("not_understood").flag("by_name");
    tell(sink_, {place_, std::nullopt, WATCHPOST_TIME_RECEIVED, is_mended_}, observations, why);
  }
  [[nodiscard]] bool any() const { return any_; }

  // `number`: in a list, from 1; 0: alone.
  void object(const json::object& object, std::size_t number, const std::string& below,
              const PlaceInReport& place = {}) {
    const std::string device = device_of(object, number, below);
    if (const auto rows = rows_of(object)) {
      for (const auto& row : *rows) this->object(row.get_object(), 0, device);
    }
    const json::object* whole = &object;
    json::object without;
    // {"devices":[{"id":1,"smoke":0},{"id":2,"smoke":1}]}: each is a device of its own.
    for (const auto& member : object) {
      const auto* list = member.value().if_array();
      if (list == nullptr || !(is_list_of_devices(*list) || is_list_of_values(*list))) continue;
      // {"Hall":[{"ts":1,"values":{"smoke":1}}]}: the name of the member is the device.
      const std::string below_this = is_list_of_values(*list) ? std::string(member.key()) : device;
      if (whole == &object) without = object, whole = &without;
      without.erase(member.key());
      std::size_t at = 0;
      const bool is_told = is_message_of_alarm(object) && only_holds(member.key());
      for (const auto& each : *list) {
        ++at;
        this->object(each.get_object(), is_list_of_values(*list) ? 0 : at, below_this,
                     {.is_thing = holds_things(member.key()), .is_told = is_told});
      }
    }
    LooseReport report(*whole, place);
    report.name_by(topic_);
    report.tell_event(topic_);
    tell_of(device, report);
  }

  void scalar(const json::value& value) {
    const auto online = value.is_string() ? online_in(value.get_string()) : std::nullopt;
    if (online) {
      sdk::emit_reachability(sink_, place_, *online);
      any_ = true;
      return;
    }
    const auto state = matter_state(topic_.device, value);
    const json::value said = state ? json::value(*state) : value;
    const json::object one = without_what_runs({{topic_.name, said}}, topic_);
    const LooseReport report(one);
    tell_of(place_, report);
  }

  // A message of one text, on a topic that says nothing: only what leaves no doubt.
  void text(std::string_view text) {
    if (is_a_title()) return;
    const auto front = in_front_of_place(text);
    // "time,smoke,temp" names columns.
    const bool is_list = text.find_first_of(",;|") != text.npos && !says_alarm_in_words(text);
    if (front.empty() && (is_list || speaks_in_figures(text))) return;
    const std::string place = topic_.place + (topic_.asks ? "_status" : "");
    if (may_be_over(text) && level_said({.name = place, .text = text}) != Saying::nothing) {
      const json::object over{{place, text}};
      return tell_of(place_, LooseReport(over));
    }
    if (passes_water_line(text)) {
      const json::object passed{{"event", text}};
      return tell_of(place_, LooseReport(passed));
    }
    if (passes_some_line(text)) return not_understood("a text says that a limit is passed");
    if (is_of_panel(topic_.device) && says_triggered(text)) {
      const json::object triggered{{"alarm", text}};
      return tell_of(place_, LooseReport(triggered));
    }
    // "Hall smoke" may be what a detector is called.
    const bool tells = says_alarm_in_words(text) || cries_for_help(text) ||
                       (front.empty() && tells_what_happened(text));
    const auto plain = tells ? plain_words(text) : front.empty() ? std::string(text) : front;
    const auto said = meaning_of_text({.name = "event", .text = plain});
    const bool warns = said.saying == Saying::suspected && !said.weak;
    const bool is_said = said.danger && (said.saying == Saying::alarm || warns);
    const bool is_raised = is_said || started_part_in(text);
    if (!is_raised && tells_failure(text)) tell_failure(place_, text);
    if (!is_raised) return;
    const auto noun = is_said ? alarm_noun_in(text) : AlarmNoun::happens;
    if (noun == AlarmNoun::things) return;
    if (noun == AlarmNoun::doubtful)
      return not_understood("a text speaks of an alarm, and may be one or a sentence about one");
    const json::object one{{"event", is_said ? std::string_view(plain) : text}};
    const LooseReport report(one);
    tell_of(place_, report);
  }

  Verdict verdict() {
    if (any_) return Verdict::decoded;
    if (!why_.empty()) sink_.identify(place_);
    return sink_.not_mine(why_);
  }
  Verdict malformed(std::string_view why) {
    sink_.identify(place_);
    return sink_.malformed(why);
  }

 private:
  // A song, a film, the effect of a lamp or the work of an oven may be called "Fire" or "Smoke".
  [[nodiscard]] bool is_a_title() const {
    return mentions(topic_.device.substr(topic_.device.rfind('/') + 1), title_words()) ||
           speaks_of_appliance(topic_.device, Danger::smoke);
  }

  // "<smoke>0</smoke>", "smoke 0": what the figure says is not read here. "Fire alarm zone 3" is.
  static bool speaks_in_figures(std::string_view text) {
    const auto end = text.find_last_not_of("0123456789");
    const auto figure = end == text.npos ? text : text.substr(end + 1);
    if (text.find('<') != text.npos) return true;
    if (figure.empty()) return false;
    const Phrase phrase(text);
    const auto words = phrase.words();
    const bool alarms = std::any_of(words.begin(), words.end(), [](std::string_view word) {
      return value_part(word) == ValuePart::alarm;
    });
    return !alarms || figure.find_first_not_of('0') == figure.npos;
  }

  static bool is_list_of_devices(const json::array& list) {
    return !list.empty() && std::all_of(list.begin(), list.end(), [](const json::value& each) {
      return each.is_object() && !id_in(each.get_object()).empty();
    });
  }

  static bool is_list_of_values(const json::array& list) {
    return !list.empty() && std::all_of(list.begin(), list.end(), [](const json::value& each) {
      return each.is_object() && sdk::object_at(each.get_object(), "values") != nullptr;
    });
  }

  [[nodiscard]] const sdk::Device* listed_in(std::string_view topic) const {
    for (const auto level : levels_of(topic)) {
      if (const auto* device = options_.device(level)) return device;
    }
    return nullptr;
  }

  [[nodiscard]] std::string device_of(const json::object& object, std::size_t number,
                                      const std::string& below) const {
    const auto id = id_in(object);
    if (const auto* listed = options_.device(id)) return listed->id;
    if (id.size() >= kWorldwide) return id;
    std::string device = below.empty() ? place_ : below;
    const std::string last = id.empty() && number > 0 ? std::to_string(number) : id;
    if (!last.empty() && !device.ends_with("/" + last)) device += "/" + last;
    return device;
  }

  // True: it raises.
  bool tell_coded(const json::object& object, const std::string& device) {
    auto part = coded_fire_part(object);
    if (!part) return false;
    any_ = true;
    std::deque<sdk::Observation> observations;
    observations.push_back(std::move(part->observation));
    const auto state = observations.front().flag("by_name").state();
    tell(sink_, {device + part->below, std::nullopt, WATCHPOST_TIME_RECEIVED, is_mended_},
         observations, part->unread);
    return state == WATCHPOST_ALARM || state == WATCHPOST_SUSPECTED;
  }

  static void drop_scalars(json::object& object) {
    for (auto at = object.begin(); at != object.end();) {
      const bool holds = at->value().is_object() || at->value().is_array();
      at = holds ? std::next(at) : object.erase(at);
    }
  }

  void tell_of(const std::string& device, const LooseReport& report) {
    auto meaning = report.read();
    if (!speaks_of_danger(meaning)) {
      if (const auto failure = failure_in(report.object())) return tell_failure(device, *failure);
      if (why_.empty()) why_ = report.measured();
      return;
    }
    const bool is_machine = is_of_machine(report.object(), topic_.device);
    for (auto& observation : meaning.observations) {
      if (is_machine) take_for_fault(observation);
      observation.flag("by_name");
    }
    any_ = true;
    tell(sink_, {device, std::nullopt, WATCHPOST_TIME_RECEIVED, is_mended_}, meaning.observations,
         meaning.unread);
  }

  void tell_failure(const std::string& device, std::string_view text) {
    any_ = true;
    std::deque<sdk::Observation> observations;
    observations.emplace_back(WATCHPOST_DEVICE_STATUS, WATCHPOST_FAULT);
    observations.front().text({"event"}, observations.front().own(std::string(text)));
    observations.front().flag("by_name");
    tell(sink_, {device, std::nullopt, WATCHPOST_TIME_RECEIVED, is_mended_}, observations, {});
  }

  // The bare alarm of a UPS, or of what watches a build, is a fault of its own.
  static void take_for_fault(sdk::Observation& observation) {
    if (observation.kind() != WATCHPOST_UNNAMED_ALARM) return;
    const bool alarms =
        observation.state() == WATCHPOST_ALARM || observation.state() == WATCHPOST_SUSPECTED;
    observation.kind(WATCHPOST_DEVICE_STATUS);
    if (alarms) observation.state(WATCHPOST_FAULT);
  }

  const sdk::Options& options_;
  const TopicMeaning& topic_;
  Sink& sink_;
  std::string place_;
  std::string why_;
  bool is_mended_ = false;
  bool any_ = false;
};

}  // namespace

Verdict StrangerReader::read(const sdk::Frame& frame, Sink& sink,
                             sdk::JsonDocument& document) const {
  const auto named_topic = lwm2m_topic(frame.topic);
  auto topic = meaning_of_topic(named_topic ? *named_topic : frame.topic);
  if (topic.is_spoken_to || frame.payload.size() > kLargest) return sink.not_mine("");
  const json::value* parsed = document.parse(frame.payload);
  // "7B22736D6F6B65223A317D", as modems that pass on bytes write them.
  const auto written = parsed == nullptr ? text_within(frame.payload) : std::nullopt;
  if (written) parsed = document.parse(*written);
  const std::string_view payload = written ? std::string_view(*written) : frame.payload;
  if (const auto posted = posted_topic(parsed, frame.topic); posted && topic.name.empty()) {
    auto device = std::move(topic.device);
    topic = meaning_of_topic(*posted);
    topic.device = std::move(device);
  }
  Telling telling(options_, topic, sink);
  telling.repaired(parsed != nullptr && document.is_mended());
  auto coded = parsed == nullptr ? std::nullopt : in_words(*parsed, frame.topic);
  if (coded) parsed = &coded->message;
  json::value rest;
  if (parsed != nullptr && holds_coded_part(*parsed)) {
    rest = *parsed;
    if (telling.coded(rest, {})) parsed = &rest;
  }
  if (parsed == nullptr && is_text(payload) && calls_in_front(payload)) {
    telling.report(json::object{{"event", "sos alarm"}});
    return telling.verdict();
  }
  const bool is_code = parsed == nullptr || parsed->is_number();
  auto form = is_code ? frame_in(payload, frame.topic) : std::nullopt;
  if (parsed == nullptr && !form) form = read_form(payload);
  const bool is_report = form || (parsed != nullptr && (parsed->is_object() || parsed->is_array()));
  if (is_report) telling.report(form ? *form : *parsed);
  if (topic.name.empty()) {
    const auto value = scalar_in(payload, parsed);
    // "LeaksProtect: leakage detected" looks like a pair, and is a sentence.
    if (!telling.any() && value && value->is_string()) telling.text(value->get_string());
  } else if (!is_report) {
    const auto value = scalar_in(payload, parsed);
    if (value) {
      telling.scalar(*value);
    } else if (names_danger(topic.meaning) && !sdk::trim(payload).empty()) {
      return telling.malformed(
          "its topic names a danger, and its payload is neither JSON nor a word");
    }
  }
  if (coded) telling.not_understood(coded->unread);
  return telling.verdict();
}

}  // namespace watchpost::danger
