// Gateway: under which names this box speaks upstream.
// Promise: made once from the configuration and checked then; the rest relies on it. Plain values.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/event_class.hpp"
#include "model/event_topics.hpp"

namespace watchpost {

struct GatewayNames {
  std::string id;    // "zhaoxiang-03"
  std::string area;  // the 12 digits of the statistical division code
  TopicTemplate topics{};
};

class Gateway {
 public:
  [[nodiscard]] static Result<Gateway> from(GatewayNames names);
  [[nodiscard]] const std::string& id() const { return names_.id; }
  [[nodiscard]] const std::string& area() const { return names_.area; }
  // "wp/v1/310118/106/203/zhaoxiang-03/", whatever the form of its topics: receipts come here.
  [[nodiscard]] const std::string& topic_prefix() const { return topic_prefix_; }
  [[nodiscard]] const EventTopics& topics() const { return topics_; }
  // "urn:watchpost:zhaoxiang-03" as JSON, with its quotes: CloudEvents' `source`.
  [[nodiscard]] const std::string& source() const { return source_; }

 private:
  explicit Gateway(GatewayNames names);
  Gateway(GatewayNames names, const std::string& level);
  GatewayNames names_;
  std::string topic_prefix_;
  EventTopics topics_;
  std::string source_;
};

// On which receivers confirm what they have stored; see model/event_topic.hpp.
[[nodiscard]] std::string receipt_topic(const Gateway& gateway);
// On which an upstream asks for something, and where it hears what became of it.
[[nodiscard]] std::string command_topic(const Gateway& gateway);
[[nodiscard]] std::string command_result_topic(const Gateway& gateway);
// True for that topic and for each below it that is a valid Topic Name: where the sender of a
// command may have its answer. Nowhere else, so that no command makes a gateway write where only
// events, receipts or other gateways are heard.
[[nodiscard]] bool is_command_result_topic(const Gateway& gateway, std::string_view topic);

}  // namespace watchpost
