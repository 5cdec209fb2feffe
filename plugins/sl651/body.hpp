// Reading the body of a message of SL 651-2014, after its serial number and send time, in both
// forms (sections 6.6.2 and 6.6.3).
// Promise: what stands before something that cannot be read is kept, and Report::unread says what
// that was. Passwords are not read. Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "sl651/report.hpp"

namespace watchpost::sl651 {

// Appendix B.
namespace function {
inline constexpr std::uint8_t kKeepAlive = 0x2f;
inline constexpr std::uint8_t kTest = 0x30;
inline constexpr std::uint8_t kUniform = 0x31;
inline constexpr std::uint8_t kAdditional = 0x33;
inline constexpr std::uint8_t kPicture = 0x36;
inline constexpr std::uint8_t kSetBasic = 0x40;
inline constexpr std::uint8_t kReadRunning = 0x43;
inline constexpr std::uint8_t kPumpFacts = 0x44;
inline constexpr std::uint8_t kVersion = 0x45;
inline constexpr std::uint8_t kSetPassword = 0x49;
inline constexpr std::uint8_t kPumps = 0x4c;
inline constexpr std::uint8_t kValves = 0x4d;
inline constexpr std::uint8_t kGates = 0x4e;
inline constexpr std::uint8_t kQuota = 0x4f;
inline constexpr std::uint8_t kEvents = 0x50;
inline constexpr std::uint8_t kClock = 0x51;
}  // namespace function
// Whether the standard says what a function is.
[[nodiscard]] constexpr bool is_known(std::uint8_t code) {
  return (code >= function::kKeepAlive && code <= 0x3a) ||
         (code >= function::kSetBasic && code <= function::kClock);
}
// Answers about the station itself; a station class stands in the others.
[[nodiscard]] constexpr bool is_answer(std::uint8_t code) {
  return code >= function::kSetBasic && code <= function::kClock && code != function::kPumpFacts;
}

void read_hex_body(std::uint8_t code, std::string_view body, ReportBuilder& report);
void read_ascii_body(std::uint8_t code, std::string_view body, ReportBuilder& report);

}  // namespace watchpost::sl651
