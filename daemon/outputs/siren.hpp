// Siren: what one siren is told, and when; told itself of alarms, time, answers and its link.
// Promise: while an alarm calls it is told "on", at once and again before its bounded command ends;
// when none does any more it is told "off" until it says that it is off, or kStops times. A link
// that comes back starts no siren for which no alarm calls, and leaves none sounding. Nothing but
// the alarms makes it silent: what it says of itself never does. Pure; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.hpp"

namespace watchpost::outputs {

struct SirenTerms {
  std::chrono::milliseconds lasts{30'000};  // how long it sounds by one command
  bool answers = false;                     // it tells its state
};

enum class Order : std::uint8_t { off, on };

class Siren {
 public:
  static constexpr int kStops = 5;
  static constexpr std::chrono::seconds kStopEvery{2};
  // Told again that soon where it says to be off while it is to sound, or nobody heard it.
  static constexpr std::chrono::seconds kInsist{2};
  // An answer that comes later is none.
  static constexpr std::chrono::seconds kAnswers{10};
  // No client subscribes to its topic: a device that starts over takes that long to come back.
  // Each time this has passed, an "off" that nobody heard is sent again, so that it is known when
  // the siren hears.
  static constexpr std::chrono::seconds kDeaf{60};

  enum class Doing : std::uint8_t { silent, sounding, stopping };
  // What became of an order on its way.
  enum class Delivery : std::uint8_t { taken, heard_by_nobody, refused };
  enum class Health : std::uint8_t { well, heard_by_nobody, refused, no_answer };

  // Whatever the siren was told by a run before this one, it is told anew.
  explicit Siren(SirenTerms terms) : terms_(terms) {}

  // An alarm calls, by what is on disk.
  void call(bool calls, SteadyTime now);
  void link(bool stands, SteadyTime now);
  // What is to be sent now; each is to be sent once.
  [[nodiscard]] std::optional<Order> next(SteadyTime now);
  void delivered(Order order, Delivery delivery, SteadyTime now);
  // It says how it is.
  void says(Order state, SteadyTime now);
  // Whether anybody listens for its commands, where that can be seen without sending one.
  void listened_to(bool is, SteadyTime now);
  // When next() or health() may have something new without anything being told.
  [[nodiscard]] std::optional<SteadyTime> due_at() const;

  [[nodiscard]] Health health(SteadyTime now) const;
  // It was told "on" and has that; where it answers, it says that it sounds.
  [[nodiscard]] bool sounds() const {
    return start_ == Delivery::taken && (!terms_.answers || state_ == Order::on);
  }
  // What became of the newest "on" since it is to sound; nothing: that is not known yet.
  [[nodiscard]] std::optional<Delivery> start() const { return start_; }
  // How often it was told "on" since.
  [[nodiscard]] std::uint32_t starts() const { return starts_; }
  [[nodiscard]] Doing doing() const { return doing_; }

 private:
  [[nodiscard]] SteadyDuration again_after() const { return terms_.lasts * 2 / 3; }
  // It has said so since it was told "on" last. One that has sounded is told "off" all the same:
  // an "on" may still be on its way.
  [[nodiscard]] bool is_confirmed() const {
    return terms_.answers && state_ == Order::off && (stops_ > 0 || !sounded_);
  }
  void begin(Doing doing, SteadyTime now);

  SirenTerms terms_;
  bool stands_ = false;
  Doing doing_ = Doing::stopping;
  SteadyTime next_{};                // when it is told again
  int stops_ = 0;                    // sent since it is to be off
  std::optional<Delivery> start_{};  // of the newest "on"
  std::uint32_t starts_ = 0;
  bool stop_taken_ = false;
  bool sounded_ = false;  // told "on" by this run
  std::optional<Order> state_{};
  std::optional<SteadyTime> asked_{};  // since when its answer is awaited
  bool no_answer_ = false;
  Delivery last_ = Delivery::taken;
  std::optional<SteadyTime> deaf_since_{};
};
[[nodiscard]] std::string_view to_string(Siren::Doing doing);

}  // namespace watchpost::outputs
