#include "sdk/json.hpp"

#include <charconv>
#include <cmath>
#include <optional>
#include <string>

namespace watchpost::sdk {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kReplacement = "fffd";  // U+FFFD, as a JSON escape writes it

// The four digits of the escape \uXXXX at `at`; nothing where there is none.
std::optional<unsigned> escape_at(std::string_view text, std::size_t at) {
  constexpr std::size_t kLength = 6;
  if (at + kLength > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  unsigned code = 0;
  const char* first = text.data() + at + 2;
  const auto [end, error] = std::from_chars(first, first + 4, code, 16);
  if (error != std::errc{} || end != first + 4) return std::nullopt;
  return code;
}

bool is_first_half(unsigned code) {
  return code >= 0xD800 && code < 0xDC00;
}
bool is_second_half(unsigned code) {
  return code >= 0xDC00 && code < 0xE000;
}

// Half of a character outside the first plane, whose other half was cut off, becomes U+FFFD.
void mend_halves(std::string& text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != '\\') continue;
    const auto code = escape_at(text, i);
    if (!code) {
      ++i;  // what is escaped is no beginning
      continue;
    }
    const auto next = escape_at(text, i + 6);
    const bool whole = is_first_half(*code) && next && is_second_half(*next);
    if (!whole && (is_first_half(*code) || is_second_half(*code))) {
      text.replace(i + 2, kReplacement.size(), kReplacement);
    }
    i += whole ? 11 : 5;
  }
}

// Nothing where there is nothing to mend.
std::optional<std::string> mend(std::string_view text) {
  std::string mended(text);
  if (mended.starts_with(kByteOrderMark)) mended.erase(0, kByteOrderMark.size());
  while (!mended.empty() && (mended.back() == '\0' || mended.back() == '\x1A')) mended.pop_back();
  mend_halves(mended);
  if (mended == text) return std::nullopt;
  return mended;
}

}  // namespace

JsonDocument::JsonDocument()
    : parser_(json::storage_ptr(), json::parse_options(), scratch_.data(), scratch_.size()) {}

const json::value* JsonDocument::parse(std::string_view text) {
  is_mended_ = false;
  if (read(text)) return &*root_;
  const auto mended = mend(text);
  if (!mended) return nullptr;
  const std::string first = std::move(why_);
  is_mended_ = read(*mended);
  if (is_mended_) return &*root_;
  why_ = first;
  return nullptr;
}

bool JsonDocument::read(std::string_view text) {
  root_.reset();
  parser_.reset();  // lets go of a half-built value before its memory goes
  memory_.emplace(buffer_.data(), buffer_.size());
  parser_.reset(&*memory_);
  boost::system::error_code error;
  parser_.write(text.data(), text.size(), error);
  if (error) {
    why_ = "not valid JSON: " + error.message();
    return false;
  }
  root_.emplace(parser_.release());
  return true;
}

const json::object* JsonDocument::parse_object(std::string_view text) {
  const auto* value = parse(text);
  if (value == nullptr) return nullptr;
  if (!value->is_object()) {
    why_ = "JSON, but not an object";
    return nullptr;
  }
  return &value->get_object();
}

const json::value* member(const json::object& object, std::string_view key) {
  return object.if_contains(key);
}

const json::object* object_at(const json::object& object, std::string_view key) {
  const auto* value = member(object, key);
  return value == nullptr ? nullptr : value->if_object();
}

std::optional<std::string_view> text_at(const json::object& object, std::string_view key) {
  const auto* value = member(object, key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string());
}

std::optional<double> number_of(const json::value& value) {
  if (value.is_string()) return number_from(value.get_string());
  if (!value.is_number()) return std::nullopt;
  const auto number = value.to_number<double>();
  return std::isfinite(number) ? std::optional<double>(number) : std::nullopt;
}

std::optional<double> number_at(const json::object& object, std::string_view key) {
  const auto* value = member(object, key);
  return value == nullptr ? std::nullopt : number_of(*value);
}

std::optional<bool> boolean_at(const json::object& object, std::string_view key) {
  const auto* value = member(object, key);
  if (value == nullptr || !value->is_bool()) return std::nullopt;
  return value->get_bool();
}

std::optional<std::int64_t> time_of(const json::value& value, int zone_minutes) {
  if (const auto epoch = number_of(value)) return time_from_epoch(*epoch);
  if (value.is_string()) return time_from_text(value.get_string(), zone_minutes);
  return std::nullopt;
}

std::optional<std::int64_t> time_at(const json::object& object, std::string_view key,
                                    int zone_minutes) {
  const auto* value = member(object, key);
  return value == nullptr ? std::nullopt : time_of(*value, zone_minutes);
}

}  // namespace watchpost::sdk
