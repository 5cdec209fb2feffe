// ReceiptDesk: the receipts of an upstream's receiver, where custody asks for them: hears them,
// and has everything unconfirmed sent again when they stay away, or when the receiver says that it
// may have missed something.
// Promise: a receipt moves a cursor only over what Confirmation believes; what it does not believe
// is counted, and said once. A receiver that has lost what it had confirmed gets it again as far as
// it is kept (Replays). Events of this gateway that the receiver has and this store lacks are a
// trouble: the store is an older copy, or there are two gateways. A receiver that confirms nothing
// is a trouble until it does, and is sent little meanwhile except alarms. Pure but for its log
// lines: the caller brings times and random numbers. Used by Uplink, on the I/O thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "upstream/link_life.hpp"
#include "upstream/offers.hpp"
#include "upstream/own_state.hpp"
#include "upstream/receipt_watch.hpp"
#include "upstream/uplink_basis.hpp"

namespace watchpost::upstream {

class ReceiptDesk {
 public:
  // So many records of a class are sent to a receiver that confirms nothing, to see whether it has
  // come back. Alarms are not held back: others may listen there.
  static constexpr std::size_t kToSilentReceiver = 100;

  struct Neighbours {
    LinkLife& life;
    OwnState& own_state;
    Offers& offers;
  };
  ReceiptDesk(UplinkBasis& basis, Neighbours neighbours)
      : basis_(basis),
        life_(neighbours.life),
        own_state_(neighbours.own_state),
        offers_(neighbours.offers),
        watch_(basis.options.receipt_timeout) {}

  // True: at least one class asks for receipts.
  [[nodiscard]] bool is_wanted() const;
  [[nodiscard]] std::string topic() const { return receipt_topic(basis_.context.gateway); }
  // The token of the subscription of this link.
  [[nodiscard]] PublishToken subscribe() { return token_ = basis_.forwarder.draw_token(); }
  [[nodiscard]] PublishToken token() const { return token_; }
  void subscribed(ReasonCode code, SteadyTime now);
  void link_lost() { watch_.link_lost(); }

  struct Arrived {
    std::string_view topic;
    std::string_view payload;
  };
  void message_arrived(const Arrived& message, const Tick& tick);
  // Called while the link stands: makes the lanes send again what is due.
  void look(const Tick& tick);
  [[nodiscard]] std::optional<SteadyTime> due_at() const { return watch_.due_at(); }
  // What is unconfirmed of the class may have changed; `has_moved`: the cursor of the class has.
  void delivered(EventClass event_class, bool has_moved, SteadyTime now);

  void tell(UplinkStatus& status) const;

 private:
  void hear(const Receipt& receipt, SteadyTime now);
  void hear_of_more(const Receipt& receipt);
  bool send_again(EventClass event_class, ReceiptWatch::Due due);
  void confirmed(EventClass event_class);
  void complain(Trouble trouble);

  UplinkBasis& basis_;
  LinkLife& life_;
  OwnState& own_state_;
  Offers& offers_;
  ReceiptWatch watch_;
  PublishToken token_;
  std::optional<Trouble> trouble_;
  std::optional<Trouble> has_more_;
  Seq more_;  // the highest number that `has_more_` named
};

}  // namespace watchpost::upstream
