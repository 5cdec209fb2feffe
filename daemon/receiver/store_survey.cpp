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
  const auto gateways = database_.query_integer(sql::kCountGateways);
  if (!gateways) return gateways.error();
  survey.gateways = static_cast<std::uint64_t>(*gateways);
  struct Waiting {
    Gateway gateway;
    OpenGap gap;
  };
  std::vector<Waiting> found;
  auto select = database_.prepare(sql::kWaitingStreams);
  if (!select) return select.error();
  auto more = select->step();
  for (; more && *more && found.size() < Survey::kMostGaps; more = select->step()) {
    Waiting& one = found.emplace_back();
    one.gateway.id = select->integer(0);
    one.gateway.prefix = select->text(1);
    one.gap.source = select->text(2);
    one.gap.epoch = select->text(3);
    one.gap.event_class = static_cast<EventClass>(select->integer(4));
  }
  if (!more) return more.error();
  select->reset();
  for (const auto& [gateway, gap] : found) {
    const auto stream = stream_of(gateway, gap.epoch, gap.event_class);
    if (!stream) return stream.error();
    const std::size_t room = Survey::kMostGaps - survey.gaps.size();
    for (const Range& hole : (*stream)->progress.holes((*stream)->highest, room)) {
      survey.gaps.push_back(gap);
      survey.gaps.back().range = hole;
    }
  }
  return survey;
}

}  // namespace watchpost::receiver
