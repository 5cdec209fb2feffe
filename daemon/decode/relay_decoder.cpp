#include "decode/relay_decoder.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/json_members.hpp"
#include "model/event_topic.hpp"
#include "model/relay.hpp"
#include "model/severity.hpp"

namespace watchpost::decode {
namespace {

namespace json = boost::json;

// An event of usual size fits, so that parsing it costs no allocation.
constexpr std::size_t kBufferBytes = 8'192;

// Empty where the event is what its topic says.
std::string mistake_in(const json::object& event, const EventTopic& place) {
  if (gateway_of_source(text_in(event, "source")) != place.gateway) {
    return "its source is not the gateway that the topic names";
  }
  if (text_in(event, "specversion") != "1.0") return "it is no CloudEvent 1.0";
  if (text_in(event, "id").empty() || text_in(event, "type").empty()) {
    return "it has no id or no type";
  }
  if (text_in(event, "wparea") != place.area) return "its wparea is not the area of the topic";
  if (text_in(event, "wpclass") != to_string(*place.event_class)) {
    return "its wpclass is not the class of the topic";
  }
  return {};
}

std::uint8_t severity_in(const json::object& event, EventClass event_class) {
  const json::value* value = event.if_contains("severitynumber");
  const std::int64_t* number = value == nullptr ? nullptr : value->if_int64();
  if (number != nullptr) {
    if (const auto severity = severity_from(*number)) return *severity;
  }
  return event_class == EventClass::alarm ? kSeverityAlarm : kSeverityInfo;
}

std::string mistake_in(const json::array& batch, const EventTopic& place) {
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
  const auto place = read_event_topic(frame.topic.text());
  const auto answer = [&decoding](Outcome outcome, std::string why) {
    decoding.outcome = outcome;
    decoding.why = std::move(why);
    return std::move(decoding);
  };
  if (!place || !place->carries_events()) {
    return answer(Outcome::not_mine, "the topic is not an event's of a gateway");
  }
  const bool is_batch = place->use == EventTopic::Use::batch;
  decoding.device = place->gateway;
  if (place->gateway == own_gateway_) {
    return answer(Outcome::own, "an event came from outside under this gateway's own id");
  }
  // A village asks whether it may publish here: see `watchpost setup`.
  if (frame.payload.empty() && is_setup_check_topic(frame.topic.text())) {
    return answer(Outcome::ignored, "a gateway asks whether it may publish here");
  }
  if (!is_relay_text(frame.content_type) || !is_relay_text(frame.content_encoding)) {
    return answer(Outcome::malformed, "its content type or encoding is no name");
  }
  decoding.relayed = Relayed{std::string(place->gateway), *place->event_class, place->domain,
                             severity_in({}, *place->event_class), std::nullopt};
  // A compressed batch is not unpacked here; its topic must do.
  if (is_batch && !frame.content_encoding.empty()) {
    decoding.device = kBatchLevel;
    return answer(Outcome::relayed, {});
  }
  std::array<unsigned char, kBufferBytes> buffer;
  json::monotonic_resource memory(buffer.data(), buffer.size());
  boost::system::error_code error;
  const json::value parsed = json::parse(frame.payload, error, &memory);
  std::string mistake = "it is no event in JSON";
  if (!error && is_batch && parsed.is_array()) {
    mistake = mistake_in(parsed.get_array(), *place);
    decoding.device = kBatchLevel;
  } else if (!error && !is_batch && parsed.is_object()) {
    const json::object& event = parsed.get_object();
    mistake = mistake_in(event, *place);
    decoding.device = text_in(event, "subject");
    decoding.relayed->severity_number = severity_in(event, *place->event_class);
    decoding.relayed->observed_at = from_rfc3339(text_in(event, "time"), std::chrono::minutes{0});
  }
  if (mistake.empty()) return answer(Outcome::relayed, {});
  decoding.relayed.reset();
  decoding.device = place->gateway;
  return answer(Outcome::malformed, std::move(mistake));
}

}  // namespace watchpost::decode
