#include "receiver/store.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "receiver/same_event.hpp"
#include "receiver/statements.hpp"

namespace watchpost::receiver {

Result<Store> Store::open(const std::filesystem::path& file) {
  auto locked = ReceivedFile::lock(file);
  if (!locked) return locked.error();
  Store store(std::move(*locked));
  if (auto opened = store.open_file(); !opened) return worded(opened.error());
  return store;
}

Result<void> Store::open_file() {
  Parts& parts = *parts_;
  if (auto opened = parts.file.open(); !opened) return opened;
  sqlite::Database& database = parts.file.database();
  const sqlite::Database::Wanted wanted[] = {{&parts.add_event, sql::kAddEvent},
                                             {&parts.body_of, sql::kBodyOf}};
  auto prepared = database.prepare_all(wanted);
  if (prepared) prepared = parts.lineage.prepare(database);
  if (prepared) prepared = parts.new_stores.prepare(database);
  if (prepared) prepared = parts.streams.prepare(database);
  if (prepared) prepared = parts.gaps.prepare(database);
  if (prepared) prepared = parts.aside.prepare(database);
  return prepared;
}

Result<void> Store::make_ready() {
  if (parts_->file.is_open()) return {};
  if (auto ours = parts_->file.is_ours(); !ours) return ours;
  auto opened = open_file();
  return opened ? opened : Result<void>{give_back(opened.error())};
}

// Never on with the same connection: what it holds in memory may not be what is on the disk. The
// next call opens the file and reads all of its bookkeeping again.
Failure Store::give_back(const Failure& failure) {
  Parts& parts = *parts_;
  parts.streams.forget();
  // Statements end before their connection does.
  parts.add_event = sqlite::Statement{};
  parts.body_of = sqlite::Statement{};
  parts.streams = Streams(parts.lineage);
  parts.gaps = Gaps(parts.streams, parts.lineage);
  parts.new_stores = NewStores(parts.lineage);
  parts.lineage = Lineage();
  parts.aside = PutAside();
  parts.file.close();
  return worded(failure);
}

Result<Kept> Store::keep(std::span<const Message> messages, WallTime now) {
  Parts& parts = *parts_;
  if (parts.streams.is_large()) parts.streams.forget();
  if (auto ready = make_ready(); !ready) return ready.error();
  now_ = now.time_since_epoch().count();
  parts.lineage.begin(now_);
  parts.new_stores.begin(now_);
  parts.streams.begin(now_);
  parts.gaps.begin(now_);
  parts.aside.begin(now_);
  asking_now_.clear();
  Kept kept;
  auto written = parts.file.begin();
  if (written) written = write(messages, kept);
  if (written) written = parts.file.commit();
  if (written) written = parts.file.is_ours();
  if (!written) return give_back(written.error());
  asked_.insert(asking_now_.begin(), asking_now_.end());
  // The commit itself is on the disk.
  if (auto moved = parts.file.move_wal(); !moved) static_cast<void>(give_back(moved.error()));
  return kept;
}

Result<void> Store::write(std::span<const Message> messages, Kept& kept) {
  for (const Message& message : messages) {
    if (auto taken = take(message, kept); !taken) return taken;
  }
  return parts_->streams.save(kept.receipts);
}

Result<void> Store::take(const Message& message, Kept& kept) {
  std::string room;
  const auto text = text_of({.bytes = message.payload, .encoding = message.encoding}, room);
  const auto read = text ? read_message({.topic = message.topic, .text = *text})
                         : Result<ReadMessage>(text.error());
  const std::string why = read ? read->rest : read.error().what;
  if (!why.empty()) {
    ++kept.unreadable;
    const PutAside::Unreadable rest{message.topic, why, message.payload};
    if (auto aside = parts_->aside.unreadable(rest); !aside) return aside;
  }
  if (!read || read->readings.empty()) return {};
  const auto gateway = parts_->streams.gateway_of(*read);
  if (!gateway) return gateway.error();
  (*gateway)->touched = true;
  for (const Reading& reading : read->readings) {
    auto taken = Result<void>{};
    if (const auto* state = std::get_if<GatewayState>(&reading)) {
      // First, since what it says of itself ends the waiting for what it sends no more.
      if (must_ask(**gateway, message)) taken = ask_again(**gateway, *state, kept);
      if (taken) taken = take(**gateway, *state, kept);
    } else if (const auto* damaged = std::get_if<DamagedEvent>(&reading)) {
      taken = take(**gateway, *damaged, kept);
    } else {
      taken = take(**gateway, std::get<ReceivedEvent>(reading), kept);
    }
    if (!taken) return taken;
  }
  return {};
}

Result<void> Store::take(Gateway& gateway, const ReceivedEvent& event, Kept& kept) {
  // First, so that its own stream begins where it says.
  if (event.begins) {
    if (auto taken = take(gateway, *event.begins, kept); !taken) return taken;
  }
  auto found = parts_->gaps.stream_for(gateway, event.key);
  if (!found) return found.error();
  Stream& stream = **found;
  stream.touch();
  gateway.last_event_at = now_;
  sqlite::Statement& add = parts_->add_event;
  add.bind(1, stream.id);
  add.bind(2, static_cast<std::int64_t>(event.key.sequence.value));
  add.bind(3, now_);
  add.bind(4, event.type);
  add.bind(5, event.subject);
  add.bind(6, event.time);
  add.bind(7, event.text);
  if (auto added = add.run(); !added) return added;
  if (parts_->file.database().changes() == 0) return take_again(gateway, stream, event, kept);
  const bool is_first = stream.received == 0;
  const bool is_beyond = event.key.sequence > stream.highest;
  ++stream.received;
  ++kept.events;
  stream.highest = std::max(stream.highest, event.key.sequence);
  stream.progress.add(event.key.sequence);
  if (is_beyond) {
    if (auto looked = look_for_two(gateway, event.key, is_first, kept); !looked) return looked;
  }
  return event.gap ? parts_->gaps.given_up(gateway, *event.gap) : Result<void>{};
}

// Stored before: a repeat, or another event under its name.
Result<void> Store::take_again(Gateway& gateway, Stream& stream, const ReceivedEvent& event,
                               Kept& kept) {
  ++stream.repeats;
  ++kept.repeats;
  const auto body = body_of(stream, event.key.sequence);
  if (!body) return body.error();
  if (is_same_event(*body, event.text)) return {};
  const auto is_new = parts_->aside.conflict({stream.id, event.key.sequence}, event.text);
  if (!is_new) return is_new.error();
  if (!*is_new) return {};
  ++kept.conflicts;
  kept.notices.push_back({Notice::Kind::conflict, gateway.source, event.key, {}});
  return {};
}

// Its number is known and it is kept, so it is confirmed like others.
Result<void> Store::take(Gateway& gateway, const DamagedEvent& event, Kept& kept) {
  auto found = parts_->gaps.stream_for(gateway, event.key);
  if (!found) return found.error();
  Stream& stream = **found;
  stream.touch();
  gateway.last_event_at = now_;
  const auto is_new = parts_->aside.damaged({stream.id, event.key.sequence}, event);
  if (!is_new) return is_new.error();
  if (*is_new) {
    ++kept.unreadable;
  } else {
    ++stream.repeats;
    ++kept.repeats;
  }
  stream.highest = std::max(stream.highest, event.key.sequence);
  stream.progress.add(event.key.sequence);
  return {};
}

Result<std::string> Store::body_of(const Stream& stream, Seq sequence) {
  sqlite::Statement& select = parts_->body_of;
  select.bind(1, stream.id);
  select.bind(2, static_cast<std::int64_t>(sequence.value));
  const auto row = select.step();
  if (!row) return row.error();
  std::string body(*row ? select.text(0) : std::string_view{});
  select.reset();
  return body;
}

// Only `online` names the present epoch: an `offline` is the will of a connection that is gone.
Result<void> Store::take(Gateway& gateway, const GatewayState& state, Kept& kept) {
  gateway.touched = true;
  if (gateway.state != state.state) gateway.state_since = now_;
  gateway.state = state.state;
  const bool names_present = state.state == "online" || gateway.epoch.empty();
  if (state.epoch.empty() || !names_present) return {};
  if (gateway.epoch != state.epoch) {
    // One that was said and never begun leaves no trace.
    const auto begun = parts_->lineage.find(gateway.id, gateway.epoch);
    if (!begun) return begun.error();
    if (*begun) gateway.previous = gateway.epoch;
  }
  gateway.epoch = state.epoch;
  gateway.first = state.first;
  gateway.oldest = state.oldest;
  for (const EventClass event_class : kEventClasses) {
    if (auto noted = parts_->gaps.nothing_below_oldest(gateway, event_class); !noted) return noted;
  }
  return look_for_new_store(gateway, kept);
}

Result<void> Store::look_for_new_store(Gateway& gateway, Kept& kept) {
  for (const EventClass event_class : kEventClasses) {
    const auto stream = parts_->streams.known(gateway, gateway.epoch, event_class);
    if (!stream) return stream.error();
    if (*stream != nullptr) return {};
  }
  const EpochBegin begin{{}, gateway.first};
  const auto branch = parts_->new_stores.begun_anew(gateway.id, begin, gateway.epoch);
  if (!branch) return branch.error();
  return *branch ? note(gateway, **branch, kept) : Result<void>{};
}

Result<void> Store::note(Gateway& gateway, const Branch& branch, Kept& kept) {
  const auto is_new = parts_->lineage.keep(gateway.id, branch);
  if (!is_new) return is_new.error();
  gateway.has_branches = true;
  if (!*is_new) return {};
  kept.notices.push_back({Notice::Kind::put_back, gateway.source, {}, branch});
  // Receipts of the other side: from them the gateway learns what its store lacks.
  for (const EventClass event_class : kEventClasses) {
    const auto other = parts_->streams.known(gateway, branch.older, event_class);
    if (!other) return other.error();
    if (*other != nullptr) (*other)->touch();
  }
  return {};
}

bool Store::must_ask(const Gateway& gateway, const Message& message) const {
  return message.after_lost_session || (message.behind_queue && asked_.count(gateway.id) == 0);
}

// An alarm may have come and gone that is the first of its class: so each class, whatever is
// stored. Where nothing of the present epoch is, numbers go on from the epoch before.
Result<void> Store::ask_again(const Gateway& gateway, const GatewayState& state, Kept& kept) {
  if (state.state != "online" || state.epoch.empty()) return {};
  asking_now_.push_back(gateway.id);
  for (const EventClass event_class : kEventClasses) {
    const auto stream = parts_->streams.known(gateway, state.epoch, event_class);
    if (!stream) return stream.error();
    Seq stored;
    if (*stream != nullptr && (*stream)->progress.contiguous() >= (*stream)->begins) {
      stored = (*stream)->progress.contiguous();
    }
    kept.receipts.push_back({gateway.prefix, state.epoch, event_class, stored, true});
    if (stored > Seq{}) continue;
    const auto before = parts_->streams.newest(gateway, event_class);
    if (!before) return before.error();
    const Seq first = state.first[index_of(event_class)];
    if (*before == nullptr || first <= Seq{1}) continue;
    const Seq reached = std::min((*before)->progress.contiguous(), Seq{first.value - 1});
    kept.receipts.push_back({gateway.prefix, (*before)->epoch, event_class, reached, true});
  }
  return {};
}

Result<void> Store::take(Gateway& gateway, const EpochNotice& notice, Kept& kept) {
  const auto known = parts_->lineage.find(gateway.id, notice.epoch);
  if (!known) return known.error();
  // A notice of an earlier version does not say where its epoch begins.
  if ((*known && (*known)->told) || notice.first == PerClass<Seq>{}) return {};
  const auto branch = parts_->lineage.branch_of(gateway.id, notice);
  if (!branch) return branch.error();
  if (*branch) {
    if (auto noted = note(gateway, **branch, kept); !noted) return noted;
  }
  auto learned = parts_->lineage.learn(gateway.id, notice, Lineage::Source::told);
  if (!learned) return learned;
  // Streams that had to begin before this was known.
  for (const EventClass event_class : kEventClasses) {
    const auto stream = parts_->streams.known(gateway, notice.epoch, event_class);
    if (!stream) return stream.error();
    const Seq first = notice.first[index_of(event_class)];
    if (*stream == nullptr || first <= (*stream)->begins) continue;
    (*stream)->begins = first;
    (*stream)->progress.add(SeqRange{Seq{1}, Seq{first.value - 1}});
    (*stream)->touch();
  }
  return {};
}

// A number beyond all that came of its stream: does another life of the gateway have it too?
Result<void> Store::look_for_two(Gateway& gateway, const EventKey& key, bool is_first, Kept& kept) {
  Lineage& lineage = parts_->lineage;
  // Where two boxes are known already, what follows from them is no news.
  const auto is_known = lineage.has_two_boxes(gateway.id);
  if (!is_known) return is_known.error();
  if (!*is_known) {
    auto branch = lineage.gone_past(gateway.id, key);
    if (branch && !*branch && is_first) branch = parts_->new_stores.given_twice(gateway.id, key);
    if (!branch) return branch.error();
    if (*branch) {
      if (auto noted = note(gateway, **branch, kept); !noted) return noted;
    }
  }
  if (!gateway.has_branches) return {};
  const auto grown = lineage.grew(gateway.id, key);
  if (!grown) return grown.error();
  if (*grown) {
    kept.notices.push_back({Notice::Kind::both_grow, gateway.source, key, **grown});
  }
  return {};
}

}  // namespace watchpost::receiver
