// AttachedLink: the link of an upstream whose server comes to us: a client of the listener that
// subscribes to the events. Decision 0042.
// Promise: as MqttLink says. It stands while the named client is connected, logged in as its user,
// and subscribed at QoS 1 or 2. A publication is acknowledged by that client's PUBACK; one that no
// filter of it takes is answered with no_matching_subscribers, as a broker would. What was sent
// when the link ended comes to the client again with DUP, as MQTT wants of a session, and its
// answer is nobody's then. RETAIN is dropped: the log is what is kept.
// I/O thread. It may outlive the listener; then there is no client.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "client/mqtt_link.hpp"
#include "ingress/attached_client.hpp"
#include "ingress/connections.hpp"

namespace watchpost::ingress {

class AttachedLink final : public client::MqttLink {
 public:
  AttachedLink(const std::shared_ptr<Connections>& all, AttachedClient client);
  AttachedLink(const AttachedLink&) = delete;
  AttachedLink& operator=(const AttachedLink&) = delete;
  ~AttachedLink() override;

  void observe(client::LinkObserver& observer) override { observer_ = &observer; }
  void connect(const client::Will& will) override;
  void publish(client::Publication publication) override;
  // Nothing comes back through this link: every topic is refused.
  void subscribe(const std::vector<std::string>& topics) override;
  void acknowledge(client::ArrivalId /*id*/) override {}
  void hold(bool /*held*/) override {}
  void disconnect(std::chrono::milliseconds wait) override;
  void drop() override;
  void leave() override { drop(); }

  [[nodiscard]] const std::string& client_id() const { return client_.client_id; }
  // The client may have come, gone, or changed what it subscribes to.
  void look();
  void answered(const protocol::LogAnswered& answer);

 private:
  // Why the client cannot be sent events; nothing where it can.
  [[nodiscard]] std::optional<Trouble> missing() const;
  [[nodiscard]] protocol::SessionState* session() const;
  void hand_over(protocol::SessionState& session, Delivery delivery, client::PublishToken token);
  struct Answer {
    client::PublishToken token;
    protocol::ReasonCode code;
  };
  void answer_soon(Answer answer);
  void end();
  // Calls `tell` soon, unless this link has ended by then.
  void tell_soon(std::function<void(client::LinkObserver&)> tell);

  std::weak_ptr<Connections> all_;
  boost::asio::any_io_executor io_;
  AttachedClient client_;
  client::LinkObserver* observer_ = nullptr;
  std::optional<ConnectionId> connection_;  // of the client; nothing where the link does not stand
  std::map<std::uint64_t, client::PublishToken> unanswered_;  // by number in the outbox
  std::vector<Answer> answers_;                               // that the observer is told of soon
  bool sends_soon_ = false;                                   // what was handed over
  std::shared_ptr<AttachedLink*> self_;                       // renewed with each link
};

}  // namespace watchpost::ingress
