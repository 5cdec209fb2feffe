#include "receiver/event.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/compression.hpp"
#include "base/json_members.hpp"
#include "base/text.hpp"
#include "model/event_topic.hpp"
#include "receiver/envelope.hpp"

namespace watchpost::receiver {
namespace {

namespace json = boost::json;

// Far above what a gateway embeds (kMostJsonDepth), so that no deep payload is too deep here.
constexpr std::size_t kMostEventDepth = 64;
Failure unreadable(std::string why) {
  return Failure{Failure::Kind::invalid_input, std::move(why),
                 "Look at who publishes on this topic: it is no event of a Watchpost gateway"};
}

std::optional<Seq> number_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr) return std::nullopt;
  boost::system::error_code error;
  const auto number = value->to_number<std::uint64_t>(error);
  return error ? std::nullopt : sequence_from(number);
}

PerClass<Seq> positions_in(const json::object& object, std::string_view key) {
  PerClass<Seq> positions{};
  const json::object* list = object_in(object, key);
  if (list == nullptr) return positions;
  for (const EventClass event_class : kEventClasses) {
    positions[index_of(event_class)] = number_in(*list, to_string(event_class)).value_or(Seq{});
  }
  return positions;
}

GatewayState state_from(const json::object& event) {
  GatewayState state;
  const json::object* said = object_in(event, "data");
  if (said == nullptr) return state;
  state.state = text_in(*said, "state");
  if (is_epoch(text_in(*said, "epoch"))) state.epoch = text_in(*said, "epoch");
  state.first = positions_in(*said, "first");
  state.oldest = positions_in(*said, "oldest");
  return state;
}

std::optional<GapNotice> gap_from(const json::object& event) {
  const json::object* said = object_in(event, "data");
  if (said == nullptr) return std::nullopt;
  const auto event_class = event_class_from(text_in(*said, "class"));
  const auto first = number_in(*said, "first");
  const auto last = number_in(*said, "last");
  const auto epoch = text_in(*said, "epoch");
  if (!event_class || !first || !last || *last < *first || !is_epoch(epoch)) return std::nullopt;
  return GapNotice{
      Epoch(epoch), *event_class, {*first, *last}, std::string(text_in(*said, "reason"))};
}

// Events of earlier versions name only the two epochs.
std::optional<EpochNotice> epoch_from(const json::object& event) {
  const json::object* said = object_in(event, "data");
  if (said == nullptr) return std::nullopt;
  EpochNotice notice;
  const auto previous = text_in(*said, "previous");
  if (!is_epoch(text_in(*said, "epoch")) || (!previous.empty() && !is_epoch(previous))) {
    return std::nullopt;
  }
  notice.epoch = text_in(*said, "epoch");
  notice.previous = previous;
  notice.first = positions_in(*said, "first");
  notice.reason = text_in(*said, "reason");
  return notice;
}

bool is_of(const EventTopic& place, std::string_view source) {
  return gateway_of_source(source) == place.gateway;
}

// Id, class and sequence, which say the same, and the same as the topic.
Result<EventKey> key_of(const EventTopic& place, const Envelope& said) {
  if (!is_of(place, said.source)) {
    return unreadable(fmt::format("the source \"{}\" is not the gateway that the topic names",
                                  said.source.substr(0, 200)));
  }
  const auto key = event_key_from(said.id);
  if (!key) return unreadable("the id is not <epoch>.<class>.<sequence>");
  if (to_string(key->event_class) != said.event_class ||
      sequence_from(said.sequence) != key->sequence) {
    return unreadable("id, wpclass and sequence do not say the same");
  }
  if (key->event_class != place.event_class) {
    return unreadable("the event is of another class than its topic");
  }
  return *key;
}

Result<Reading> read_event(const EventTopic& place, const json::object& event,
                           std::string_view text) {
  const Envelope said{text_in(event, "id"), text_in(event, "source"), text_in(event, "wpclass"),
                      text_in(event, "sequence")};
  const auto type = text_in(event, "type");
  if (type == kLinkEventType && is_of(place, said.source)) return Reading{state_from(event)};
  const auto key = key_of(place, said);
  if (!key) return key.error();
  ReceivedEvent received;
  received.key = *key;
  received.type = type;
  received.subject = text_in(event, "subject");
  received.time = text_in(event, "time");
  received.text = text;
  if (type == kStoreEventType) received.begins = epoch_from(event);
  if (type == kGapEventType) {
    received.gap = gap_from(event);
    // Stored all the same: its number is given, and what it should have said is still open.
    if (!received.gap) {
      return Reading{DamagedEvent{*key, "the gap does not say class, epoch, first and last", text}};
    }
  }
  return Reading{std::move(received)};
}

// What another grammar than ours took for JSON: its number is known all the same.
Result<Reading> read_damaged(const EventTopic& place, std::string_view text, const Failure& why) {
  const auto said = envelope_of(text);
  if (!said) return why;
  const auto key = key_of(place, *said);
  if (!key) return key.error();
  return Reading{DamagedEvent{*key, why.what, text}};
}

Result<Reading> read_text(const EventTopic& place, std::string_view text) {
  boost::system::error_code error;
  // One buffer for most events, so that reading them costs no allocation.
  std::array<unsigned char, 8'192> buffer;
  json::monotonic_resource memory(buffer.data(), buffer.size());
  json::parse_options options;
  options.max_depth = kMostEventDepth;
  const json::value parsed = json::parse(text, error, &memory, options);
  if (error) return read_damaged(place, text, unreadable("no JSON: " + error.message()));
  if (!parsed.is_object()) return unreadable("neither an event nor a batch of events");
  return read_event(place, parsed.get_object(), text);
}

// The objects in a JSON array, each as its own text; `whole`: nothing else stands there.
struct Elements {
  std::vector<std::string_view> texts;
  bool whole = false;
};
Elements elements_of(std::string_view array) {
  Elements found;
  std::size_t depth = 0;
  std::size_t begin = 0;
  bool only_objects = true;
  for (std::size_t at = 0; at < array.size(); ++at) {
    const char c = array[at];
    if (c == '"') {
      while (++at < array.size() && array[at] != '"') at += array[at] == '\\' ? 1 : 0;
      only_objects = only_objects && depth > 1;
    } else if (c == '{' || c == '[') {
      if (++depth == 2) begin = at;
      only_objects = only_objects && (depth != 2 || c == '{');
    } else if (c == '}' || c == ']') {
      if (depth == 0) return found;
      if (--depth == 1) found.texts.push_back(array.substr(begin, at + 1 - begin));
      if (depth == 0) {
        found.whole = only_objects && at + 1 == array.size();
        return found;
      }
    } else if (depth == 1) {
      only_objects = only_objects && std::string_view(" \t\r\n,").find(c) != std::string_view::npos;
    }
  }
  return found;
}

// One event that cannot be read does not take the others with it.
void read_batch(const EventTopic& place, std::string_view payload, ReadMessage& message) {
  const Elements elements = elements_of(payload);
  message.readings.reserve(elements.texts.size());
  if (!elements.whole) message.rest = "the batch holds something that is no event";
  for (const std::string_view text : elements.texts) {
    auto reading = read_text(place, text);
    if (reading) {
      message.readings.push_back(std::move(*reading));
    } else {
      message.rest = reading.error().what;
    }
  }
}

}  // namespace

Result<std::string_view> text_of(const EncodedPayload& encoded, std::string& room) {
  const auto [payload, encoding] = encoded;
  const auto named = content_coding_from(encoding);
  if (!named) {
    return Failure{Failure::Kind::invalid_input,
                   fmt::format("the content-encoding \"{}\" is not known", encoding.substr(0, 200)),
                   "Have it sent as deflate, zstd, or as it is"};
  }
  const auto coding = *named == ContentCoding::none ? content_coding_of(payload) : *named;
  if (coding == ContentCoding::none) return payload;
  auto text = decompressed(coding, payload, kMostText);
  if (!text) return text.error();
  room = std::move(*text);
  return std::string_view(room);
}

Result<ReadMessage> read_message(const MessageText& received) {
  const auto [topic, payload] = received;
  ReadMessage message;
  const auto place = read_event_topic(topic);
  if (!place) return unreadable(fmt::format("the topic is not {}", kEventTopicForm));
  using Use = EventTopic::Use;
  if (place->use == Use::command || place->use == Use::receipt) return message;
  // A retained message that was cleared.
  if (payload.empty()) return message;
  message.prefix = place->prefix;
  message.source = event_source(place->gateway);
  const auto text = trimmed(payload);
  if (text.starts_with('[')) {
    read_batch(*place, text, message);
    if (!message.readings.empty() || message.rest.empty()) return message;
    return unreadable(message.rest);
  }
  auto reading = read_text(*place, text);
  if (!reading) return reading.error();
  message.readings.push_back(std::move(*reading));
  return message;
}

}  // namespace watchpost::receiver
