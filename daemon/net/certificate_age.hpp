// certificate_age: what people are told of how long the certificate of a port still holds.
// Promise: 60 days ahead, then 30 and 7, and when it is over. Where the clock of this box is
// certainly wrong nothing is said about the certificate but that; where nobody keeps the clock, it
// is said that the day may be wrong. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "model/trouble.hpp"
#include "net/certificate_facts.hpp"

namespace watchpost::net {

// In the order in which they come.
enum class CertificateAge : std::uint8_t {
  good,
  not_judged,  // the clock is wrong
  within_60_days,
  within_30_days,
  within_7_days,
  over,
};
[[nodiscard]] CertificateAge age_of(const CertificateFacts& facts, const ClockReading& now);

// Until it ends, begun days counted; below 0: since it ended.
[[nodiscard]] std::int64_t days_left(const CertificateFacts& facts, const ClockReading& now);

// Nothing where it is good. `file`: of the certificate.
[[nodiscard]] std::optional<Trouble> trouble_of_age(const std::string& file,
                                                    const CertificateFacts& facts,
                                                    const ClockReading& now);

}  // namespace watchpost::net
