#include "danger/panel_codes.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "danger/letters.hpp"
#include "danger/phrase.hpp"
#include "sdk/text.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;
using Words = std::span<const std::string_view>;

// SIA DC-05, appendix C, class 1: alarms. A number that is in neither list is burglary, tamper,
// what machines lack, or none that the standard gives: no danger of ours.
struct CodeWords {
  int code = 0;
  std::string_view words;
};
constexpr std::array kContactId{
    CodeWords{100, "medical sos alarm"},
    CodeWords{101, "sos alarm"},
    CodeWords{102, "suspected sos"},  // nobody has reported that all is well
    CodeWords{110, "fire alarm"},
    CodeWords{111, "smoke alarm"},
    CodeWords{112, "fire alarm"},
    CodeWords{113, "fire alarm"},  // the sprinkler flows
    CodeWords{114, "overheat alarm"},
    CodeWords{115, "manual call alarm"},
    CodeWords{116, "smoke alarm"},
    CodeWords{117, "flame alarm"},
    CodeWords{118, "suspected fire alarm"},
    CodeWords{120, "panic alarm"},
    CodeWords{121, "panic alarm"},
    CodeWords{122, "panic alarm"},
    CodeWords{123, "panic alarm"},
    CodeWords{124, "panic alarm"},
    CodeWords{125, "panic alarm"},
    CodeWords{126, "suspected panic"},
    CodeWords{151, "gas alarm"},
    CodeWords{154, "water leak alarm"},
    CodeWords{158, "overheat alarm"},
    CodeWords{162, "carbon monoxide alarm"},
    CodeWords{163, "water level alarm"}};
constexpr std::array<int, 2> kUnnamed{140, 150};

// SIA DC-03: the first letter says of what, the second what happened to it.
struct LetterWords {
  char letter = 0;
  std::string_view words;
};
constexpr std::array kOfWhat{
    LetterWords{'F', "fire"},  LetterWords{'G', "gas"},   LetterWords{'K', "overheat"},
    LetterWords{'M', "sos"},   LetterWords{'P', "panic"}, LetterWords{'Q', "sos"},
    LetterWords{'H', "panic"}, LetterWords{'S', "fire"},  LetterWords{'W', "water leak"}};
constexpr std::array kWhatHappened{LetterWords{'A', "alarm"}, LetterWords{'H', "alarm restored"},
                                   LetterWords{'R', "alarm restored"}};
// What the first letter alone does not tell.
struct PairWords {
  std::string_view code;
  std::string_view words;
};
constexpr std::array kCodePairs{PairWords{"FM", "fire alarm"},
                                PairWords{"FG", "suspected fire alarm"},
                                PairWords{"FC", "fire alarm cancelled"},
                                PairWords{"FL", "fire alarm silenced"}, PairWords{"UA", "alarm"}};

constexpr std::array<std::string_view, 8> kOfCodes{"cid",        "sia",  "contactid", "ademco",
                                                   "envisalink", "dc09", "dc05",      "dc03"};
// A panel's, where its zones have numbers: an account may be one of a bank.
constexpr std::array<std::string_view, 5> kAccount{"account", "acct", "receiver", "subscriber",
                                                   "partition"};
constexpr std::array<std::string_view, 3> kZone{"zone", "ri", "area"};
// What may stand beside a code that is called one and nothing else; "cid" is also the name of a
// client, a comment, a contact.
constexpr std::array<std::string_view, 24> kBesideCode{
    "account", "acct",      "receiver", "subscriber", "partition", "zone",        "ri",   "area",
    "group",   "user",      "line",     "text",       "message",   "description", "time", "ts",
    "date",    "timestamp", "event",    "qualifier",  "code",      "cid",         "type", "panel"};
// "cid" is also the cell of a modem.
constexpr std::array<std::string_view, 11> kOfCell{"lac",  "tac",  "mcc",  "mnc", "rsrp",  "rsrq",
                                                   "sinr", "rssi", "cell", "pci", "earfcn"};
constexpr std::array<std::string_view, 8> kNamesOfCode{"event", "code", "alarm",     "report",
                                                       "type",  "id",   "eventcode", "number"};

bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool are_digits(std::string_view text, std::size_t count) {
  return text.size() == count && std::all_of(text.begin(), text.end(), is_digit);
}
int number_of_digits(std::string_view digits) {
  int number = 0;
  for (const char c : digits) number = number * 10 + (c - '0');
  return number;
}

enum class Change : std::uint8_t { begins, ends };

// "1", "E": it begins or is still so; "3", "R": it is over.
std::optional<Change> change_of(char c) {
  if (c == '1' || c == '6' || c == 'E' || c == 'e') return Change::begins;
  if (c == '3' || c == 'R' || c == 'r') return Change::ends;
  return std::nullopt;
}

// Empty: it is no danger of ours.
std::string words_of_contact_id(int code, Change change) {
  std::string words;
  for (const auto& [number, said] : kContactId) {
    if (number == code) words = said;
  }
  if (std::find(kUnnamed.begin(), kUnnamed.end(), code) != kUnnamed.end()) words = "alarm";
  constexpr std::string_view kAlarm = " alarm";
  if (words.empty() || change == Change::begins) return words;
  if (words.ends_with(kAlarm)) words.erase(words.size() - kAlarm.size());
  return words + " restored";
}

std::string words_of_sia(std::string_view code) {
  for (const auto& [pair, words] : kCodePairs) {
    if (pair == code) return std::string(words);
  }
  for (const auto& [what, words] : kOfWhat) {
    if (what != code.front()) continue;
    for (const auto& [letter, happened] : kWhatHappened) {
      if (letter == code.back()) return std::string(words) + " " + std::string(happened);
    }
  }
  return {};
}

struct Report {
  std::string words;
  std::string_view zone;
};

std::vector<std::string_view> groups_of(std::string_view text) {
  constexpr std::size_t kMost = 8;
  std::vector<std::string_view> groups;
  while (!text.empty() && groups.size() < kMost) {
    const auto end = std::min(text.find_first_of(" ,-\t"), text.size());
    if (end > 0) groups.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return groups;
}

// "1110 01 003", "E110", "1,110": the qualifier, the code, and perhaps group and zone.
std::optional<Report> contact_id_in(std::string_view text) {
  auto groups = groups_of(sdk::trim(text));
  if (groups.empty() || groups.front().empty()) return std::nullopt;
  const auto change = change_of(groups.front().front());
  if (!change) return std::nullopt;
  std::string_view code = groups.front().substr(1);
  std::size_t next = 1;
  if (code.empty() && groups.size() > 1) code = groups[next++];
  if (!are_digits(code, 3)) return std::nullopt;
  Report report{words_of_contact_id(number_of_digits(code), *change), {}};
  if (next + 1 < groups.size()) {
    if (!are_digits(groups[next], 2) || !are_digits(groups[next + 1], 3)) return std::nullopt;
    report.zone = groups[next + 1];
  }
  return report;
}

// "1234181110010038": account, 18 or 98, qualifier and code, group, zone, and a sum that is
// divisible by 15, in which 0 counts as 10.
std::optional<Report> whole_contact_id_in(std::string_view text) {
  constexpr std::size_t kLength = 16;
  if (text.size() != kLength || !std::all_of(text.begin(), text.end(), is_hex_digit))
    return std::nullopt;
  const auto kind = text.substr(4, 2);
  if (kind != "18" && kind != "98") return std::nullopt;
  int sum = 0;
  for (const char c : text) {
    const int digit = is_digit(c) ? c - '0' : (c & 0x5F) - 'A' + 10;
    sum += digit == 0 ? 10 : digit;
  }
  const auto change = change_of(text[6]);
  if (sum % 15 != 0 || !change || !are_digits(text.substr(7, 3), 3)) return std::nullopt;
  return Report{words_of_contact_id(number_of_digits(text.substr(7, 3)), *change),
                text.substr(12, 3)};
}

// "18 1110 01 003", "1234 18 1110 01 003 8": as receivers print it.
std::optional<Report> printed_contact_id_in(std::string_view text) {
  const auto trimmed = sdk::trim(text);
  for (const std::string_view kind : {"18 ", "98 "}) {
    const auto at = trimmed.find(kind);
    if (at == trimmed.npos || (at > 0 && trimmed[at - 1] != ' ')) continue;
    const auto account = sdk::trim(trimmed.substr(0, at));
    if (!std::all_of(account.begin(), account.end(), is_hex_digit)) continue;
    auto rest = trimmed.substr(at + kind.size());
    const auto last = rest.rfind(' ');
    constexpr std::size_t kGroups = 11;  // "1110 01 003"
    if (last == kGroups && rest.size() == last + 2) rest = rest.substr(0, last);
    if (rest.size() == kGroups) return contact_id_in(rest);
  }
  return std::nullopt;
}

// "ri1/", "ti10:15/", "id12": what stands in front of the code.
std::string_view without_modifiers(std::string_view text) {
  while (text.size() > 2 && is_lower(text[0]) && is_lower(text[1])) {
    std::size_t end = 2;
    while (end < text.size() && text[end] != '/' && !is_upper(text[end])) ++end;
    text.remove_prefix(end);
    if (text.starts_with('/')) text.remove_prefix(1);
  }
  return text;
}

bool is_worse(std::string_view words, std::string_view than) {
  const auto ends = [](std::string_view said) {
    return said.ends_with("restored") || said.ends_with("cancelled") || said.ends_with("silenced");
  };
  return !words.empty() && (than.empty() || (ends(than) && !ends(words)));
}

// "Nri1/FA01", "Nti10:15/FA2/ri6": the worst of its events.
std::optional<Report> sia_in(std::string_view text) {
  constexpr std::string_view kNew = "NO";
  constexpr int kMostEvents = 16;
  if (!text.empty() && kNew.find(text.front()) != kNew.npos) text.remove_prefix(1);
  std::optional<Report> worst;
  for (int n = 0; n < kMostEvents && !text.empty(); ++n) {
    text = without_modifiers(text);
    const auto end = std::min(text.find_first_of("/^|]"), text.size());
    const auto event = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (event.size() < 2 || !is_upper(event[0]) || !is_upper(event[1])) continue;
    if (event.size() > 2 && !is_digit(event[2])) continue;
    Report report{words_of_sia(event.substr(0, 2)), event.substr(2)};
    if (!worst || is_worse(report.words, worst->words)) worst = std::move(report);
  }
  return worst;
}

// What stands between the brackets, behind the account: "#1234|1110 00 129".
std::string_view data_of(std::string_view text) {
  const auto begin = text.find('[');
  if (begin != text.npos) text.remove_prefix(begin + 1);
  text = text.substr(0, text.find(']'));
  const auto bar = text.find('|');
  const auto account = text.substr(0, std::min(bar, text.size()));
  const bool is_account = std::all_of(account.begin(), account.end(),
                                      [](char c) { return is_hex_digit(c) || c == '#'; });
  if (bar != text.npos && is_account) text.remove_prefix(bar + 1);
  return text;
}

std::optional<Report> framed_in(std::string_view text) {
  if (text.find("\"ADM-CID\"") != text.npos) return contact_id_in(data_of(text));
  if (text.find("\"SIA-DCS\"") != text.npos) return sia_in(data_of(text));
  const auto trimmed = sdk::trim(text);
  const bool is_account =
      (trimmed.starts_with('#') || trimmed.starts_with("[#")) && trimmed.find('|') != trimmed.npos;
  if (is_account) {
    const auto data = data_of(trimmed);
    if (auto report = contact_id_in(data)) return report;
    return sia_in(data);
  }
  if (trimmed.starts_with("Nri") || trimmed.starts_with("Nti") || trimmed.starts_with("Nid"))
    return sia_in(trimmed);
  if (auto report = printed_contact_id_in(trimmed)) return report;
  return whole_contact_id_in(trimmed);
}

bool has_named(const json::object& object, Words of) {
  return std::any_of(object.begin(), object.end(),
                     [&](const auto& member) { return Phrase(member.key()).has_one_of(of); });
}

std::string code_text(const json::value& value) {
  if (const auto* text = value.if_string()) return std::string(*text);
  if (value.is_int64()) return std::to_string(value.get_int64());
  return value.is_uint64() ? std::to_string(value.get_uint64()) : std::string{};
}

enum class Code : std::uint8_t { none, plain, cid, sia };
Code code_named(std::string_view key) {
  const Phrase phrase(key);
  if (phrase.has("cid") || key.find("CID") != key.npos || phrase.has("contactid")) return Code::cid;
  if (phrase.is("contact id") || phrase.is("contact id code")) return Code::cid;
  if (phrase.is("sia") || phrase.is("sia code") || phrase.is("sia event")) return Code::sia;
  return phrase.is_all_of(kNamesOfCode) ? Code::plain : Code::none;
}

// The qualifier in a member of its own.
std::optional<Change> qualifier_in(const json::object& object) {
  for (const auto& member : object) {
    const Phrase phrase(member.key());
    if (!phrase.has("qualifier")) continue;
    const auto text = code_text(member.value());
    if (!text.empty()) return phrase.words().size() <= 2 ? change_of(text.front()) : std::nullopt;
  }
  return std::nullopt;
}

// {"account":"1234","zone":3}
bool is_of_panel_with_zones(const json::object& object) {
  const bool has_zone = std::any_of(object.begin(), object.end(), [](const auto& member) {
    return Phrase(member.key()).has_one_of(kZone) && sdk::number_of(member.value());
  });
  return has_zone && has_named(object, kAccount);
}

}  // namespace

bool speaks_of_codes(std::string_view name) {
  const Phrase phrase(name);
  const auto words = phrase.words();
  if (phrase.has_one_of(kOfCodes) || name.find("CID") != name.npos) return true;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (matches(words, at, "contact id") > 0) return true;
  }
  return false;
}

std::optional<json::object> panel_frame_in(std::string_view text, bool of_codes) {
  constexpr std::size_t kLongest = 512;
  if (text.size() > kLongest) return std::nullopt;
  auto report = framed_in(text);
  // "1 110" and "E110", but no "1110".
  if (!report && of_codes && !are_digits(sdk::trim(text), 4)) report = contact_id_in(text);
  if (!report || report->words.empty()) return std::nullopt;
  json::object out{{"event", report->words}};
  if (!report->zone.empty()) out["zone"] = report->zone;
  return out;
}

std::optional<std::string> panel_event_in(const json::object& object, bool of_codes) {
  const auto qualifier = qualifier_in(object);
  const bool of_panel = of_codes || qualifier || is_of_panel_with_zones(object);
  const bool is_alone = std::all_of(object.begin(), object.end(), [](const auto& member) {
    return Phrase(member.key()).has_one_of(kBesideCode) || code_named(member.key()) == Code::cid;
  });
  for (const auto& member : object) {
    const auto named = code_named(member.key());
    if (named == Code::none || (named == Code::plain && !of_panel)) continue;
    const bool is_text = member.value().is_string();
    if (named == Code::cid && !(of_panel || (is_text && is_alone))) continue;
    if (named == Code::cid && has_named(object, kOfCell)) continue;
    const auto text = code_text(member.value());
    if (named != Code::cid && text.size() == 2 && is_upper(text[0]) && is_upper(text[1])) {
      auto words = words_of_sia(text);
      if (!words.empty()) return words;
      continue;
    }
    auto report = contact_id_in(text);
    if (!report && are_digits(text, 3) && (qualifier || named == Code::cid)) {
      report = Report{
          words_of_contact_id(number_of_digits(text), qualifier.value_or(Change::begins)), {}};
    }
    if (report && !report->words.empty()) return report->words;
  }
  return std::nullopt;
}

}  // namespace watchpost::danger
