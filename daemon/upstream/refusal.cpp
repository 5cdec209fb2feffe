#include "upstream/refusal.hpp"

#include <algorithm>
#include <array>

namespace watchpost::upstream {
namespace {

constexpr std::string_view kAskLog = "ask the operator of its broker what its log says";
constexpr std::string_view kAllow =
    "ask the operator of its broker to allow this user to publish to our topics";

// 0x95 and 0xFE are no answers: we say them ourselves, of what is above the broker's Maximum Packet
// Size and of what has broken one link after another.
constexpr std::array kTable{
    Refusal{ReasonCode{0x80}, Verdict::perhaps, "unspecified error", kAskLog},
    Refusal{ReasonCode{0x83}, Verdict::perhaps, "implementation specific error", kAskLog},
    Refusal{ReasonCode{0x87}, Verdict::perhaps, "not authorized", kAllow},
    Refusal{ReasonCode{0x90}, Verdict::set_aside, "topic name invalid",
            "ask the operator of its broker which topics it takes"},
    Refusal{ReasonCode{0x91}, Verdict::again, "packet identifier in use",
            "nothing to do: it is sent again by itself"},
    Refusal{kPacketTooLarge, Verdict::set_aside, "packet too large",
            "ask the operator of its broker to accept larger packets, or set raw = \"never\""},
    Refusal{ReasonCode{0x97}, Verdict::wait, "quota exceeded",
            "ask the operator of its broker to make room"},
    Refusal{ReasonCode{0x99}, Verdict::set_aside, "payload format invalid",
            "ask the operator of its broker why it does not take JSON"},
    // Nothing but QoS 1 is ever sent, and a broker may learn to take it.
    Refusal{ReasonCode{0x9B}, Verdict::wait, "QoS not supported",
            "ask the operator of its broker to allow QoS 1"},
    // The judgement is LinkBreaker's.
    Refusal{kBreaksTheLink, Verdict::wait, "each link broke over it",
            "ask the operator of its broker what its log says: it may be too large for the broker, "
            "or for the link and its keep_alive"},
};

}  // namespace

Refusal refusal_of(ReasonCode code) {
  const auto known = std::find_if(kTable.begin(), kTable.end(),
                                  [code](const Refusal& each) { return each.code == code; });
  if (known != kTable.end()) return *known;
  return Refusal{code, Verdict::wait, "a reason we do not know", kAskLog};
}

}  // namespace watchpost::upstream
