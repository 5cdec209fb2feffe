#include "model/gateway.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/encoding.hpp"
#include "base/json_text.hpp"
#include "model/event_topic.hpp"
#include "model/topic.hpp"

namespace watchpost {

Result<Gateway> Gateway::from(GatewayNames names) {
  if (names.id.empty() || !is_utf8(names.id)) {
    return Failure{Failure::Kind::invalid_input, "the gateway has no usable id",
                   "Set id in [gateway] to a short name, such as \"zhaoxiang-03\""};
  }
  if (!is_area(names.area)) {
    return Failure{
        Failure::Kind::invalid_input,
        fmt::format("the gateway's area \"{}\" is not a division code", names.area),
        "Set area in [gateway] to the 12 digits of the statistical division code, such as "
        "\"310118106203\""};
  }
  return Gateway(std::move(names));
}

Gateway::Gateway(GatewayNames names) : Gateway(names, to_topic_level(names.id)) {}

Gateway::Gateway(GatewayNames names, const std::string& level)
    : names_(std::move(names)),
      topic_prefix_(watchpost::topic_prefix({names_.area, level})),
      topics_(names_.topics, {names_.area, level}) {
  append_json_string(source_, event_source(level));
}

std::string receipt_topic(const Gateway& gateway) {
  return receipt_topic(gateway.topic_prefix());
}
std::string command_topic(const Gateway& gateway) {
  return command_topic(gateway.topic_prefix());
}
std::string command_result_topic(const Gateway& gateway) {
  return command_result_topic(gateway.topic_prefix());
}
bool is_command_result_topic(const Gateway& gateway, std::string_view topic) {
  constexpr std::size_t kMost = 512;
  const std::string own = command_result_topic(gateway);
  if (!topic.starts_with(own) || topic.size() > kMost) return false;
  return (topic.size() == own.size() || topic[own.size()] == '/') &&
         Topic::parse(topic).has_value();
}

}  // namespace watchpost
