#include "model/record_type.hpp"

#include <string_view>

#include "model/record.hpp"
#include "model/relay.hpp"

namespace watchpost {
namespace {

constexpr std::string_view kMalformed = R"({"outcome":"malformed")";
constexpr std::string_view kIgnored = R"({"outcome":"ignored")";

// Earlier versions wrote 0 and 1 in the column: not decoded, decoded. What was what is told by what
// they wrote beside it: the gateway's own records by their device, on no topic; the rest by how
// their annotation begins.
RecordType type_in_earlier_versions(bool is_decoded, const Record& record) {
  const std::string_view annotation = record.annotation;
  if (!is_decoded) {
    return annotation.starts_with(kMalformed) ? RecordType::malformed : RecordType::undecoded;
  }
  if (begins_as_relay_mark(annotation)) return RecordType::relayed;
  if (annotation.starts_with(kIgnored)) return RecordType::ignored;
  if (record.domain == Domain::gateway && record.topic.empty()) {
    for (const RecordType type : {RecordType::gap, RecordType::store, RecordType::clock}) {
      if (record.device == subject_of_gateway_event(type)) return type;
    }
  }
  return RecordType::observation;
}

}  // namespace

bool is_decoded(RecordType type) {
  return type != RecordType::undecoded && type != RecordType::malformed;
}

std::string_view subject_of_gateway_event(RecordType type) {
  switch (type) {
    case RecordType::gap:
      return "gap";
    case RecordType::store:
      return "store";
    case RecordType::clock:
      return "clock";
    case RecordType::certificate:
      return "certificate";
    case RecordType::duty:
      return "duty";
    case RecordType::transition:
    case RecordType::undecoded:
    case RecordType::observation:
    case RecordType::malformed:
    case RecordType::ignored:
    case RecordType::relayed:
      return {};
  }
  return {};
}

std::int64_t stored_number(RecordType type) {
  return static_cast<std::int64_t>(type);
}

RecordType record_type_from(std::int64_t number, const Record& record) {
  constexpr auto kLast = static_cast<std::int64_t>(RecordType::duty);
  if (number == 0 || number == 1) return type_in_earlier_versions(number == 1, record);
  if (number < 0 || number > kLast) return RecordType::undecoded;
  return static_cast<RecordType>(number);
}

std::int64_t number_for_checksum(const Record& record) {
  const bool decoded = is_decoded(record.type);
  if (type_in_earlier_versions(decoded, record) == record.type) return decoded ? 1 : 0;
  return stored_number(record.type);
}

}  // namespace watchpost
