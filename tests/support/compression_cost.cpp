// compression_cost: measures what it costs to compress batches, and how large they are afterwards.
// Reads batches from stdin, one a line, and prints JSON: for each coding and level the CPU seconds
// for 100,000 events (compressing them, and reading them back) and the bytes of an event.
// Used by tests/system/link_bytes.py.
#include <fmt/format.h>

#include <ctime>
#include <iostream>
#include <string>
#include <vector>

#include "base/compression.hpp"

using namespace watchpost;

namespace {

constexpr double kEvents = 100'000;
constexpr double kNanoseconds = 1e9;
constexpr std::size_t kMostText = 4UL << 20U;

struct Level {
  ContentCoding coding;
  int level;
};

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / kNanoseconds;
}

std::size_t events_in(const std::string& batch) {
  constexpr std::string_view kEach = "{\"specversion\":";
  std::size_t count = 0;
  for (auto at = batch.find(kEach); at != std::string::npos; at = batch.find(kEach, at + 1)) {
    ++count;
  }
  return count;
}

std::string line_of(const Level& level, const std::vector<std::string>& batches) {
  Compressor compressor(level.coding, level.level);
  std::size_t events = 0;
  std::size_t bytes = 0;
  std::vector<std::string> kept;
  const double began = cpu_seconds();
  while (static_cast<double>(events) < kEvents) {
    kept.clear();
    for (const std::string& batch : batches) {
      kept.push_back(compressor.compressed(batch));
      bytes += kept.back().size();
      events += events_in(batch);
    }
  }
  const double compressed = cpu_seconds();
  std::size_t read = 0;
  for (const std::string& batch : kept) {
    read += events_in(decompressed(level.coding, batch, kMostText).value());
  }
  const double ended = cpu_seconds();
  const double each = 1 / static_cast<double>(events);
  return fmt::format(
      R"({{"coding":"{}","level":{},"cpu_s_per_100k":{:.3f},"read_cpu_s_per_100k":{:.3f},)"
      R"("bytes_per_event":{:.1f}}})",
      to_string(level.coding), level.level, (compressed - began) * kEvents * each,
      (ended - compressed) * kEvents / static_cast<double>(read),
      static_cast<double>(bytes) * each);
}

}  // namespace

int main() {
  std::vector<std::string> batches;
  for (std::string line; std::getline(std::cin, line);) {
    if (events_in(line) > 0) batches.push_back(std::move(line));
  }
  if (batches.empty()) {
    std::cerr << "compression_cost: no batches on stdin\n";
    return 1;
  }
  std::string list;
  for (const Level& level : {Level{ContentCoding::deflate, 1}, Level{ContentCoding::deflate, 6},
                             Level{ContentCoding::deflate, 9}, Level{ContentCoding::zstd, 1},
                             Level{ContentCoding::zstd, 3}, Level{ContentCoding::zstd, 6},
                             Level{ContentCoding::zstd, 9}}) {
    list += (list.empty() ? "" : ",") + line_of(level, batches);
  }
  std::cout << "[" << list << "]\n";
}
