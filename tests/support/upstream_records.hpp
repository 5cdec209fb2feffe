// Named builders of records for the upstream tests.
#pragma once

#include <string>
#include <utility>

#include "model/record.hpp"

namespace watchpost::upstream_test {

inline Record a_record(EventClass event_class, std::uint64_t seq) {
  Record record;
  record.event_class = event_class;
  record.epoch = "7f3a0001";
  record.seq = Seq{seq};
  record.domain = Domain::fire;
  record.severity_number = event_class == EventClass::alarm ? kSeverityAlarm : kSeverityInfo;
  record.type = RecordType::observation;
  record.clock = ClockQuality::synced;
  record.received_at = WallTime{std::chrono::milliseconds{1'795'462'867'312}};
  record.device = "smoke-3f-07";
  record.topic = "zigbee2mqtt/smoke-3f-07";
  record.payload = R"({"smoke":true,"battery":97})";
  record.annotation = R"({"state":"raised","readings":[{"n":"smoke","vb":true}]})";
  return record;
}

inline Record with_payload(Record record, std::string payload) {
  record.payload = std::move(payload);
  return record;
}

}  // namespace watchpost::upstream_test
