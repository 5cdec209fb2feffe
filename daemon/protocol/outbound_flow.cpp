#include "protocol/outbound_flow.hpp"

#include <algorithm>

#include "base/invariant.hpp"
#include "protocol/codec.hpp"

namespace watchpost::protocol {
namespace {

// The packet id above this one belongs to SUBSCRIBE (client_session.cpp).
constexpr std::uint32_t kLargestPublishId = 65'534;

}  // namespace

OutboundFlow::OutboundFlow(Options options) : resends_(options.resends), limit_(options.window) {
  WATCHPOST_INVARIANT(options.window <= kMostWindow);
  slots_.resize(options.window);
  unused_.reserve(options.window);
  for (std::uint16_t index = options.window; index > 0; --index) {
    unused_.push_back(index - 1);
    slots_[index - 1U].id = PacketId{index};
  }
}

void OutboundFlow::set_receive_maximum(std::uint16_t receive_maximum) {
  limit_ = std::min<std::size_t>(slots_.size(), receive_maximum);
}

void OutboundFlow::sent(const Sent& publish) {
  WATCHPOST_INVARIANT(has_room());
  Slot& slot = slots_[unused_.back()];
  unused_.pop_back();
  ++in_flight_;
  slot.stage = Stage::published;
  slot.received = false;
  slot.qos = publish.qos;
  slot.tag = publish.tag;
  slot.order = next_order_++;
  if (resends_) slot.frame.assign(publish.frame);
}

OutboundFlow::Slot* OutboundFlow::slot_of(PacketId id) {
  if (id.value == 0 || slots_.empty()) return nullptr;
  Slot& slot = slots_[(id.value - 1U) % slots_.size()];
  return slot.stage == Stage::unused || slot.id != id ? nullptr : &slot;
}

void OutboundFlow::release(Slot& slot) {
  slot.stage = Stage::unused;
  const auto index = static_cast<std::uint16_t>((slot.id.value - 1U) % slots_.size());
  const std::uint32_t next = slot.id.value + static_cast<std::uint32_t>(slots_.size());
  slot.id = PacketId{static_cast<std::uint16_t>(next > kLargestPublishId ? index + 1U : next)};
  unused_.push_back(index);
  --in_flight_;
}

std::optional<Acknowledged> OutboundFlow::take(const Puback& puback) {
  Slot* const slot = slot_of(puback.packet_id);
  if (slot == nullptr || slot->qos != Qos::at_least_once) return std::nullopt;
  const Acknowledged acknowledged{slot->tag, PacketType::puback, puback.code};
  release(*slot);
  return acknowledged;
}

std::optional<Acknowledged> OutboundFlow::take(const Pubcomp& pubcomp) {
  Slot* const slot = slot_of(pubcomp.packet_id);
  if (slot == nullptr || slot->stage != Stage::released) return std::nullopt;
  const Acknowledged acknowledged{slot->tag, PacketType::pubcomp, pubcomp.code};
  release(*slot);
  return acknowledged;
}

std::optional<Acknowledged> OutboundFlow::take(const Pubrec& pubrec, std::string& out) {
  Slot* const slot = slot_of(pubrec.packet_id);
  if (slot == nullptr || slot->qos != Qos::exactly_once) {
    // We have forgotten this exchange; the other side waits for PUBREL to forget it too.
    encode_acknowledgement(PacketType::pubrel, pubrec.packet_id, out);
    return std::nullopt;
  }
  const Acknowledged acknowledged{slot->tag, PacketType::pubrec, pubrec.code};
  const bool is_first = !slot->received;
  slot->received = true;
  if (is_failure(pubrec.code)) {
    release(*slot);
  } else {
    slot->stage = Stage::released;
    encode_acknowledgement(PacketType::pubrel, pubrec.packet_id, out);
  }
  if (!is_first) return std::nullopt;
  return acknowledged;
}

void OutboundFlow::send_again(SessionAt session, std::string& out) {
  const bool is_present = session == SessionAt::the_other_side;
  std::vector<Slot*> waiting;
  for (Slot& slot : slots_) {
    if (slot.stage == Stage::unused) continue;
    // The other side took the message with its PUBREC and has forgotten the exchange since: there
    // is nothing to release.
    if (slot.stage == Stage::released && !is_present) {
      release(slot);
      continue;
    }
    waiting.push_back(&slot);
  }
  std::sort(waiting.begin(), waiting.end(),
            [](const Slot* a, const Slot* b) { return a->order < b->order; });
  constexpr unsigned kDup = 8;
  // An other side that is back with a smaller Receive Maximum still gets all it had accepted.
  for (Slot* slot : waiting) {
    if (slot->stage == Stage::released) {
      encode_acknowledgement(PacketType::pubrel, slot->id, out);
      continue;
    }
    const auto first = static_cast<unsigned>(static_cast<unsigned char>(slot->frame[0])) & ~kDup;
    slot->frame[0] = static_cast<char>(is_present ? first | kDup : first);
    out.append(slot->frame);
  }
}

void OutboundFlow::connection_lost() {
  if (resends_) return;
  for (Slot& slot : slots_) {
    if (slot.stage != Stage::unused) release(slot);
  }
}

}  // namespace watchpost::protocol
