#include "cli/status_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "cli/ending.hpp"
#include "cli/status_json.hpp"
#include "model/trouble_catalogue.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

constexpr int kOk = 0;
constexpr int kWarning = 1;
constexpr int kCritical = 2;

std::string_view state_word(int code) {
  switch (code) {
    case kOk:
      return "OK";
    case kWarning:
      return "WARNING";
    case kCritical:
      return "CRITICAL";
    default:
      return "UNKNOWN";
  }
}

// Monitoring reads a plugin's line up to the first line end, and takes what follows '|' as figures.
CheckAnswer answer(int code, std::string words, std::string_view figures = {}) {
  std::replace(words.begin(), words.end(), '\n', ' ');
  std::replace(words.begin(), words.end(), '|', '/');
  return {code, fmt::format("{}: {}{}", state_word(code), words, figures)};
}

// Every severity but "warning" counts as CRITICAL, because an unknown one may be worse. Advice is
// nothing that a monitor should wake anybody for.
int code_of(const json::object& trouble) {
  if (text(trouble, "severity") == "advice") return kOk;
  return text(trouble, "severity") == "warning" ? kWarning : kCritical;
}

std::int64_t backlog_of(const json::object& status) {
  std::int64_t all = 0;
  for (const json::value& upstream : list(status, "upstreams")) {
    if (!upstream.is_object()) continue;
    const json::object& backlog = section(upstream.get_object(), "backlog");
    for (const auto event_class : kEventClasses) all += number(backlog, to_string(event_class));
  }
  return all;
}

std::string figures_of(const json::object& status) {
  return fmt::format(" | troubles={} untaken={} backlog={} devices={}",
                     list(status, "troubles").size(), number(section(status, "duty"), "untaken"),
                     backlog_of(status), number(section(status, "devices"), "count"));
}

}  // namespace

CheckAnswer check_status(const Result<std::string>& status, Language language) {
  if (!status) {
    const bool silent = status.error().kind == Failure::Kind::unavailable;
    return answer(silent ? kCritical : kStatusUnknown, sentence_of(status.error(), language));
  }
  boost::system::error_code error;
  const json::value parsed = json::parse(*status, error);
  const bool is_status = !error && parsed.is_object() && parsed.get_object().contains("troubles") &&
                         parsed.get_object().at("troubles").is_array();
  if (!is_status) {
    return answer(kStatusUnknown, language == Language::english
                                      ? "the daemon's answer is not a status"
                                      : "服务的应答不是状态");
  }
  const json::object& root = parsed.get_object();
  int worst = kOk;
  std::string words;
  if (const auto untaken = number(section(root, "duty"), "untaken"); untaken > 0) {
    worst = kCritical;
    words = language == Language::english
                ? fmt::format("nobody has taken {} alarm{}", untaken, untaken == 1 ? "" : "s")
                : fmt::format("有 {} 起警情还没有人接警", untaken);
  }
  if (const auto below = number(section(root, "duty"), "untaken_below"); below > 0) {
    worst = kCritical;
    if (!words.empty()) words += language == Language::english ? "; " : "；";
    words += language == Language::english
                 ? fmt::format("nobody has taken {} alarm{} of gateways below", below,
                               below == 1 ? "" : "s")
                 : fmt::format("下级网关有 {} 起警情还没有人接警", below);
  }
  for (const json::value& value : list(root, "troubles")) {
    if (!value.is_object()) continue;
    const json::object& trouble = value.get_object();
    const int code = code_of(trouble);
    if (code == kOk) continue;
    worst = std::max(worst, code);
    if (!words.empty()) words += language == Language::english ? "; " : "；";
    words += text(section(trouble, "text"), to_string(language));
  }
  if (worst == kOk) words = language == Language::english ? "no troubles" : "一切正常";
  return answer(worst, std::move(words), figures_of(root));
}

}  // namespace watchpost::cli
