// LinkTopics: what an uplink asks its upstream to send, receipts and commands, and who of the two
// hears of the answer.
// Promise: each topic is asked for once on a link, in one SUBSCRIBE as far as they are wanted when
// it begins; one that is wanted later is asked for then. Pure: the caller brings the time. Used by
// Uplink, on the I/O thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "upstream/command_inbox.hpp"
#include "upstream/link_flow.hpp"
#include "upstream/receipt_desk.hpp"

namespace watchpost::upstream {

class LinkTopics {
 public:
  struct Neighbours {
    ReceiptDesk& receipts;
    CommandInbox& inbox;
  };
  explicit LinkTopics(Neighbours neighbours) : by_(neighbours) {}

  void link_up() {
    asked_.clear();
    wants_receipts_ = by_.receipts.is_wanted();
  }
  // What is to be asked for now, and counts as asked; empty: nothing.
  [[nodiscard]] std::vector<std::string> take_due(SteadyTime now);
  void subscribed(std::span<const ReasonCode> codes, SteadyTime now);
  void link_ended(const LinkFlow& flow, const client::LinkEnd& end, SteadyTime now);
  // What was sent first and has no answer, where it is a topic that was asked for, or the answer to
  // a command.
  [[nodiscard]] std::optional<client::SentItem> first_unanswered(const LinkFlow& flow) const;

 private:
  Neighbours by_;
  bool wants_receipts_ = false;
  std::vector<std::string> asked_;  // and not answered
};

}  // namespace watchpost::upstream
