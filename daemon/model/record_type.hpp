// RecordType: what kind of record a record is.
// Promise: the type stands in the store as a number. Rows of earlier versions, which had only the
// mark "decoded" there, are told by their other columns, here and nowhere else. Pure; any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace watchpost {

struct Record;

enum class RecordType : std::uint8_t {
  undecoded,    // kept as received: no decoder reads it
  observation,  // what a decoder read of one device
  malformed,    // kept as received: meant for a decoder, and broken
  ignored,      // kept as received: understood, and no event
  relayed,      // another gateway's event, passed on unchanged
  gap,          // of the gateway itself: these numbers will not come
  store,        // of the gateway itself: a new epoch has begun
  clock,        // of the gateway itself: how far its clock is to be believed
  certificate,  // of the gateway itself: how long a certificate of its ports still holds
  transition,   // one change of one alarm
  duty,         // of the gateway itself: what was done to a device or to the gateway, by whom
};

// What is understood; the payload of the rest goes upstream as it came.
[[nodiscard]] bool is_decoded(RecordType type);
// "gap", "store", "clock", "certificate", "duty": the subject and the last part of the type of the
// gateway's own events; empty for every other record.
[[nodiscard]] std::string_view subject_of_gateway_event(RecordType type);

// The number in the store's column `decoded`.
[[nodiscard]] std::int64_t stored_number(RecordType type);
// The type of a record whose other columns are read. A number that no version writes gives
// `undecoded`, and the checksum of the row does not fit that.
[[nodiscard]] RecordType record_type_from(std::int64_t number, const Record& record);
// What the type adds to the checksum of a row: the number that earlier versions would have stored,
// where they would have meant the same by it, so that their checksums fit; else stored_number().
[[nodiscard]] std::int64_t number_for_checksum(const Record& record);

}  // namespace watchpost
