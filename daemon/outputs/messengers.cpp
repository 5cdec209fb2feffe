#include "outputs/messengers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/escalation.hpp"
#include "model/trouble_catalogue.hpp"

namespace watchpost::outputs {
namespace {

// Whether this stage is done, by the alarm's row.
bool is_told(const Alarm& alarm, const std::string& output, std::uint8_t stage) {
  return std::any_of(alarm.told.begin(), alarm.told.end(), [&](const Telling& told) {
    return told.output == output && told.how == ToldHow::accepted && told.stage >= stage &&
           told.waiting_since == alarm.waiting_since;
  });
}

// "HTTP 500", "exit 1", "timeout".
std::string fact_of(const Channel::Outcome& outcome) {
  if (!outcome.detail.empty()) return outcome.detail;
  const bool is_late = outcome.how == ToldHow::no_answer || outcome.how == ToldHow::overdue;
  return is_late ? "timeout" : std::string(to_string(outcome.how));
}

// Of what a service answers or a program prints its code alone ("HTTP 500", "errcode 45009", "exit
// 1"), so that the same trouble is one; of what could not be started, why.
HowTold told_of(const Channel::Outcome& outcome) {
  const bool says_code = outcome.how == ToldHow::status || outcome.how == ToldHow::refused ||
                         outcome.how == ToldHow::failed;
  if (says_code) return {outcome.how, outcome.detail.substr(0, outcome.detail.find(": "))};
  if (outcome.how == ToldHow::not_started) return {outcome.how, outcome.detail};
  return {outcome.how, {}};
}

bool is_worth_keeping(const Telling& told) {
  return told.how == ToldHow::accepted || (told.attempts & (told.attempts - 1)) == 0;
}

}  // namespace

Messengers::Messengers(Surroundings around, std::vector<Options> options, Events events)
    : around_(std::move(around)),
      events_(std::move(events)),
      self_(std::make_shared<Messengers*>(this)),
      timer_(around_.io) {
  all_.reserve(options.size());
  for (Options& one : options) {
    const CourierTerms terms = one.terms;
    all_.push_back({std::move(one), Courier(terms)});
  }
}

void Messengers::stop() {
  runs_ = false;
  timer_.cancel();
  for (Messenger& one : all_) {
    one.options.channel->stop();
    one.test.reset();
  }
}

bool Messengers::test(std::size_t place, std::string by, TestDone done) {
  const auto found = std::find_if(all_.begin(), all_.end(),
                                  [place](const auto& one) { return one.options.place == place; });
  if (found == all_.end()) return false;
  found->test = Test{std::move(by), std::move(done)};
  look();
  return true;
}

void Messengers::send_test(Messenger& messenger) {
  const Test test = *std::exchange(messenger.test, std::nullopt);
  messenger.is_busy = true;
  messenger.options.channel->send(
      test_letter({messenger.options.name, test.by}, messenger.options.letter),
      [this, &messenger, done = test.done](const Channel::Outcome& outcome) {
        messenger.is_busy = false;
        note(messenger, outcome);
        done(outcome.how, outcome.detail);
        look();
      });
}

void Messengers::want(const Calls::Call& call, const Alarm& alarm) {
  const std::uint8_t stage = call.stage;
  for (Messenger& one : all_) {
    if (one.options.place != call.output) continue;
    one.courier.want({alarm.number.serial, alarm.waiting_since, stage, alarm.grade.level,
                      alarm_name(alarm.source), is_told(alarm, one.options.name, stage)});
  }
}

void Messengers::end() {
  for (Messenger& one : all_) one.courier.end();
  look();
}

bool Messengers::may_run(const Messenger& messenger) const {
  if (messenger.is_busy) return false;
  if (!messenger.options.is_command) return true;
  const auto running = std::count_if(all_.begin(), all_.end(), [](const Messenger& one) {
    return one.options.is_command && one.is_busy;
  });
  return static_cast<std::size_t>(running) < kMostCommands;
}

void Messengers::look() {
  if (!runs_) return;
  const SteadyTime now = around_.clock.steady();
  for (Messenger& one : all_) {
    if (!may_run(one)) continue;
    if (auto message = one.courier.next(now)) {
      send(one, *std::move(message));
    } else if (one.test) {
      send_test(one);
    }
  }
  look_later(now);
}

void Messengers::look_later(SteadyTime now) {
  std::optional<SteadyTime> due;
  for (const Messenger& one : all_) {
    const auto at = may_run(one) ? one.courier.due_at(now) : std::nullopt;
    if (at) due = std::min(due.value_or(*at), *at);
  }
  if (!due) return;
  timer_.expires_at(*due);
  timer_.async_wait([weak = std::weak_ptr(self_)](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self) (*self)->look();
  });
}

void Messengers::send(Messenger& messenger, Courier::Message message) {
  std::vector<Mentioned> alarms;
  for (const Courier::Message::Alarm& one : message.alarms) {
    auto found = events_.find(one.number);
    if (!found) continue;
    found->stage = one.stage;
    alarms.push_back(std::move(*found));
  }
  // Nobody is waited for any more.
  if (alarms.empty()) return messenger.courier.done(true, {around_.clock.steady(), 0});
  messenger.is_busy = true;
  messenger.options.channel->send(
      letter_of(alarms, messenger.options.letter),
      [this, &messenger, message = std::move(message)](const Channel::Outcome& outcome) {
        sent(messenger, message, outcome);
      });
}

void Messengers::sent(Messenger& messenger, const Courier::Message& message,
                      const Channel::Outcome& outcome) {
  messenger.is_busy = false;
  messenger.courier.done(outcome.how == ToldHow::accepted,
                         {around_.clock.steady(), around_.random()});
  note(messenger, outcome);
  std::vector<ToldOf> kept;
  for (const Courier::Message::Alarm& one : message.alarms) {
    Telling told{messenger.options.name, one.stage,    one.waiting_since,   outcome.how,
                 fact_of(outcome),       one.attempts, around_.clock.wall()};
    if (is_worth_keeping(told)) kept.push_back({one.number, std::move(told)});
  }
  if (!kept.empty()) events_.told(kept);
  look();
}

void Messengers::note(Messenger& messenger, const Channel::Outcome& outcome) {
  const bool failed = messenger.failure.has_value();
  if (outcome.how == ToldHow::accepted) {
    messenger.failure.reset();
    if (failed) around_.log.info("Output {} takes what it is told again", messenger.options.name);
    return;
  }
  messenger.failure = outcome;
  if (!failed) {
    around_.log.warning("{}", sentence_of(*trouble_of(messenger), Language::english));
  }
}

std::optional<Trouble> Messengers::trouble_of(const Messenger& messenger) {
  if (!messenger.failure) return std::nullopt;
  Trouble told = trouble<TroubleCode::output_not_told>(arg<"output">(messenger.options.name),
                                                       arg<"code">(told_of(*messenger.failure)),
                                                       arg<"alarms">(messenger.courier.waiting()));
  if (messenger.failure->cause) told = std::move(told).because(*messenger.failure->cause);
  return told;
}

std::vector<OutputStatus> Messengers::status() const {
  std::vector<OutputStatus> all;
  for (const Messenger& one : all_) {
    const std::string_view doing = one.failure ? "failing" : one.is_busy ? "telling" : "ready";
    all.push_back({one.options.name, doing, trouble_of(one)});
  }
  return all;
}

}  // namespace watchpost::outputs
