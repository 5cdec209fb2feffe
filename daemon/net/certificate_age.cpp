#include "net/certificate_age.hpp"

#include <chrono>
#include <utility>

#include "model/trouble_catalogue.hpp"

namespace watchpost::net {
namespace {

using Code = TroubleCode;
using std::chrono::days;

// Certificates are made in the past: a clock that stands before their first day is behind. A day
// is left for zones that somebody mixed up.
bool is_clock_wrong(const CertificateFacts& facts, const ClockReading& now) {
  if (now.quality == ClockQuality::unset) return true;
  return now.quality == ClockQuality::free && now.wall + days(1) < facts.begins;
}

Trouble with_doubt(Trouble trouble, const ClockReading& now) {
  if (now.quality == ClockQuality::synced) return trouble;
  return std::move(trouble).because(watchpost::trouble<Code::clock_not_kept>());
}

}  // namespace

CertificateAge age_of(const CertificateFacts& facts, const ClockReading& now) {
  if (is_clock_wrong(facts, now)) return CertificateAge::not_judged;
  const auto left = facts.ends - now.wall;
  if (left <= left.zero()) return CertificateAge::over;
  if (left <= days(7)) return CertificateAge::within_7_days;
  if (left <= days(30)) return CertificateAge::within_30_days;
  return left <= days(60) ? CertificateAge::within_60_days : CertificateAge::good;
}

std::int64_t days_left(const CertificateFacts& facts, const ClockReading& now) {
  return std::chrono::ceil<days>(facts.ends - now.wall).count();
}

std::optional<Trouble> trouble_of_age(const std::string& file, const CertificateFacts& facts,
                                      const ClockReading& now) {
  switch (age_of(facts, now)) {
    case CertificateAge::good:
      return std::nullopt;
    case CertificateAge::not_judged:
      return trouble<Code::certificate_not_judged>(arg<"file">(file), arg<"date">(facts.last_day));
    case CertificateAge::within_60_days:
    case CertificateAge::within_30_days:
    case CertificateAge::within_7_days: {
      const std::int64_t left = days_left(facts, now);
      return with_doubt(
          trouble<Code::certificate_ends>(arg<"file">(file), arg<"date">(facts.last_day),
                                          arg<"days">(static_cast<std::uint64_t>(left))),
          now);
    }
    case CertificateAge::over:
      return with_doubt(
          trouble<Code::certificate_over>(arg<"file">(file), arg<"date">(facts.last_day)), now);
  }
  return std::nullopt;
}

}  // namespace watchpost::net
