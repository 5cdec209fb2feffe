#include "receiver/auditor.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "model/event_topic.hpp"
#include "receiver/received_file.hpp"
#include "receiver/schema.hpp"
#include "receiver/sorter.hpp"
#include "receiver/statements.hpp"

namespace watchpost::receiver {
namespace {

constexpr std::size_t kMostGatewaysNamed = 20;

// Nanoseconds since 1970; 0: it was not yet.
std::optional<WallTime> moment_in(const sqlite::Statement& row, int column) {
  const std::int64_t since_1970 = row.integer(column);
  if (since_1970 == 0) return std::nullopt;
  return WallTime{
      std::chrono::duration_cast<WallTime::duration>(std::chrono::nanoseconds(since_1970))};
}

Failure cannot_look(const std::filesystem::path& file, std::string_view why) {
  return Failure{Failure::Kind::not_found, fmt::format("{}: {}", file.string(), why),
                 "Name the file that was given to `watchpost receive --store`"};
}

Failure none_of_ours(const std::filesystem::path& file, std::string_view why) {
  return Failure{Failure::Kind::invalid_input,
                 fmt::format("{} is no file of `watchpost receive`: {}", file.string(), why),
                 "Nothing was changed. Name the file that was given to it with --store"};
}

}  // namespace

Result<sqlite::Database> open_received(const std::filesystem::path& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) return cannot_look(file, std::strerror(errno));
  if (S_ISDIR(found.st_mode)) return none_of_ours(file, "it is a folder");
  if (!S_ISREG(found.st_mode)) return none_of_ours(file, "it is no regular file");
  if (found.st_size == 0) return none_of_ours(file, "it is empty");
  if (::access(file.c_str(), R_OK) != 0) {
    return Failure{Failure::Kind::environment,
                   fmt::format("{} may not be read: {}", file.string(), std::strerror(errno)),
                   "Run this as a user who may read it, such as the one the receiver runs as"};
  }
  auto database = sqlite::Database::open(file, sqlite::Database::Access::read_only);
  if (!database) return database.error();
  const auto version = database->query_integer(sql::kUserVersion);
  if (!version && sqlite::is_damage(version.error())) {
    return none_of_ours(file, "it is no SQLite database");
  }
  if (!version) return version.error();
  if (*version == 1) {
    return Failure{Failure::Kind::refused,
                   fmt::format("{} was written by an earlier watchpost", file.string()),
                   "Start `watchpost receive` with it once: that brings it up to date"};
  }
  if (*version != kSchemaVersion) {
    return none_of_ours(file, fmt::format("its version is {}, not {}", *version, kSchemaVersion));
  }
  auto gateway = database->prepare("SELECT first_alarm FROM gateway");
  if (!gateway) return none_of_ours(file, "it is another program's database");
  if (auto done = database->execute(sql::kConfigureReader); !done) return done.error();
  return database;
}

Result<void> Auditor::prepare() {
  const std::array wanted{
      Wanted{&gateways_, sql::kAllGateways},     Wanted{&streams_, sql::kStreamsOf},
      Wanted{&sequences_, sql::kSequencesAfter}, Wanted{&gaps_, sql::kGapsOf},
      Wanted{&missing_, sql::kMissingOf},        Wanted{&quick_check_, sql::kQuickCheck},
      Wanted{&first_after_, sql::kFirstAfter},   Wanted{&conflicts_, sql::kCountConflicts},
      Wanted{&branches_, sql::kBranchesOf},      Wanted{&damaged_, sql::kDamagedOf},
  };
  if (auto prepared = prepare_all(database_, wanted); !prepared) return prepared;
  return database_.execute(sql::kBeginReading);
}

Result<Audit> Auditor::run(const std::filesystem::path& file, const AuditQuestion& question) {
  auto found = gateways(question);
  if (!found) return found.error();
  if (found->empty()) return never_heard(file, question);
  Audit audit;
  if (auto checked = check(audit, question.pages); !checked) return checked.error();
  for (Gateway& gateway : *found) {
    if (auto looked = look(gateway, audit); !looked) return looked.error();
    audit.gateways.push_back(std::move(gateway.seen));
  }
  return audit;
}

Result<std::vector<Auditor::Gateway>> Auditor::gateways(const AuditQuestion& question) {
  std::vector<Gateway> found;
  gateways_.bind(1, question.source);
  auto more = gateways_.step();
  for (; more && *more; more = gateways_.step()) {
    Gateway& one = found.emplace_back();
    one.id = gateways_.integer(0);
    one.seen.source = gateways_.text(1);
    one.seen.state = gateways_.text(2);
    one.seen.epoch = gateways_.text(3);
    for (std::size_t i = 0; i < kEventClassCount; ++i) {
      one.first[i] = sequence_in(gateways_, 4 + static_cast<int>(i));
      one.oldest[i] = sequence_in(gateways_, 8 + static_cast<int>(i));
    }
    one.seen.state_since = moment_in(gateways_, 12);
    one.seen.last_event_at = moment_in(gateways_, 13);
    if (question.heads && question.heads->source == one.seen.source) one.heads = &*question.heads;
  }
  if (!more) return more.error();
  const bool is_heard = !question.heads || std::any_of(found.begin(), found.end(), [](auto& one) {
    return one.heads != nullptr;
  });
  if (!is_heard) found.clear();
  return found;
}

// Nothing to look at is no proof of anything.
Failure Auditor::never_heard(const std::filesystem::path& file, const AuditQuestion& question) {
  std::string names;
  std::size_t count = 0;
  gateways_.bind(1, std::string_view{});
  auto more = gateways_.step();
  for (; more && *more; more = gateways_.step()) {
    const std::string_view whole = gateways_.text(1);
    const std::string_view source = gateway_of_source(whole).value_or(whole);
    if (count++ < kMostGatewaysNamed) {
      names += fmt::format("{}{}", names.empty() ? "" : ", ", source);
    }
  }
  if (!more) return more.error();
  if (count == 0) {
    return Failure{Failure::Kind::not_found,
                   fmt::format("No gateway was ever heard by the receiver of {}", file.string()),
                   "Is this the right file, and does `watchpost receive` run with it?"};
  }
  if (count > kMostGatewaysNamed) names += fmt::format(" and {} more", count - kMostGatewaysNamed);
  const std::string& wanted = question.heads ? question.heads->source : question.source;
  return Failure{Failure::Kind::not_found,
                 fmt::format("{} was never heard by the receiver of {}", wanted, file.string()),
                 fmt::format("It has heard these gateways: {}", names)};
}

Result<void> Auditor::look(Gateway& gateway, Audit& audit) {
  conflicts_.bind(1, gateway.id);
  const auto conflicts = conflicts_.step();
  if (!conflicts) return conflicts.error();
  gateway.seen.conflicts = static_cast<std::uint64_t>(conflicts_.integer(0));
  conflicts_.reset();
  if (auto done = branches(gateway); !done) return done;
  streams_.bind(1, gateway.id);
  auto row = next_stream();
  while (row && *row) {
    auto next = next_stream();
    if (!next) return next.error();
    const bool same = *next && (*next)->audit.event_class == (*row)->audit.event_class;
    (*row)->audit.source = gateway.seen.source;
    auto looked = look(gateway, **row, same ? &**next : nullptr);
    if (!looked) return looked;
    add(std::move((*row)->audit), audit);
    row = std::move(next);
  }
  if (!row) return row.error();
  add_what_was_never_heard(gateway, audit);
  return {};
}

Result<void> Auditor::branches(Gateway& gateway) {
  branches_.bind(1, gateway.id);
  auto more = branches_.step();
  for (; more && *more; more = branches_.step()) {
    gateway.seen.branches.push_back({Epoch(branches_.text(0)), Epoch(branches_.text(1)),
                                     Epoch(branches_.text(2)), branches_.integer(3) > 0});
  }
  if (!more) return more.error();
  return {};
}

Result<std::optional<Auditor::StreamRow>> Auditor::next_stream() {
  const auto more = streams_.step();
  if (!more) return more.error();
  if (!*more) return std::optional<StreamRow>{};
  StreamRow row;
  row.id = streams_.integer(0);
  row.audit.epoch = streams_.text(1);
  row.audit.event_class = static_cast<EventClass>(streams_.integer(2));
  row.audit.begins = sequence_in(streams_, 3);
  row.said_contiguous = sequence_in(streams_, 4);
  row.highest = sequence_in(streams_, 5);
  row.audit.repeats = static_cast<std::uint64_t>(streams_.integer(6));
  return std::optional(std::move(row));
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

// Numbers go on over the epochs: where one begins, the one before it has ended.
Result<Seq> Auditor::expected_of(Gateway& gateway, const StreamRow& row,
                                 const StreamRow* successor) {
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
  } else if (successor != nullptr) {
    up_to(successor->audit.begins);
  } else if (row.audit.epoch != gateway.seen.epoch) {
    up_to(gateway.first[i]);  // said, and nothing of it has come yet
  }
  if (gateway.heads == nullptr) return expected;
  if (gateway.heads->epoch == row.audit.epoch) {
    gateway.heads_compared[i] = true;
    expected = std::max(expected, gateway.heads->newest[i]);
  } else if (!told && successor == nullptr) {
    up_to(gateway.heads->first[i]);
  }
  return expected;
}

Result<void> Auditor::look(Gateway& gateway, StreamRow& row, const StreamRow* successor) {
  StreamAudit& audit = row.audit;
  const auto expected = expected_of(gateway, row, successor);
  if (!expected) return expected.error();
  audit.expected = *expected;
  std::vector<Explanation> explanations;
  if (auto done = explain(row.id, explanations); !done) return done;
  if (successor != nullptr) {
    if (auto done = explain(successor->id, explanations); !done) return done;
  }
  const auto i = index_of(audit.event_class);
  // What lies behind all that came, and what the gateway says that it still sends, is on its way.
  Sorter::Sent sent{gateway.oldest[i], std::max(row.highest, row.said_contiguous)};
  if (gateway.heads != nullptr) sent = {gateway.heads->settled[i].next(), Seq{}};
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
  damaged_.bind(1, row.id);
  const auto damaged = damaged_.step();
  if (!damaged) return damaged.error();
  audit.damaged = static_cast<std::uint64_t>(damaged_.integer(0));
  damaged_.reset();
  return {};
}

// What a gateway has of a class in an epoch of which nothing ever came.
void Auditor::add_what_was_never_heard(const Gateway& gateway, Audit& audit) {
  if (gateway.heads == nullptr) return;
  const GatewayHeads& heads = *gateway.heads;
  for (const EventClass event_class : kEventClasses) {
    const auto i = index_of(event_class);
    const Seq begins = std::max(heads.first[i], Seq{1});
    if (gateway.heads_compared[i] || heads.newest[i] < begins) continue;
    StreamAudit stream;
    stream.source = gateway.seen.source;
    stream.epoch = heads.epoch;
    stream.event_class = event_class;
    stream.begins = begins;
    stream.expected = heads.newest[i];
    stream.contiguous = Seq{begins.value - 1};
    Sorter(stream, {}, {heads.settled[i].next(), Seq{}}).hole({begins, heads.newest[i]});
    audit.streams.push_back(std::move(stream));
  }
}

// Complete epochs that follow each other are one entry, however many they are.
void Auditor::add(StreamAudit stream, Audit& audit) {
  StreamAudit* last = audit.streams.empty() ? nullptr : &audit.streams.back();
  const bool follows = last != nullptr && last->source == stream.source &&
                       last->event_class == stream.event_class &&
                       last->expected.next() == stream.begins;
  if (!follows || !last->complete() || !stream.complete()) {
    audit.streams.push_back(std::move(stream));
    return;
  }
  last->last_epoch = stream.epoch;
  last->epochs += stream.epochs;
  last->expected = std::max(last->expected, stream.expected);
  last->contiguous = last->expected;
  last->received += stream.received;
  last->repeats += stream.repeats;
  last->damaged += stream.damaged;
  last->given_up.add(stream.given_up);
  last->before.add(stream.before);
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

}  // namespace watchpost::receiver
