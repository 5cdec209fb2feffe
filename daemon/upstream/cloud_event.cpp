#include "upstream/cloud_event.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <utility>

#include "base/encoding.hpp"
#include "base/json_text.hpp"
#include "model/event_id.hpp"
#include "model/relay.hpp"

namespace watchpost::upstream {
namespace {

// Most events are shorter than this, apart from their annotation and raw payload.
constexpr std::size_t kUsualEnvelope = 512;
void append_all(std::string& out, std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts) out += part;
}

// Appends what was scanned as one line. What is one already is copied in one piece.
void append_one_line(std::string& out, std::string_view text, const JsonShape& shape) {
  if (shape.compact) {
    out += text;
  } else {
    append_compact_json(out, text);
  }
}

bool wants_raw(RawPolicy policy, const Record& record) {
  // A decoded record without a payload has a sibling that carries the payload.
  if (record.payload.empty() && is_decoded(record.type)) return false;
  switch (policy) {
    case RawPolicy::undecoded:
      return !is_decoded(record.type) || record.event_class == EventClass::alarm;
    case RawPolicy::always:
      return true;
    case RawPolicy::never:
      return false;
  }
  return false;
}

void append_raw(std::string& out, std::string_view payload) {
  if (!is_utf8(payload)) {
    out += "\"raw_base64\":\"";
    append_base64(out, payload);
    out.push_back('"');
    return;
  }
  out += "\"raw\":";
  // The text itself is copied, not written anew: digits, order and repeated keys stay as they came.
  // A text that some readers would refuse as JSON goes as a string, which all readers take.
  const JsonShape shape = scan_json(payload);
  if (shape.valid) {
    append_one_line(out, payload, shape);
  } else {
    append_json_string(out, payload);
  }
}

// Appends the annotation as an object that is left open, so that members can follow.
struct OpenAnnotation {
  bool has_members = false;
  bool has_topic = false;  // stores of earlier versions kept the topic there
};
OpenAnnotation append_open_annotation(std::string& out, std::string_view annotation) {
  const JsonShape shape =
      is_utf8(annotation) ? scan_json(annotation, WatchedKey{"topic"}) : JsonShape{};
  if (shape.valid && shape.object) {
    append_one_line(out, annotation.substr(0, annotation.rfind('}')), shape);
    return {!shape.empty, shape.has_watched};
  }
  out.push_back('{');
  if (annotation.empty()) return {};
  // Only a damaged store has such an annotation; its text is shown rather than dropped.
  out += "\"unreadable_annotation\":";
  append_json_string(out, annotation);
  return {.has_members = true};
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

std::string event_topic(const Gateway& gateway, const Record& record) {
  return gateway.topics().event({record.event_class, record.domain, event_subject(record)});
}

void append_event(std::string& out, const EventContext& context, const Record& record) {
  out += R"({"specversion":"1.0","id":")";
  append_event_id(out, record);
  append_all(out, {R"(","source":)", context.gateway.source(), R"(,"type":")"});
  append_event_type(out, record);
  out.push_back('"');
  // CloudEvents: a subject, where there is one, is not empty.
  if (const auto subject = event_subject(record); !subject.empty()) {
    out += ",\"subject\":";
    append_json_string(out, subject);
  }
  out += R"(,"time":")";
  append_rfc3339(out, record.observed_at.value_or(record.received_at));
  out += R"(","recordedtime":")";
  append_rfc3339(out, record.received_at);
  out += R"(","sequence":")";
  append_sequence(out, record.seq);
  fmt::format_to(std::back_inserter(out), FMT_COMPILE(R"(","severitynumber":{})"),
                 record.severity_number);
  append_all(out, {R"(,"wpclass":")", to_string(record.event_class), R"(","wpclock":")",
                   to_string(record.clock), R"(","wparea":")", context.gateway.area(),
                   R"(","datacontenttype":"application/json","data":)"});
  append_data(out, context.raw, record);
  out.push_back('}');
}

Publication publication_of(const EventContext& context, const Record& record) {
  Publication publication;
  if (auto mark = relay_mark_of(record)) {
    publication.topic = context.gateway.topics().relayed(record.topic);
    publication.payload = record.payload;
    publication.content_type = std::move(mark->content_type);
    publication.content_encoding = std::move(mark->content_encoding);
    return publication;
  }
  publication.topic = event_topic(context.gateway, record);
  publication.content_type = kEventContentType;
  publication.payload.reserve(kUsualEnvelope + record.annotation.size() + record.payload.size());
  append_event(publication.payload, context, record);
  return publication;
}

std::string event_text(const EventContext& context, const Record& record) {
  std::string text;
  if (is_relayed(record) && record.payload.starts_with('{')) {
    // The event is another gateway's and may have line ends between its parts.
    if (!is_utf8(record.payload)) return record.payload;
    const JsonShape shape = scan_json(record.payload);
    if (!shape.valid) return record.payload;
    append_one_line(text, record.payload, shape);
    return text;
  }
  append_event(text, context, record);
  return text;
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
  std::string out =
      fmt::format(R"({{"specversion":"1.0","id":"{}","source":{},"type":"{}","subject":)",
                  link_event_id({context.epoch, news.link, name, news.number}),
                  context.gateway.source(), kLinkEventType);
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
