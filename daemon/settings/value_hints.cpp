#include "settings/value_hints.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "base/text.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

struct Meant {
  std::string_view unit;
  std::uint64_t factor;
};
constexpr std::array kDurationWords{
    Meant{"ms", 1},           Meant{"msec", 1},         Meant{"millisecond", 1},
    Meant{"毫秒", 1},         Meant{"s", 1'000},        Meant{"sec", 1'000},
    Meant{"second", 1'000},   Meant{"秒", 1'000},       Meant{"m", 60'000},
    Meant{"min", 60'000},     Meant{"minute", 60'000},  Meant{"分", 60'000},
    Meant{"分钟", 60'000},    Meant{"h", 3'600'000},    Meant{"hr", 3'600'000},
    Meant{"hour", 3'600'000}, Meant{"小时", 3'600'000}, Meant{"d", 86'400'000},
    Meant{"day", 86'400'000}, Meant{"天", 86'400'000}};
constexpr std::array kSizeWords{Meant{"b", 1},
                                Meant{"byte", 1},
                                Meant{"字节", 1},
                                Meant{"k", 1ULL << 10U},
                                Meant{"ki", 1ULL << 10U},
                                Meant{"kib", 1ULL << 10U},
                                Meant{"kb", 1'000},
                                Meant{"m", 1ULL << 20U},
                                Meant{"mi", 1ULL << 20U},
                                Meant{"mib", 1ULL << 20U},
                                Meant{"mb", 1'000'000},
                                Meant{"g", 1ULL << 30U},
                                Meant{"gi", 1ULL << 30U},
                                Meant{"gib", 1ULL << 30U},
                                Meant{"gb", 1'000'000'000},
                                Meant{"t", 1ULL << 40U},
                                Meant{"ti", 1ULL << 40U},
                                Meant{"tib", 1ULL << 40U},
                                Meant{"tb", 1'000'000'000'000}};

// Reads a number, which may have a fraction, and one of these units, in upper or lower case,
// singular or plural.
template <std::size_t count>
std::optional<std::uint64_t> amount_meant(std::string_view text,
                                          const std::array<Meant, count>& units) {
  const auto plain = in_half_width(text).value_or(std::string(text));
  std::string_view rest = trimmed(plain);
  double number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc{} || !std::isfinite(number) || number < 0) return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  std::string unit = in_lower_case(trimmed(rest));
  if (unit.size() > 3 && unit.ends_with('s')) unit.pop_back();
  for (const Meant& meant : units) {
    if (meant.unit != unit) continue;
    const double amount = number * static_cast<double>(meant.factor);
    // The amount must be whole, because only whole numbers can be written, and at most 9e15, which
    // a double still holds exactly.
    if (amount != std::floor(amount) || amount > 9e15) return std::nullopt;
    return static_cast<std::uint64_t>(amount);
  }
  return std::nullopt;
}

struct Wide {
  char32_t code;
  std::string_view meant;
};
constexpr std::array kWide{
    Wide{0x00A0, " "},  Wide{0x2003, " "},  Wide{0x3000, " "}, Wide{0x200B, ""},
    Wide{0xFEFF, ""},   Wide{0x2018, "'"},  Wide{0x2019, "'"}, Wide{0x201C, "\""},
    Wide{0x201D, "\""}, Wide{0x2013, "-"},  Wide{0x2014, "-"}, Wide{0x2212, "-"},
    Wide{0x3001, ","},  Wide{0x3002, "."},  Wide{0x3010, "["}, Wide{0x3011, "]"},
    Wide{0x300C, "\""}, Wide{0x300D, "\""}, Wide{0xFFE5, "$"}};

// One character of a UTF-8 text.
struct Character {
  char32_t code = 0;
  std::size_t size = 1;
};
Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  if (byte(0) < 0x80) return {byte(0), 1};
  if (byte(0) < 0xE0) return {(byte(0) & 0x1FU) << 6U | (byte(1) & 0x3FU), 2};
  if (byte(0) < 0xF0) {
    return {(byte(0) & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU), 3};
  }
  return {(byte(0) & 0x07U) << 18U | (byte(1) & 0x3FU) << 12U | (byte(2) & 0x3FU) << 6U |
              (byte(3) & 0x3FU),
          4};
}

std::optional<std::string> half_width_of(char32_t code) {
  // The full-width forms follow the order of ASCII.
  if (code >= 0xFF01 && code <= 0xFF5E) return std::string(1, static_cast<char>(code - 0xFEE0));
  const auto found = std::find_if(kWide.begin(), kWide.end(),
                                  [code](const Wide& wide) { return wide.code == code; });
  if (found == kWide.end()) return std::nullopt;
  return std::string(found->meant);
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

std::optional<std::string> duration_meant(std::string_view text) {
  const auto amount = amount_meant(text, kDurationWords);
  if (!amount) return std::nullopt;
  return format_duration(std::chrono::milliseconds{static_cast<std::int64_t>(*amount)});
}

std::optional<std::string> size_meant(std::string_view text) {
  const auto amount = amount_meant(text, kSizeWords);
  if (!amount) return std::nullopt;
  return format_size(ByteCount{*amount});
}

std::optional<std::string> zone_meant(std::string_view text) {
  const auto plain = in_half_width(text).value_or(std::string(text));
  std::string_view rest = trimmed(plain);
  for (const std::string_view name : {"Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "PRC",
                                      "China", "CST", "Beijing", "北京时间", "北京", "中国"}) {
    if (in_lower_case(rest) == in_lower_case(name)) return "+08:00";
  }
  for (const std::string_view prefix : {"UTC", "GMT", "utc", "gmt"}) {
    if (rest.starts_with(prefix)) rest.remove_prefix(prefix.size());
  }
  rest = trimmed(rest);
  if (rest == "Z" || (rest.empty() && !plain.empty())) return "+00:00";
  const char sign = rest.starts_with('-') ? '-' : '+';
  if (rest.starts_with('-') || rest.starts_with('+')) rest.remove_prefix(1);
  std::string digits(rest);
  digits.erase(std::remove(digits.begin(), digits.end(), ':'), digits.end());
  if (digits.empty() || digits.size() > 4 ||
      digits.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  if (digits.size() <= 2) digits += "00";
  if (digits.size() == 3) digits.insert(digits.begin(), '0');
  const auto zone = sign + digits.substr(0, 2) + ":" + digits.substr(2);
  if (!parse_zone(zone)) return std::nullopt;
  return zone;
}

Words meaning_of_backslash() {
  return say(
      "Between \" and \" a \\ changes what follows it: put the text between ' and ', or write "
      "\\\\ for each \\",
      "在 \" 和 \" 之间，\\ 会改变后面的字符：请把文本写在 ' 和 ' 之间，或把每个 \\ 写成 \\\\");
}

std::optional<bool> truth_meant(std::string_view text) {
  const std::string word = in_lower_case(trimmed(text));
  for (const std::string_view yes : {"true", "yes", "on", "1", "是", "开"}) {
    if (word == yes) return true;
  }
  for (const std::string_view no : {"false", "no", "off", "0", "否", "关"}) {
    if (word == no) return false;
  }
  return std::nullopt;
}

Words address_advice(const std::string& text) {
  if (const auto plain = in_half_width(text); plain && is_ip_address(*plain)) {
    return say("Write \"{}\"", "应写 \"{}\"", *plain);
  }
  if (text == "localhost") {
    return say("Write \"127.0.0.1\" or \"::1\"", "应写 \"127.0.0.1\" 或 \"::1\"");
  }
  if (text == "*" || text == "any" || text == "all" || text == "0") {
    return say("For every network write \"0.0.0.0\"", "要监听所有网络，写 \"0.0.0.0\"");
  }
  const auto colon = text.rfind(':');
  if (colon != std::string::npos) {
    std::string address = text.substr(0, colon);
    if (address.starts_with('[') && address.ends_with(']')) {
      address = address.substr(1, address.size() - 2);
    }
    if (is_ip_address(address)) {
      return say("Write \"{}\" here, and {} in the key port", "这里写 \"{}\"，{} 写在键 port 里",
                 address, text.substr(colon + 1));
    }
  }
  if (const auto slash = text.find('/');
      slash != std::string::npos && is_ip_address(text.substr(0, slash))) {
    return say("Write one address, without {}", "只写一个地址，不要 {}", text.substr(slash));
  }
  if (!text.empty() && std::any_of(text.begin(), text.end(), is_word)) {
    return say(
        "A name will not do: write the address of this box in the sensors' network (`ip "
        "addr` shows it), or \"0.0.0.0\" for every network",
        "不能写名称：请写本机在传感器网络里的地址（`ip addr` 可查），或写 \"0.0.0.0\" "
        "表示所有网络");
  }
  return {};
}

Words label_advice(std::string_view text) {
  const auto plain = in_half_width(text);
  const std::string_view read = plain ? std::string_view(*plain) : text;
  const std::string label = to_label(read);
  if (is_ascii(read) && !label.empty()) return say("Write \"{}\"", "应写 \"{}\"", label);
  return say(
      "Write the name in pinyin (lower-case letters), and after a hyphen a number that no other "
      "box has",
      "请写名称的拼音（小写字母），再加一个短横线和别的网关没有用过的编号");
}

Words area_advice(std::string_view text) {
  const auto plain = in_half_width(text).value_or(std::string(text));
  std::string digits;
  for (const char c : plain) {
    if (c >= '0' && c <= '9') digits += c;
  }
  if (digits.size() == 12) return say("Write \"{}\"", "应写 \"{}\"", digits);
  if (digits.size() == 6 || digits.size() == 9) {
    return say("These {} digits are the code of a {}: the village's or committee's has 12",
               "这 {} 位是{}的代码：村居的代码是 12 位", digits.size(),
               digits.size() == 6 ? Words{"district", "区"} : Words{"street", "街道"});
  }
  return say("The statistical division code of the village or committee has 12 digits; here are {}",
             "村居的统计用区划代码是 12 位数字；这里有 {} 位", digits.size());
}

std::optional<WideCharacter> first_wide_character(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto [code, size] = character_at(text, at);
    if (auto meant = half_width_of(code)) {
      return WideCharacter{at, std::string(text.substr(at, size)), std::move(*meant)};
    }
    at += size;
  }
  return std::nullopt;
}

std::optional<std::string> in_half_width(std::string_view text) {
  std::string plain;
  bool changed = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto [code, size] = character_at(text, at);
    if (const auto meant = half_width_of(code)) {
      plain += *meant;
      changed = true;
    } else {
      plain += text.substr(at, size);
    }
    at += size;
  }
  if (!changed) return std::nullopt;
  return plain;
}

Words did_you_mean(const std::string& word, std::span<const std::string_view> names) {
  const auto nearest = meant_by(word, names);
  if (!nearest) return {};
  return say("Did you mean \"{}\"?", "是不是 \"{}\"？", *nearest);
}

}  // namespace watchpost::settings
