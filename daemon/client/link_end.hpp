// LinkEnd: how an attempt to connect failed, or a link ended.
// Promise: plain values. Told by the clients, read by LinkDiagnosis; I/O thread.
#pragma once

#include <cstdint>

#include "base/result.hpp"

namespace watchpost::client {

struct LinkEnd {
  enum class How : std::uint8_t {
    unreached,  // no connection to the server came about: name, network, port, TLS
    refused,    // the server's "no" to our CONNECT
    closed,     // the other side, without a word of MQTT
    unsaid,     // the other side or the network: the library does not tell which
    ended,      // the other side, by a DISCONNECT that names the reason
    silent,     // no answer within the time that the other side has
    broken,     // the network reported an error
    garbled,    // the other side sent what is not MQTT
    ours,       // by a wish of ours
  };
  How how = How::ours;
  std::uint8_t code = 0;  // of `refused` and `ended`, as the server sent it
  Failure failure;        // what happened and what to do, as long as nothing more is known
};

}  // namespace watchpost::client
