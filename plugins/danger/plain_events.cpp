#include "danger/plain_events.hpp"

#include <algorithm>
#include <array>

#include "danger/loose_report.hpp"
#include "danger/names.hpp"
#include "danger/neighbours.hpp"
#include "danger/phrase.hpp"
#include "danger/plain_words.hpp"
#include "danger/sentences.hpp"
#include "danger/values.hpp"
#include "danger/water_lines.hpp"
#include "danger/words_things.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

// Words of a sentence about what a thing can do, or will.
constexpr std::array<std::string_view, 13> kNotNow{
    "whether", "when", "if",      "indicates", "for",  "to", "can",
    "may",     "will", "detects", "whenever",  "once", "not"};

bool has_time_of_alarm(const json::object& object) {
  return std::any_of(object.begin(), object.end(), [](const auto& member) {
    const Phrase name(member.key());
    return name.has("time") && (name.has("alarm") || name.has("event") || name.has("warning"));
  });
}

bool is_push_notice(const json::object& object) {
  constexpr std::array<std::string_view, 5> kOfPush{"body", "message", "msg", "subtitle",
                                                    "priority"};
  constexpr std::array<std::string_view, 8> kOfNews{"link",   "url",  "source", "author",
                                                    "artist", "feed", "guid",   "published"};
  const auto has = [&](std::span<const std::string_view> words) {
    return std::any_of(object.begin(), object.end(),
                       [&](const auto& member) { return Phrase(member.key()).has_one_of(words); });
  };
  return has(kOfPush) && !has(kOfNews);
}

bool has_words_of_cap(const json::object& object) {
  constexpr std::array<std::string_view, 4> kOfCap{"severity", "urgency", "certainty",
                                                   "instruction"};
  return std::any_of(object.begin(), object.end(),
                     [&](const auto& member) { return Phrase(member.key()).has_one_of(kOfCap); });
}

bool is_plain_danger(std::string_view text) {
  const auto said = meaning_of_text({.name = "event", .text = text});
  return said.saying == Saying::alarm && said.danger && !said.weak;
}

}  // namespace

bool tells_by_verb(std::string_view text) {
  constexpr std::array<std::string_view, 5> kVerbs{"detected", "triggered", "happened", "occurred",
                                                   "tripped"};
  return Phrase(text).has_one_of(kVerbs);
}

bool says_danger(std::string_view text) {
  return meaning_of_text({.name = "event", .text = text}).saying == Saying::alarm;
}

bool says_what_happened(std::string_view text) {
  constexpr std::array<std::string_view, 5> kHappens{"leak", "leakage", "burst", "overflow",
                                                     "leaking"};
  if (cries_for_help(text)) return true;
  return says_danger(text) && (says_alarm_in_words(text) || Phrase(text).has_one_of(kHappens));
}

bool lists_what_happened(const NamedText& element) {
  const auto text = element.text;
  const Phrase name(element.name);
  if (name.is("flags")) return is_plain_danger(text);
  const bool is_of_events = name.is("audio") || name.is("events") || name.is("sounds");
  return is_of_events && says_alarm_in_words(text) && is_plain_danger(plain_words(text));
}

std::optional<std::string> event_told_by(const NamedText& member, const json::object& beside) {
  constexpr std::size_t kLongestDescription = 5;  // in words
  const auto text = member.text;
  if (is_prose(text)) return std::nullopt;
  const Phrase name(member.name);
  const auto words = name.words();
  if (words.empty()) return std::nullopt;
  // Of a warning in the words of CAP, and of no news.
  if (name.is("headline")) {
    const bool is_warning = has_words_of_cap(beside) && !mentions(text, news_words());
    if (!is_warning) return std::nullopt;
    if (passes_water_line(text)) return std::string(text);
    auto plain = plain_words(text);
    return is_plain_danger(plain) ? std::optional(std::move(plain)) : std::nullopt;
  }
  // {"title":"Fall detected","body":"Living room"}: of a push, and of no news.
  if (name.is("title")) {
    const bool is_push = tells_by_verb(text) && is_push_notice(beside);
    auto plain = is_push ? plain_words(text) : std::string();
    return is_push && is_plain_danger(plain) ? std::optional(std::move(plain)) : std::nullopt;
  }
  if (name.is("report")) {
    const Phrase said(text);
    if (said.words().size() != 1) return std::nullopt;
    if (is_plain_danger(text)) return std::string(text);
    // {"priority_level":2,"report":"water"}: no meter has one.
    const bool is_urgent = std::any_of(beside.begin(), beside.end(), [](const auto& each) {
      return Phrase(each.key()).has("priority");
    });
    const auto spoken = is_urgent ? danger_in(text) : std::nullopt;
    return spoken ? std::optional(std::string(text) + " alarm") : std::nullopt;
  }
  const bool acts = words.back() == "action";
  const bool describes = name.is("description") || name.is("desc");
  if (!(acts || describes) || !tells_by_verb(text)) return std::nullopt;
  const Phrase said(text);
  const bool is_short = said.words().size() <= kLongestDescription && !said.has_one_of(kNotNow);
  if (describes && !(is_short && has_time_of_alarm(beside))) return std::nullopt;
  auto plain = plain_words(text);
  return is_plain_danger(plain) ? std::optional(std::move(plain)) : std::nullopt;
}

}  // namespace watchpost::danger
