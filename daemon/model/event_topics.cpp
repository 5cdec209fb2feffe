#include "model/event_topics.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "model/event_topic.hpp"

namespace watchpost {
namespace {

constexpr std::array kOfEvents{TopicPart::event_class, TopicPart::domain, TopicPart::device};
constexpr std::array kOfDevices{TopicPart::domain, TopicPart::device};
constexpr std::string_view kLinkDevice = "online";

// Takes the first level off `topic`.
std::string_view take_first_level(std::string_view& topic) {
  const auto end = std::min(topic.find('/'), topic.size());
  const auto level = topic.substr(0, end);
  topic.remove_prefix(std::min(end + 1, topic.size()));
  return level;
}

TopicParts parts_of(EventClass event_class, Domain domain) {
  TopicParts parts;
  parts.event_class = to_string(event_class);
  parts.domain = to_string(domain);
  return parts;
}

}  // namespace

EventTopics::EventTopics(const TopicTemplate& form, const Names& names)
    : form_(form), levels_(form.levels()) {
  TopicParts known;
  known.area = names.area;
  known.gateway = names.gateway;
  events_ = form_.of_gateway(known);
  const auto batches = form_.of_batches(kBatchLevel).of_gateway(known);
  const auto of_class = form_.filter(kOfDevices).of_gateway(known);
  filter_ = form_.filter(kOfEvents).of_gateway(known).topic({});
  for (const EventClass event_class : kEventClasses) {
    TopicParts parts;
    parts.event_class = to_string(event_class);
    batches_[index_of(event_class)] = batches.topic(parts);
    filters_[index_of(event_class)] = of_class.topic(parts);
  }
  write_around_device();
  state_ = event({EventClass::status, Domain::gateway, kLinkDevice});
}

void EventTopics::write_around_device() {
  for (const EventClass event_class : kEventClasses) {
    for (std::size_t i = 0; i < kDomainCount; ++i) {
      auto around = events_.around_device(parts_of(event_class, static_cast<Domain>(i)));
      is_device_once_ = around.has_value();
      if (!around) return;
      around_[index_of(event_class)][i] = std::move(*around);
    }
  }
}

std::string EventTopics::event(const Event& event) const {
  if (!is_device_once_) {
    TopicParts parts = parts_of(event.event_class, event.domain);
    parts.device = event.device;
    return events_.topic(parts);
  }
  const auto& around = around_[index_of(event.event_class)][static_cast<std::size_t>(event.domain)];
  std::string topic;
  topic.reserve(around.before.size() + event.device.size() + around.behind.size());
  topic += around.before;
  if (around.has_device) append_device_level(topic, event.device);
  topic += around.behind;
  return topic;
}

std::string EventTopics::relayed(const std::string& topic) const {
  if (form_.is_contract()) return topic;
  const auto read = read_event_topic(topic);
  if (!read) return topic;
  std::string_view rest = topic;
  rest.remove_prefix(read->prefix.size());
  TopicParts parts;
  parts.area = read->area;
  parts.gateway = read->gateway;
  parts.event_class = take_first_level(rest);
  if (read->use == EventTopic::Use::batch) return form_.of_batches(kBatchLevel).topic(parts);
  parts.domain = take_first_level(rest);
  parts.device = rest;
  parts.is_device_a_level = true;
  return form_.topic(parts);
}

}  // namespace watchpost
