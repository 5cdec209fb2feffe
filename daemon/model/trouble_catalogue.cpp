#include "model/trouble_catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/invariant.hpp"

namespace watchpost {
namespace {

// "2 alarms", "1 alarm", "2 status".
std::string counted(std::uint64_t count, EventClass event_class) {
  const bool has_plural = event_class == EventClass::alarm || event_class == EventClass::patrol;
  return fmt::format("{} {}{}", count, class_word(event_class, Language::english),
                     has_plural && count != 1 ? "s" : "");
}

// "2 alarms, 100 telemetry", without the classes that have none.
std::string per_class(const PerClass<std::uint64_t>& counts, Language language) {
  const bool english = language == Language::english;
  std::string words;
  for (const EventClass event_class : kEventClasses) {
    const auto count = counts[index_of(event_class)];
    if (count == 0) continue;
    if (!words.empty()) words += english ? ", " : "、";
    words += english ? counted(count, event_class)
                     : fmt::format("{} {} 条", class_word(event_class, language), count);
  }
  if (words.empty()) return english ? "none" : "无";
  return words;
}

std::string size_words(std::uint64_t bytes) {
  constexpr std::array kUnits{"B", "KiB", "MiB", "GiB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < kUnits.size(); ++unit) size /= 1024;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", size, kUnits[unit]);
}

std::string span_words(std::chrono::seconds span, Language language) {
  const bool english = language == Language::english;
  const auto count = span.count();
  if (count >= 172'800) return fmt::format("{} {}", count / 86'400, english ? "days" : "天");
  if (count >= 7'200) return fmt::format("{} {}", count / 3'600, english ? "h" : "小时");
  if (count >= 120) return fmt::format("{} {}", count / 60, english ? "min" : "分钟");
  return fmt::format("{} {}", count, english ? "s" : "秒");
}

struct Words {
  Language language;
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(std::uint64_t count) const { return std::to_string(count); }
  std::string operator()(EventClass event_class) const {
    return std::string(class_word(event_class, language));
  }
  std::string operator()(const PerClass<std::uint64_t>& counts) const {
    return per_class(counts, language);
  }
  std::string operator()(ByteCount bytes) const { return size_words(bytes.value); }
  std::string operator()(std::chrono::seconds span) const { return span_words(span, language); }
  std::string operator()(const HowTold& told) const {
    std::string words(told_word(told.how, language));
    if (!told.detail.empty()) words += ": " + told.detail;
    return words;
  }
};

// `inside`: what stands between the braces.
std::string placed(std::string_view inside, const Trouble& trouble, Language language) {
  const auto colon = inside.find(':');
  const auto name = inside.substr(0, colon);
  const auto found =
      std::find_if(trouble.arguments.begin(), trouble.arguments.end(),
                   [name](const TroubleArgument& each) { return each.name == name; });
  // A test asks every text for its names; a word that is missing must not stop the daemon.
  if (found == trouble.arguments.end()) return "?";
  std::string words = std::visit(Words{language}, found->value);
  if (colon == std::string_view::npos) return words;
  return fmt::format("{} {}{}", words, inside.substr(colon + 1), words == "1" ? "" : "s");
}

template <class Placed>
std::string filled(std::string_view text, const Placed& placed) {
  std::string out;
  while (true) {
    const auto open = text.find('{');
    const auto close = text.find('}', open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    out += text.substr(0, open);
    out += placed(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
  return out.append(text);
}

std::string filled(std::string_view text, const Trouble& trouble, Language language) {
  return filled(text, [&](std::string_view inside) { return placed(inside, trouble, language); });
}

std::string joined(std::string first, std::string_view second, Language language) {
  if (first.empty()) return std::string(second);
  if (second.empty()) return first;
  return first.append(language == Language::chinese ? "。" : ". ").append(second);
}

}  // namespace

std::string_view to_string(TroubleSeverity severity) {
  switch (severity) {
    case TroubleSeverity::warning:
      return "warning";
    case TroubleSeverity::critical:
      return "critical";
    case TroubleSeverity::advice:
      return "advice";
    case TroubleSeverity::cause:
      return "cause";
  }
  return {};
}

const TroubleEntry& entry_of(TroubleCode code) {
  for (const auto part :
       {store_troubles(), output_troubles(), sensor_troubles(), tap_troubles(), way_in_troubles(),
        upstream_troubles(), refusal_troubles(), link_troubles(), network_troubles(),
        connack_troubles(), handshake_troubles(), access_troubles()}) {
    const auto found = std::find_if(part.begin(), part.end(),
                                    [code](const TroubleEntry& each) { return each.code == code; });
    if (found != part.end()) return *found;
  }
  WATCHPOST_INVARIANT(false);  // the test of the catalogue asks for every code
}

std::string what_of(const Trouble& trouble, Language language) {
  return filled(entry_of(trouble.code).in(language).what, trouble, language);
}

std::string next_of(const Trouble& trouble, Language language) {
  const std::string own = filled(entry_of(trouble.code).in(language).next, trouble, language);
  if (!trouble.cause) return own;
  return joined(sentence_of(*trouble.cause, language), own, language);
}

std::string sentence_of(const Trouble& trouble, Language language) {
  return joined(what_of(trouble, language), next_of(trouble, language), language);
}

std::string sentence_of(const Failure& failure, Language language) {
  if (language == Language::english) return failure.sentence();
  if (!failure.chinese.empty()) return failure.chinese;
  return failure.trouble ? sentence_of(*failure.trouble, language) : failure.sentence();
}

std::string with_blanks(std::string_view text) {
  return filled(text, [](std::string_view inside) {
    const auto colon = inside.find(':');
    if (colon == std::string_view::npos) return std::string("…");
    return fmt::format("… {}s", inside.substr(colon + 1));
  });
}

Failure failure_of(Failure::Kind kind, Trouble trouble) {
  Failure failure{kind, what_of(trouble, Language::english), next_of(trouble, Language::english)};
  failure.trouble = std::make_shared<const Trouble>(std::move(trouble));
  return failure;
}

Trouble cause_of(const Failure& failure) {
  return failure.trouble ? *failure.trouble : trouble<TroubleCode::see_log>();
}

void tell(Log& log, const Trouble& trouble) {
  const bool critical = entry_of(trouble.code).severity == TroubleSeverity::critical;
  log.write(critical ? LogLevel::error : LogLevel::warning,
            sentence_of(trouble, Language::english));
}

}  // namespace watchpost
