// OutboxEntry: a message that a session is to get, and how far it has come. A plain value of the
// Outbox; I/O thread.
#pragma once

#include <cstdint>

#include "model/local_message.hpp"

namespace watchpost::protocol {

struct OutboxEntry {
  enum class Stage : std::uint8_t {
    waiting,
    sent,
    receiving,  // PUBREC came, which is being committed
    released,   // PUBREL is owed
    releasing,  // PUBREL was sent
  };
  std::uint64_t number = 0;
  Delivery delivery;
  Stage stage = Stage::waiting;
  bool was_sent = false;  // on an earlier connection, or perhaps before a restart
  bool is_read = false;   // from the store, and not sent since: it may still expire

  [[nodiscard]] bool is_unsent() const { return stage == Stage::waiting && !was_sent; }
  [[nodiscard]] bool is_unacknowledged() const {
    return stage == Stage::sent || stage == Stage::receiving || stage == Stage::releasing;
  }
};

}  // namespace watchpost::protocol
