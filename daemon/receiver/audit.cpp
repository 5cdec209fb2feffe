#include "receiver/audit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "receiver/schema.hpp"
#include "receiver/statements.hpp"
#include "sqlite/database.hpp"

namespace watchpost::receiver {
namespace {

Seq sequence_in(const sqlite::Statement& row, int column) {
  return Seq{static_cast<std::uint64_t>(row.integer(column))};
}

// What explains that a number is not there, by its begin; several may overlap.
struct Explanation {
  Range range;
  std::string why;
  bool given_up = false;
};

struct StreamRow {
  std::int64_t id = 0;
  Seq said_contiguous;
  Seq highest;
  StreamAudit audit;
};

// Gives each number of a hole to an explanation that covers it, or to `missing`. What the gateway
// gave up explains more than what never came: its notice may arrive after we stopped waiting.
class Sorter {
 public:
  Sorter(StreamAudit& audit, std::vector<Explanation> explanations, std::optional<Seq> settled)
      : audit_(audit), settled_(settled) {
    std::sort(explanations.begin(), explanations.end(),
              [](const auto& a, const auto& b) { return a.range.first < b.range.first; });
    for (Explanation& one : explanations) {
      (one.given_up ? given_up_ : never_came_).list.push_back(std::move(one));
    }
  }

  // Holes come in order.
  void hole(const Range& hole) {
    part(given_up_, hole, [this](const Range& rest) {
      part(never_came_, rest, [this](const Range& left) { unexplained(left); });
    });
  }
  [[nodiscard]] std::optional<Seq> first_lack() const { return first_lack_; }

 private:
  struct Explanations {
    std::vector<Explanation> list;  // by begin
    std::size_t next = 0;           // what is before it ended before the present hole
  };

  template <class Rest>
  void part(Explanations& from, Range hole, const Rest& rest) {
    const auto& list = from.list;
    while (hole.first <= hole.last) {
      while (from.next < list.size() && list[from.next].range.last < hole.first) ++from.next;
      const auto found =
          std::find_if(list.begin() + static_cast<std::ptrdiff_t>(from.next), list.end(),
                       [&](const Explanation& one) { return one.range.last >= hole.first; });
      if (found == list.end() || found->range.first > hole.last) return rest(hole);
      if (found->range.first > hole.first) {
        rest({hole.first, Seq{found->range.first.value - 1}});
        hole.first = found->range.first;
      }
      const Range covered{hole.first, std::min(hole.last, found->range.last)};
      explained(covered, *found);
      hole.first = covered.last.next();
    }
  }
  void explained(const Range& range, const Explanation& by) {
    if (by.given_up) {
      audit_.given_up.add(range, by.why);
    } else if (by.why == "before") {
      audit_.before.add(range, "sent before this receiver began");
    } else {
      lacks(range, "acknowledged by the broker, never received");
    }
  }
  void unexplained(const Range& hole) {
    if (!settled_ || hole.last <= *settled_) return lacks(hole, "never received");
    if (hole.first <= *settled_) lacks({hole.first, *settled_}, "never received");
    const Range waiting{std::max(hole.first, settled_->next()), hole.last};
    audit_.waiting.add(waiting, "the gateway still keeps them");
    if (!first_lack_) first_lack_ = waiting.first;
  }
  void lacks(const Range& range, std::string_view why) {
    audit_.missing.add(range, why);
    if (!first_lack_) first_lack_ = range.first;
  }

  StreamAudit& audit_;
  std::optional<Seq> settled_;
  Explanations given_up_, never_came_;
  std::optional<Seq> first_lack_;
};

class Auditor {
 public:
  explicit Auditor(sqlite::Database database) : database_(std::move(database)) {}

  Result<void> prepare();
  Result<Audit> run(const AuditQuestion& question);

 private:
  Result<std::vector<StreamRow>> rows(const AuditQuestion& question, Audit& audit);
  Result<void> look(StreamRow& row, const StreamRow* successor, const GatewayHeads* heads);
  Result<void> explain(std::int64_t stream, std::vector<Explanation>& explanations);
  Result<void> check(Audit& audit, bool pages);

  sqlite::Database database_;
  sqlite::Statement streams_, sequences_, gaps_, missing_, quick_check_;
};

Result<void> Auditor::prepare() {
  if (auto done = database_.execute(sql::kConfigureReader); !done) return done;
  const auto version = database_.query_integer(sql::kUserVersion);
  if (!version) return version.error();
  if (*version != kSchemaVersion) {
    return Failure{Failure::Kind::invalid_input,
                   fmt::format("This is no file of `watchpost receive` (version {})", *version),
                   "Name the file that was given to it with --store"};
  }
  const std::pair<sqlite::Statement*, const char*> wanted[] = {{&streams_, sql::kAllStreams},
                                                               {&sequences_, sql::kSequencesAfter},
                                                               {&gaps_, sql::kGapsOf},
                                                               {&missing_, sql::kMissingOf},
                                                               {&quick_check_, sql::kQuickCheck}};
  for (const auto& [statement, text] : wanted) {
    auto prepared = database_.prepare(text);
    if (!prepared) return prepared.error();
    *statement = std::move(*prepared);
  }
  return database_.execute(sql::kBeginReading);
}

Result<std::vector<StreamRow>> Auditor::rows(const AuditQuestion& question, Audit& audit) {
  std::vector<StreamRow> found;
  auto more = streams_.step();
  for (; more && *more; more = streams_.step()) {
    if (!question.source.empty() && streams_.text(1) != question.source) continue;
    StreamRow row;
    row.id = streams_.integer(0);
    row.audit.source = streams_.text(1);
    row.audit.epoch = streams_.text(5);
    row.audit.event_class = static_cast<EventClass>(streams_.integer(6));
    row.audit.begins = sequence_in(streams_, 7);
    row.said_contiguous = sequence_in(streams_, 8);
    row.highest = sequence_in(streams_, 9);
    row.audit.repeats = static_cast<std::uint64_t>(streams_.integer(11));
    if (audit.gateways.empty() || audit.gateways.back().source != row.audit.source) {
      audit.gateways.push_back(
          {row.audit.source, std::string(streams_.text(3)), std::string(streams_.text(4))});
    }
    found.push_back(std::move(row));
  }
  if (!more) return more.error();
  return found;
}

Result<void> Auditor::explain(std::int64_t stream, std::vector<Explanation>& explanations) {
  for (sqlite::Statement* select : {&gaps_, &missing_}) {
    select->bind(1, stream);
    auto more = select->step();
    for (; more && *more; more = select->step()) {
      explanations.push_back({{sequence_in(*select, 0), sequence_in(*select, 1)},
                              std::string(select->text(2)),
                              select == &gaps_});
    }
    if (!more) return more.error();
  }
  return {};
}

// `successor`: where the same class of this gateway goes on in a later epoch.
Result<void> Auditor::look(StreamRow& row, const StreamRow* successor, const GatewayHeads* heads) {
  StreamAudit& audit = row.audit;
  std::vector<Explanation> explanations;
  if (auto done = explain(row.id, explanations); !done) return done;
  audit.expected = std::max(row.highest, row.said_contiguous);
  std::optional<Seq> settled;  // unknown: all that is not here is missing
  if (successor != nullptr && successor->audit.begins > audit.begins) {
    audit.expected = std::max(audit.expected, Seq{successor->audit.begins.value - 1});
    if (auto done = explain(successor->id, explanations); !done) return done;
  } else if (heads != nullptr && heads->epoch == audit.epoch) {
    const auto index = index_of(audit.event_class);
    audit.expected = std::max(audit.expected, heads->newest[index]);
    settled = heads->settled[index];
  }
  Sorter sorter(audit, std::move(explanations), settled);
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
  return {};
}

Result<void> Auditor::check(Audit& audit, bool pages) {
  if (pages) {
    auto more = quick_check_.step();
    for (; more && *more; more = quick_check_.step()) {
      if (quick_check_.text(0) != "ok") audit.damage.emplace_back(quick_check_.text(0));
    }
    if (!more) return more.error();
  }
  const auto unreadable = database_.query_integer(sql::kCountUnreadable);
  if (!unreadable) return unreadable.error();
  audit.unreadable = static_cast<std::uint64_t>(*unreadable);
  return {};
}

Result<Audit> Auditor::run(const AuditQuestion& question) {
  Audit audit;
  if (auto checked = check(audit, question.pages); !checked) return checked.error();
  auto found = rows(question, audit);
  if (!found) return found.error();
  for (std::size_t i = 0; i < found->size(); ++i) {
    StreamRow& row = (*found)[i];
    const StreamRow* next = i + 1 < found->size() ? &(*found)[i + 1] : nullptr;
    const bool same = next != nullptr && next->audit.source == row.audit.source &&
                      next->audit.event_class == row.audit.event_class;
    const bool asked = question.heads && question.heads->source == row.audit.source;
    auto looked = look(row, same ? next : nullptr, asked ? &*question.heads : nullptr);
    if (!looked) return looked.error();
    audit.streams.push_back(std::move(row.audit));
  }
  return audit;
}

Result<sqlite::Database> open(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    return Failure{Failure::Kind::not_found, fmt::format("There is no file {}", file.string()),
                   "Name the file that was given to `watchpost receive --store`"};
  }
  return sqlite::Database::open(file, sqlite::Database::Access::read_only);
}

}  // namespace

void Ranges::add(const Range& range, std::string_view why) {
  count += range.last.value - range.first.value + 1;
  if (!listed.empty() && listed.back().why == why &&
      listed.back().range.last.next() == range.first) {
    listed.back().range.last = range.last;
  } else if (listed.size() < kMostRanges) {
    listed.push_back({range, std::string(why)});
  }
}

bool Audit::complete() const {
  return damage.empty() && std::all_of(streams.begin(), streams.end(), [](const auto& stream) {
           return stream.missing.count == 0 && stream.waiting.count == 0;
         });
}

Result<Audit> audit(const std::filesystem::path& file, const AuditQuestion& question) {
  auto database = open(file);
  if (!database) return database.error();
  Auditor auditor(std::move(*database));
  if (auto prepared = auditor.prepare(); !prepared) return prepared.error();
  return auditor.run(question);
}

Result<void> for_each_event(const std::filesystem::path& file,
                            const std::function<bool(std::string_view)>& event) {
  auto database = open(file);
  if (!database) return database.error();
  if (auto done = database->execute(sql::kConfigureReader); !done) return done;
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
