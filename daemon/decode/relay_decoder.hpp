// RelayDecoder: events of other Watchpost gateways, to be passed on unchanged.
// Promise: nobody speaks for another gateway: area, gateway and class of an event are those that
// its topic names, or it is malformed. What bears our own name and comes from outside is told
// apart: it came round in a circle, or another box has our name. Pure; I/O thread only.
#pragma once

#include "decode/decoder.hpp"

namespace watchpost::decode {

class RelayDecoder final : public Decoder {
 public:
  // `own_gateway`: our id as our topics name it.
  explicit RelayDecoder(std::string own_gateway) : own_gateway_(std::move(own_gateway)) {}
  [[nodiscard]] std::string_view name() const override { return kName; }
  Decoding decode(const Frame& frame) override;

  static constexpr std::string_view kName = "relay";

 private:
  std::string own_gateway_;
};

}  // namespace watchpost::decode
