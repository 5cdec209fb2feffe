// BrokerReader::Arrivals: what has arrived over one link of a BrokerReader and is not acknowledged
// yet. Made anew for each link.
// Promise 1: each message is acknowledged after its commit, in the order of
// arrival; many may wait for commits at once, as many as the link lets arrive. Where the intake
// takes no more, the link is held. Without a commit, or with none in custody_timeout, the link is
// given up and the broker sends again. What can never be kept is acknowledged. I/O thread only.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <optional>

#include "ingress/broker_reader.hpp"

namespace watchpost::ingress {

class BrokerReader::Arrivals final : public CustodySink,
                                     public std::enable_shared_from_this<Arrivals> {
 public:
  explicit Arrivals(BrokerReader& reader) : reader_(&reader), timer_(reader.around_.io) {}

  void take(const client::Arrival& arrival);
  // The link is gone: messages that wait for their commit stay with the broker, and the reader is
  // called no more.
  void end();
  void settled(TicketNumber ticket, const Result<void>& outcome) override;

 private:
  struct Waiting {
    client::ArrivalId id;
    SteadyTime since;
    bool is_settled = false;
  };

  void hand_over(Message message);
  void acknowledge();
  void refuse(const Failure& why);
  void watch();

  BrokerReader* reader_;  // null once ended
  std::deque<Waiting> waiting_;
  TicketNumber first_ticket_{1};  // of waiting_.front()
  std::optional<Message> held_;   // the newest arrival, while the intake takes no more
  boost::asio::steady_timer timer_;
  bool is_watching_ = false;
};

}  // namespace watchpost::ingress
