// LinkDiagnosis: the likely reason why a link does not come about or keeps ending.
// Why: a server that does not want us often only closes the connection, which looks like a bad
// network; and a link that comes back for a moment looks like a good one.
// Promise: what a server said no to is the reason when the link ends soon after it. Two short links
// in a row that end over the same publication blame that one; two that end over nothing in common
// say that somebody else uses our client id. A reason goes when a link has stood much longer than
// those before it, when what was blamed is taken, or when the next attempt fails for another one;
// not because a link came back. What counts as a short link is said here alone. Pure: events in, a
// reason out; the caller brings the times. Used by LinkLife, BrokerReader and `watchpost receive`,
// on the I/O thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "client/link_end.hpp"
#include "model/trouble.hpp"

namespace watchpost::client {

// Which rule of the server most likely forbids an item over which each link ends.
enum class LikelyRule : std::uint8_t { unknown, retained, levels, size, topic };

// Something that was sent: the first without an answer when a link ends, or what was refused.
struct SentItem {
  std::string topic;
  std::uint64_t number = 0;  // tells those of one topic apart; 0 where there is only one
  std::size_t bytes = 0;
  LikelyRule rule = LikelyRule::unknown;
  std::size_t levels = 0;      // of the topic
  std::size_t most_taken = 0;  // bytes of the largest item that the server has taken
  [[nodiscard]] bool is_same_as(const SentItem& other) const {
    return topic == other.topic && number == other.number;
  }
};

enum class LinkCause : std::uint8_t {
  told,        // as the end itself says
  refused,     // the server refused `item` with `code` and ended the link soon after it
  taken_over,  // somebody else connects under our client id
  one_item,    // each link ends over the same publication
};

struct LinkReason {
  LinkCause cause = LinkCause::told;
  LinkEnd end;    // the last one
  SentItem item;  // of `refused` and `one_item`
  std::uint8_t code = 0;
};

class LinkDiagnosis {
 public:
  // A link that lived so long did hold: the next attempt may come as early as the first one.
  static constexpr std::chrono::seconds kHeld{10};
  // One that lived shorter may be of a row of links that keep ending, and its end accuses somebody.
  // Longer than kHeld: whoever pushes us out waits up to half a minute before each attempt.
  static constexpr std::chrono::seconds kShort{60};
  // A link that ends so soon after a refusal has ended because of the refusal.
  static constexpr std::chrono::seconds kConsequence{5};
  // So many short links in turn accuse somebody. Two may be a server that was started twice.
  static constexpr int kAgainAndAgain = 3;

  void connected(SteadyTime now);
  // The server refused something on a link that stands.
  void refused(SentItem item, std::uint8_t code, SteadyTime now);
  // The server took something on this topic.
  void accepted(const std::string& topic);
  // `unanswered`: what was sent first and has no answer, if there is anything. True: the link held.
  // False: it did not, or none came about, and the next attempt should wait longer.
  bool ended(const LinkEnd& end, const std::optional<SentItem>& unanswered, SteadyTime now);
  // Drops the reason once the link has stood long enough. True when a reason was dropped.
  bool look(SteadyTime now);
  // When `look` has something to do.
  [[nodiscard]] std::optional<SteadyTime> due_at() const;

  // True while a refusal or a reason is remembered that `accepted` may end.
  [[nodiscard]] bool blames() const { return no_.has_value() || reason_.has_value(); }
  // None: nothing is wrong.
  [[nodiscard]] const std::optional<LinkReason>& reason() const { return reason_; }

 private:
  struct No {
    SentItem item;
    std::uint8_t code = 0;
    SteadyTime at;
  };

  [[nodiscard]] LinkReason judged(const LinkEnd& end, const std::optional<SentItem>& unanswered,
                                  SteadyTime now);
  void begin_anew();

  std::optional<SteadyTime> connected_at_;
  SteadyDuration longest_{};  // of the short links in a row
  std::optional<No> no_;
  std::optional<SentItem> blamed_;  // of the last short link
  int over_blamed_ = 0;             // short links in a row that ended over it
  int short_ = 0;                   // short links in a row that ended without a word
  std::optional<LinkReason> reason_;
};

// What to tell the operator: the likely reason, or what the end itself says.
[[nodiscard]] Trouble trouble_of(const LinkReason& reason, const std::string& client_id);
// The same as a sentence for the log.
[[nodiscard]] std::string sentence_of(const LinkReason& reason, const std::string& client_id);

}  // namespace watchpost::client
