#include "upstream/cloud_event.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <utility>

#include "base/encoding.hpp"
#include "base/json_text.hpp"
#include "model/relay.hpp"
#include "model/topic.hpp"

namespace watchpost::upstream {
namespace {

constexpr std::size_t kAreaDigits = 12;
constexpr std::size_t kDistrictDigits = 6;
constexpr std::size_t kStreetDigits = 3;
// What most events stay under besides their annotation and raw payload.
constexpr std::size_t kUsualEnvelope = 512;
// An MQTT topic has at most 65,535 bytes; a name this long names no device.
constexpr std::size_t kMostDeviceBytes = 512;

void append_all(std::string& out, std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts) out += part;
}

void append_device_level(std::string& out, const std::string& device) {
  if (device.size() <= kMostDeviceBytes && is_utf8(device)) return append_topic_level(out, device);
  std::string text = as_utf8(device);
  if (text.size() > kMostDeviceBytes) {
    text.resize(kMostDeviceBytes);
    while (!is_utf8(text)) text.pop_back();
  }
  append_topic_level(out, text);
}

// What may stand as one part of an event's type.
bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMostDeviceBytes &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

bool wants_raw(RawPolicy policy, const Record& record) {
  // A decoded record without a payload has a sibling that carries it.
  if (record.payload.empty() && record.decoded) return false;
  switch (policy) {
    case RawPolicy::undecoded:
      return !record.decoded || record.event_class == EventClass::alarm;
    case RawPolicy::always:
      return true;
    case RawPolicy::never:
      return false;
  }
  return false;
}

void append_raw(std::string& out, std::string_view payload) {
  if (!is_utf8(payload)) {
    out += "\"raw_base64\":";
    append_json_string(out, to_base64(payload));
    return;
  }
  out += "\"raw\":";
  // The text itself, not a re-serialisation: digits, order and repeated keys stay as they came.
  if (scan_json(payload).valid) {
    out += payload;
  } else {
    append_json_string(out, payload);
  }
}

// The annotation as an object that is left open, so that members can follow.
struct OpenAnnotation {
  bool has_members = false;
  bool has_topic = false;  // stores of earlier versions kept it there
};
OpenAnnotation append_open_annotation(std::string& out, std::string_view annotation) {
  const JsonShape shape = is_utf8(annotation) ? scan_json(annotation, "topic") : JsonShape{};
  if (shape.valid && shape.object) {
    out += annotation.substr(0, annotation.rfind('}'));
    return {!shape.empty, shape.has_watched};
  }
  out.push_back('{');
  if (annotation.empty()) return {};
  // Only a damaged store gives this; what is there is shown rather than dropped.
  out += "\"unreadable_annotation\":";
  append_json_string(out, annotation);
  return {.has_members = true};
}

// Events of the gateway itself are told apart by what they are about: gap, store, clock. They came
// on no topic, so a sensor cannot pass its own for one of them.
void append_type(std::string& out, const Record& record) {
  const bool own = record.domain == Domain::gateway && record.event_class == EventClass::status &&
                   record.topic.empty() && is_name(record.device);
  const std::string_view kind =
      own ? std::string_view(record.device) : to_string(record.event_class);
  append_all(out, {R"(,"type":"cn.watchpost.)", to_string(record.domain), ".", kind, R"(.v1")"});
}

void append_data(std::string& out, RawPolicy policy, const Record& record) {
  auto [more, has_topic] = append_open_annotation(out, record.annotation);
  const auto separate = [&out, &more = more] {
    if (more) out.push_back(',');
    more = true;
  };
  if (!has_topic && !record.topic.empty()) {
    separate();
    out += "\"topic\":";
    append_json_string(out, record.topic);
  }
  if (wants_raw(policy, record)) {
    separate();
    append_raw(out, record.payload);
  }
  out.push_back('}');
}

}  // namespace

Result<Gateway> Gateway::from(std::string id, std::string area) {
  if (id.empty() || !is_utf8(id)) {
    return Failure{Failure::Kind::invalid_input, "the gateway has no usable id",
                   "Set id in [gateway] to a short name, such as \"zhaoxiang-03\""};
  }
  const bool digits =
      std::all_of(area.begin(), area.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (area.size() != kAreaDigits || !digits) {
    return Failure{
        Failure::Kind::invalid_input,
        fmt::format("the gateway's area \"{}\" is not a division code", area),
        "Set area in [gateway] to the 12 digits of the statistical division code, such as "
        "\"310118106203\""};
  }
  return Gateway(std::move(id), std::move(area));
}

Gateway::Gateway(std::string id, std::string area)
    : id_(std::move(id)),
      area_(std::move(area)),
      topic_prefix_(fmt::format("wp/v1/{}/{}/{}/{}/", area_.substr(0, kDistrictDigits),
                                area_.substr(kDistrictDigits, kStreetDigits),
                                area_.substr(kDistrictDigits + kStreetDigits),
                                to_topic_level(id_))) {
  append_json_string(source_, "urn:watchpost:" + to_topic_level(id_));
}

std::string event_topic(const Gateway& gateway, const Record& record) {
  std::string topic;
  const std::string_view event_class = to_string(record.event_class);
  const std::string_view domain = to_string(record.domain);
  topic.reserve(gateway.topic_prefix().size() + event_class.size() + domain.size() +
                record.device.size() + 2);
  append_all(topic, {gateway.topic_prefix(), event_class, "/", domain, "/"});
  append_device_level(topic, record.device);
  return topic;
}

std::string batch_topic(const Gateway& gateway, EventClass event_class) {
  return fmt::format("{}{}/batch", gateway.topic_prefix(), to_string(event_class));
}

void append_event(std::string& out, const EventContext& context, const Record& record) {
  out += R"({"specversion":"1.0","id":")";
  append_event_id(out, record);
  append_all(out, {R"(","source":)", context.gateway.source()});
  append_type(out, record);
  // CloudEvents: a subject, where there is one, is not empty.
  if (!record.device.empty()) {
    out += ",\"subject\":";
    append_json_string(out, record.device);
  }
  out += R"(,"time":")";
  append_rfc3339(out, record.observed_at.value_or(record.received_at));
  out += R"(","recordedtime":")";
  append_rfc3339(out, record.received_at);
  out += R"(","sequence":")";
  fmt::format_to(std::back_inserter(out), FMT_COMPILE(R"({:016}","severitynumber":{})"),
                 record.seq.value, record.severity_number);
  append_all(out, {R"(,"wpclass":")", to_string(record.event_class), R"(","wpclock":")",
                   to_string(record.clock), R"(","wparea":")", context.gateway.area(),
                   R"(","datacontenttype":"application/json","data":)"});
  append_data(out, context.raw, record);
  out.push_back('}');
}

Publication publication_of(const EventContext& context, const Record& record) {
  Publication publication;
  if (auto mark = relay_mark_of(record)) {
    publication.topic = record.topic;
    publication.payload = record.payload;
    publication.content_type = std::move(mark->content_type);
    publication.content_encoding = std::move(mark->content_encoding);
    return publication;
  }
  publication.topic = event_topic(context.gateway, record);
  publication.content_type = kEventType;
  publication.payload.reserve(kUsualEnvelope + record.annotation.size() + record.payload.size());
  append_event(publication.payload, context, record);
  return publication;
}

std::string event_text(const EventContext& context, const Record& record) {
  if (is_relayed(record) && record.payload.starts_with('{')) return record.payload;
  std::string text;
  append_event(text, context, record);
  return text;
}

std::string online_topic(const Gateway& gateway) {
  return gateway.topic_prefix() + "status/gateway/online";
}

namespace {

void append_positions(std::string& out, std::string_view name, const PerClass<Seq>& positions) {
  fmt::format_to(std::back_inserter(out), R"(,"{}":)", name);
  char before = '{';
  for (const EventClass event_class : kEventClasses) {
    fmt::format_to(std::back_inserter(out), R"({}"{}":{})", std::exchange(before, ','),
                   to_string(event_class), positions[index_of(event_class)].value);
  }
  out.push_back('}');
}

}  // namespace

std::string online_event(const EventContext& context, const LinkNews& news) {
  const bool online = news.state == LinkState::online;
  const std::string_view name = online ? "online" : "offline";
  std::string out = fmt::format(R"({{"specversion":"1.0","id":"{}.link.{:016x}.{}.{}","source":)",
                                context.epoch, news.link, name, news.number);
  out += context.gateway.source();
  out += R"(,"type":"cn.watchpost.gateway.online.v1","subject":)";
  append_json_string(out, context.gateway.id());
  fmt::format_to(std::back_inserter(out),
                 R"(,"wpclass":"status","wparea":"{}","datacontenttype":"application/json",)"
                 R"("data":{{"state":"{}","epoch":"{}")",
                 context.gateway.area(), name, context.epoch);
  if (online) {
    append_positions(out, "first", news.first);
    append_positions(out, "oldest", news.oldest);
  }
  out += "}}";
  return out;
}

}  // namespace watchpost::upstream
