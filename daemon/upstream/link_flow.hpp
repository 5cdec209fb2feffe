// LinkFlow: what is under way on a link, and how much more may be.
// Promise: never more at once than the broker takes, nor so far ahead of the link that an alarm
// waits long; all but alarms keep to the rate, and wait after a long outage. The oldest call
// without an answer has a deadline. Pure: the caller brings the time. Used by Traffic and Uplink,
// on the I/O thread.
#pragma once

#include <cstddef>
#include <optional>

#include "upstream/forwarder.hpp"
#include "upstream/outstanding.hpp"
#include "upstream/pace.hpp"
#include "upstream/token_bucket.hpp"
#include "upstream/uplink_options.hpp"

namespace watchpost::upstream {

class LinkFlow {
 public:
  explicit LinkFlow(const UplinkOptions& options) : options_(options), rate_(options.max_rate) {}

  struct Since {
    SteadyTime now;
    SteadyTime flows_from;  // until then only alarms may be sent
  };
  void link_up(const LinkTerms& terms, Since since);
  void link_lost();
  // From now on nothing new is sent; answers to what was sent are still taken.
  void close() { is_open_ = false; }

  [[nodiscard]] const LinkTerms& terms() const { return terms_; }
  [[nodiscard]] bool is_open() const { return is_open_; }
  // A publication larger than the broker's Maximum Packet Size would cost us the link (MQTT 5.0
  // section 3.2.2.3.6), and with the link every class.
  [[nodiscard]] bool fits(const Publication& publication) const {
    return size_of(publication) <= terms_.maximum_packet_size;
  }

  using Window = Forwarder::Window;
  // How much may be under way: enough to keep the link busy, no more than an alarm may wait behind.
  [[nodiscard]] Window window() const;
  // True: fewer calls of any kind are under way than the broker's Receive Maximum.
  [[nodiscard]] bool may_send() const;
  // True: by the time and the rate, records that are no alarms may go too.
  [[nodiscard]] bool may_flow(SteadyTime now) { return now >= flows_from_ && rate_.has_one(now); }
  [[nodiscard]] SteadyTime flows_at() const { return std::max(flows_from_, rate_.ready_at()); }
  // True: fewer bytes are under way than the pace allows. One publication at most, and alarms, may
  // pass that number. Large events go nearly one by one: an alarm and the broker's answer to a ping
  // wait behind all of them.
  [[nodiscard]] bool has_bytes_free() const { return outstanding_.bytes() < pace_.bytes.window(); }
  [[nodiscard]] bool has_one(SteadyTime now) { return rate_.has_one(now); }
  // Counts one event that leaves.
  void take(SteadyTime now) { rate_.take(now); }

  void sent(PublishToken token, const Outstanding::Call& call) { outstanding_.sent(token, call); }
  // Takes the answer to a publication, which says how fast the link is. Returns its bytes.
  std::size_t answered(PublishToken token, SteadyTime now);
  // Takes the answer to any other call.
  void answered_aside(PublishToken token, SteadyTime now) {
    static_cast<void>(outstanding_.answered(token, now));
  }
  [[nodiscard]] bool is_under_way(PublishToken token) { return outstanding_.has(token); }
  [[nodiscard]] bool all_answered() const { return outstanding_.empty(); }
  // True: the broker has answered something on this link.
  [[nodiscard]] bool has_answered() const { return has_answered_; }
  [[nodiscard]] std::optional<Outstanding::First> first() const { return outstanding_.first(); }
  [[nodiscard]] std::optional<SteadyTime> answer_by() const {
    return outstanding_.deadline(options_.acknowledge_timeout);
  }
  void tell(UplinkStatus& status, SteadyTime now) const;

 private:
  const UplinkOptions& options_;
  TokenBucket rate_;
  Outstanding outstanding_;
  LinkPace pace_;
  LinkTerms terms_;
  SteadyTime flows_from_{};
  bool is_open_ = false;
  bool has_answered_ = false;
};

}  // namespace watchpost::upstream
