// cloud_event: a Record as a CloudEvents 1.0 event in structured JSON (docs/event.schema.json), and
// where it is published. Promise: every record gives a valid event, whatever its payload holds; the
// same record gives the same text always (no clock is read), so that a repeat can be told by
// `source` and `id`. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/gateway.hpp"
#include "model/record.hpp"
#include "upstream/publishing.hpp"

namespace watchpost::upstream {

// Which events carry the payload as it was received.
enum class RawPolicy : std::uint8_t {
  undecoded,  // those that no decoder understood, and alarms
  always,
  never,
};

struct EventContext {
  Gateway gateway;
  Epoch epoch;  // the present one; a record names its own
  RawPolicy raw = RawPolicy::undecoded;
};

[[nodiscard]] std::string event_topic(const Gateway& gateway, const Record& record);
void append_event(std::string& out, const EventContext& context, const Record& record);
// The record as it goes upstream. An event of another gateway keeps its bytes and content type as
// they came, and its topic where the upstream has the contract's form; a record of our own goes as
// append_event writes it.
[[nodiscard]] Publication publication_of(const EventContext& context, const Record& record);
// The event for people at this gateway: one JSON object for every record, also for a relayed batch.
[[nodiscard]] std::string event_text(const EventContext& context, const Record& record);

// The retained state of the link: published as `online` after connecting, as `offline` by the will
// and before a clean stop. `data.state` says which. The event has no time: the broker sends the
// will long after the will was written.
enum class LinkState : std::uint8_t { online, offline };
struct LinkNews {
  LinkState state = LinkState::online;
  std::uint64_t link = 0;    // tells connections apart
  std::uint64_t number = 0;  // tells the events of one connection apart
  PerClass<Seq> first{};     // where the present epoch begins
  PerClass<Seq> oldest{};    // the first number that will still be sent; said while online only
};
[[nodiscard]] std::string online_event(const EventContext& context, const LinkNews& news);

}  // namespace watchpost::upstream
