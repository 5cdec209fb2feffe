#include "spool/room/shortage.hpp"

#include <xxhash.h>

#include <array>
#include <cstdint>
#include <utility>

#include "model/trouble_catalogue.hpp"
#include "spool/queue/commit_group.hpp"

namespace watchpost::spool {
namespace {

// A hand-over that is made again has the ticket it had before.
std::uint64_t mark_of(const CustodyTicket& ticket) {
  const std::array<std::uint64_t, 2> parts{reinterpret_cast<std::uintptr_t>(ticket.sink.get()),
                                           ticket.number.value};
  return XXH3_64bits_withSeed(parts.data(), sizeof parts, 1);
}

// A client that sends again on a new connection brings the same bytes on the same topic.
std::uint64_t mark_of(const Record& record) {
  const auto topic = XXH3_64bits_withSeed(record.topic.data(), record.topic.size(), 2);
  return XXH3_64bits_withSeed(record.payload.data(), record.payload.size(), topic);
}

// Not what a person asks for, or what time does to an alarm.
bool is_message(const Append& append) {
  if (append.records.empty()) return false;
  const RecordType type = append.records.front().type;
  return type != RecordType::transition && type != RecordType::duty;
}

}  // namespace

void Shortage::refused(const Append& append) {
  if (!is_message(append)) return;
  if (!is_repeat(append)) ++refusals_[index_of(class_of(append))];
  if (append.ticket.sink) remember(mark_of(append.ticket));
  if (!append.records.empty()) remember(mark_of(append.records.front()));
}

bool Shortage::is_repeat(const Append& append) {
  if (append.ticket.sink && knows(mark_of(append.ticket))) return true;
  return append.repeated && !append.records.empty() && knows(mark_of(append.records.front()));
}

void Shortage::remember(std::uint64_t mark) {
  if (known_.size() < kMostKnown) known_.insert(mark);
}

void Shortage::begin(Cause cause, Trouble told, Log& log) {
  if (cause != cause_) log.error("{}", sentence_of(told, Language::english));
  cause_ = cause;
  told_ = std::move(told);
}

void Shortage::end(Log& log) {
  if (!lasts()) return;
  log.info("The store has room again: everything is kept");
  cause_ = Cause::none;
  told_.reset();
  known_.clear();
}

}  // namespace watchpost::spool
