#include "receiver/store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "receiver/schema.hpp"
#include "receiver/statements.hpp"

namespace watchpost::receiver {
namespace {

constexpr std::int64_t kSynchronousFull = 2;
constexpr std::size_t kMostHolesNoted = 10'000;

std::int64_t number(Seq sequence) {
  return static_cast<std::int64_t>(sequence.value);
}

}  // namespace

Result<Store> Store::open(const std::filesystem::path& file) {
  Store store;
  if (auto locked = store.lock(file); !locked) return locked.error();
  auto database = sqlite::Database::open(file, sqlite::Database::Access::read_write_create);
  if (!database) return database.error();
  store.database_ = std::move(*database);
  if (auto done = store.configure(); !done) return done.error();
  if (auto done = store.prepare(); !done) return done.error();
  return store;
}

void Store::Unlock::operator()(const int* descriptor) const {
  ::close(*descriptor);
  delete descriptor;
}

// Two would each confirm from what they remember.
Result<void> Store::lock(const std::filesystem::path& file) {
  const std::string name = file.string() + ".lock";
  const int descriptor = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return Failure{Failure::Kind::environment,
                   fmt::format("{} cannot be written: {}", name, std::strerror(errno)),
                   "Name a file with --store in a folder that this user may write"};
  }
  lock_.reset(new int(descriptor));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return {};
  return Failure{Failure::Kind::environment,
                 fmt::format("Another receiver already uses {}", file.string()),
                 "Stop that one, or name another file with --store"};
}

Result<void> Store::configure() {
  if (auto done = database_.execute(sql::kConfigureWriter); !done) return done;
  const auto synchronous = database_.query_integer(sql::kSynchronous);
  if (!synchronous) return synchronous.error();
  if (*synchronous != kSynchronousFull) {
    return Failure{Failure::Kind::storage, "SQLite does not sync every commit of this store",
                   "Use the SQLite of the system this was built for"};
  }
  const auto version = database_.query_integer(sql::kUserVersion);
  if (!version) return version.error();
  if (*version == kSchemaVersion) return {};
  const auto tables = database_.query_integer(sql::kTables);
  if (!tables) return tables.error();
  if (*version != 0 || *tables != 0) {
    return Failure{Failure::Kind::refused,
                   fmt::format("The file is no store of this receiver (version {})", *version),
                   "Name another file with --store, or use the watchpost that wrote this one"};
  }
  if (auto done = database_.execute(sql::kBegin); !done) return done;
  if (auto done = database_.execute(kSchema); !done) return done;
  if (auto done = database_.execute(sql::kSetUserVersion); !done) return done;
  return database_.execute(sql::kCommit);
}

Result<void> Store::prepare() {
  const std::pair<sqlite::Statement*, const char*> wanted[] = {
      {&statements_.begin, sql::kBegin},
      {&statements_.commit, sql::kCommit},
      {&statements_.rollback, sql::kRollback},
      {&statements_.find_gateway, sql::kFindGateway},
      {&statements_.add_gateway, sql::kAddGateway},
      {&statements_.save_gateway, sql::kSaveGateway},
      {&statements_.find_stream, sql::kFindStream},
      {&statements_.add_stream, sql::kAddStream},
      {&statements_.save_stream, sql::kSaveStream},
      {&statements_.epochs_of, sql::kEpochsOf},
      {&statements_.add_event, sql::kAddEvent},
      {&statements_.body_of, sql::kBodyOf},
      {&statements_.sequences_after, sql::kSequencesAfter},
      {&statements_.add_gap, sql::kAddGap},
      {&statements_.add_missing, sql::kAddMissing},
      {&statements_.gaps_of, sql::kGapsOf},
      {&statements_.missing_of, sql::kMissingOf},
      {&statements_.add_unreadable, sql::kAddUnreadable},
      {&statements_.forget_unreadable, sql::kForgetUnreadable},
  };
  for (const auto& [statement, text] : wanted) {
    auto prepared = database_.prepare(text);
    if (!prepared) return prepared.error();
    *statement = std::move(*prepared);
  }
  return {};
}

void Store::forget() {
  gateways_.clear();
  streams_.clear();
}

Result<Kept> Store::keep(std::span<const Message> messages, WallTime now) {
  if (streams_.size() > kMostCached || gateways_.size() > kMostCached) forget();
  now_ = now.time_since_epoch().count();
  Kept kept;
  if (auto begun = statements_.begin.run(); !begun) return begun.error();
  auto written = write(messages, kept);
  if (written) written = statements_.commit.run();
  if (written) return kept;
  // What is in memory is ahead of the file now. That nothing is open any more is all a rollback
  // could fail with.
  static_cast<void>(statements_.rollback.run());
  forget();
  return written.error();
}

Result<void> Store::write(std::span<const Message> messages, Kept& kept) {
  for (const Message& message : messages) {
    if (auto taken = take(message, kept); !taken) return taken;
  }
  return save_touched(kept);
}

Result<void> Store::take(const Message& message, Kept& kept) {
  const auto read = read_message(message.topic, message.payload);
  if (!read) {
    ++kept.unreadable;
    return keep_unreadable(message, read.error().what);
  }
  if (read->readings.empty()) return {};
  const auto gateway = gateway_of(*read);
  if (!gateway) return gateway.error();
  for (const Reading& reading : read->readings) {
    const auto* const state = std::get_if<GatewayState>(&reading);
    auto taken = state != nullptr ? take(**gateway, *state)
                                  : take(**gateway, std::get<ReceivedEvent>(reading), kept);
    if (!taken) return taken;
  }
  return {};
}

Result<void> Store::take(Gateway& gateway, const ReceivedEvent& event, Kept& kept) {
  auto found = stream_of(gateway, event.key.epoch, event.key.event_class);
  if (!found) return found.error();
  Stream& stream = **found;
  stream.touched = true;
  sqlite::Statement& add = statements_.add_event;
  add.bind(1, stream.id);
  add.bind(2, number(event.key.sequence));
  add.bind(3, now_);
  add.bind(4, event.type);
  add.bind(5, event.subject);
  add.bind(6, event.time);
  add.bind(7, event.text);
  if (auto added = add.run(); !added) return added;
  if (database_.changes() == 0) {
    ++stream.repeats;
    ++kept.repeats;
    const auto same = is_same(stream, event);
    if (!same) return same.error();
    if (*same) return {};
    ++kept.unreadable;
    return keep_unreadable({gateway.prefix, std::string(event.text)},
                           "another event was stored before under the same source and id");
  }
  ++stream.received;
  ++kept.events;
  stream.highest = std::max(stream.highest, event.key.sequence);
  stream.progress.add(event.key.sequence);
  return event.gap ? note_gap(gateway, *event.gap) : Result<void>{};
}

Result<bool> Store::is_same(const Stream& stream, const ReceivedEvent& event) {
  sqlite::Statement& body = statements_.body_of;
  body.bind(1, stream.id);
  body.bind(2, number(event.key.sequence));
  const auto row = body.step();
  if (!row) return row.error();
  const bool same = *row && body.text(0) == event.text;
  body.reset();
  return same;
}

Result<void> Store::note_gap(const Gateway& gateway, const GapNotice& gap) {
  auto stream = stream_of(gateway, gap.epoch, gap.event_class);
  if (!stream) return stream.error();
  sqlite::Statement& add = statements_.add_gap;
  add.bind(1, (*stream)->id);
  add.bind(2, number(gap.range.first));
  add.bind(3, number(gap.range.last));
  add.bind(4, gap.reason);
  add.bind(5, now_);
  if (auto added = add.run(); !added) return added;
  (*stream)->progress.add(gap.range);
  (*stream)->touched = true;
  return {};
}

Result<void> Store::take(Gateway& gateway, const GatewayState& state) {
  gateway.touched = true;
  gateway.state = state.state;
  if (state.epoch.empty()) return {};
  gateway.epoch = state.epoch;
  for (const EventClass event_class : kEventClasses) {
    if (auto taken = take_positions(gateway, event_class, state); !taken) return taken;
  }
  return {};
}

// Of the present epoch, and of the earlier ones whose rows are still on their way.
Result<void> Store::take_positions(const Gateway& gateway, EventClass event_class,
                                   const GatewayState& state) {
  const Seq first = state.first[index_of(event_class)];
  const Seq oldest = state.oldest[index_of(event_class)];
  auto present = stream_of(gateway, state.epoch, event_class);
  if (!present) return present.error();
  Stream& stream = **present;
  stream.touched = true;
  if (first.value > 0) {
    stream.begins = first;
    stream.progress.add(Range{Seq{1}, Seq{first.value - 1}});
  }
  if (oldest.value == 0) return {};
  stream.oldest = oldest;
  if (auto noted = note_missing(stream, Seq{oldest.value - 1}); !noted) return noted;
  std::vector<Epoch> earlier;
  sqlite::Statement& epochs = statements_.epochs_of;
  epochs.bind(1, gateway.id);
  auto more = epochs.step();
  for (; more && *more; more = epochs.step()) {
    if (epochs.text(0) != state.epoch) earlier.emplace_back(epochs.text(0));
  }
  if (!more) return more.error();
  for (const Epoch& epoch : earlier) {
    auto old = stream_of(gateway, epoch, event_class);
    if (!old) return old.error();
    (*old)->touched = true;
    const Seq last = std::min((*old)->highest, Seq{oldest.value - 1});
    if (auto noted = note_missing(**old, last); !noted) return noted;
  }
  return {};
}

Result<void> Store::note_missing(Stream& stream, Seq last) {
  const bool has_begun = stream.progress.contiguous() >= stream.begins;
  for (const Range& hole : stream.progress.holes(last, kMostHolesNoted)) {
    const bool before = !has_begun && hole.first == stream.begins;
    sqlite::Statement& add = statements_.add_missing;
    add.bind(1, stream.id);
    add.bind(2, number(hole.first));
    add.bind(3, number(hole.last));
    add.bind(4, before ? "before" : "lost");
    add.bind(5, now_);
    if (auto added = add.run(); !added) return added;
    stream.progress.add(hole);
  }
  return {};
}

Result<void> Store::keep_unreadable(const Message& message, std::string_view reason) {
  sqlite::Statement& add = statements_.add_unreadable;
  add.bind(1, now_);
  add.bind(2, message.topic);
  add.bind(3, reason);
  add.bind_bytes(4, std::string_view(message.payload).substr(0, kMostUnreadableBytes));
  const auto row = add.step();
  if (!row) return row.error();
  const std::int64_t id = add.integer(0);
  // Its row was the answer: the statement is done only after one more step.
  if (const auto done = add.step(); !done) return done.error();
  if (id <= kMostUnreadable) return {};
  statements_.forget_unreadable.bind(1, id - kMostUnreadable);
  return statements_.forget_unreadable.run();
}

Result<void> Store::save_touched(Kept& kept) {
  for (auto& [source, gateway] : gateways_) {
    if (!gateway.touched) continue;
    sqlite::Statement& save = statements_.save_gateway;
    save.bind(1, gateway.id);
    save.bind(2, gateway.prefix);
    save.bind(3, gateway.state);
    save.bind(4, gateway.epoch);
    save.bind(5, now_);
    if (auto saved = save.run(); !saved) return saved;
    gateway.touched = false;
  }
  for (auto& [key, stream] : streams_) {
    if (!stream.touched) continue;
    if (stream.progress.wants_rebuilding()) {
      if (auto rebuilt = rebuild(stream); !rebuilt) return rebuilt;
    }
    sqlite::Statement& save = statements_.save_stream;
    save.bind(1, stream.id);
    save.bind(2, number(stream.begins));
    save.bind(3, number(stream.oldest));
    save.bind(4, number(stream.progress.contiguous()));
    save.bind(5, number(stream.highest));
    save.bind(6, static_cast<std::int64_t>(stream.received));
    save.bind(7, static_cast<std::int64_t>(stream.repeats));
    if (auto saved = save.run(); !saved) return saved;
    stream.touched = false;
    // Nothing of this epoch yet: there is nothing to confirm.
    if (stream.progress.contiguous() < stream.begins) continue;
    kept.receipts.push_back(
        {stream.prefix, stream.epoch, stream.event_class, stream.progress.contiguous()});
  }
  return {};
}

}  // namespace watchpost::receiver
