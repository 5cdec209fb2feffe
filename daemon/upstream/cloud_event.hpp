// cloud_event: a Record as a CloudEvents 1.0 event in structured JSON, and the topics of DESIGN
// section 7. Promise: every record gives a valid event, whatever its payload holds; the same record
// gives the same text always (no clock is read), so that a repeat can be told by `source` and `id`.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/record.hpp"
#include "upstream/publisher.hpp"

namespace watchpost::upstream {

// Whether the payload as received goes along.
enum class RawPolicy : std::uint8_t {
  undecoded,  // what no decoder understood, and alarms
  always,
  never,
};

// Who forwards. Made once from the configuration; the rest relies on its checks.
class Gateway {
 public:
  // `area`: the 12 digits of the statistical division code.
  [[nodiscard]] static Result<Gateway> from(std::string id, std::string area);
  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const std::string& area() const { return area_; }
  // "wp/v1/310118/106/203/zhaoxiang-03/"
  [[nodiscard]] const std::string& topic_prefix() const { return topic_prefix_; }
  // "urn:watchpost:zhaoxiang-03" as JSON, with its quotes: CloudEvents' `source`.
  [[nodiscard]] const std::string& source() const { return source_; }

 private:
  Gateway(std::string id, std::string area);
  std::string id_;
  std::string area_;
  std::string topic_prefix_;
  std::string source_;
};

struct EventContext {
  Gateway gateway;
  Epoch epoch;  // the present one; a record brings its own
  RawPolicy raw = RawPolicy::undecoded;
};

// MQTT's Content Type of one event (CloudEvents 1.0, MQTT binding, section 3.2).
inline constexpr std::string_view kEventType = "application/cloudevents+json";

[[nodiscard]] std::string event_topic(const Gateway& gateway, const Record& record);
// Of several events of one class: "<prefix>telemetry/batch".
[[nodiscard]] std::string batch_topic(const Gateway& gateway, EventClass event_class);
void append_event(std::string& out, const EventContext& context, const Record& record);
// The record as it goes upstream: another gateway's event as it came, byte for byte, with what it
// came with; our own as above.
[[nodiscard]] Publication publication_of(const EventContext& context, const Record& record);
// For people here: one JSON object for every record, also for a batch that is passed on.
[[nodiscard]] std::string event_text(const EventContext& context, const Record& record);

// The retained state of the link: published as `online` after connecting, as `offline` by the will
// and before a clean stop. `data.state` says which. It has no time: the broker sends the will long
// after it was written.
enum class LinkState : std::uint8_t { online, offline };
struct LinkNews {
  LinkState state = LinkState::online;
  std::uint64_t link = 0;    // tells connections apart
  std::uint64_t number = 0;  // tells what is said on one connection apart
  PerClass<Seq> first{};     // where the present epoch begins
  PerClass<Seq> oldest{};    // the first that will still be sent; said while online only
};
[[nodiscard]] std::string online_topic(const Gateway& gateway);
[[nodiscard]] std::string online_event(const EventContext& context, const LinkNews& news);

}  // namespace watchpost::upstream
