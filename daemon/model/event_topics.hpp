// EventTopics: every topic on which one gateway publishes to one upstream, in the form that this
// upstream wants.
// Promise: made once, at start; with the contract's form each topic is as event_topic.hpp has it. A
// topic has the same number of levels each time. What stands around the device is written out for
// each class and domain, so that the topic of an event costs two copies. Pure; read on any thread.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "model/event_class.hpp"
#include "model/topic_template.hpp"

namespace watchpost {

class EventTopics {
 public:
  struct Names {
    std::string_view area;     // 12 digits
    std::string_view gateway;  // one level
  };
  EventTopics(const TopicTemplate& form, const Names& names);

  struct Event {
    EventClass event_class = EventClass::telemetry;
    Domain domain = Domain::other;
    std::string_view device;  // any bytes
  };
  [[nodiscard]] std::string event(const Event& event) const;
  [[nodiscard]] const std::string& batch(EventClass event_class) const {
    return batches_[index_of(event_class)];
  }
  // The state of the gateway's link.
  [[nodiscard]] const std::string& state() const { return state_; }
  // The topic of another gateway's event, which came on a topic of the contract, in this form.
  [[nodiscard]] std::string relayed(const std::string& topic) const;

  // Topic Filters, for people: of one class, and of all that is published.
  [[nodiscard]] const std::string& all_of(EventClass event_class) const {
    return filters_[index_of(event_class)];
  }
  [[nodiscard]] const std::string& all() const { return filter_; }
  [[nodiscard]] std::size_t levels() const { return levels_; }

 private:
  using ByDomain = std::array<TopicTemplate::AroundDevice, kDomainCount>;
  void write_around_device();

  TopicTemplate form_;
  TopicTemplate events_;  // the same, with what is known of the gateway written out
  PerClass<ByDomain> around_;
  bool is_device_once_ = true;  // at most
  PerClass<std::string> batches_;
  PerClass<std::string> filters_;
  std::string filter_;
  std::string state_;
  std::size_t levels_;
};

}  // namespace watchpost
