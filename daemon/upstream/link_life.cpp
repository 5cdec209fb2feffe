#include "upstream/link_life.hpp"

#include <algorithm>
#include <utility>

#include "model/trouble_catalogue.hpp"

namespace watchpost::upstream {
namespace {

using client::LinkEnd;
using std::chrono::duration_cast;
using std::chrono::seconds;

LinkEnd never(LinkEnd::How how, Trouble trouble) {
  return {how, 0, failure_of(Failure::Kind::unavailable, std::move(trouble))};
}

}  // namespace

void LinkLife::enter(UplinkState state, SteadyTime now) {
  state_ = state;
  since_ = now;
}

void LinkLife::connecting(SteadyTime now) {
  attempt_at_.reset();
  enter(UplinkState::connecting, now);
}

SteadyTime LinkLife::connected(const Tick& tick) {
  enter(UplinkState::connected, tick.now);
  diagnosis_.connected(tick.now);
  say();
  return reconnect_.flows_from(tick.now, tick.random);
}

LinkLife::After LinkLife::ended(const End& end, const Tick& tick) {
  const auto& [now, random] = tick;
  const bool has_held = diagnosis_.ended(end.end, end.unanswered, now);
  if (state_ == UplinkState::stopping) return After::stopping;
  const auto waits =
      end.alarm_waits ? ReconnectPlan::Waiting::alarm : ReconnectPlan::Waiting::no_alarm;
  attempt_at_ = has_held ? reconnect_.after_good_link(now, waits, random)
                         : reconnect_.after_failure(now, random);
  enter(UplinkState::waiting, now);
  say();
  return has_held ? After::good_link : After::short_link;
}

void LinkLife::alarm_waits(const Tick& tick) {
  if (attempt_at_)
    attempt_at_ = reconnect_.hurried({.planned = *attempt_at_, .now = tick.now}, tick.random);
}

LinkLife::Due LinkLife::look(SteadyTime now) {
  if (stop_at_ && *stop_at_ <= now) return Due::end_of_stop;
  if (diagnosis_.look(now)) say();
  return attempt_at_ && *attempt_at_ <= now ? Due::attempt : Due::nothing;
}

std::optional<LinkEnd> LinkLife::overdue(SteadyTime now,
                                         std::optional<SteadyTime> answer_by) const {
  if (state_ == UplinkState::connecting && since_ + options_.connect_timeout <= now) {
    return never(LinkEnd::How::unreached, trouble<TroubleCode::link_no_connect>(arg<"time">(
                                              duration_cast<seconds>(options_.connect_timeout))));
  }
  if (stands() && answer_by && *answer_by <= now) {
    return never(LinkEnd::How::silent, trouble<TroubleCode::link_no_puback>(arg<"time">(
                                           duration_cast<seconds>(options_.acknowledge_timeout))));
  }
  return std::nullopt;
}

std::optional<LinkEnd> LinkLife::unusable(const LinkTerms& terms) {
  if (terms.maximum_qos != Qos::at_most_once) return std::nullopt;
  return never(LinkEnd::How::refused, trouble<TroubleCode::link_no_qos>());
}

std::optional<SteadyTime> LinkLife::due_at() const {
  auto due = earlier(stop_at_, attempt_at_);
  if (state_ == UplinkState::connecting) due = earlier(due, since_ + options_.connect_timeout);
  return stands() ? earlier(due, diagnosis_.due_at()) : due;
}

bool LinkLife::stop(SteadyTime now, std::chrono::milliseconds within) {
  const bool stood = stands();
  attempt_at_.reset();
  stop_at_ = now + within;
  enter(UplinkState::stopping, now);
  if (stood) said_farewell_ = Farewell::none;
  return stood;
}

LinkLife::Farewell LinkLife::next_farewell(bool all_answered) {
  if (!said_farewell_ || !all_answered || *said_farewell_ == Farewell::disconnect) {
    return Farewell::none;
  }
  const bool first = *said_farewell_ == Farewell::none;
  said_farewell_ = first ? Farewell::say_offline : Farewell::disconnect;
  return *said_farewell_;
}

void LinkLife::stopped(SteadyTime now) {
  said_farewell_.reset();
  stop_at_.reset();
  enter(UplinkState::stopped, now);
}

void LinkLife::refused(const std::string& topic, std::uint8_t code, SteadyTime now) {
  diagnosis_.refused({topic}, code, now);
}

void LinkLife::accepted(const std::string& topic) {
  const bool was_blamed = diagnosis_.reason().has_value();
  diagnosis_.accepted(topic);
  if (was_blamed && !diagnosis_.reason()) say();
}

std::string LinkLife::sentence() const {
  const auto& reason = diagnosis_.reason();
  return reason ? client::sentence_of(*reason, options_.client_id) : std::string();
}

// Every attempt against a dead link fails the same way; the log is told once.
void LinkLife::say() {
  auto now_said = sentence();
  const bool is_news = std::exchange(said_, std::move(now_said)) != said_;
  if (stands() && said_.empty()) {
    log_.info("Upstream {} is connected", options_.name);
  } else if (is_news && !said_.empty()) {
    log_.warning("Upstream {} is not connected: {}", options_.name, said_);
  }
}

void LinkLife::tell(UplinkStatus& status) const {
  status.state = state_;
  status.since = since_;
  status.next_attempt = attempt_at_;
  const auto& reason = diagnosis_.reason();
  if (!reason) return;
  status.failure = client::trouble_of(*reason, options_.client_id);
  status.link_unsteady = stands();
}

}  // namespace watchpost::upstream
