#include "upstream/refusal.hpp"

#include <algorithm>
#include <array>

namespace watchpost::upstream {
namespace {

using Code = TroubleCode;

// 0x95 and 0xFE are no answers: we say them ourselves, of what is above the broker's Maximum Packet
// Size and of what has broken one link after another.
constexpr std::array kTable{
    Refusal{ReasonCode{0x80}, Verdict::perhaps, "unspecified error", Code::refusal_unspecified},
    Refusal{ReasonCode{0x83}, Verdict::perhaps, "implementation specific error",
            Code::refusal_internal},
    Refusal{ReasonCode{0x87}, Verdict::perhaps, "not authorized", Code::refusal_not_authorized},
    Refusal{ReasonCode{0x90}, Verdict::set_aside, "topic name invalid", Code::refusal_topic},
    Refusal{ReasonCode{0x91}, Verdict::again, "packet identifier in use", Code::refusal_packet_id},
    Refusal{kPacketTooLarge, Verdict::set_aside, "packet too large", Code::refusal_too_large},
    Refusal{ReasonCode{0x97}, Verdict::wait, "quota exceeded", Code::refusal_quota},
    Refusal{ReasonCode{0x99}, Verdict::set_aside, "payload format invalid", Code::refusal_payload},
    // Nothing but QoS 1 is ever sent, and a broker may learn to take it.
    Refusal{ReasonCode{0x9B}, Verdict::wait, "QoS not supported", Code::refusal_qos},
    // LinkBreaker has judged the record.
    Refusal{kBreaksTheLink, Verdict::wait, "each link broke over it", Code::refusal_breaks_link},
};

}  // namespace

Refusal refusal_of(ReasonCode code) {
  const auto known = std::find_if(kTable.begin(), kTable.end(),
                                  [code](const Refusal& each) { return each.code == code; });
  if (known != kTable.end()) return *known;
  return Refusal{code, Verdict::wait, "a reason we do not know", Code::refusal_unknown};
}

Trouble told_about(const Refusal& refusal, const std::string& topics) {
  if (shape_of(refusal.told).parameters.front() == nullptr) return {refusal.told, {}};
  if (refusal.told == Code::refusal_topic)
    return trouble<Code::refusal_topic>(arg<"topic">(topics));
  return trouble<Code::refusal_not_authorized>(arg<"topic">(topics));
}

}  // namespace watchpost::upstream
