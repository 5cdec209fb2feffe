// OutboundFlow: our own publishes at QoS 1 and 2, from sending to the last acknowledgement, in
// either role.
// Promise: at most `window` of them, and no more than the other side's Receive Maximum, are
// unacknowledged. After a reconnect each is sent again in its first order, with DUP where the other
// side still has the session, or all are forgotten with the link (`resends`). A packet id comes
// again only after all the others of its slot, so that an answer that comes twice settles nothing
// else. Slots and buffers are reused: no allocation per message in steady state.
// Pure; one per session, used by its owner only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/packet.hpp"

namespace watchpost::protocol {

// PUBACK, PUBREC or PUBCOMP. Custody passes with the first two, the slot is free after the first
// and the last (and after a PUBREC that refuses).
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

  // The packet id of the next publish; only while there is room.
  [[nodiscard]] PacketId next_id() const { return slots_[unused_.back()].id; }
  struct Sent {
    Qos qos = Qos::at_least_once;  // 1 or 2
    std::uint64_t tag = 0;         // the owner's own number, given back with the acknowledgements
    std::string_view frame;        // the whole PUBLISH
  };
  // It has left under next_id().
  void sent(const Sent& publish);

  // Nothing: no acknowledgement of this kind is due for this packet id, or it was reported before.
  [[nodiscard]] std::optional<Acknowledged> take(const Puback& puback);
  [[nodiscard]] std::optional<Acknowledged> take(const Pubcomp& pubcomp);
  // Appends PUBREL where one is due.
  [[nodiscard]] std::optional<Acknowledged> take(const Pubrec& pubrec, std::string& out);

  enum class SessionAt : bool { nobody, the_other_side };
  // Over a new connection.
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
    std::string frame;  // where it may be sent again
  };

  [[nodiscard]] Slot* slot_of(PacketId id);
  void release(Slot& slot);

  bool resends_;
  std::vector<Slot> slots_;  // (packet id - 1) modulo their number
  std::vector<std::uint16_t> unused_;
  std::uint64_t next_order_ = 0;
  std::size_t in_flight_ = 0;
  std::size_t limit_ = 0;
};

}  // namespace watchpost::protocol
