// watchpost_bench_limit_sqlite FILE ROWS SECONDS: how many rows of 300 bytes a second SQLite makes
// durable with ROWS in each commit, and how many bytes the kernel was given to write for each row.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "plain_table.hpp"

namespace {

std::uint64_t bytes_written() {
  std::ifstream io("/proc/self/io");
  std::string word;
  std::uint64_t value = 0;
  while (io >> word >> value) {
    if (word == "write_bytes:") return value;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  using Steady = std::chrono::steady_clock;
  watchpost::bench::PlainTable table(argv[1]);
  const auto rows_each = std::atoi(argv[2]);
  const std::chrono::duration<double> length(std::atof(argv[3]));
  const std::string message(300, 'm');
  const auto written_before = bytes_written();
  const auto begun = Steady::now();
  std::uint64_t rows = 0;
  while (Steady::now() - begun < length) {
    table.begin();
    for (int i = 0; i < rows_each; ++i) table.append(message);
    table.commit();
    rows += static_cast<std::uint64_t>(rows_each);
  }
  const std::chrono::duration<double> took = Steady::now() - begun;
  const auto written = bytes_written() - written_before;
  std::cout << fmt::format(R"({{"rows_per_s":{:.1f},"bytes_per_row":{:.1f}}})",
                           static_cast<double>(rows) / took.count(),
                           static_cast<double>(written) / static_cast<double>(rows))
            << std::endl;
  return 0;
}
