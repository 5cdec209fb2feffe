#include "outputs/siren.hpp"

#include <algorithm>

namespace watchpost::outputs {

std::string_view to_string(Siren::Doing doing) {
  switch (doing) {
    case Siren::Doing::silent:
      return "silent";
    case Siren::Doing::sounding:
      return "sounding";
    case Siren::Doing::stopping:
      return "stopping";
  }
  return {};
}

void Siren::begin(Doing doing, SteadyTime now) {
  doing_ = doing;
  next_ = now;
  stops_ = 0;
  start_.reset();
  starts_ = 0;
  stop_taken_ = false;
  asked_.reset();
}

void Siren::call(bool calls, SteadyTime now) {
  const bool sounds = doing_ == Doing::sounding;
  if (calls == sounds) return;
  begin(calls ? Doing::sounding : Doing::stopping, now);
}

// What was under way when a link ended may have arrived or not.
void Siren::link(bool stands, SteadyTime now) {
  if (stands == stands_) return;
  stands_ = stands;
  asked_.reset();
  if (doing_ == Doing::sounding) {
    next_ = now;
  } else if (doing_ == Doing::stopping || !stop_taken_ || no_answer_) {
    begin(Doing::stopping, now);
  }
}

std::optional<Order> Siren::next(SteadyTime now) {
  if (doing_ == Doing::stopping && is_confirmed()) {
    begin(Doing::silent, now + kDeaf);
    stop_taken_ = true;
  }
  if (asked_ && now >= *asked_ + kAnswers) no_answer_ = true;
  if (!stands_ || now < next_) return std::nullopt;
  if (doing_ == Doing::silent) {
    next_ = now + kDeaf;
    return last_ == Delivery::taken ? std::nullopt : std::optional(Order::off);
  }
  if (doing_ == Doing::sounding) {
    next_ = now + again_after();
    sounded_ = true;
    ++starts_;
    // It was off, and is not to be from now on.
    if (state_ == Order::off) state_.reset();
    if (terms_.answers && state_ != Order::on && !asked_) asked_ = now;
    return Order::on;
  }
  if (stops_ == kStops) {
    // One that has not sounded need not say that it is off.
    if (terms_.answers && (sounded_ || state_)) no_answer_ = true;
    doing_ = Doing::silent;
    next_ = now + kDeaf;
    return std::nullopt;
  }
  ++stops_;
  next_ = now + kStopEvery;
  return Order::off;
}

void Siren::delivered(Order order, Delivery delivery, SteadyTime now) {
  last_ = delivery;
  if (delivery != Delivery::taken && doing_ == Doing::sounding)
    next_ = std::min(next_, now + kInsist);
  if (order == Order::off && delivery == Delivery::taken) stop_taken_ = true;
  if (order == Order::on && doing_ == Doing::sounding) start_ = delivery;
}

void Siren::says(Order state, SteadyTime now) {
  state_ = state;
  const bool is_wanted = (state == Order::on) == (doing_ == Doing::sounding);
  if (is_wanted) {
    asked_.reset();
    no_answer_ = false;
    return;
  }
  if (doing_ == Doing::sounding) {
    next_ = std::min(next_, now + kInsist);
    if (!asked_) asked_ = now;
  } else if (doing_ == Doing::silent && no_answer_) {
    begin(Doing::stopping, now);
  }
}

void Siren::listened_to(bool is, SteadyTime now) {
  if (is) {
    deaf_since_.reset();
    if (last_ == Delivery::heard_by_nobody) last_ = Delivery::taken;
  } else if (!deaf_since_) {
    deaf_since_ = now;
  }
}

std::optional<SteadyTime> Siren::due_at() const {
  std::optional<SteadyTime> due;
  if (stands_ && (doing_ != Doing::silent || last_ != Delivery::taken)) due = next_;
  if (asked_ && !no_answer_) due = std::min(due.value_or(SteadyTime::max()), *asked_ + kAnswers);
  return due;
}

Siren::Health Siren::health(SteadyTime now) const {
  if (last_ == Delivery::refused) return Health::refused;
  if (last_ == Delivery::heard_by_nobody) return Health::heard_by_nobody;
  if (deaf_since_ && now >= *deaf_since_ + kDeaf) return Health::heard_by_nobody;
  return no_answer_ ? Health::no_answer : Health::well;
}

}  // namespace watchpost::outputs
