// publication_columns: a message for subscribers as the columns that tables have for it: payload,
// QoS and RETAIN as published, properties, publisher. Its topic stands where the table has it.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/local_message.hpp"
#include "spool/tables/row.hpp"

namespace watchpost::spool {

// The texts and numbers of a publication, as columns that begin at `at`.
[[nodiscard]] inline std::shared_ptr<LocalMessage> publication_at(const Row& row, std::size_t at,
                                                                  std::string_view topic) {
  auto publication = std::make_shared<LocalMessage>();
  publication->topic = topic;
  publication->payload = row[at].bytes;
  publication->qos = static_cast<Qos>(row[at + 1].integer);
  publication->retain = row[at + 2].integer != 0;
  publication->properties = row[at + 3].bytes;
  publication->publisher = row[at + 4].bytes;
  return publication;
}

inline void bind_publication(Row& row, const LocalMessage& publication) {
  using enum ColumnValue::Type;
  row.push_back({blob, 0, publication.payload});
  row.push_back({integer, static_cast<std::int64_t>(publication.qos), {}});
  row.push_back({integer, publication.retain ? 1 : 0, {}});
  row.push_back({blob, 0, publication.properties});
  row.push_back({text, 0, publication.publisher});
}

// 32 bits each, least first.
[[nodiscard]] inline std::string packed_numbers(const std::vector<std::uint32_t>& numbers) {
  std::string bytes;
  for (const std::uint32_t number : numbers) {
    for (unsigned shift = 0; shift < 32; shift += 8)
      bytes.push_back(static_cast<char>(number >> shift & 0xFFU));
  }
  return bytes;
}

[[nodiscard]] inline std::vector<std::uint32_t> unpacked_numbers(std::string_view bytes) {
  std::vector<std::uint32_t> numbers(bytes.size() / 4);
  for (std::size_t i = 0; i < numbers.size() * 4; ++i) {
    numbers[i / 4] |= std::uint32_t{static_cast<std::uint8_t>(bytes[i])} << (i % 4 * 8);
  }
  return numbers;
}

}  // namespace watchpost::spool
