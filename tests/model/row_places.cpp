#include "model/row_places.hpp"

#include <algorithm>
#include <functional>

#include "spool/tables/row_content.hpp"
#include "spool/tables/row_sum.hpp"

namespace watchpost::model {
namespace {

constexpr std::size_t kRowPage = 4096;
constexpr std::size_t kWalHeader = 32;
constexpr std::size_t kFrameHeader = 24;

void add_varint(std::string& out, std::uint64_t value) {
  std::string reversed(1, static_cast<char>(value & 0x7FU));
  while ((value >>= 7U) != 0) reversed += static_cast<char>((value & 0x7FU) | 0x80U);
  out.append(reversed.rbegin(), reversed.rend());
}

// Writes an integer in the shortest of SQLite's types: the number of the type, and the bytes.
void add_integer(std::string& types, std::string& body, std::int64_t value) {
  if (value == 0 || value == 1) return add_varint(types, 8 + static_cast<std::uint64_t>(value));
  constexpr std::array<std::pair<int, int>, 6> kTypes{
      {{1, 1}, {2, 2}, {3, 3}, {4, 4}, {6, 5}, {8, 6}}};
  for (const auto& [size, type] : kTypes) {
    const int bits = 8 * size - 1;
    const bool fits =
        size == 8 || (value >= -(std::int64_t{1} << bits) && value < (std::int64_t{1} << bits));
    if (!fits) continue;
    add_varint(types, static_cast<std::uint64_t>(type));
    for (int i = size - 1; i >= 0; --i) {
      body +=
          static_cast<char>(static_cast<std::uint64_t>(value) >> (8U * static_cast<unsigned>(i)));
    }
    return;
  }
}

void add_bytes(std::string& types, std::string& body, const std::string& bytes, int kind) {
  add_varint(types, 2 * bytes.size() + static_cast<std::uint64_t>(kind));
  body += bytes;
}

std::string payload_of(const StoredRow& row) {
  constexpr int kBlob = 12;
  constexpr int kText = 13;
  const Record& record = row.record;
  std::string types(1, '\0');  // seq is the rowid, so no column holds it
  std::string body;
  add_integer(types, body, number_of(record.epoch));
  add_integer(types, body, row.position);
  add_integer(types, body, static_cast<std::int64_t>(record.domain));
  add_integer(types, body, record.severity_number);
  add_integer(types, body, stored_number(record.type));
  add_integer(types, body, static_cast<std::int64_t>(record.clock));
  add_integer(types, body, record.received_at.time_since_epoch().count());
  if (record.observed_at) {
    add_integer(types, body, record.observed_at->time_since_epoch().count());
  } else {
    types += '\0';
  }
  add_bytes(types, body, record.device, kText);
  add_bytes(types, body, record.topic, kText);
  add_bytes(types, body,
            std::string(spool::pack({.payload = record.payload, .annotation = record.annotation})),
            kBlob);
  add_bytes(types, body, {}, kText);
  add_integer(types, body, spool::row_sum(record));
  std::string header;
  add_varint(header, types.size() + 1);
  return header + types + body;
}

// Size of the part of a row that lies in its page (fileformat2, section 1.6).
std::size_t local_size(std::size_t size) {
  constexpr std::size_t kMost = kRowPage - 35;
  constexpr std::size_t kLeast = (kRowPage - 12) * 32 / 255 - 23;
  if (size <= kMost) return size;
  const std::size_t some = kLeast + (size - kLeast) % (kRowPage - 4);
  return some <= kMost ? some : kLeast;
}

// Begin and end of the page around a place; in the WAL the page includes the header of its frame.
std::pair<std::size_t, std::size_t> page_around(const std::string& file, std::size_t at) {
  if (file == kDatabase) return {at / kRowPage * kRowPage, at / kRowPage * kRowPage + kRowPage};
  const std::size_t frame = (at - kWalHeader) / (kRowPage + kFrameHeader);
  const std::size_t begin = kWalHeader + frame * (kRowPage + kFrameHeader);
  return {begin, begin + kFrameHeader + kRowPage};
}

template <class Visit>
void each_occurrence(const std::string& bytes, const std::string& part, const Visit& visit) {
  for (auto at = bytes.find(part); at != std::string::npos; at = bytes.find(part, at + 1))
    visit(at);
}

std::set<std::size_t> page_hashes(const StoreImage& image, const std::set<std::uint32_t>& logged) {
  std::set<std::size_t> hashes;
  const std::hash<std::string_view> hash;
  const auto add = [&](const std::string& file, std::size_t first, std::size_t stride) {
    const std::string_view bytes(image.bytes(file));
    for (std::size_t at = first; at + kRowPage <= bytes.size(); at += stride) {
      const auto page = static_cast<std::uint32_t>(at / kRowPage + 1);
      if (file == kDatabase && logged.count(page) > 0) continue;
      hashes.insert(hash(bytes.substr(at, kRowPage)));
    }
  };
  add(kDatabase, 0, kRowPage);
  add(kWal, kWalHeader + kFrameHeader, kRowPage + kFrameHeader);
  return hashes;
}

}  // namespace

RowPlaces::RowPlaces(const SampleStore& sample) : image_(sample.image) {
  for (const auto& [key, row] : sample.rows) look_for(key, row);
}

void RowPlaces::look_for(const RowKey& key, const StoredRow& row) {
  const std::string payload = payload_of(row);
  std::string cell;
  add_varint(cell, payload.size());
  add_varint(cell, key.second);
  const std::size_t local = local_size(payload.size());
  cell.append(payload, 0, local);
  Row found;
  for (const char* file : {kDatabase, kWal}) {
    const std::string& bytes = image_.bytes(file);
    each_occurrence(bytes, cell, [&](std::size_t at) {
      found.copies.push_back({file, at, at + cell.size()});
    });
    if (local == payload.size()) continue;
    const auto add_part = [&](std::size_t at) {
      const auto [begin, end] = page_around(file, at);
      found.parts.push_back({file, begin, end});
    };
    each_occurrence(bytes, cell, add_part);
    for (std::size_t at = local; at < payload.size(); at += kRowPage - 4) {
      each_occurrence(bytes, payload.substr(at, kRowPage - 4), add_part);
    }
  }
  if (!found.copies.empty()) places_[key] = std::move(found);
}

bool RowPlaces::is_left(const Place& place, const StoreImage& damaged) const {
  const std::string& now = damaged.bytes(place.file);
  const std::string& before = image_.bytes(place.file);
  return now.size() >= place.end && now.compare(place.begin, place.end - place.begin, before,
                                                place.begin, place.end - place.begin) == 0;
}

std::set<RowKey> RowPlaces::untouched_in(const StoreImage& damaged,
                                         const std::set<std::uint32_t>& logged) const {
  const auto hashes = page_hashes(damaged, logged);
  const std::hash<std::string_view> hash;
  std::set<RowKey> untouched;
  for (const auto& [key, row] : places_) {
    const auto left = [&](const Place& place) { return is_left(place, damaged); };
    // A copy also counts where the whole page was moved to another place.
    const auto left_or_moved = [&](const Place& place) {
      const auto page_end = page_around(place.file, place.begin).second;
      const std::string_view bytes(image_.bytes(place.file));
      return left(place) || (page_end <= bytes.size() &&
                             hashes.count(hash(bytes.substr(page_end - kRowPage, kRowPage))) > 0);
    };
    const bool is_untouched = row.parts.empty()
                                  ? std::any_of(row.copies.begin(), row.copies.end(), left_or_moved)
                                  : std::all_of(row.parts.begin(), row.parts.end(), left);
    if (is_untouched) untouched.insert(key);
  }
  return untouched;
}

}  // namespace watchpost::model
