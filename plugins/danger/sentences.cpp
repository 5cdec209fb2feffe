#include "danger/sentences.hpp"

#include <algorithm>
#include <array>

#include "danger/lexicon.hpp"
#include "danger/names.hpp"
#include "danger/phrase.hpp"
#include "sdk/text.hpp"

namespace watchpost::danger {
namespace {

// Words of every sentence.
constexpr std::array<std::string_view, 26> kLittleWords{
    "in",   "at",  "on",   "the", "of",   "from", "near",  "by",  "a",
    "an",   "is",  "was",  "to",  "has",  "have", "and",   "for", "with",
    "your", "our", "this", "now", "your", "went", "going", "off"};

// English: letters of ours alone.
bool is_plain(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

bool is_unknown(std::string_view word) {
  return !is_one_of(word, kLittleWords) && !name_part(word) &&
         value_part(word) == ValuePart::unread &&
         subject_at(std::span(&word, 1), 0).name == nullptr;
}

}  // namespace

bool calls_in_front(std::string_view text) {
  constexpr std::array<std::string_view, 4> kCalls{"sos", "sos alarm", "help me", "sos help me"};
  constexpr std::array<std::string_view, 10> kWhereabouts{
      "lat", "lon", "long", "lng", "latitude", "longitude", "gps", "maps", "map", "location"};
  constexpr std::size_t kLongestCall = 320;
  if (text.size() > kLongestCall) return false;
  const auto end = text.find_first_of("!,;:.\n");
  if (end == text.npos) return false;
  const Phrase call(text.substr(0, end));
  const bool calls = std::any_of(kCalls.begin(), kCalls.end(),
                                 [&](std::string_view words) { return call.is(words); });
  // Where: in degrees, or as a map.
  const auto rest = text.substr(end + 1);
  const auto point = rest.find('.');
  const bool has_degrees = point != rest.npos && point > 0 && rest[point - 1] >= '0' &&
                           rest[point - 1] <= '9' && point + 1 < rest.size();
  return calls && (has_degrees || rest.find("http") != rest.npos) &&
         Phrase(rest).has_one_of(kWhereabouts);
}

std::string_view without_advice(std::string_view text) {
  for (const std::string_view advice :
       {"，请", ",请", "。请", ", please", ". Please", "! Please"}) {
    text = text.substr(0, text.find(advice));
  }
  return text;
}

std::string in_front_of_place(std::string_view text) {
  constexpr std::array<std::string_view, 4> kWhere{"in", "at", "from", "near"};
  constexpr std::size_t kLongestPlace = 3;
  const Phrase phrase(without_advice(text));
  const auto words = phrase.words();
  std::string front;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto behind = words.subspan(i + 1);
    const bool is_place = !behind.empty() && behind.size() <= kLongestPlace &&
                          name_part(behind.back()) == NamePart::place;
    if (is_place && is_one_of(words[i], kWhere)) return front;
    front.append(front.empty() ? "" : " ").append(words[i]);
  }
  return {};
}

std::string call_in_front(std::string_view text) {
  constexpr std::array<std::string_view, 5> kWhence{" from ", " at ", " in ", " by ", " near "};
  for (const auto whence : kWhence) {
    const auto end = text.find(whence);
    if (end == text.npos) continue;
    const auto said = meaning_of_text({.name = "event", .text = text.substr(0, end)});
    const bool calls = said.danger == Danger::sos && !said.weak && said.saying == Saying::alarm;
    if (calls) return std::string(text.substr(0, end));
  }
  return {};
}

bool cries_for_help(std::string_view text) {
  constexpr std::array<std::string_view, 14> kCries{
      "calls for help", "called for help", "calling for help", "asks for help", "asking for help",
      "needs help",     "help needed",     "help requested",   "requests help", "send help",
      "i fell",         "i have fallen",   "please help me",   "help me please"};
  constexpr std::array<std::string_view, 7> kPerhaps{"if",   "when", "whenever", "whether",
                                                     "once", "not",  "no"};
  const Phrase phrase(text);
  const auto words = phrase.words();
  if (phrase.has_one_of(kPerhaps)) return false;
  for (std::size_t at = 0; at < words.size(); ++at) {
    for (const auto cry : kCries) {
      if (matches(words, at, cry) > 0) return true;
    }
  }
  return false;
}

bool tells_what_happened(std::string_view text) {
  constexpr std::array<std::string_view, 4> kHappenings{"leak", "leaking", "burst", "leaked"};
  const auto spoken = danger_in(text);
  if (!spoken || spoken->weak) return false;
  const Phrase phrase(without_advice(text));
  const bool is_pressed =
      spoken->danger == Danger::sos && (phrase.has("pressed") || phrase.has("pulled"));
  return is_pressed || phrase.has_one_of(kHappenings) || cries_for_help(text);
}

bool tells_why(const NamedText& member) {
  const auto text = member.text;
  constexpr std::array<std::string_view, 3> kWhy{"reason", "cause", "trigger"};
  const auto spoken = Phrase(member.name).is_all_of(kWhy) ? danger_in(text) : std::nullopt;
  return spoken && spoken->danger == Danger::sos && !spoken->weak &&
         (!Phrase(text).has("panic") || Phrase(text).has("button"));
}

AlarmNoun alarm_noun_in(std::string_view text) {
  constexpr std::array<std::string_view, 4> kNouns{"alarm", "alarms", "alert", "alerts"};
  using enum AlarmNoun;
  if (!is_plain(text)) return happens;
  const Phrase phrase(text);
  bool alarms = false;
  for (const auto word : phrase.words()) {
    const bool is_noun = is_one_of(word, kNouns);
    alarms |= is_noun;
    if (!is_noun && value_part(word) == ValuePart::alarm) return happens;  // "detected"
  }
  if (!alarms) return happens;
  // What is said behind it, as it is written.
  bool is_behind = false;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!word.empty() && (word.back() == '.' || word.back() == ',' || word.back() == '!')) {
      word.remove_suffix(1);
    }
    const auto lower = sdk::lower_case(word);
    if (is_one_of(lower, kNouns)) {
      if (text.empty() && lower == "alarms") return things;  // "new fire alarms"
      is_behind = true;
    } else if (is_behind && word == lower && is_unknown(lower) &&
               lower.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == lower.npos) {
      return doubtful;
    }
  }
  return happens;
}

}  // namespace watchpost::danger
