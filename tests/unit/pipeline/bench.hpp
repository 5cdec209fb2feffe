// Bench: a pipeline between a decoder that answers what the test says and a spool in memory, which
// has heard of the device "kitchen" and of its radio before.
// observed(): what such a decoder reads.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/pipeline.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_spool.hpp"
#include "support/records.hpp"

namespace watchpost::pipeline::testing {

struct AnsweringDecoder final : MessageDecoder {
  decode::Decoding decode(const decode::Frame& frame) override {
    last_was_stored_copy = frame.retained;
    return answer;
  }
  void not_kept(const Remembered& remembered) override { lost.push_back(remembered.value); }

  decode::Decoding answer;
  bool last_was_stored_copy = false;
  std::vector<std::string> lost;
};

struct Bench {
  AnsweringDecoder decoder;
  support::MemorySpool spool;
  support::ManualClock clock;
  Pipeline pipeline{decoder, spool, clock};
  std::shared_ptr<support::SettledList> settled = std::make_shared<support::SettledList>();

  Bench() {
    auto kitchen = std::make_shared<Device>();
    kitchen->id = "kitchen";
    Habit habit;
    habit.radio = "zigbee2mqtt";
    kitchen->habit = std::make_shared<const Habit>(std::move(habit));
    StoredJudgement stored;
    stored.devices.push_back(std::move(kitchen));
    pipeline.judge_on(stored, {});
  }
  void submit(std::string payload, bool stored_copy = false) {
    submit_on("zigbee2mqtt/kitchen", std::move(payload), stored_copy);
  }
  void submit_on(std::string_view topic, std::string payload, bool stored_copy = false) {
    Message message{*Topic::parse(topic), std::move(payload)};
    message.stored_copy = stored_copy;
    message.source = "bridge";
    pipeline.submit(std::move(message), {}, {settled, TicketNumber{1}});
  }
  boost::json::object annotation(std::size_t record) {
    return boost::json::parse(spool.waiting.at(0).records.at(record).annotation).as_object();
  }
};

inline Observation observed(Kind kind, DeclaredState state, std::string_view device = "kitchen") {
  Observation observation;
  observation.device = device;
  observation.kind = kind;
  observation.state = state;
  return observation;
}

}  // namespace watchpost::pipeline::testing
