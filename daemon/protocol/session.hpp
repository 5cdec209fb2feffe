// Session: the server side of one connection, from CONNECT to the close.
// Promise: PUBACK and PUBREC leave only after `settled` said that the message is committed, in the
// order in which the messages came; PUBCOMP only after the packet id is durably forgotten; CONNACK
// only after what it says about the session is so on disk. Where the protocol has no word for "not
// stored" the message is kept and handed over again. State of a persistent session is in the
// SessionRegistry. Pure; I/O thread. May be called after the connection is gone: tickets still
// settle then. Nothing may be `received` while CONNACK waits for its commit: may_read is false.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/topic.hpp"
#include "protocol/action.hpp"
#include "protocol/authenticator.hpp"
#include "protocol/codec.hpp"
#include "protocol/session_options.hpp"
#include "protocol/session_registry.hpp"

namespace watchpost::protocol {

class Session {
 public:
  struct Surroundings {  // outlive the session
    const SessionOptions& options;
    SessionRegistry& registry;
    const Authenticator& authenticator;
  };

  Session(ConnectionId connection, Surroundings around, SteadyTime now)
      : connection_(connection), around_(around), last_heard_(now) {}

  void received(const Frame& frame, SteadyTime now, Actions& actions);
  // The framer found something that is not MQTT.
  void malformed(const Malformed& malformed, SteadyTime now, Actions& actions);
  void settled(std::uint64_t ticket, const Result<void>& outcome, SteadyTime now, Actions& actions);
  void wake(SteadyTime now, Actions& actions) { release(now, actions); }
  void taken_over(SteadyTime now, Actions& actions);
  // No will is published: the client did nothing wrong and the gateway will be back
  // (section 3.1.2.5 lets a server that shuts down do so).
  void server_shutting_down(SteadyTime now, Actions& actions);
  void connection_lost(SteadyTime now, Actions& actions);
  // Connect timeout, keep alive, and what waits; called every second or so.
  void on_time(SteadyTime now, Actions& actions);

  // False: leave the client's bytes in its socket until asked again. Waiting is then not the
  // client's fault and does not count against its keep alive.
  [[nodiscard]] bool may_read(bool intake_accepting, SteadyTime now);

  [[nodiscard]] std::uint32_t largest_packet() const;  // in bytes, for the framer
  [[nodiscard]] bool is_closed() const { return phase_ == Phase::closed; }
  [[nodiscard]] bool is_connected() const { return phase_ == Phase::connected; }
  // Hand-overs without an outcome, and answers that wait for one.
  [[nodiscard]] std::size_t unsettled() const { return pending_.size(); }
  [[nodiscard]] bool is_waiting() const { return waiting_ > 0; }  // to hand over again
  [[nodiscard]] Version version() const { return version_; }
  [[nodiscard]] const std::string& client_id() const { return client_id_; }
  [[nodiscard]] std::uint64_t publishes() const { return publishes_; }

 private:
  // Opening: CONNECT is granted, its CONNACK waits for a commit.
  enum class Phase : std::uint8_t { awaiting_connect, opening, connected, closed };

  // One answer we owe, in the order in which the client will get them.
  struct Pending {
    enum class Answer : std::uint8_t {
      none,  // QoS 0
      connack,
      puback,
      pubrec,
      pubcomp,
      pubrec_duplicate,  // waits for the first one's commit, perhaps on an earlier connection
      pubcomp_duplicate,
    };
    Answer answer = Answer::none;
    bool settled = false;
    bool waiting = false;  // to perform `again`
    PacketId packet_id;
    std::optional<Failure> failure;
    std::unique_ptr<const Action> again;  // where the client cannot be told of a failure
  };

  void on_connect(const Frame& frame, SteadyTime now, Actions& actions);
  void open(const Connect& connect, SteadyTime now, Actions& actions);
  [[nodiscard]] std::optional<ReasonCode> objection(const Connect& connect) const;
  [[nodiscard]] std::chrono::seconds granted_expiry(const Connect& connect) const;
  [[nodiscard]] std::uint16_t granted_keep_alive(const Connect& connect) const;
  [[nodiscard]] std::string greeting(const Connect& connect, bool present) const;
  void greet(const std::optional<Failure>& failure, SteadyTime now, Actions& actions);
  void refuse(Version version, ReasonCode code, std::string why, Actions& actions);

  void on_packet(const Packet& packet, SteadyTime now, Actions& actions);
  void on_publish(const Publish& publish, SteadyTime now, Actions& actions);
  void on_pubrel(const Pubrel& pubrel, SteadyTime now, Actions& actions);
  void on_subscribe(const Subscribe& subscribe, SteadyTime now, Actions& actions);
  void on_unsubscribe(const Unsubscribe& unsubscribe, Actions& actions);
  void on_disconnect(const Disconnect& disconnect, SteadyTime now, Actions& actions);
  [[nodiscard]] std::optional<Topic> topic_of(const Publish& publish, SteadyTime now,
                                              Actions& actions);
  [[nodiscard]] bool keep_alias(std::size_t alias, const Topic& topic, SteadyTime now,
                                Actions& actions);
  [[nodiscard]] bool needs_no_hand_over(const Publish& publish, SteadyTime now, Actions& actions);
  [[nodiscard]] std::uint64_t owe(Pending pending);

  void release(SteadyTime now, Actions& actions);
  [[nodiscard]] bool resolve(Pending& pending) const;
  void answer(const Pending& pending, SteadyTime now, Actions& actions);
  void acknowledge(PacketType type, const Pending& pending, Actions& actions);
  void settle_received_id(const Pending& pending, Actions& actions);
  [[nodiscard]] bool is_speechless(Pending::Answer answer) const;
  [[nodiscard]] bool may_wait(const Pending& pending, const Failure& failure) const;
  void set_waiting(Pending& pending, bool waiting);
  void ask_again(std::size_t most, Actions& actions);
  void give_up_waiting(Actions& actions);

  // The bytes of a packet, fitted to what the client takes; empty when they cannot be.
  template <class T>
  [[nodiscard]] std::string fitted(T packet) const;
  template <class T>
  void send(T packet, Actions& actions) const;
  void close(ReasonCode code, std::string why, SteadyTime now, Actions& actions);
  void leave(SteadyTime now, Actions& actions);

  ConnectionId connection_;
  Surroundings around_;
  SteadyTime last_heard_;
  bool paused_ = false;
  Phase phase_ = Phase::awaiting_connect;
  Version version_ = Version::v3_1_1;
  std::string client_id_;
  std::shared_ptr<SessionState> state_;
  std::chrono::milliseconds patience_{0};  // one and a half keep alives; 0 = no limit
  bool problem_information_ = true;
  std::uint32_t client_maximum_packet_size_ = kLargestVariableByteInteger;
  std::string greeting_;  // the CONNACK, until it leaves
  std::vector<std::optional<Topic>> aliases_;
  std::size_t alias_bytes_ = 0;
  std::deque<Pending> pending_;
  std::uint64_t first_ticket_ = 1;  // of pending_.front()
  std::size_t waiting_ = 0;         // how many of pending_
  std::size_t in_flight_ = 0;       // QoS 1 and 2 against our Receive Maximum (section 3.3.4)
  std::uint64_t publishes_ = 0;
};

}  // namespace watchpost::protocol
