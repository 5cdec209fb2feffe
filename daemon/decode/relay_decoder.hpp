// RelayDecoder: events of other Watchpost gateways, to be passed on unchanged.
// Promise: no gateway can send events in the name of another: area, gateway and class in an event
// are those of its topic, or the event is malformed. An event from outside under this gateway's own
// id is answered with `own`: it came round in a circle, or another box has the same id. Pure; I/O
// thread only.
#pragma once

#include "decode/decoder.hpp"

namespace watchpost::decode {

class RelayDecoder final : public Decoder {
 public:
  // `own_gateway`: our id as our topics name it.
  explicit RelayDecoder(std::string own_gateway) : own_gateway_(std::move(own_gateway)) {}
  [[nodiscard]] std::string_view name() const override { return kName; }
  Decoding decode(const Frame& frame) override;
  // The topic of an event names its device too.
  [[nodiscard]] bool unwraps() const override { return true; }

  static constexpr std::string_view kName = "relay";

 private:
  std::string own_gateway_;
};

}  // namespace watchpost::decode
