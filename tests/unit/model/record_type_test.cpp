#include "model/record_type.hpp"

#include "model/record.hpp"
#include "model/relay.hpp"
#include "support/catch.hpp"

using namespace watchpost;

namespace {

constexpr std::array kAllTypes{
    RecordType::undecoded, RecordType::observation, RecordType::malformed,
    RecordType::ignored,   RecordType::relayed,     RecordType::gap,
    RecordType::store,     RecordType::clock,       RecordType::certificate};

Record as_written_before(bool decoded, std::string device, std::string annotation) {
  Record record;
  record.domain = Domain::gateway;
  record.event_class = EventClass::status;
  record.device = std::move(device);
  record.annotation = std::move(annotation);
  record.type = record_type_from(decoded ? 1 : 0, record);
  return record;
}

}  // namespace

TEST_CASE("a record's type comes back from the number that was stored for it", "[model][unit]") {
  for (const RecordType type : kAllTypes) {
    Record record;
    record.topic = "zigbee2mqtt/smoke";
    record.type = type;
    CHECK(record_type_from(stored_number(type), record) == type);
  }
}

TEST_CASE("rows of earlier versions, which knew only decoded or not, are told by the rest of them",
          "[model][unit]") {
  for (const auto& [device, type] :
       {std::pair{"gap", RecordType::gap}, std::pair{"store", RecordType::store},
        std::pair{"clock", RecordType::clock}, std::pair{"smoke", RecordType::observation}}) {
    CHECK(as_written_before(true, device, R"({"class":"alarm"})").type == type);
  }
  CHECK(as_written_before(true, "x", annotation_of(RelayMark{})).type == RecordType::relayed);
  CHECK(as_written_before(true, "x", R"({"outcome":"ignored"})").type == RecordType::ignored);
  CHECK(as_written_before(false, "x", R"({"outcome":"malformed"})").type == RecordType::malformed);
  CHECK(as_written_before(false, "x", R"({"outcome":"undecoded"})").type == RecordType::undecoded);
}

TEST_CASE("a sensor that calls itself by a gateway's word stays a sensor", "[model][unit]") {
  Record record = as_written_before(true, "gap", "{}");
  record.topic = "zigbee2mqtt/gap";
  CHECK(record_type_from(1, record) == RecordType::observation);
}

TEST_CASE("checksums of rows of earlier versions fit, and a changed type does not",
          "[model][unit]") {
  CHECK(number_for_checksum(as_written_before(true, "gap", "{}")) == 1);
  CHECK(number_for_checksum(as_written_before(true, "smoke", "{}")) == 1);
  CHECK(number_for_checksum(as_written_before(false, "x", R"({"outcome":"malformed"})")) == 0);
  for (const RecordType type : kAllTypes) {
    Record record;
    record.topic = "zigbee2mqtt/smoke";
    record.type = type;
    const auto sum = number_for_checksum(record);
    for (std::int64_t damaged = 0; damaged < 10; ++damaged) {
      Record other = record;
      other.type = record_type_from(damaged, record);
      if (other.type != type) CHECK(number_for_checksum(other) != sum);
    }
  }
}
