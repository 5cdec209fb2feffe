#include "outputs/outputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/trouble_catalogue.hpp"
#include "outputs/state_text.hpp"

namespace watchpost::outputs {
namespace {

Siren::Delivery delivery_of(client::ReasonCode code) {
  if (code == client::ReasonCode::no_matching_subscribers) return Siren::Delivery::heard_by_nobody;
  return is_failure(code) ? Siren::Delivery::refused : Siren::Delivery::taken;
}

}  // namespace

Outputs::Outputs(OutputLink::Surroundings around, OwnClients& own,
                 std::vector<OutputOptions> options, const std::vector<Broker>& brokers)
    : clock_(around.clock),
      log_(around.log),
      own_(own),
      self_(std::make_shared<Outputs*>(this)),
      timer_(around.io) {
  all_.reserve(options.size());
  for (OutputOptions& one : options) {
    const SirenTerms terms{one.lasts, !one.state_topic.empty()};
    all_.push_back({std::move(one), Siren(terms)});
  }
  for (const Broker& broker : brokers) make_link(broker, around);
}

void Outputs::make_link(const Broker& broker, const OutputLink::Surroundings& around) {
  OutputLink::Options options{broker.name, broker.link, {}};
  bool is_used = false;
  for (const Output& output : all_) {
    if (output.options.broker != broker.name) continue;
    is_used = true;
    const std::string& state = output.options.state_topic;
    if (!state.empty() && std::ranges::find(options.states, state) == options.states.end())
      options.states.push_back(state);
  }
  if (!is_used) return;
  const std::size_t place = links_.size();
  OutputLink::Events events{
      [this, place](bool is) { stands(links_[place].get(), is); },
      [this, place](const Said& said) { heard_from(links_[place].get(), said); }};
  auto link = client::make_link(around.io, broker.client, options.link);
  links_.push_back(
      std::make_unique<OutputLink>(around, std::move(options), std::move(events), std::move(link)));
  for (Output& output : all_) {
    if (output.options.broker == broker.name) output.link = links_.back().get();
  }
}

void Outputs::start() {
  runs_ = true;
  for (const auto& link : links_) link->start();
  stands(nullptr, true);
}

void Outputs::stop() {
  runs_ = false;
  timer_.cancel();
  for (const auto& link : links_) link->stop();
  for (Output& output : all_) output.test.reset();
}

void Outputs::sound(const OutputSet& called) {
  const SteadyTime now = clock_.steady();
  for (Output& output : all_) {
    output.called = called[output.options.place];
    output.siren.call(output.called || output.test, now);
    if (output.link == nullptr)
      output.siren.listened_to(own_.are_listening(output.options.topic), now);
  }
  look();
}

bool Outputs::test(std::size_t place, TestDone done) {
  const auto found =
      std::ranges::find(all_, place, [](const Output& o) { return o.options.place; });
  if (found == all_.end()) return false;
  const SteadyTime now = clock_.steady();
  found->test = Test{now, std::move(done)};
  found->siren.call(true, now);
  look_later();
  return true;
}

void Outputs::look_at_test(Output& output, SteadyTime now) {
  if (!output.test) return;
  const bool sounds = output.siren.sounds();
  if (now < output.test->since + (sounds ? kTestLasts : kTestEnds)) return;
  const TestDone done = std::exchange(output.test, std::nullopt)->done;
  const ToldHow how = how_told(output, now).value_or(ToldHow::no_answer);
  output.siren.call(output.called, now);
  done(how);
}

// Nothing: that is not known yet.
std::optional<ToldHow> Outputs::how_told(const Output& output, SteadyTime now) {
  const Siren& siren = output.siren;
  if (siren.doing() != Siren::Doing::sounding) return std::nullopt;
  if (siren.sounds()) return ToldHow::accepted;
  if (output.link != nullptr && output.link->failure()) return ToldHow::unreached;
  const auto start = siren.start();
  if (start == Siren::Delivery::refused) return ToldHow::refused;
  if (start == Siren::Delivery::heard_by_nobody) return ToldHow::unreached;
  const bool has_no_answer = start && siren.health(now) == Siren::Health::no_answer;
  return has_no_answer ? std::optional(ToldHow::no_answer) : std::nullopt;
}

void Outputs::want(const Calls::Call& call, const Alarm& alarm) {
  const auto found =
      std::ranges::find(all_, call.output, [](const Output& o) { return o.options.place; });
  if (found == all_.end() || told_.size() == kMostToldAtOnce) return;
  const auto how = how_told(*found, clock_.steady());
  if (!how) return;
  Telling telling{found->options.name,   call.stage,   alarm.waiting_since, *how, {},
                  found->siren.starts(), clock_.wall()};
  if (!is_known(alarm, telling)) told_.push_back({alarm.number.serial, std::move(telling)});
}

void Outputs::heard(const Said& said) {
  heard_from(nullptr, said);
}

void Outputs::heard_from(const OutputLink* link, const Said& said) {
  bool is_ours = false;
  for (Output& output : all_) {
    const OutputOptions& options = output.options;
    if (output.link != link || options.state_topic != said.topic) continue;
    is_ours = true;
    const SteadyTime now = clock_.steady();
    if (says_so(said.payload, {options.state_on})) {
      output.siren.says(Order::on, now);
    } else if (says_so(said.payload, {options.state_off})) {
      output.siren.says(Order::off, now);
    }
  }
  if (is_ours) look_later();
}

void Outputs::stands(const OutputLink* link, bool is) {
  for (Output& output : all_) {
    if (output.link == link) output.siren.link(is, clock_.steady());
  }
  look();
}

void Outputs::look() {
  if (!runs_) return;
  const SteadyTime now = clock_.steady();
  for (Output& output : all_) {
    look_at_test(output, now);
    look(output, now);
  }
  look_later();
}

void Outputs::look(Output& output, SteadyTime now) {
  const auto before = output.siren.doing();
  const auto order = output.siren.next(now);
  if (output.siren.doing() != before || order == Order::on) {
    log_.debug("Siren {}: {}", output.options.name, to_string(output.siren.doing()));
  }
  if (order) send(output, *order);
}

void Outputs::send(Output& output, Order order) {
  const OutputOptions& options = output.options;
  const std::string& payload = order == Order::on ? options.on : options.off;
  if (output.link == nullptr) {
    const bool is_heard = own_.tell({options.topic, payload});
    return delivered(output, order,
                     is_heard ? Siren::Delivery::taken : Siren::Delivery::heard_by_nobody);
  }
  output.link->publish({options.topic, payload}, [this, &output, order](client::ReasonCode code) {
    delivered(output, order, delivery_of(code));
  });
}

void Outputs::delivered(Output& output, Order order, Siren::Delivery delivery) {
  output.siren.delivered(order, delivery, clock_.steady());
  look_later();
}

// By the timer and not at once: whoever calls may be in the middle of something.
void Outputs::look_later() {
  std::optional<SteadyTime> due;
  for (const Output& output : all_) {
    if (const auto at = output.siren.due_at()) due = std::min(due.value_or(*at), *at);
    if (!output.test) continue;
    const auto& since = output.test->since;
    const SteadyTime ends = since + (output.siren.sounds() ? kTestLasts : kTestEnds);
    due = std::min(due.value_or(ends), ends);
  }
  if (!due || !runs_) return;
  timer_.expires_at(*due);
  timer_.async_wait([weak = std::weak_ptr(self_)](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self) (*self)->look();
  });
}

std::optional<Trouble> Outputs::trouble_of(const Output& output, SteadyTime now) const {
  const OutputOptions& options = output.options;
  const auto name = [&options] { return arg<"output">(options.name); };
  if (output.link != nullptr && output.link->failure()) {
    return trouble<TroubleCode::output_not_reached>(name(), arg<"broker">(options.broker))
        .because(*output.link->failure());
  }
  switch (output.siren.health(now)) {
    case Siren::Health::well:
      return std::nullopt;
    case Siren::Health::heard_by_nobody:
      return trouble<TroubleCode::output_not_heard>(name(), arg<"topic">(options.topic));
    case Siren::Health::refused:
      return trouble<TroubleCode::output_refused>(name(), arg<"broker">(options.broker),
                                                  arg<"topic">(options.topic));
    case Siren::Health::no_answer:
      return trouble<TroubleCode::output_no_answer>(name(), arg<"topic">(options.state_topic));
  }
  return std::nullopt;
}

std::vector<OutputStatus> Outputs::status() const {
  std::vector<OutputStatus> all;
  const SteadyTime now = clock_.steady();
  for (const Output& output : all_) {
    all.push_back({output.options.name, to_string(output.siren.doing()), trouble_of(output, now)});
  }
  return all;
}

}  // namespace watchpost::outputs
