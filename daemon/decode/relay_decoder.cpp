#include "decode/relay_decoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "model/relay.hpp"

namespace watchpost::decode {
namespace {

namespace json = boost::json;

constexpr std::string_view kSourcePrefix = "urn:watchpost:";
constexpr std::size_t kEventLevels = 9;  // wp/v1/<6>/<3>/<3>/<gateway>/<class>/<domain>/<device>
constexpr std::size_t kBatchLevels = 8;  // wp/v1/<6>/<3>/<3>/<gateway>/<class>/batch
// Parsing an event of usual size then costs no allocation.
constexpr std::size_t kBufferBytes = 8'192;

// What a topic says of the events on it.
struct Place {
  std::string area;
  std::string gateway;
  EventClass event_class;
  Domain domain;
  bool is_batch;
};

std::optional<Place> place_from(const Topic& topic) {
  const auto levels = topic.levels();
  const bool is_batch = levels.size() == kBatchLevels && levels.back() == "batch";
  if (levels.size() != kEventLevels && !is_batch) return std::nullopt;
  if (levels[0] != "wp" || levels[1] != "v1" || levels[5].empty()) return std::nullopt;
  const auto event_class = event_class_from(levels[6]);
  if (!event_class) return std::nullopt;
  return Place{fmt::format("{}{}{}", levels[2], levels[3], levels[4]), std::string(levels[5]),
               *event_class, domain_from(levels[7]).value_or(Domain::other), is_batch};
}

std::string_view text_in(const json::object& event, std::string_view name) {
  const json::value* value = event.if_contains(name);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                : std::string_view{};
}

// Empty where the event is what its topic says.
std::string mistake_in(const json::object& event, const Place& place) {
  const auto source = text_in(event, "source");
  if (!source.starts_with(kSourcePrefix) || source.substr(kSourcePrefix.size()) != place.gateway) {
    return "its source is not the gateway that the topic names";
  }
  if (text_in(event, "specversion") != "1.0") return "it is no CloudEvent 1.0";
  if (text_in(event, "id").empty() || text_in(event, "type").empty()) {
    return "it has no id or no type";
  }
  if (text_in(event, "wparea") != place.area) return "its wparea is not the area of the topic";
  if (text_in(event, "wpclass") != to_string(place.event_class)) {
    return "its wpclass is not the class of the topic";
  }
  return {};
}

std::uint8_t severity_in(const json::object& event, EventClass event_class) {
  constexpr std::int64_t kMostSeverity = 24;  // OpenTelemetry's numbers
  const json::value* value = event.if_contains("severitynumber");
  const std::int64_t* number = value == nullptr ? nullptr : value->if_int64();
  if (number != nullptr && *number >= 1 && *number <= kMostSeverity) {
    return static_cast<std::uint8_t>(*number);
  }
  return event_class == EventClass::alarm ? kSeverityAlarm : kSeverityInfo;
}

std::string mistake_in(const json::array& batch, const Place& place) {
  if (batch.empty()) return "the batch is empty";
  for (const json::value& event : batch) {
    if (!event.is_object()) return "the batch holds something that is no event";
    if (auto mistake = mistake_in(event.get_object(), place); !mistake.empty()) return mistake;
  }
  return {};
}

}  // namespace

Decoding RelayDecoder::decode(const Frame& frame) {
  Decoding decoding;
  decoding.decoder = kName;
  const auto place = place_from(frame.topic);
  const auto answer = [&decoding](Outcome outcome, std::string why) {
    decoding.outcome = outcome;
    decoding.why = std::move(why);
    return std::move(decoding);
  };
  if (!place) return answer(Outcome::not_mine, "the topic is not an event's of a gateway");
  decoding.device = place->gateway;
  if (place->gateway == own_gateway_) {
    return answer(Outcome::own, "an event came from outside under this gateway's own id");
  }
  if (!is_relay_text(frame.content_type) || !is_relay_text(frame.content_encoding)) {
    return answer(Outcome::malformed, "its content type or encoding is no name");
  }
  decoding.relayed = Relayed{place->gateway, place->event_class, place->domain,
                             severity_in({}, place->event_class), std::nullopt};
  // Only its receiver can look into it.
  if (place->is_batch && !frame.content_encoding.empty()) {
    decoding.device = "batch";
    return answer(Outcome::relayed, {});
  }
  std::array<unsigned char, kBufferBytes> buffer;
  json::monotonic_resource memory(buffer.data(), buffer.size());
  boost::system::error_code error;
  const json::value parsed = json::parse(frame.payload, error, &memory);
  std::string mistake = "it is no event in JSON";
  if (!error && place->is_batch && parsed.is_array()) {
    mistake = mistake_in(parsed.get_array(), *place);
    decoding.device = "batch";
  } else if (!error && !place->is_batch && parsed.is_object()) {
    const json::object& event = parsed.get_object();
    mistake = mistake_in(event, *place);
    decoding.device = text_in(event, "subject");
    decoding.relayed->severity_number = severity_in(event, place->event_class);
    decoding.relayed->observed_at = from_rfc3339(text_in(event, "time"), std::chrono::minutes{0});
  }
  if (mistake.empty()) return answer(Outcome::relayed, {});
  decoding.relayed.reset();
  decoding.device = place->gateway;
  return answer(Outcome::malformed, std::move(mistake));
}

}  // namespace watchpost::decode
