// Connection: one client's stream and its session. Reading and writing go on by themselves until
// they have to wait, and then by whatever they wait for: a connection at rest holds no more than
// one call that waits for bytes.
// Promise: answers leave in the order the session gives them, all that are ready in one write; a
// client that does not read its answers is closed at `max_unread`; of messages no more is handed
// over than Session says. Every wait ends: the listener's tick closes a connection that is over its
// time. I/O thread. Kept alive by what it waits for, the table of connections and unsettled
// tickets.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "ingress/access.hpp"
#include "ingress/client_report.hpp"
#include "ingress/closing_words.hpp"
#include "ingress/connections.hpp"
#include "ingress/crowd.hpp"
#include "ingress/outgoing.hpp"
#include "ingress/pace.hpp"
#include "model/custody.hpp"
#include "protocol/framer.hpp"
#include "protocol/session.hpp"

namespace watchpost::ingress {

// An open address for MQTT, with what its connections need; the connections keep it alive.
struct MqttAddress {
  ListenerOptions options;
  std::shared_ptr<AddressAccess> access;  // used where the options name no others
  std::shared_ptr<protocol::Authenticator> authenticator;
  std::shared_ptr<const protocol::Authoriser> authoriser;
  std::uint16_t port = 0;  // as bound
  std::size_t connections = 0;
  std::size_t strangers = 0;          // of them: not let in yet
  protocol::Actions spare_actions{};  // empty; its memory is for the next list of any of them

  [[nodiscard]] AddressNames names() const;
};

class Connection final : public CustodySink, public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<net::Stream> stream, std::shared_ptr<MqttAddress> address,
             std::shared_ptr<Connections> all);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() override = default;

  void start();
  void settled(TicketNumber ticket, const Result<void>& outcome) override;

  void taken_over();
  void not_known_any_more();
  [[nodiscard]] const MqttAddress& our_address() const { return *our_address_; }
  void wake();
  void deliver(const Delivery& delivery);
  void send_outbox();
  void look_again();
  void tick();
  void resume_reading();
  void say_goodbye();
  // Closes without sending what is still to be sent.
  void cut_off();
  // As cut_off, for the good of others; `why` goes to the log.
  void give_way(std::string_view why);
  // True: a stop need not wait for this connection. A message that waits to be handed over again
  // does not count, because a stop does not last until a disk is mended.
  [[nodiscard]] bool is_settled() const {
    return (session_.unsettled() == 0 || session_.is_waiting()) && out_.is_flushed();
  }
  [[nodiscard]] const protocol::Session& session() const { return session_; }
  [[nodiscard]] const std::string& peer() const { return peer_; }
  [[nodiscard]] const Crowd::Guest& guest() const { return guest_; }

 private:
  // Handles what has come, until it has to wait for more, or for its turn or room.
  void read_on();
  void read_bytes();
  void have_read(const net::Error& error, std::size_t count);
  void end_reading(const net::Error& error);
  // Writes all that is ready, once more where more has become ready meanwhile.
  void write_on();
  void have_written(const net::Error& error, std::size_t count);
  void end_writing();
  // In a turn of its own, so that all that becomes ready in this one leaves together.
  void write_soon();
  // Whichever of both waits for something of ours looks again.
  void wake_both();
  // Runs a piece of reading or writing; what escapes it is logged and ends the connection only.
  template <class Piece>
  void run(const char* name, Piece piece);
  // Handles one buffered frame; false when more bytes are needed.
  [[nodiscard]] bool handle_frame(SteadyTime now);
  friend class ActionPerformer;
  // Tells the session what happened, and performs the actions that the session answers with.
  template <class Event>
  void tell_session(Event event);
  void send(std::string_view bytes);
  void send_message(std::string_view bytes);
  void flushed();
  void authenticate(protocol::Claim claim);
  void close(const protocol::Close& close);
  void ended_with(const net::Error& error);
  [[nodiscard]] ClientReport report() const {
    return {*all_, *our_address_, session_, peer_, address_, guest_.is_stranger()};
  }
  void leave_crowd();
  void side_ended();
  [[nodiscard]] SteadyTime now() const { return all_->around().clock.steady(); }

  std::shared_ptr<MqttAddress> our_address_;
  std::shared_ptr<Connections> all_;
  ConnectionId id_;
  std::string peer_;
  std::string address_;  // peer_ without the port
  Crowd::Guest guest_;
  std::shared_ptr<net::Stream> stream_;  // null once reading and writing have ended
  protocol::Framer framer_;
  protocol::Session session_;
  Outgoing out_;
  SteadyTime close_deadline_ = SteadyTime::max();
  Pace pace_;
  bool reading_paused_ = false;
  bool is_writing_ = false;  // or is about to, or has written for the last time
  int sides_ = 0;            // reading and writing, until each has ended
};

// Does what a session, or the registry of all sessions, asks for: in the order of the actions, each
// once. `by`: whose session asks. Null: the registry asks, which has nobody to send to or to close.
void perform(protocol::Actions& actions, Connections& all, Connection* by);

}  // namespace watchpost::ingress
