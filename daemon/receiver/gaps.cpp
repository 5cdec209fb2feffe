#include "receiver/gaps.hpp"

#include <algorithm>

#include "receiver/received_file.hpp"
#include "receiver/statements.hpp"

namespace watchpost::receiver {
namespace {

constexpr std::size_t kMostHolesNoted = 10'000;
// How far back one notice is followed: far more epochs than a store has rows of.
constexpr std::size_t kMostEpochsBack = 10'000;

}  // namespace

Result<void> Gaps::prepare(sqlite::Database& database) {
  const sqlite::Database::Wanted wanted[] = {{&add_gap_, sql::kAddGap},
                                             {&add_missing_, sql::kAddMissing},
                                             {&lowest_of_, sql::kLowestOf},
                                             {&gaps_of_, sql::kGapsOf},
                                             {&untold_, sql::kUntoldEpochs}};
  return database.prepare_all(wanted);
}

// Numbers go on over the epochs, and a gateway cannot always tell under which one a number was
// given. So a notice is followed from the epoch that it names to the one in which it ends, and from
// there back to the one in which it begins.
Result<void> Gaps::given_up(const Gateway& gateway, const GapNotice& gap) {
  const auto last = lineage_->epoch_of(gateway.id, {gap.epoch, gap.event_class, gap.range.last});
  if (!last) return last.error();
  GapNotice rest = gap;
  rest.epoch = *last;
  for (std::size_t back = 0; back < kMostEpochsBack; ++back) {
    const auto begin = lineage_->find(gateway.id, rest.epoch);
    if (!begin) return begin.error();
    Seq begins = *begin ? (*begin)->first[index_of(gap.event_class)] : Seq{};
    const EventKey key{rest.epoch, gap.event_class, rest.range.first};
    if (begins == Seq{}) {
      auto stream = stream_for(gateway, key);
      if (!stream) return stream.error();
      begins = (*stream)->begins;
    }
    if (rest.range.last >= begins) {
      auto stream = stream_for(gateway, key);
      if (!stream) return stream.error();
      const SeqRange part{std::max(begins, rest.range.first), rest.range.last};
      if (auto noted = note(**stream, part, gap.reason); !noted) return noted;
    }
    if (rest.range.first >= begins) return {};
    rest.range.last = std::min(rest.range.last, Seq{begins.value - 1});
    if (!*begin || (*begin)->previous.empty()) {
      return note_for_untold(gateway, rest);
    }
    rest.epoch = (*begin)->previous;
  }
  return {};
}

// Nobody said which epochs went before: it counts for each of which nobody told where it begins,
// and, by the row that stays with the named one, for those that come later.
Result<void> Gaps::note_for_untold(const Gateway& gateway, const GapNotice& gap) {
  const auto named = stream_for(gateway, {gap.epoch, gap.event_class, gap.range.first});
  if (!named) return named.error();
  if (auto noted = note(**named, gap.range, gap.reason); !noted) return noted;
  const auto untold = untold_epochs(gateway, gap.event_class);
  if (!untold) return untold.error();
  for (const Epoch& epoch : *untold) {
    if (epoch == gap.epoch) continue;
    auto stream = streams_->stream_of(gateway, epoch, gap.event_class);
    if (!stream) return stream.error();
    if ((*stream)->begins >= (*named)->begins) continue;
    if (auto noted = note(**stream, gap.range, gap.reason); !noted) return noted;
  }
  return {};
}

Result<std::vector<Epoch>> Gaps::untold_epochs(const Gateway& gateway, EventClass event_class) {
  std::vector<Epoch> untold;
  untold_.bind(1, gateway.id);
  untold_.bind(2, static_cast<std::int64_t>(event_class));
  auto more = untold_.step();
  for (; more && *more; more = untold_.step()) untold.emplace_back(untold_.text(0));
  if (!more) return more.error();
  return untold;
}

// What was told before this stream began, and before anybody said which epoch it is of.
Result<void> Gaps::inherit(const Gateway& gateway, Stream& stream) {
  if (gateway.epoch.empty() || gateway.epoch == stream.epoch) return {};
  const auto begin = lineage_->find(gateway.id, stream.epoch);
  if (!begin) return begin.error();
  if (*begin && (*begin)->told) return {};
  const auto present = streams_->known(gateway, gateway.epoch, stream.event_class);
  if (!present) return present.error();
  if (*present == nullptr) return {};
  std::vector<GapNotice> older;
  gaps_of_.bind(1, (*present)->id);
  auto more = gaps_of_.step();
  for (; more && *more; more = gaps_of_.step()) {
    const SeqRange range{Seq{static_cast<std::uint64_t>(gaps_of_.integer(0))},
                         std::min(Seq{static_cast<std::uint64_t>(gaps_of_.integer(1))},
                                  Seq{(*present)->begins.value - 1})};
    if (range.first > range.last) break;
    older.push_back({stream.epoch, stream.event_class, range, std::string(gaps_of_.text(2))});
  }
  if (!more) return more.error();
  gaps_of_.reset();
  for (const GapNotice& gap : older) {
    if (auto noted = note(stream, gap.range, gap.reason); !noted) return noted;
  }
  return {};
}

Result<void> Gaps::note(Stream& stream, const SeqRange& range, std::string_view reason) {
  add_gap_.bind(1, stream.id);
  add_gap_.bind(2, number_of(range.first));
  add_gap_.bind(3, number_of(range.last));
  add_gap_.bind(4, reason);
  add_gap_.bind(5, now_);
  if (auto added = add_gap_.run(); !added) return added;
  stream.progress.add(range);
  stream.touch();
  return {};
}

// Of the present epoch, and of the earlier ones whose rows are still on their way.
Result<void> Gaps::nothing_below_oldest(const Gateway& gateway, EventClass event_class) {
  const Seq oldest = gateway.oldest[index_of(event_class)];
  if (oldest == Seq{}) return {};
  const auto present = streams_->known(gateway, gateway.epoch, event_class);
  if (!present) return present.error();
  if (*present != nullptr) {
    (*present)->touch();
    if (auto noted = note_missing(**present, Seq{oldest.value - 1}); !noted) return noted;
  }
  const auto open = streams_->open_epochs(gateway, event_class);
  if (!open) return open.error();
  for (const Epoch& epoch : *open) {
    if (epoch == gateway.epoch) continue;
    auto stream = streams_->stream_of(gateway, epoch, event_class);
    if (!stream) return stream.error();
    (*stream)->touch();
    const Seq last = std::min((*stream)->highest, Seq{oldest.value - 1});
    if (auto noted = note_missing(**stream, last); !noted) return noted;
  }
  return {};
}

Result<Stream*> Gaps::stream_for(const Gateway& gateway, const EventKey& key) {
  const auto known = streams_->known(gateway, key.epoch, key.event_class);
  if (!known || *known != nullptr) return known;
  const auto begun = streams_->stream_of(gateway, key.epoch, key.event_class);
  if (!begun) return begun;
  if (auto inherited = inherit(gateway, **begun); !inherited) return inherited.error();
  const Seq oldest = gateway.oldest[index_of(key.event_class)];
  if (oldest == Seq{}) return begun;
  // An earlier epoch may have ended long before the first number that is still sent.
  const Seq end = key.epoch == gateway.epoch ? oldest : std::min(oldest, key.sequence);
  if (auto noted = note_missing(**begun, Seq{end.value - 1}); !noted) return noted.error();
  return begun;
}

Result<void> Gaps::note_missing(Stream& stream, Seq last) {
  const auto lowest = lowest_of(stream);
  if (!lowest) return lowest.error();
  for (const SeqRange& hole : stream.progress.holes(last, kMostHolesNoted)) {
    // What the gateway said when we began may have been old: retained since it last connected.
    const bool before = hole.last < *lowest;
    add_missing_.bind(1, stream.id);
    add_missing_.bind(2, number_of(hole.first));
    add_missing_.bind(3, number_of(hole.last));
    add_missing_.bind(4, before ? "before" : "lost");
    add_missing_.bind(5, now_);
    if (auto added = add_missing_.run(); !added) return added;
    stream.progress.add(hole);
  }
  return {};
}

// The first event we have; beyond all others where there is none.
Result<Seq> Gaps::lowest_of(const Stream& stream) {
  lowest_of_.bind(1, stream.id);
  const auto row = lowest_of_.step();
  if (!row) return row.error();
  const Seq lowest =
      *row ? Seq{static_cast<std::uint64_t>(lowest_of_.integer(0))} : Seq{~std::uint64_t{0}};
  lowest_of_.reset();
  return lowest;
}

}  // namespace watchpost::receiver
