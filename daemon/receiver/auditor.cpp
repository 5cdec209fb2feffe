#include "receiver/auditor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "model/event_topic.hpp"
#include "receiver/audit_statements.hpp"
#include "receiver/received_file.hpp"
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

}  // namespace

Result<void> Auditor::prepare() {
  const sqlite::Database::Wanted wanted[] = {
      {&gateways_, sql::kAllGateways},     {&streams_, sql::kStreamsOf},
      {&sequences_, sql::kSequencesAfter}, {&gaps_, sql::kGapsOf},
      {&missing_, sql::kMissingOf},        {&quick_check_, sql::kQuickCheck},
      {&first_after_, sql::kFirstAfter},   {&conflicts_, sql::kCountConflicts},
      {&branches_, sql::kBranchesOf},      {&damaged_, sql::kDamagedOf},
      {&epochs_, sql::kEpochsOf},          {&streams_behind_, sql::kStreamsBehind},
  };
  if (auto prepared = database_.prepare_all(wanted); !prepared) return prepared;
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
    one.previous = gateways_.text(14);
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
    return in_both(
        Failure::Kind::not_found,
        English{fmt::format("No gateway was ever heard by the receiver of {}", file.string()),
                "Is this the right file, and does `watchpost receive` run with it?"},
        Chinese{fmt::format("{} 的接收程序从未收到过任何网关的内容", file.string()),
                "文件是否正确，`watchpost receive` 是否正在用它运行？"});
  }
  if (count > kMostGatewaysNamed) names += fmt::format(" and {} more", count - kMostGatewaysNamed);
  const std::string& wanted = question.heads ? question.heads->source : question.source;
  return in_both(
      Failure::Kind::not_found,
      English{fmt::format("{} was never heard by the receiver of {}", wanted, file.string()),
              fmt::format("It has heard these gateways: {}", names)},
      Chinese{fmt::format("{1} 的接收程序从未收到过 {0} 的内容", wanted, file.string()),
              fmt::format("它收到过这些网关的内容：{}", names)});
}

Result<void> Auditor::look(Gateway& gateway, Audit& audit) {
  conflicts_.bind(1, gateway.id);
  const auto conflicts = conflicts_.step();
  if (!conflicts) return conflicts.error();
  gateway.seen.conflicts = static_cast<std::uint64_t>(conflicts_.integer(0));
  conflicts_.reset();
  if (auto done = read_epochs(gateway); !done) return done;
  if (auto done = branches(gateway); !done) return done;
  streams_.bind(1, gateway.id);
  auto row = next_stream();
  for (; row && *row; row = next_stream()) {
    (*row)->audit.source = gateway.seen.source;
    if (auto looked = look(gateway, **row); !looked) return looked;
    gateway.seen.received += (*row)->audit.received;
    note_replaced(gateway, **row);
    add(std::move((*row)->audit), audit);
  }
  if (!row) return row.error();
  add_what_was_never_heard(gateway, audit);
  return {};
}

Result<void> Auditor::branches(Gateway& gateway) {
  branches_.bind(1, gateway.id);
  auto more = branches_.step();
  for (; more && *more; more = branches_.step()) {
    const Branch& branch =
        gateway.seen.branches.emplace_back(Branch{.younger = Epoch(branches_.text(0)),
                                                  .older = Epoch(branches_.text(1)),
                                                  .trunk = Epoch(branches_.text(2)),
                                                  .both_grow = branches_.integer(3) > 0});
    // Where the trunk itself went too far, the younger one goes on behind it too.
    gateway.replaced.push_back(branch.older == branch.trunk ? std::set<Epoch>{branch.trunk}
                                                            : gateway.tree.line_of(branch.older));
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
    Sorter(stream, {}, {heads.delivered[i].next(), Seq{}}).hole({begins, heads.newest[i]});
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
