#include "danger/rf_codes.hpp"

#include <cmath>
#include <cstdint>

#include "danger/site_word.hpp"

namespace watchpost::danger {
namespace {

constexpr std::size_t kLongest = 64;
constexpr double kMost = 9e15;  // whole numbers up to here are exact in a double

std::string upper_hex(std::uint64_t number) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  do {
    text.insert(text.begin(), kDigits[number % 16]);
    number /= 16;
  } while (number > 0);
  return text;
}

}  // namespace

std::string rf_code(const sdk::json::value& value) {
  if (value.is_number()) {
    const auto number = sdk::number_of(value);
    const bool whole = number && *number >= 0 && *number <= kMost && std::floor(*number) == *number;
    return whole ? upper_hex(static_cast<std::uint64_t>(*number)) : std::string{};
  }
  if (!value.is_string()) return {};
  std::string_view text = sdk::trim(value.get_string());
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  if (text.empty() || text.size() > kLongest) return {};
  std::string code(text);
  for (char& c : code) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    if (!plain) return {};
  }
  return code;
}

sdk::Observation heard_code(const sdk::Options& options, const HeardCode& heard) {
  const auto receiver = heard.receiver;
  const auto code = heard.code;
  std::string id = "rf/" + std::string(code);
  const auto word = site_word(options.device(id));
  sdk::Observation observation(WATCHPOST_RF_CODE, WATCHPOST_UNKNOWN);
  if (word) observation = contact_of({word->danger}, true);
  const auto kept = observation.own(std::move(id));
  observation.text({"rf_code"}, kept.substr(3));
  observation.device(word ? kept : observation.own(std::string(receiver)));
  return observation;
}

}  // namespace watchpost::danger
