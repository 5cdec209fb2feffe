#include "model/relay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace watchpost {
namespace {

constexpr std::string_view kBegin = R"({"outcome":"relayed")";
constexpr std::string_view kType = R"(,"content_type":")";
constexpr std::string_view kEncoding = R"(,"content_encoding":")";
constexpr std::string_view kRun = R"(,"run":)";
constexpr std::size_t kLongestText = 128;

// Takes `name` and a text without quotation marks off the front of `rest`, where it is there.
std::string take_text(std::string_view& rest, std::string_view name) {
  if (!rest.starts_with(name)) return {};
  const auto end = std::min(rest.find('"', name.size()), rest.size());
  std::string text(rest.substr(name.size(), end - name.size()));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return text;
}

std::optional<Seq> take_run(std::string_view& rest) {
  if (!rest.starts_with(kRun)) return Seq{};
  Seq run;
  const auto* const end = rest.data() + rest.size();
  const auto read = std::from_chars(rest.data() + kRun.size(), end, run.value);
  if (read.ec != std::errc{}) return std::nullopt;
  rest = {read.ptr, static_cast<std::size_t>(end - read.ptr)};
  return run;
}

}  // namespace

bool begins_as_relay_mark(std::string_view annotation) {
  return annotation.starts_with(kBegin);
}

std::optional<RelayMark> relay_mark_of(const Record& record) {
  if (!is_relayed(record) || !begins_as_relay_mark(record.annotation)) return std::nullopt;
  std::string_view rest = record.annotation;
  rest.remove_prefix(kBegin.size());
  RelayMark mark;
  mark.content_type = take_text(rest, kType);
  mark.content_encoding = take_text(rest, kEncoding);
  const auto run = take_run(rest);
  if (!run || rest != "}") return std::nullopt;
  mark.run = *run;
  return mark;
}

std::string annotation_of(const RelayMark& mark) {
  std::string text(kBegin);
  if (!mark.content_type.empty()) text.append(kType).append(mark.content_type).append("\"");
  if (!mark.content_encoding.empty()) {
    text.append(kEncoding).append(mark.content_encoding).append("\"");
  }
  if (mark.run.value > 0) text += fmt::format("{}{}", kRun, mark.run.value);
  return text + "}";
}

bool is_relay_text(std::string_view text) {
  return text.size() <= kLongestText && std::all_of(text.begin(), text.end(), [](char c) {
           return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
         });
}

}  // namespace watchpost
