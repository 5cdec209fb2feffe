#include "net/asn1_time.hpp"

#include <array>
#include <chrono>
#include <ctime>

namespace watchpost::net {

WallTime wall_time_of(const ASN1_TIME& time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(&time, &parts) != 1) return {};
  return WallTime(std::chrono::seconds(::timegm(&parts)));
}

std::string day_of(const ASN1_TIME& time) {
  std::tm day{};
  if (ASN1_TIME_to_tm(&time, &day) != 1) return "?";
  std::array<char, 16> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &day)};
}

}  // namespace watchpost::net
