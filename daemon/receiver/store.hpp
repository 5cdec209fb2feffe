// Store: RECEIVED.db, what a street has received.
// Promise: keep() returns success only after one committed transaction (synchronous=FULL) holds all
// of the messages and what follows from them; a failed one leaves nothing behind, and the next one
// opens the file and reads its bookkeeping again before it goes on. An event is stored once for
// each source and id; a repeat with other content is kept among the unreadable. Memory is bounded:
// what is known of streams is a cache of the file. Used by one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "receiver/event.hpp"
#include "receiver/gap_watch.hpp"
#include "receiver/progress.hpp"
#include "sqlite/database.hpp"

namespace watchpost::receiver {

struct Message {
  std::string topic;
  std::string payload;
  std::string encoding = {};  // User Property content-encoding; empty: the first bytes decide
};

// Tell the gateway: all of this stream up to `sequence` is stored.
struct Receipt {
  std::string prefix;
  Epoch epoch;
  EventClass event_class = EventClass::telemetry;
  Seq sequence;
};

struct Kept {
  std::vector<Receipt> receipts;  // of every stream that a message touched
  std::uint64_t events = 0;
  std::uint64_t repeats = 0;
  std::uint64_t unreadable = 0;
};

class Store {
 public:
  // Creates the file where it is missing. One at a time: a second receiver is refused.
  [[nodiscard]] static Result<Store> open(const std::filesystem::path& file);

  [[nodiscard]] Result<Kept> keep(std::span<const Message> messages, WallTime now);
  // How many gateways there are, and what is missing now.
  [[nodiscard]] Result<Survey> survey();

 private:
  static constexpr std::int64_t kMostUnreadable = 10'000;
  static constexpr std::size_t kMostUnreadableBytes = 65'536;
  static constexpr std::size_t kMostCached = 20'000;

  struct Gateway {
    std::int64_t id = 0;
    std::string prefix;
    std::string state;
    Epoch epoch;
    bool touched = false;
  };
  struct Stream {
    std::int64_t id = 0;
    std::string prefix;  // of its gateway's topics
    Epoch epoch;
    EventClass event_class = EventClass::telemetry;
    Seq begins{1};
    Seq oldest;
    Seq highest;
    std::uint64_t received = 0;
    std::uint64_t repeats = 0;
    Progress progress;
    bool touched = false;
  };
  struct StreamKey {
    std::int64_t gateway = 0;
    EventClass event_class = EventClass::telemetry;
    Epoch epoch;
    auto operator<=>(const StreamKey&) const = default;
  };
  struct Statements {
    sqlite::Statement begin, commit, rollback, find_gateway, add_gateway, save_gateway;
    sqlite::Statement find_stream, add_stream, save_stream, epochs_of, add_event, body_of;
    sqlite::Statement sequences_after, lowest_of, add_gap, add_missing, gaps_of, missing_of;
    sqlite::Statement add_unreadable, forget_unreadable;
  };

  struct Identity {
    std::uint64_t device = 0, number = 0;
    friend bool operator==(const Identity&, const Identity&) = default;
  };

  Store() = default;
  [[nodiscard]] Result<void> lock(const std::filesystem::path& file);
  // store_open.cpp
  [[nodiscard]] Result<void> open_database();
  [[nodiscard]] Result<void> configure();
  [[nodiscard]] Result<void> make_recovered_durable();
  [[nodiscard]] Result<void> prepare();
  [[nodiscard]] Result<void> make_ready();
  [[nodiscard]] Failure give_back(const Failure& failure);
  [[nodiscard]] std::optional<Identity> identity() const;
  [[nodiscard]] Result<void> is_ours() const;
  void move_wal();

  [[nodiscard]] Result<void> write(std::span<const Message> messages, Kept& kept);
  [[nodiscard]] Result<void> take(const Message& message, Kept& kept);
  [[nodiscard]] Result<void> take(Gateway& gateway, const ReceivedEvent& event, Kept& kept);
  [[nodiscard]] Result<void> take(Gateway& gateway, const GatewayState& state);
  [[nodiscard]] Result<void> take_positions(const Gateway& gateway, EventClass event_class,
                                            const GatewayState& state);
  [[nodiscard]] Result<void> note_missing(Stream& stream, Seq last);
  [[nodiscard]] Result<void> note_gap(const Gateway& gateway, const GapNotice& gap);
  [[nodiscard]] Result<void> note_gap(Stream& stream, const GapNotice& gap);
  [[nodiscard]] Result<void> keep_unreadable(const Message& message, std::string_view reason);
  [[nodiscard]] Result<bool> is_same(const Stream& stream, const ReceivedEvent& event);
  [[nodiscard]] Result<Gateway*> gateway_of(const ReadMessage& message);
  [[nodiscard]] Result<Stream*> stream_of(const Gateway& gateway, const Epoch& epoch,
                                          EventClass event_class);
  [[nodiscard]] Result<std::vector<Epoch>> other_epochs(const Gateway& gateway, const Epoch& than);
  [[nodiscard]] Result<void> begin_stream(const Gateway& gateway, Stream& stream);
  [[nodiscard]] Result<void> inherit_gaps(const Gateway& gateway, Stream& stream);
  [[nodiscard]] Result<Seq> lowest_of(const Stream& stream);
  [[nodiscard]] Result<void> rebuild(Stream& stream);
  [[nodiscard]] Result<Survey> survey_streams();
  [[nodiscard]] Result<void> save_touched(Kept& kept);
  void forget();

  struct Unlock {
    void operator()(const int* descriptor) const;
  };
  std::unique_ptr<int, Unlock> lock_;
  std::filesystem::path file_;
  std::optional<Identity> identity_;  // of the file
  bool is_open_ = false;
  sqlite::Database database_;
  Statements statements_;
  std::map<std::string, Gateway, std::less<>> gateways_;  // by source
  std::map<StreamKey, Stream> streams_;
  std::int64_t now_ = 0;  // of this call to keep()
};

}  // namespace watchpost::receiver
