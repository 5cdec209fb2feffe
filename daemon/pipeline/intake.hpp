// Intake: the one way in. The listeners of MQTT clients and of wired stations and the readers of
// brokers hand messages over here.
// Promise: the sink of each ticket is settled once, on the I/O thread, after `submit` has returned,
// and with success only when the message and all it caused are committed (promise 1).
// Order: as spool.hpp says of its two queues, so an alarm may be settled before telemetry that was
// handed over earlier. A caller that owes its peer answers in order, as MQTT wants of PUBACK, keeps
// that order itself.
// What failed and is handed over again is a new hand-over.
// I/O thread only.
#pragma once

#include <functional>
#include <vector>

#include "model/custody.hpp"
#include "model/fact.hpp"
#include "model/message.hpp"

namespace watchpost::pipeline {

class Intake {
 public:
  virtual ~Intake() = default;
  // Decodes `message`, makes records of it and hands them to the spool together with `facts`.
  // The caller sets all of the message but its time.
  virtual void submit(Message&& message, std::vector<Fact> facts, CustodyTicket ticket) = 0;
  // Facts that come without a message (session opened or ended, PUBREL, a subscription). Settled in
  // the order of alarms.
  virtual void submit(std::vector<Fact> facts, CustodyTicket ticket) = 0;
  // False while messages of `store.commit_queue` bytes or more wait for the disk: a connection then
  // reads no further packet until `when_accepting` calls back. What is submitted all the same is
  // taken: wills, and one packet of each connection that was being read.
  [[nodiscard]] virtual bool accepting() const = 0;
  virtual void when_accepting(std::function<void()> resume) = 0;
};

}  // namespace watchpost::pipeline
