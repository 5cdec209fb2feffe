// OwnState: what the upstream is told of the gateway itself: that it is there, where its epoch
// begins, and from which number on each class will still be sent.
// Promise: the state is published once on each link, and again when it is old. Pure but for its log
// lines. Used by Traffic and Uplink, on the I/O thread.
#pragma once

#include "spool/spool.hpp"
#include "upstream/link_life.hpp"
#include "upstream/uplink_basis.hpp"

namespace watchpost::upstream {

class OwnState {
 public:
  explicit OwnState(UplinkBasis& basis) : basis_(basis) {}

  // Called before each attempt to connect; `link` tells the attempts apart.
  [[nodiscard]] Will will(std::uint64_t link);
  void link_lost() { is_old_ = false; }
  // Makes the state old: the receiver has to be told again which numbers will still be sent.
  void outdate() { is_old_ = true; }
  [[nodiscard]] bool is_old() const { return is_old_; }
  [[nodiscard]] Publication publication(LinkState state, const spool::SpoolStatus& spool,
                                        const LinkTerms& terms);
  [[nodiscard]] PublishToken token() const { return token_; }
  void answered(ReasonCode code, LinkLife& life, SteadyTime now);
  void tell(UplinkStatus& status) const { status.state_refused = refused_; }

 private:
  UplinkBasis& basis_;
  LinkNews news_;  // as last said on this link
  PublishToken token_;
  bool is_old_ = false;
  std::optional<Trouble> refused_;  // the last one, on whatever link, unless one was accepted since
};

}  // namespace watchpost::upstream
