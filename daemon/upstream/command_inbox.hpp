// CommandInbox: commands that an upstream sends down its link, and their answers.
// Promise: nothing is looked at that is retained, too large, unreadable or more than the pace
// allows; each of these is refused in words, as is what judgement refuses. What is handed on names
// this upstream as where it came from and may do what is granted here, no more. An answer goes to
// `cmd/result` or below it, never elsewhere; one at a time, and behind the records that are ready,
// so that no command delays an alarm by more than one small publication. A server that ends its
// links over commands is left alone with them for an hour: alarms need the link. Pure but for its
// log lines: the caller brings times. Used by Uplink, on the I/O thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "model/command.hpp"
#include "upstream/link_life.hpp"
#include "upstream/uplink_basis.hpp"

namespace watchpost::upstream {

class CommandInbox {
 public:
  static constexpr std::size_t kMostBytes = 16'384;
  static constexpr std::size_t kMostAnswers = 64;  // that wait; the oldest goes
  static constexpr std::size_t kMostCorrelation = 256;
  // Commands that are taken at once; then one a second more. The sender is told of this number.
  static constexpr std::int64_t kBurst = 60;
  static constexpr std::chrono::hours kLeftAlone{1};

  CommandInbox(UplinkBasis& basis, LinkLife& life)
      : basis_(basis),
        life_(life),
        topic_(command_topic(basis.context.gateway)),
        result_topic_(command_result_topic(basis.context.gateway)),
        granted_(basis.options.commands) {}

  [[nodiscard]] const std::string& topic() const { return topic_; }
  [[nodiscard]] const std::string& result_topic() const { return result_topic_; }

  // From now on; what arrives without a grant is refused.
  void grant(DutyActionSet actions);
  // True: this link is to ask for commands and has not yet.
  [[nodiscard]] bool must_subscribe(SteadyTime now) const {
    return granted_.any() && !has_asked_ && now >= asks_from_;
  }
  void asked() { has_asked_ = true; }
  void subscribed(ReasonCode code, SteadyTime now);

  // Who asked, and where the answer goes.
  struct Asked {
    Command command;
    std::string topic;
    std::string correlation_data;
  };
  // The command that is to be obeyed; nothing: there is none, and what is to be said is said.
  [[nodiscard]] std::optional<Asked> arrived(const client::Arrival& arrival, SteadyTime now);
  void decided(const Asked& asked, const CommandResult& result, SteadyTime now);

  // Counts as sent.
  [[nodiscard]] std::optional<Publication> next_answer(const LinkTerms& terms);
  [[nodiscard]] PublishToken token() const { return token_; }
  void answered(ReasonCode code);

  struct Ended {
    bool over_subscription = false;  // its answer was the first one missing
    bool over_answer = false;
    bool by_server = false;
  };
  void link_ended(const Ended& link, SteadyTime now);
  void tell(UplinkStatus& status) const;

 private:
  struct Answer {
    std::string text;
    std::string topic;
    std::string correlation_data;
  };
  [[nodiscard]] bool keeps_pace(SteadyTime now);
  [[nodiscard]] Answer answer_to(const client::Arrival& arrival) const;
  void refuse(Answer answer, const CommandResult& result, SteadyTime now);
  void add(Answer answer);
  void say_refused(std::string reason, SteadyTime now);
  void complain(Trouble trouble);

  UplinkBasis& basis_;
  LinkLife& life_;
  std::string topic_;
  std::string result_topic_;
  DutyActionSet granted_;
  bool has_asked_ = false;  // on this link
  SteadyTime asks_from_{};
  int ends_over_subscription_ = 0;  // in a row, as the next
  int ends_over_answer_ = 0;
  SteadyTime paid_until_{};  // of the pace
  std::optional<SteadyTime> told_pace_at_;
  std::deque<Answer> answers_;
  std::uint64_t dropped_ = 0;  // of them, since all that waited had been sent
  bool is_under_way_ = false;
  PublishToken token_;
  std::string said_reason_;
  SteadyTime said_at_{};
  std::optional<Trouble> trouble_;
};

}  // namespace watchpost::upstream
