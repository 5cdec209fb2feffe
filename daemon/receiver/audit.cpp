#include "receiver/audit.hpp"

#include <algorithm>
#include <numeric>

#include "receiver/audit_statements.hpp"
#include "receiver/auditor.hpp"
#include "receiver/open_received.hpp"

namespace watchpost::receiver {

void Ranges::add(const SeqRange& range, std::string_view why) {
  count += range.last.value - range.first.value + 1;
  if (!listed.empty() && listed.back().why == why &&
      listed.back().range.last.next() == range.first) {
    listed.back().range.last = range.last;
  } else if (listed.size() < kMostRanges) {
    listed.push_back({range, std::string(why)});
  }
}

void Ranges::add(const Ranges& more) {
  const std::uint64_t all = count + more.count;
  for (const auto& [range, why] : more.listed) add(range, why);
  count = all;
}

std::uint64_t Audit::received() const {
  return std::accumulate(
      streams.begin(), streams.end(), std::uint64_t{0},
      [](std::uint64_t sum, const StreamAudit& stream) { return sum + stream.received; });
}

bool Audit::complete() const {
  return nothing_is_missing() &&
         std::all_of(gateways.begin(), gateways.end(),
                     [](const GatewaySeen& gateway) { return gateway.is_proved(); });
}

bool Audit::nothing_is_missing() const {
  const bool sound = std::all_of(gateways.begin(), gateways.end(),
                                 [](const GatewaySeen& gateway) { return gateway.is_one_box(); });
  return sound && damage.empty() &&
         std::all_of(streams.begin(), streams.end(),
                     [](const StreamAudit& stream) { return stream.complete(); });
}

Result<Audit> audit(const std::filesystem::path& file, const AuditQuestion& question) {
  auto database = open_received(file);
  if (!database) return database.error();
  Auditor auditor(std::move(*database));
  if (auto prepared = auditor.prepare(); !prepared) return prepared.error();
  return auditor.run(file, question);
}

Result<void> for_each_event(const std::filesystem::path& file,
                            const std::function<bool(std::string_view)>& event) {
  auto database = open_received(file);
  if (!database) return database.error();
  auto select = database->prepare(sql::kAllBodies);
  if (!select) return select.error();
  std::int64_t after = 0;
  // In pages, so that no long read keeps the receiver's WAL from being moved.
  while (true) {
    const std::int64_t began = after;
    select->bind(1, after);
    auto more = select->step();
    for (; more && *more; more = select->step()) {
      after = select->integer(0);
      if (!event(select->text(1))) return {};
    }
    if (!more) return more.error();
    if (after == began) return {};
  }
}

}  // namespace watchpost::receiver
