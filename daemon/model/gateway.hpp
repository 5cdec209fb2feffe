// Gateway: under which names this box speaks upstream.
// Promise: made once from the configuration and checked then; the rest relies on it. Plain values.
#pragma once

#include <string>

#include "base/result.hpp"
#include "model/event_class.hpp"

namespace watchpost {

struct GatewayNames {
  std::string id;    // "zhaoxiang-03"
  std::string area;  // the 12 digits of the statistical division code
};

class Gateway {
 public:
  [[nodiscard]] static Result<Gateway> from(GatewayNames names);
  [[nodiscard]] const std::string& id() const { return names_.id; }
  [[nodiscard]] const std::string& area() const { return names_.area; }
  // "wp/v1/310118/106/203/zhaoxiang-03/"
  [[nodiscard]] const std::string& topic_prefix() const { return topic_prefix_; }
  // "urn:watchpost:zhaoxiang-03" as JSON, with its quotes: CloudEvents' `source`.
  [[nodiscard]] const std::string& source() const { return source_; }

 private:
  explicit Gateway(GatewayNames names);
  GatewayNames names_;
  std::string topic_prefix_;
  std::string source_;
};

// On which this gateway publishes and listens; see model/event_topic.hpp.
[[nodiscard]] std::string batch_topic(const Gateway& gateway, EventClass event_class);
[[nodiscard]] std::string online_topic(const Gateway& gateway);
[[nodiscard]] std::string receipt_topic(const Gateway& gateway);

}  // namespace watchpost
