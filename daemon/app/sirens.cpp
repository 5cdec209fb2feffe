#include "app/sirens.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

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
      messengers_({around.io.get_executor(), around.clock, around.log, around.random},
                  messenger_options(
                      config, {around.io.get_executor(), around.clock, around.log, around.random}),
                  events_of_messengers()),
      names_(output_names(config)),
      self_(std::make_shared<Sirens*>(this)) {
  if (!any()) return;
  around_.pipeline.on_judged([this] { look_soon(); });
}

Sirens::~Sirens() {
  around_.pipeline.on_judged({});
}

void Sirens::start() {
  runs_ = any();
  if (!runs_) return;
  messengers_.start();
  // Nobody has seen how a test ended that another run began.
  const auto& test = around_.pipeline.judging().judgement().duty_on_disk().output_test;
  if (test) {
    test_ = test->since;
    test_end_ = rules::OutputTestEnd{test->output, test->since, ToldHow::broken, {}};
  }
  look();
  outputs_.start();
}

void Sirens::stop() {
  runs_ = false;
  outputs_.stop();
  messengers_.stop();
}

void Sirens::heard(const Message& message) {
  if (outputs_.any()) outputs_.heard({message.topic.text(), message.payload});
}

void Sirens::look() {
  if (!runs_) return;
  calls_.begin();
  around_.pipeline.for_each_waiting([this](const pipeline::Judging::Waiting& one) {
    calls_.see(one.placed, one.sounds, [this, &one](const outputs::Calls::Call& call) {
      outputs_.want(call, *one.row);
      messengers_.want(call, *one.row);
    });
  });
  outputs_.sound(calls_.end());
  if (const auto told = outputs_.take_told(); !told.empty()) around_.pipeline.told(told);
  messengers_.end();
  look_at_test();
}

// How it ended is told until it is on disk: a commit may fail.
void Sirens::look_at_test() {
  const auto& test = around_.pipeline.judging().judgement().duty_on_disk().output_test;
  if (!test) {
    test_.reset();
    test_end_.reset();
    return;
  }
  if (test_ == test->since) {
    if (test_end_) around_.pipeline.output_tested(*test_end_);
    return;
  }
  test_ = test->since;
  test_end_.reset();
  const auto found = std::find(names_.begin(), names_.end(), test->output);
  const auto place = static_cast<std::size_t>(found - names_.begin());
  const auto ended = [this, output = test->output, since = test->since](ToldHow how,
                                                                        std::string detail) {
    test_end_ = rules::OutputTestEnd{output, since, how, std::move(detail)};
    around_.pipeline.output_tested(*test_end_);
  };
  const bool is_begun = outputs_.test(place, [ended](ToldHow how) { ended(how, {}); }) ||
                        messengers_.test(place, test->by.who, ended);
  if (!is_begun) ended(ToldHow::not_started, {});
}

outputs::Messengers::Events Sirens::events_of_messengers() {
  return {[this](AlarmSerial number) -> std::optional<outputs::Mentioned> {
            const pipeline::Judging& judging = around_.pipeline.judging();
            SharedAlarm alarm = judging.judgement().on_disk({0, number});
            if (!alarm || !alarm->is_open()) return std::nullopt;
            AlarmWhere where = judging.where(alarm->source.device);
            return outputs::Mentioned{std::move(alarm), std::move(where)};
          },
          [this](const std::vector<ToldOf>& all) { around_.pipeline.told(all); }};
}

std::vector<outputs::OutputStatus> Sirens::status() const {
  std::vector<outputs::OutputStatus> all = outputs_.status();
  for (outputs::OutputStatus& one : messengers_.status()) all.push_back(std::move(one));
  return all;
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
