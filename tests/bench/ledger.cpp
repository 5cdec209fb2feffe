#include "ledger.hpp"

#include <algorithm>

namespace watchpost::bench {

std::uint32_t Ledger::sent(std::size_t publisher, Steady::time_point when) {
  auto& entries = publishers_[publisher];
  entries.push_back({us_at(when), false, false});
  ++count_of(publisher).published;
  return static_cast<std::uint32_t>(entries.size() - 1);
}

void Ledger::acknowledged(std::size_t publisher, std::uint32_t number, Steady::time_point when) {
  auto& entry = publishers_[publisher][number];
  if (entry.acknowledged) return;
  entry.acknowledged = true;
  auto& count = count_of(publisher);
  ++count.acknowledged;
  if (entry.sent_us >= timed_from_us_) count.puback.add(us_at(when) - entry.sent_us);
  last_progress_ = when;
}

void Ledger::arrived(std::size_t publisher, std::uint32_t number, Steady::time_point when) {
  if (publisher >= publishers_.size() || number >= publishers_[publisher].size()) return;
  auto& entry = publishers_[publisher][number];
  auto& count = count_of(publisher);
  last_progress_ = when;
  if (entry.arrived) {
    ++count.repeats;
    return;
  }
  entry.arrived = true;
  ++count.arrived;
  if (entry.sent_us >= timed_from_us_) count.end_to_end.add(us_at(when) - entry.sent_us);
  last_arrival_ = when;
  if (arrived_in_all() % kStep == 0) steps_.push_back(when);
}

std::uint64_t Ledger::unacknowledged() const {
  return telemetry_.published + alarms_.published - telemetry_.acknowledged - alarms_.acknowledged -
         telemetry_.refused - alarms_.refused;
}

std::uint64_t Ledger::underway() const {
  const auto refused = telemetry_.refused + alarms_.refused;
  const auto expected = telemetry_.published + alarms_.published - refused;
  return expected - std::min(expected, arrived_in_all());
}

double Ledger::arrivals_per_s(Steady::time_point begun) const {
  const auto step = arrived_in_all() * 999 / 1'000 / kStep;
  const auto last = step == 0 ? last_arrival_ : steps_[step - 1];
  const auto count = step == 0 ? arrived_in_all() : step * kStep;
  return static_cast<double>(count) /
         std::max(1e-6, std::chrono::duration<double>(last - begun).count());
}

void Ledger::audit() {
  for (std::size_t publisher = 0; publisher < publishers_.size(); ++publisher) {
    for (const auto& entry : publishers_[publisher]) {
      if (entry.acknowledged && !entry.arrived) ++count_of(publisher).missing;
    }
  }
}

void Ledger::begin_timing(Steady::time_point now) {
  timed_from_us_ = us_at(now);
  telemetry_.puback = telemetry_.end_to_end = Latencies{};
  alarms_.puback = alarms_.end_to_end = Latencies{};
}

}  // namespace watchpost::bench
