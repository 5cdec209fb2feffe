#include "app/sirens.hpp"

#include <boost/asio/post.hpp>

#include "app/wiring.hpp"

namespace watchpost::app {
namespace {

std::vector<outputs::Outputs::Broker> brokers_of(const settings::Config& config) {
  std::vector<outputs::Outputs::Broker> all;
  if (config.outputs.empty()) return all;
  for (const settings::BrokerConfig& broker : config.brokers)
    all.push_back(output_broker(broker).value());
  return all;
}

}  // namespace

Sirens::Sirens(Surroundings around, const settings::Config& config)
    : around_(around),
      clients_(around.listener),
      calls_(call_terms(config), escalation_rules(config)),
      outputs_({around.io.get_executor(), around.clock, around.log, around.random}, clients_,
               output_options(config), brokers_of(config)),
      self_(std::make_shared<Sirens*>(this)) {
  if (!outputs_.any()) return;
  around_.pipeline.on_judged([this] { look_soon(); });
}

Sirens::~Sirens() {
  around_.pipeline.on_judged({});
}

void Sirens::start() {
  runs_ = outputs_.any();
  if (!runs_) return;
  look();
  outputs_.start();
}

void Sirens::stop() {
  runs_ = false;
  outputs_.stop();
}

void Sirens::heard(const Message& message) {
  if (outputs_.any()) outputs_.heard({message.topic.text(), message.payload});
}

void Sirens::look() {
  if (!runs_) return;
  calls_.begin();
  around_.pipeline.for_each_waiting(
      [this](const pipeline::Judging::Waiting& one) { calls_.see(one.placed, one.sounds); });
  outputs_.sound(calls_.end());
}

void Sirens::use(const settings::Config& config) {
  around_.pipeline.use(escalation_rules(config));
  calls_.use(call_terms(config), escalation_rules(config));
  look();
}

void Sirens::look_soon() {
  if (looks_soon_) return;
  looks_soon_ = true;
  boost::asio::post(around_.io, [weak = std::weak_ptr(self_)] {
    const auto self = weak.lock();
    if (!self) return;
    (*self)->looks_soon_ = false;
    (*self)->look();
  });
}

}  // namespace watchpost::app
