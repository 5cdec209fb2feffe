// RetainedMessages: the last retained message of each topic, for those who subscribe later
// (MQTT 5.0 section 3.3.1.3).
// Promise: bounded, by number and bytes; where there is no room a new topic is not kept and the
// older ones stay. What has expired is given to nobody. Pure; I/O thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/strong.hpp"
#include "model/local_message.hpp"
#include "model/topic.hpp"

namespace watchpost::protocol {

class RetainedMessages {
 public:
  struct Limits {
    std::size_t most = 20'000;
    ByteCount most_bytes{32U << 20U};
  };
  RetainedMessages() : RetainedMessages(Limits{}) {}
  explicit RetainedMessages(Limits limits) : limits_(limits) {}

  // Would keep() change anything, and is there room for it? `unchanged`: the topic has just this
  // message already, and it does not expire.
  enum class Verdict : std::uint8_t { changes, unchanged, no_room };
  [[nodiscard]] Verdict weigh(const LocalMessage& publication) const;
  // A retained message for this topic is on its way to the commit: SUBSCRIBEs that come later wait
  // for it, and nothing that comes for the topic meanwhile is `unchanged`. Gives its number.
  std::uint64_t begin(const std::string& topic) {
    under_way_.emplace(++last_begun_, topic);
    ++topics_under_way_[topic];
    return last_begun_;
  }
  // It was kept, or it will not be.
  void end(std::uint64_t number);
  [[nodiscard]] std::uint64_t last_begun() const { return last_begun_; }
  // True: none up to this number is on its way.
  [[nodiscard]] bool is_settled(std::uint64_t number) const {
    return under_way_.empty() || under_way_.begin()->first > number;
  }
  // An empty payload: the topic has none any more. Ignored where there is no room.
  void keep(SharedLocalMessage publication);
  // A message of the server itself, below $SYS: kept in memory, beside the limits. Its owner has
  // few topics.
  void tell(SharedLocalMessage publication) {
    const std::string topic = publication->topic;
    told_.insert_or_assign(topic, std::move(publication));
  }
  // About the number of topics of usual length that are compared in 10 ms on a small board.
  static constexpr std::size_t kMostEffort = 100'000;
  // In the order of their topics, at most `most`; those of the server come last. `effort` is what
  // this may take, and becomes what is left of it; 0: not all topics were compared.
  [[nodiscard]] std::vector<SharedLocalMessage> match(const TopicFilter& filter, SteadyTime now,
                                                      std::size_t most, std::size_t& effort) const;
  [[nodiscard]] std::size_t size() const { return kept_.size(); }

 private:
  Limits limits_;
  std::map<std::string, SharedLocalMessage, std::less<>> kept_;
  std::map<std::string, SharedLocalMessage, std::less<>> told_;
  std::size_t bytes_ = 0;
  std::uint64_t last_begun_ = 0;
  std::map<std::uint64_t, std::string> under_way_;
  std::map<std::string, std::size_t, std::less<>> topics_under_way_;
};

}  // namespace watchpost::protocol
