// What an Auditor finds of one stream: where its numbers end, and what explains those that lack.
#include <algorithm>
#include <utility>

#include "receiver/auditor.hpp"
#include "receiver/received_file.hpp"
#include "receiver/sorter.hpp"

namespace watchpost::receiver {

Result<void> Auditor::read_epochs(Gateway& gateway) {
  epochs_.bind(1, gateway.id);
  bool knows_present = false;
  auto more = epochs_.step();
  for (; more && *more; more = epochs_.step()) {
    EpochTree::Begin begin{Epoch(epochs_.text(1)), {}, false};
    for (std::size_t i = 0; i < kEventClassCount; ++i) {
      begin.first[i] = sequence_in(epochs_, 2 + static_cast<int>(i));
    }
    begin.alone = epochs_.integer(6) != 0;
    knows_present = knows_present || epochs_.text(0) == gateway.seen.epoch;
    gateway.tree.add(Epoch(epochs_.text(0)), std::move(begin));
  }
  if (!more) return more.error();
  // Announced, and nothing of it has come yet.
  if (!knows_present && !gateway.seen.epoch.empty() && gateway.previous != gateway.seen.epoch) {
    gateway.tree.add(gateway.seen.epoch, {gateway.previous, gateway.first, false});
  }
  gateway.goes_on = gateway.tree.before(gateway.seen.epoch);
  return {};
}

// The next stream of the class, unless it is known to go on behind another one: after an older copy
// of the store was put back, the numbers of two lives lie side by side.
Result<std::optional<Auditor::Behind>> Auditor::behind(const Gateway& gateway,
                                                       const StreamRow& row) {
  streams_behind_.bind(1, gateway.id);
  streams_behind_.bind(2, static_cast<std::int64_t>(row.audit.event_class));
  streams_behind_.bind(3, number_of(row.audit.begins));
  streams_behind_.bind(4, row.id);
  std::optional<Behind> found;
  auto more = streams_behind_.step();
  for (; more && *more; more = streams_behind_.step()) {
    if (gateway.tree.apart({.epoch = row.audit.epoch, .later = Epoch(streams_behind_.text(1))}))
      continue;
    found = Behind{streams_behind_.integer(0), sequence_in(streams_behind_, 2)};
    streams_behind_.reset();
    break;
  }
  if (!more) return more.error();
  return found;
}

// Numbers go on over the epochs: where one begins, the one before it has ended.
Result<Seq> Auditor::expected_of(Gateway& gateway, const StreamRow& row,
                                 const std::optional<Behind>& next) {
  const auto i = index_of(row.audit.event_class);
  Seq expected = std::max(row.highest, row.said_contiguous);
  const auto up_to = [&expected, &row](Seq next_begin) {
    if (next_begin > row.audit.begins) expected = std::max(expected, Seq{next_begin.value - 1});
  };
  first_after_.bind(1, gateway.id);
  first_after_.bind(2, row.audit.epoch);
  first_after_.bind(3, static_cast<std::int64_t>(row.audit.event_class));
  const auto after = first_after_.step();
  if (!after) return after.error();
  const auto told = *after ? first_after_.optional_integer(0) : std::nullopt;
  first_after_.reset();
  if (told) {
    up_to(Seq{static_cast<std::uint64_t>(*told)});
  } else if (next) {
    up_to(next->begins);
  } else if (row.audit.epoch != gateway.seen.epoch && is_present_line(gateway, row.audit.epoch)) {
    up_to(gateway.first[i]);  // said, and nothing of it has come yet
  }
  if (gateway.heads == nullptr) return expected;
  if (gateway.heads->epoch == row.audit.epoch) {
    gateway.heads_compared[i] = true;
    expected = std::max(expected, gateway.heads->newest[i]);
  } else if (!told && !next &&
             !gateway.tree.apart({.epoch = row.audit.epoch, .later = gateway.heads->epoch})) {
    up_to(gateway.heads->first[i]);
  }
  return expected;
}

bool Auditor::is_present_line(const Gateway& gateway, const Epoch& epoch) {
  return !gateway.tree.apart({.epoch = epoch, .later = gateway.seen.epoch});
}

// What a life numbered after the copy was made from which the gateway lives now, nobody sends any
// more.
Seq Auditor::still_sent_before(const Gateway& gateway, const StreamRow& row) {
  if (!is_present_line(gateway, row.audit.epoch)) return Seq{};
  const auto goes_on = gateway.goes_on.find(row.audit.epoch);
  const Seq end =
      goes_on == gateway.goes_on.end() ? Seq{} : goes_on->second[index_of(row.audit.event_class)];
  return end == Seq{} ? Seq{~std::uint64_t{0}} : end;
}

void Auditor::note_replaced(Gateway& gateway, const StreamRow& row) {
  for (std::size_t each = 0; each < gateway.replaced.size(); ++each) {
    if (gateway.replaced[each].count(row.audit.epoch) == 0) continue;
    Seq& known_to = gateway.seen.branches[each].known_to[index_of(row.audit.event_class)];
    known_to = std::max(known_to, row.highest);
  }
}

Result<void> Auditor::look(Gateway& gateway, StreamRow& row) {
  StreamAudit& audit = row.audit;
  const auto next_stream = behind(gateway, row);
  if (!next_stream) return next_stream.error();
  const auto expected = expected_of(gateway, row, *next_stream);
  if (!expected) return expected.error();
  audit.expected = *expected;
  std::vector<Explanation> explanations;
  if (auto done = explain(row.id, explanations); !done) return done;
  if (*next_stream) {
    if (auto done = explain((*next_stream)->id, explanations); !done) return done;
  }
  const auto i = index_of(audit.event_class);
  // What lies behind all that came, and what the gateway says that it still sends, is on its way.
  Sorter::Sent sent{gateway.oldest[i], std::max(row.highest, row.said_contiguous)};
  if (gateway.heads != nullptr) sent = {gateway.heads->delivered[i].next(), Seq{}};
  sent.before = still_sent_before(gateway, row);
  Sorter sorter(audit, std::move(explanations), sent);
  Seq next = audit.begins;
  sequences_.bind(1, row.id);
  sequences_.bind(2, std::int64_t{0});
  auto more = sequences_.step();
  for (; more && *more; more = sequences_.step()) {
    const Seq sequence = sequence_in(sequences_, 0);
    ++audit.received;
    if (sequence > next) sorter.hole({next, Seq{sequence.value - 1}});
    next = std::max(next, sequence.next());
  }
  if (!more) return more.error();
  if (next <= audit.expected) sorter.hole({next, audit.expected});
  const auto lack = sorter.first_lack();
  audit.contiguous = lack ? Seq{lack->value - 1} : std::max(audit.expected, audit.begins);
  if (!lack && audit.expected < audit.begins) audit.contiguous = Seq{audit.begins.value - 1};
  audit.confirmed_too_much = lack && row.said_contiguous >= *lack && audit.missing.count > 0;
  return count_damaged(row);
}

Result<void> Auditor::count_damaged(StreamRow& row) {
  damaged_.bind(1, row.id);
  const auto damaged = damaged_.step();
  if (!damaged) return damaged.error();
  row.audit.damaged = static_cast<std::uint64_t>(damaged_.integer(0));
  damaged_.reset();
  return {};
}

}  // namespace watchpost::receiver
