// OwnState: what the upstream is told of the gateway itself: that it is there, where its epoch
// begins, and from which number on each class will still be sent.
// Promise: the state is published once on each link, and again when it is old, as far as the
// settings want it and the server takes it (PresencePlan); what is given up is said once. Pure but
// for its log lines. Used by Traffic and Uplink, on the I/O thread.
#pragma once

#include "spool/spool.hpp"
#include "upstream/link_life.hpp"
#include "upstream/presence_plan.hpp"
#include "upstream/uplink_basis.hpp"

namespace watchpost::upstream {

class OwnState {
 public:
  explicit OwnState(UplinkBasis& basis) : basis_(basis), plan_(basis.options.state) {}

  // Called before each attempt to connect; `link` tells the attempts apart. Without a topic: there
  // is no will.
  [[nodiscard]] Will will(std::uint64_t link);
  void link_up(const LinkTerms& terms);
  // The link is gone, or the attempt failed.
  struct Ended {
    const client::LinkEnd& end;
    bool stood = false;  // the server had accepted the connection
    bool first = false;  // the state was sent first of what has no answer
    bool held = false;   // the link was good
  };
  void link_ended(const Ended& link);
  // True: the state is published on this link.
  [[nodiscard]] bool is_told() const { return plan_.offer().presence != Presence::off; }
  // Makes the state old: the receiver has to be told again which numbers will still be sent.
  void outdate() { is_old_ = true; }
  [[nodiscard]] bool is_old() const { return is_old_ && is_told(); }
  [[nodiscard]] Publication publication(LinkState state, const spool::SpoolStatus& spool,
                                        const LinkTerms& terms);
  [[nodiscard]] PublishToken token() const { return token_; }
  void answered(ReasonCode code, LinkLife& life, SteadyTime now);
  // The server has taken something else.
  void something_taken() {
    if (plan_.something_taken()) say_news();
  }
  // True: links were no better without it, or without a part of it.
  [[nodiscard]] bool is_cleared() const { return plan_.is_cleared(); }
  // True: a publication of the state asks the server to keep it.
  [[nodiscard]] bool is_retained() const { return plan_.offer().presence == Presence::retained; }
  void tell(UplinkStatus& status) const;

 private:
  void say_news();

  UplinkBasis& basis_;
  PresencePlan plan_;
  LinkNews news_;  // as last said on this link
  PublishToken token_;
  bool is_old_ = false;
  bool refused_here_ = false;       // on this link
  std::optional<Trouble> refused_;  // the last one, on whatever link, unless one was accepted since
};

}  // namespace watchpost::upstream
