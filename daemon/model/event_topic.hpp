// The topics of the event contract, read here and nowhere else; its other half is the event itself,
// docs/event.schema.json:
//   wp/v1/<district6>/<street3>/<village3>/<gateway>/<class>/<domain>/<device>   an event
//   .../<class>/batch           several events of one class
//   .../status/gateway/online   the retained state of the gateway's link to its upstream
//   .../rcpt, .../cmd           downwards: what a receiver has stored, what it asks for
//   .../cmd/result[/...]        upwards: what became of that
// EventTopics writes them, in this form unless an upstream wants another.
// Promise: what EventTopics writes in this form, read_event_topic reads back. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/event_class.hpp"

namespace watchpost {

// The form of an event's topic, for topic_template.hpp.
inline constexpr std::string_view kContractTopics =
    "wp/v1/{district}/{street}/{village}/{gateway}/{class}/{domain}/{device}";
// The Topic Filter of every event of every gateway.
inline constexpr std::string_view kEveryEventFilter = "wp/v1/#";
inline constexpr std::string_view kCommandFilter = "wp/v1/+/+/+/+/cmd";
inline constexpr std::string_view kCommandResultFilter = "wp/v1/+/+/+/+/cmd/result/#";
// For sentences that tell a person what to write, or what was expected.
inline constexpr std::string_view kEventTopicForm = "wp/v1/<area>/<gateway>/<class>/...";
inline constexpr std::string_view kReceiptTopicForm =
    "wp/v1/<district>/<street>/<village>/<gateway>/rcpt";
inline constexpr std::string_view kFilterExamples = "wp/v1/# or wp/v1/310118/106/#";

// `watchpost setup` asks a server whether it takes our topics by an empty message of this device.
inline constexpr std::string_view kSetupCheckDevice = "setup-check";
// True for the topic of such a question: with no payload it is no event.
[[nodiscard]] bool is_setup_check_topic(std::string_view topic);

// The last level of a batch's topic.
inline constexpr std::string_view kBatchLevel = "batch";

// A division code of 12 digits, as in "310118106203".
[[nodiscard]] bool is_area(std::string_view text);

// What the first six levels say, with the slash behind them.
struct TopicPrefixParts {
  std::string_view area;     // 12 digits
  std::string_view gateway;  // its id, written as one topic level
};
[[nodiscard]] std::string topic_prefix(const TopicPrefixParts& parts);

// Any bytes as one topic level, made of at most 512 of them.
void append_device_level(std::string& out, std::string_view device);
[[nodiscard]] std::string receipt_topic(std::string_view prefix);
[[nodiscard]] std::string command_topic(std::string_view prefix);
[[nodiscard]] std::string command_result_topic(std::string_view prefix);
// The prefix of a receipt's topic.
[[nodiscard]] std::string_view prefix_of_receipt_topic(std::string_view topic);
[[nodiscard]] bool is_link_state_topic(std::string_view topic);

// What a topic says of the messages on it. Views into the topic.
struct EventTopic {
  enum class Use : std::uint8_t { event, batch, link_state, receipt, command, unknown };
  Use use = Use::unknown;
  std::string_view prefix;   // "wp/v1/310118/106/203/zhaoxiang-03/"
  std::string area;          // the three levels as one code
  std::string_view gateway;  // never empty
  std::optional<EventClass> event_class;
  Domain domain = Domain::other;  // other for a batch and for a word that is no domain
  // Then `event_class` is set.
  [[nodiscard]] bool carries_events() const {
    return use == Use::event || use == Use::batch || use == Use::link_state;
  }
};
// Nothing where the topic does not begin as one of the contract, or names no gateway or no class.
[[nodiscard]] std::optional<EventTopic> read_event_topic(std::string_view topic);

// The CloudEvents `source` of a gateway: "urn:watchpost:<its id as one topic level>".
[[nodiscard]] std::string event_source(std::string_view gateway_level);
// The gateway's level; nothing for a source that is no gateway's.
[[nodiscard]] std::optional<std::string_view> gateway_of_source(std::string_view source);

}  // namespace watchpost
