// OutboundFlow: what our own client publishes at QoS 1 and 2, from sending to the last
// acknowledgement. (What we send as a server: Outbox.)
// Promise: at most `window` of them, and no more than the other side's Receive Maximum, are
// unacknowledged. After a reconnect they are sent again in their first order, with DUP where the
// other side still has the session; without `resends` they are forgotten with the link. A packet id
// is used again only after all other ids of its slot, so that an answer that comes twice answers no
// other publish. Slots and buffers are reused: no allocation per message in steady state.
// Pure; one per session, used by its owner only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/packet.hpp"

namespace watchpost::protocol {

// A PUBACK, PUBREC or PUBCOMP for a publish of ours. Custody passes with PUBACK and PUBREC; the
// slot is free after PUBACK, after PUBCOMP, and after a PUBREC that refuses.
struct Acknowledged {
  std::uint64_t tag = 0;
  PacketType by{};
  ReasonCode code = ReasonCode::success;
};

class OutboundFlow {
 public:
  static constexpr std::uint16_t kMostWindow = 2'000;

  struct Options {
    std::uint16_t window = 0;  // 0: nothing is sent
    bool resends = true;
  };
  explicit OutboundFlow(Options options);

  void set_receive_maximum(std::uint16_t receive_maximum);
  [[nodiscard]] bool has_room() const { return in_flight_ < limit_; }
  [[nodiscard]] std::size_t in_flight() const { return in_flight_; }

  // The packet id of the next publish. Called only while there is room.
  [[nodiscard]] PacketId next_id() const { return slots_[unused_.back()].id; }
  struct Sent {
    Qos qos = Qos::at_least_once;  // 1 or 2
    std::uint64_t tag = 0;         // the owner's own number, given back with the acknowledgements
    std::string_view frame;        // the whole PUBLISH
  };
  // Notes that `publish` has left under the packet id next_id().
  void sent(const Sent& publish);

  // Nothing: no acknowledgement of this kind is due for this packet id, or it was reported before.
  [[nodiscard]] std::optional<Acknowledged> take(const Puback& puback);
  [[nodiscard]] std::optional<Acknowledged> take(const Pubcomp& pubcomp);
  // Appends PUBREL where one is due.
  [[nodiscard]] std::optional<Acknowledged> take(const Pubrec& pubrec, std::string& out);

  enum class SessionAt : bool { nobody, the_other_side };
  // Appends what is to be sent again over a new connection.
  void send_again(SessionAt session, std::string& out);
  void connection_lost();

 private:
  enum class Stage : std::uint8_t { unused, published, released };
  struct Slot {
    Stage stage = Stage::unused;
    bool received = false;  // PUBREC was reported
    Qos qos = Qos::at_least_once;
    PacketId id;
    std::uint64_t tag = 0;
    std::uint64_t order = 0;
    std::string frame;  // kept where it may be sent again
  };

  [[nodiscard]] Slot* slot_of(PacketId id);
  void release(Slot& slot);

  bool resends_;
  std::vector<Slot> slots_;  // index: (packet id - 1) modulo the number of slots
  std::vector<std::uint16_t> unused_;
  std::uint64_t next_order_ = 0;
  std::size_t in_flight_ = 0;
  std::size_t limit_ = 0;
};

}  // namespace watchpost::protocol
