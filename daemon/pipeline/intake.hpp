// Intake: the one way in. Listener, broker reader and later HTTP check-ins hand messages over here.
// Promise: the sink of a ticket is settled once, in hand-over order, on the I/O thread, and with
// success only when the message and all it caused are committed (DESIGN promise 1). I/O thread
// only.
#pragma once

#include <functional>
#include <vector>

#include "model/custody.hpp"
#include "model/message.hpp"
#include "model/session_change.hpp"

namespace watchpost::pipeline {

class Intake {
 public:
  virtual ~Intake() = default;
  // Decodes `message`, makes records of it and hands them to the spool together with `changes`.
  // The caller sets topic, payload, qos, retain, content_type, content_encoding and source; intake
  // sets the time.
  virtual void submit(Message message, std::vector<SessionChange> changes,
                      CustodyTicket ticket) = 0;
  // Session facts that come without a message (session opened or ended, PUBREL).
  virtual void submit(std::vector<SessionChange> changes, CustodyTicket ticket) = 0;
  // False while too much waits for the disk: stop reading sockets until `when_accepting` calls
  // back.
  [[nodiscard]] virtual bool accepting() const = 0;
  virtual void when_accepting(std::function<void()> resume) = 0;
};

}  // namespace watchpost::pipeline
