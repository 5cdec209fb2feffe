#include "upstream/refusal.hpp"

#include <algorithm>
#include <array>

namespace watchpost::upstream {
namespace {

using Code = TroubleCode;

// 0x95 and 0xFE are no answers: we say them ourselves, of what is above the broker's Maximum Packet
// Size and of what has broken one link after another.
constexpr std::array kTable{
    Refusal{ReasonCode::unspecified_error, Treatment::perhaps, "unspecified error",
            Code::refusal_unspecified},
    Refusal{ReasonCode::implementation_specific_error, Treatment::perhaps,
            "implementation specific error", Code::refusal_internal},
    Refusal{ReasonCode::not_authorized, Treatment::perhaps, "not authorized",
            Code::refusal_not_authorized},
    Refusal{ReasonCode::topic_name_invalid, Treatment::set_aside, "topic name invalid",
            Code::refusal_topic},
    Refusal{ReasonCode::packet_identifier_in_use, Treatment::again, "packet identifier in use",
            Code::refusal_packet_id},
    Refusal{ReasonCode::packet_too_large, Treatment::set_aside, "packet too large",
            Code::refusal_too_large},
    Refusal{ReasonCode::quota_exceeded, Treatment::wait, "quota exceeded", Code::refusal_quota},
    Refusal{ReasonCode::payload_format_invalid, Treatment::set_aside, "payload format invalid",
            Code::refusal_payload},
    // Nothing but QoS 1 is ever sent, and a broker may learn to take it.
    Refusal{ReasonCode::qos_not_supported, Treatment::wait, "QoS not supported", Code::refusal_qos},
    // LinkBreaker has judged the record.
    Refusal{kBreaksTheLink, Treatment::wait, "each link broke over it", Code::refusal_breaks_link},
};

}  // namespace

Refusal refusal_of(ReasonCode code) {
  const auto known = std::find_if(kTable.begin(), kTable.end(),
                                  [code](const Refusal& each) { return each.code == code; });
  if (known != kTable.end()) return *known;
  return Refusal{code, Treatment::wait, "a reason we do not know", Code::refusal_unknown};
}

Trouble told_about(const Refusal& refusal, const std::string& topics) {
  if (shape_of(refusal.told).parameters.front() == nullptr) return {refusal.told, {}};
  if (refusal.told == Code::refusal_topic)
    return trouble<Code::refusal_topic>(arg<"topic">(topics));
  return trouble<Code::refusal_not_authorized>(arg<"topic">(topics));
}

}  // namespace watchpost::upstream
