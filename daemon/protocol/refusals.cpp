#include "protocol/refusals.hpp"

#include <utility>

#include "base/invariant.hpp"
#include "protocol/fitting.hpp"

namespace watchpost::protocol {

namespace {

ReasonCode reason_of(const Failure& failure) {
  switch (failure.kind) {
    case Failure::Kind::refused:
    case Failure::Kind::unavailable:
      return ReasonCode::quota_exceeded;
    case Failure::Kind::storage:
    case Failure::Kind::invalid_input:
    case Failure::Kind::environment:
      return ReasonCode::implementation_specific_error;
    case Failure::Kind::not_found:
    case Failure::Kind::unspecified:
      return ReasonCode::unspecified_error;
  }
  return ReasonCode::unspecified_error;
}

}  // namespace

NotTaken not_taken(const Failure& failure) {
  return NotTaken{reason_of(failure), failure.what};
}

void Refusals::refuse(PacketType type, PacketId packet_id, const NotTaken& why, Actions& actions) {
  WATCHPOST_INVARIANT(can_refuse(type));
  const auto send_refusal = [&](auto answer) {
    answer.packet_id = packet_id;
    answer.code = why.code;
    if (agreement_.problem_information) {
      answer.properties.add(PropertyId::reason_string, why.why);
    }
    send(std::move(answer), agreement_, actions);
  };
  if (type == PacketType::puback) {
    send_refusal(Puback{});
  } else {
    send_refusal(Pubrec{});
  }
}

void Refusals::refuse_id_in_use(PacketId packet_id, Actions& actions) {
  Pubrec pubrec;
  pubrec.packet_id = packet_id;
  pubrec.code = ReasonCode::packet_identifier_in_use;
  send(std::move(pubrec), agreement_, actions);
}

void Refusals::complete_unknown(PacketId packet_id, Actions& actions) {
  send(Pubcomp{packet_id, ReasonCode::success, {}}, agreement_, actions);
}

}  // namespace watchpost::protocol
