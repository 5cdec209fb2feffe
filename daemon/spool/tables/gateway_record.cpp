#include "spool/tables/gateway_record.hpp"

#include <fmt/format.h>

namespace watchpost::spool {
namespace {

Record about_the_gateway(RecordType type, Moment now) {
  Record record;
  record.event_class = EventClass::status;
  record.domain = Domain::gateway;
  record.severity_number = kSeverityWarning;
  record.type = type;
  record.clock = now.clock;
  record.received_at = now.wall;
  return record;
}

}  // namespace

std::string_view to_string(DropReason reason) {
  switch (reason) {
    case DropReason::quota:
      return "quota";
    case DropReason::damage:
      return "damage";
    case DropReason::relayed:
      return "relayed";
  }
  return {};
}

Record gap_record(const Drop& drop, Moment now) {
  Record record = about_the_gateway(RecordType::gap, now);
  if (drop.reason == DropReason::relayed) record.severity_number = kSeverityInfo;
  record.annotation =
      fmt::format(R"({{"class":"{}","epoch":"{}","first":{},"last":{},"count":{},"reason":"{}"}})",
                  to_string(drop.event_class), drop.epoch, drop.first.value, drop.last.value,
                  drop.count(), to_string(drop.reason));
  return record;
}

Record store_record(const NewEpoch& change, Moment now) {
  Record record = about_the_gateway(RecordType::store, now);
  const bool is_usual = change.reason == "start" || change.reason == "asked";
  if (is_usual) record.severity_number = kSeverityInfo;
  std::string first;
  for (const EventClass event_class : kEventClasses) {
    first += fmt::format(R"({}"{}":{})", first.empty() ? "" : ",", to_string(event_class),
                         change.first[index_of(event_class)].value);
  }
  record.annotation = fmt::format(
      R"({{"epoch":"{}","previous":"{}","first":{{{}}},"saved":{},"lost":{},"reason":"{}"}})",
      change.epoch, change.previous, first, change.saved, change.lost, change.reason);
  return record;
}

}  // namespace watchpost::spool
