// LinkLife: the life of an uplink's link: when it is tried, when it stands, why it is not there,
// and how it ends.
// Promise: every state but `connected` and `stopped` ends by a deadline that `due_at` names. What
// is told of a link that is not there, or does not hold, is its present reason, never one that has
// gone. Each reason is logged once. Pure but for its log lines: the caller brings times and random
// numbers, and does what `look` says. Used by Uplink, on the I/O thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/log.hpp"
#include "client/link_diagnosis.hpp"
#include "upstream/reconnect_plan.hpp"
#include "upstream/uplink_basis.hpp"

namespace watchpost::upstream {

class LinkLife {
 public:
  LinkLife(const UplinkOptions& options, Log& log)
      : options_(options), log_(log), reconnect_(options.reconnect, options.reconnect_spread) {}

  void connecting(SteadyTime now);
  // When records that are no alarms may begin to flow over the new link.
  [[nodiscard]] SteadyTime connected(const Tick& tick);

  struct End {
    client::LinkEnd end;
    std::optional<client::SentItem> unanswered;  // what was sent first and has no answer
    bool alarm_waits = false;
  };
  enum class After : std::uint8_t { good_link, short_link, stopping };
  // The attempt failed, or the link is gone. The next attempt is planned, unless it is `stopping`.
  [[nodiscard]] After ended(const End& end, const Tick& tick);
  // Brings an attempt forward that was put off for the sake of other gateways.
  void alarm_waits(const Tick& tick);

  enum class Due : std::uint8_t { nothing, attempt, end_of_stop };
  [[nodiscard]] Due look(SteadyTime now);
  // How the link ends when the other side has not answered in time; nothing while it has time.
  // `answer_by`: the deadline for the answer to what was sent first.
  [[nodiscard]] std::optional<client::LinkEnd> overdue(SteadyTime now,
                                                       std::optional<SteadyTime> answer_by) const;
  // How a link has to end at once: its server acknowledges nothing (Maximum QoS 0, MQTT 5.0 section
  // 3.2.2.3.4), so nothing would prove that an alarm arrived.
  [[nodiscard]] static std::optional<client::LinkEnd> unusable(const LinkTerms& terms);
  // When `look` or, of a connect, `overdue` has something to say.
  [[nodiscard]] std::optional<SteadyTime> due_at() const;

  // True where there is a link to take leave of; at the latest `within` from now the stop ends.
  [[nodiscard]] bool stop(SteadyTime now, std::chrono::milliseconds within);
  enum class Farewell : std::uint8_t { none, say_offline, disconnect };
  // While stopping: gives each farewell once, when all that was sent before has its answer.
  [[nodiscard]] Farewell next_farewell(bool all_answered);
  void stopped(SteadyTime now);

  // The upstream refused, or accepted, something on a topic.
  void refused(const std::string& topic, std::uint8_t code, SteadyTime now);
  void accepted(const std::string& topic);
  // False: `accepted` would change nothing, so its topic need not be made.
  [[nodiscard]] bool blames() const { return diagnosis_.blames(); }

  [[nodiscard]] UplinkState state() const { return state_; }
  [[nodiscard]] bool stands() const { return state_ == UplinkState::connected; }
  void tell(UplinkStatus& status) const;

 private:
  void enter(UplinkState state, SteadyTime now);
  [[nodiscard]] std::string sentence() const;
  void say();

  const UplinkOptions& options_;
  Log& log_;
  ReconnectPlan reconnect_;
  client::LinkDiagnosis diagnosis_;
  UplinkState state_ = UplinkState::waiting;
  SteadyTime since_{};
  std::optional<SteadyTime> attempt_at_, stop_at_;
  std::optional<Farewell> said_farewell_;  // while stopping: the last one
  std::string said_;                       // what the log was told last
};

}  // namespace watchpost::upstream
