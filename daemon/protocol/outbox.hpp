// Outbox: what a session is to get at QoS 1 and 2, from the commit of the message to the last
// acknowledgement, over as many connections as that takes.
// Promise: in the order of arrival; at most the client's Receive Maximum are unacknowledged; after
// a reconnect they come again first, under their first packet ids and with DUP (MQTT 5.0
// section 4.4). PUBREL leaves only after `released` was said, which the owner says once it is
// durable. A packet id follows from the number of its message, so it is the same after a restart.
// Of a session whose messages are on disk only a window is in memory, and while its client is away
// only what was sent: the rest is read when there is room. Of another one all is in memory, and at
// the bounds, its own and that of all outboxes, its oldest message that has not been sent yields.
// Neither is said of messages from the log, of which their giver hands over no more than fit its
// window. Pure; one per session; I/O thread.
#pragma once

#include <boost/container/deque.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/strong.hpp"
#include "model/queue_reader.hpp"
#include "protocol/outbox_entry.hpp"
#include "protocol/stored_tail.hpp"

namespace watchpost::protocol {

// The bytes of the messages in all outboxes together.
struct OutboxRoom {
  static constexpr std::size_t kMost = 64U << 20U;
  std::size_t taken = 0;
};

class Outbox {
 public:
  enum class Kept : std::uint8_t { in_memory, on_disk };
  Outbox(Kept kept, std::shared_ptr<OutboxRoom> room) : room_(std::move(room)) {
    if (kept == Kept::on_disk) tail_.emplace();
  }
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;
  ~Outbox() { room_->taken -= bytes_; }

  // Where all is in memory.
  static constexpr std::size_t kMostMessages = 10'000;
  static constexpr std::size_t kMostBytes = 4U << 20U;
  static constexpr std::uint16_t kMostInFlight = 1'000;
  // What is in memory of messages on disk: as many as may be in flight, so that the widest window
  // is filled; and few enough bytes that 250 clients which do not read take 64 MiB. Read again when
  // it is half empty, with one question to the store.
  static constexpr std::size_t kWindowMessages = kMostInFlight;
  static constexpr std::size_t kWindowBytes = 256U << 10U;

  // The number of the next message: in the order of arrival, before it is known whether it is kept.
  [[nodiscard]] std::uint64_t next_number() { return next_number_++; }
  // A message was committed, or needs no commit.
  void add(std::uint64_t number, Delivery delivery);

  // Messages up to this number are on disk; called before anything else. `sent_up_to`: the client
  // was sent no others before the restart; nothing: nobody knows.
  void load(std::uint64_t up_to, std::optional<std::uint64_t> sent_up_to);
  // Numbers up to here are of a run before this one.
  [[nodiscard]] std::uint64_t loaded_up_to() const { return loaded_up_to_; }
  // What is to be read of the messages on disk; nothing while there is no room, or an answer due.
  // Each is answered by fill(), or by not_read() where it could not be read.
  struct Wanted {
    std::uint64_t question = 0;
    QueueRange range;
  };
  [[nodiscard]] std::optional<Wanted> wanted();
  // A page that is not awaited any more is dropped.
  void fill(std::uint64_t question, QueuePage page);
  void not_read(std::uint64_t question);

  void connected(std::uint16_t receive_maximum);
  void disconnected();

  // What is to be sent next, and under which packet id; null: nothing is waiting, or the window is
  // full. What it gives counts as sent.
  struct Next {
    PacketId id;
    const Delivery* delivery = nullptr;  // null: PUBREL
    bool repeated = false;
  };
  // `gone`: the numbers of those that have expired without being sent.
  [[nodiscard]] std::optional<Next> next(SteadyTime now, std::vector<std::uint64_t>& gone);

  struct Answer {
    std::uint64_t number = 0;
    bool is_known = false;  // false: nothing of this kind is due under this packet id
    bool is_gone = false;   // nothing is owed any more
    bool from_log = false;  // see Delivery::from_log
  };
  [[nodiscard]] Answer acknowledged(PacketId id);  // PUBACK
  // PUBREC; `is_refused`: by its reason code.
  [[nodiscard]] Answer received(PacketId id, bool is_refused);
  [[nodiscard]] Answer completed(PacketId id);  // PUBCOMP
  // PUBREL may leave now. False: it has left before, or nothing is known of the number.
  bool released(std::uint64_t number);
  // That could not be made durable, and nobody tries again: the message comes again, with DUP.
  void not_released(std::uint64_t number);
  // Those from the log that were not sent are not to be sent any more; who keeps the cursor gives
  // them again.
  void withdraw_from_log();
  // The message that next() gave last cannot be sent: it is larger than the client takes.
  [[nodiscard]] Answer forget(PacketId id);

  // The number of the last message that was sent, or may have been.
  [[nodiscard]] std::uint64_t sent_up_to() const { return sent_up_to_; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }  // in memory
  [[nodiscard]] std::size_t bytes() const { return bytes_; }          // the same
  [[nodiscard]] std::uint64_t yielded() const { return yielded_; }
  [[nodiscard]] static PacketId id_of(std::uint64_t number) {
    return PacketId(static_cast<std::uint16_t>((number - 1) % 65'535 + 1));
  }

 private:
  using Entry = OutboxEntry;
  using Stage = OutboxEntry::Stage;
  using Entries = boost::container::deque<Entry>;  // no memory while it was never used

  void push(Entry entry);
  void keep_bounds();
  [[nodiscard]] StoredTail::Room room_for(std::size_t bytes) const;
  void unload();
  [[nodiscard]] bool may_be_taken(std::uint64_t number) const;
  [[nodiscard]] Entries::iterator in_flight(PacketId id);
  [[nodiscard]] bool is_taken(PacketId id) const;
  Answer finish(Entries::iterator at);
  void remove(Entries::iterator at);

  void took(std::size_t bytes);
  void gave_back(std::size_t bytes);

  std::shared_ptr<OutboxRoom> room_;
  Entries entries_;
  std::uint64_t next_number_ = 1;
  std::size_t bytes_ = 0;
  std::size_t in_flight_ = 0;
  std::size_t window_ = 0;     // 0: not connected
  std::size_t first_due_ = 0;  // no entry before this one is to be sent
  std::uint64_t yielded_ = 0;
  std::uint64_t sent_up_to_ = 0;
  std::uint64_t loaded_up_to_ = 0;
  std::uint64_t rows_sent_up_to_ = 0;  // the same as sent_up_to_, of messages on disk
  std::size_t from_log_ = 0;           // entries
  std::optional<StoredTail> tail_;     // nothing: all is in memory
};

}  // namespace watchpost::protocol
