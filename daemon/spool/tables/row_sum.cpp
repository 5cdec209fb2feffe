#include "spool/tables/row_sum.hpp"

#include <xxhash.h>

#include <array>

namespace watchpost::spool {
namespace {

std::uint64_t as_unsigned(WallTime time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

}  // namespace

std::int64_t row_sum(const Record& record) {
  // The lengths keep apart rows whose texts only differ in where one column ends.
  const std::array<std::uint64_t, 12> numbers{
      static_cast<std::uint64_t>(record.event_class),
      record.seq.value,
      static_cast<std::uint64_t>(record.domain),
      record.severity_number,
      static_cast<std::uint64_t>(number_for_checksum(record)),
      static_cast<std::uint64_t>(record.clock),
      as_unsigned(record.received_at),
      record.observed_at ? as_unsigned(*record.observed_at) : ~std::uint64_t{0},
      record.device.size(),
      record.topic.size(),
      record.payload.size(),
      record.annotation.size()};
  // Each part is the seed of the next: one pass, no state on the heap.
  XXH64_hash_t sum = XXH3_64bits_withSeed(numbers.data(), sizeof numbers,
                                          std::uint64_t{1} << 32U | number_of(record.epoch));
  for (const std::string* text :
       {&record.device, &record.topic, &record.payload, &record.annotation}) {
    sum = XXH3_64bits_withSeed(text->data(), text->size(), sum);
  }
  return static_cast<std::int64_t>(sum);
}

std::int64_t row_sum(std::string_view table, std::span<const SumPart> parts) {
  XXH64_hash_t sum = XXH3_64bits(table.data(), table.size());
  for (const SumPart& part : parts) {
    if (const auto* number = std::get_if<std::int64_t>(&part)) {
      sum = XXH3_64bits_withSeed(number, sizeof *number, sum);
    } else {
      const auto text = std::get<std::string_view>(part);
      sum = XXH3_64bits_withSeed(text.data(), text.size(), sum + text.size());
    }
  }
  return static_cast<std::int64_t>(sum);
}

}  // namespace watchpost::spool
