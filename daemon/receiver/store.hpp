// Store: RECEIVED.db, what a street has received.
// Promise: keep() returns success only after one committed transaction (synchronous=FULL) holds all
// of the messages and what follows from them; a failed one leaves nothing behind, and the next one
// opens the file and reads its bookkeeping again before it goes on. An event is stored once for
// each source and id; another event under the same id is kept as a conflict. Memory is bounded:
// what is known of streams is a cache of the file. Used by one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "receiver/event.hpp"
#include "receiver/gap_watch.hpp"
#include "receiver/gaps.hpp"
#include "receiver/lineage.hpp"
#include "receiver/new_stores.hpp"
#include "receiver/put_aside.hpp"
#include "receiver/received_file.hpp"
#include "receiver/streams.hpp"

namespace watchpost::receiver {

struct Message {
  std::string topic;
  std::string payload;
  std::string encoding = {};  // User Property content-encoding; empty: the first bytes decide
  // The broker retained it from before we subscribed, and had no session of ours: what was
  // published between an earlier session and this one, nobody has kept for us.
  bool after_lost_session = false;
  // Nothing that the broker kept for us is on its way any more.
  bool behind_queue = false;
};

// What a person should look at.
struct Notice {
  enum class Kind : std::uint8_t {
    conflict,   // another event came under the id of `key`
    put_back,   // `branch`: the gateway's store was replaced, by an older copy or by a new one
    both_grow,  // `branch`: two boxes send as this gateway
  };
  Kind kind = Kind::conflict;
  std::string source;
  EventKey key;
  Branch branch;
};

struct Kept {
  // Of every stream that a message touched; with `resend` of every class of a gateway that was
  // there while no session was kept for us, or that is heard for the first time since the start:
  // the file may be an older copy, or a new one, and lack what an earlier one had.
  std::vector<Receipt> receipts;
  std::vector<Notice> notices;  // each told once
  std::uint64_t events = 0;
  std::uint64_t repeats = 0;
  std::uint64_t unreadable = 0;
  std::uint64_t conflicts = 0;
};

class Store {
 public:
  // Creates the file where it is missing. One at a time: a second receiver is refused.
  [[nodiscard]] static Result<Store> open(const std::filesystem::path& file);

  [[nodiscard]] Result<Kept> keep(std::span<const Message> messages, WallTime now);
  // How many gateways there are, and what is missing now.
  [[nodiscard]] Result<Survey> survey();

 private:
  // They refer to each other: one place for all, so that a Store can be moved.
  struct Parts {
    explicit Parts(ReceivedFile received) : file(std::move(received)) {}
    ReceivedFile file;
    Lineage lineage;
    NewStores new_stores{lineage};
    Streams streams{lineage};
    Gaps gaps{streams, lineage};
    PutAside aside;
    sqlite::Statement add_event, body_of;
  };

  explicit Store(ReceivedFile file) : parts_(std::make_unique<Parts>(std::move(file))) {}
  [[nodiscard]] Result<void> open_file();
  [[nodiscard]] Result<void> make_ready();
  [[nodiscard]] Failure give_back(const Failure& failure);

  [[nodiscard]] Result<void> write(std::span<const Message> messages, Kept& kept);
  [[nodiscard]] Result<void> take(const Message& message, Kept& kept);
  [[nodiscard]] Result<void> take(Gateway& gateway, const ReceivedEvent& event, Kept& kept);
  [[nodiscard]] Result<void> take(Gateway& gateway, const DamagedEvent& event, Kept& kept);
  [[nodiscard]] Result<void> take(Gateway& gateway, const GatewayState& state, Kept& kept);
  [[nodiscard]] Result<void> take(Gateway& gateway, const EpochNotice& notice, Kept& kept);
  [[nodiscard]] bool must_ask(const Gateway& gateway, const Message& message) const;
  [[nodiscard]] Result<void> ask_again(const Gateway& gateway, const GatewayState& state,
                                       Kept& kept);
  [[nodiscard]] Result<void> take_again(Gateway& gateway, Stream& stream,
                                        const ReceivedEvent& event, Kept& kept);
  [[nodiscard]] Result<void> look_for_new_store(Gateway& gateway, Kept& kept);
  [[nodiscard]] Result<void> look_for_two(Gateway& gateway, const EventKey& key, bool is_first,
                                          Kept& kept);
  [[nodiscard]] Result<void> note(Gateway& gateway, const Branch& branch, Kept& kept);
  [[nodiscard]] Result<std::string> body_of(const Stream& stream, Seq sequence);
  [[nodiscard]] Result<Survey> survey_streams();

  std::unique_ptr<Parts> parts_;
  std::int64_t now_ = 0;                  // of this call to keep()
  std::set<std::int64_t> asked_;          // gateways, since the start
  std::vector<std::int64_t> asking_now_;  // in this call
};

}  // namespace watchpost::receiver
