// What the Store knows of all gateways together.
#include <utility>

#include "receiver/statements.hpp"
#include "receiver/store.hpp"

namespace watchpost::receiver {

Result<Survey> Store::survey() {
  if (auto ready = make_ready(); !ready) return ready.error();
  auto seen = survey_streams();
  if (!seen) return give_back(seen.error());
  return seen;
}

Result<Survey> Store::survey_streams() {
  Survey survey;
  sqlite::Database& database = parts_->file.database();
  const auto gateways = database.query_integer(sql::kCountGateways);
  if (!gateways) return gateways.error();
  survey.gateways = static_cast<std::uint64_t>(*gateways);
  struct Waiting {
    ReadMessage gateway;
    OpenGap gap;
  };
  std::vector<Waiting> found;
  auto select = database.prepare(sql::kWaitingStreams);
  if (!select) return select.error();
  auto more = select->step();
  for (; more && *more && found.size() < Survey::kMostGaps; more = select->step()) {
    Waiting& one = found.emplace_back();
    one.gateway.source = one.gap.source = select->text(0);
    one.gateway.prefix = select->text(3);
    one.gap.epoch = select->text(1);
    one.gap.event_class = static_cast<EventClass>(select->integer(2));
  }
  if (!more) return more.error();
  select->reset();
  for (const auto& [named, gap] : found) {
    const auto gateway = parts_->streams.gateway_of(named);
    if (!gateway) return gateway.error();
    const auto stream = parts_->streams.known(**gateway, gap.epoch, gap.event_class);
    if (!stream) return stream.error();
    if (*stream == nullptr) continue;
    const std::size_t room = Survey::kMostGaps - survey.gaps.size();
    for (const SeqRange& hole : (*stream)->progress.holes((*stream)->highest, room)) {
      survey.gaps.push_back(gap);
      survey.gaps.back().range = hole;
    }
  }
  return survey;
}

}  // namespace watchpost::receiver
