#include "model/event_topic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/encoding.hpp"
#include "base/json_text.hpp"
#include "model/topic.hpp"

namespace watchpost {
namespace {

constexpr std::string_view kRoot = "wp";
constexpr std::string_view kVersion = "v1";
constexpr std::string_view kReceipt = "rcpt";
constexpr std::string_view kCommand = "cmd";
constexpr std::string_view kCommandResult = "cmd/result";
constexpr std::string_view kLinkState = "status/gateway/online";
constexpr std::string_view kSourcePrefix = "urn:watchpost:";

constexpr std::size_t kAreaDigits = 12;
constexpr std::size_t kDistrictDigits = 6;
constexpr std::size_t kStreetDigits = 3;

// Root, version, district, street, village, gateway, class, domain, device.
constexpr std::size_t kMostLevels = 9;
constexpr std::size_t kGateway = 5;
constexpr std::size_t kClass = 6;
constexpr std::size_t kDomain = 7;

// An MQTT topic has at most 65,535 bytes; a name this long names no device.
constexpr std::size_t kMostDeviceBytes = 512;

struct Levels {
  std::array<std::string_view, kMostLevels> text;
  std::size_t count = 0;  // kMostLevels + 1 for a topic with more
};

Levels levels_of(std::string_view topic) {
  Levels levels;
  for (std::size_t begin = 0; begin <= topic.size();) {
    const auto end = std::min(topic.find('/', begin), topic.size());
    if (levels.count == kMostLevels) {
      ++levels.count;
      break;
    }
    levels.text[levels.count++] = topic.substr(begin, end - begin);
    begin = end + 1;
  }
  return levels;
}

EventTopic::Use use_of(const Levels& levels, std::string_view after_prefix) {
  using enum EventTopic::Use;
  if (levels.text[kClass] == kReceipt) return receipt;
  if (levels.text[kClass] == kCommand) return command;
  if (after_prefix == kLinkState) return link_state;
  if (!event_class_from(levels.text[kClass])) return unknown;
  if (levels.count == kMostLevels) return event;
  if (levels.count == kMostLevels - 1 && levels.text[kDomain] == kBatchLevel) return batch;
  return unknown;
}

}  // namespace

void append_device_level(std::string& out, std::string_view device) {
  if (device.size() <= kMostDeviceBytes && is_utf8(device)) return append_topic_level(out, device);
  std::string text = as_utf8(device);
  if (text.size() > kMostDeviceBytes) {
    text.resize(kMostDeviceBytes);
    while (!is_utf8(text)) text.pop_back();
  }
  append_topic_level(out, text);
}

bool is_area(std::string_view text) {
  return text.size() == kAreaDigits &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string topic_prefix(const TopicPrefixParts& parts) {
  return fmt::format("{}/{}/{}/{}/{}/{}/", kRoot, kVersion, parts.area.substr(0, kDistrictDigits),
                     parts.area.substr(kDistrictDigits, kStreetDigits),
                     parts.area.substr(kDistrictDigits + kStreetDigits), parts.gateway);
}

std::string receipt_topic(std::string_view prefix) {
  return fmt::format("{}{}", prefix, kReceipt);
}

std::string command_topic(std::string_view prefix) {
  return fmt::format("{}{}", prefix, kCommand);
}

std::string command_result_topic(std::string_view prefix) {
  return fmt::format("{}{}", prefix, kCommandResult);
}

std::string_view prefix_of_receipt_topic(std::string_view topic) {
  return topic.ends_with(kReceipt) ? topic.substr(0, topic.size() - kReceipt.size()) : topic;
}

bool is_link_state_topic(std::string_view topic) {
  const auto read = read_event_topic(topic);
  return read && read->use == EventTopic::Use::link_state;
}

std::optional<EventTopic> read_event_topic(std::string_view topic) {
  const Levels levels = levels_of(topic);
  if (levels.count <= kClass || levels.text[0] != kRoot || levels.text[1] != kVersion) {
    return std::nullopt;
  }
  EventTopic read;
  read.gateway = levels.text[kGateway];
  if (read.gateway.empty()) return std::nullopt;
  const auto after = static_cast<std::size_t>(levels.text[kClass].data() - topic.data());
  read.prefix = topic.substr(0, after);
  for (const std::size_t level : {2U, 3U, 4U}) read.area += levels.text[level];
  read.event_class = event_class_from(levels.text[kClass]);
  read.use = use_of(levels, topic.substr(after));
  if (levels.count > kDomain) {
    read.domain = domain_from(levels.text[kDomain]).value_or(Domain::other);
  }
  return read;
}

std::string event_source(std::string_view gateway_level) {
  return std::string(kSourcePrefix).append(gateway_level);
}

std::optional<std::string_view> gateway_of_source(std::string_view source) {
  if (!source.starts_with(kSourcePrefix)) return std::nullopt;
  return source.substr(kSourcePrefix.size());
}

bool is_setup_check_topic(std::string_view topic) {
  const auto last = topic.rfind('/');
  return last != std::string_view::npos && topic.substr(last + 1) == kSetupCheckDevice &&
         read_event_topic(topic).has_value();
}

}  // namespace watchpost
