// watchpost_bench_limit_sync FILE SECONDS: how many times a second this disk makes a page durable.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <vector>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const int file = ::open(argv[1], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return 1;
  using Steady = std::chrono::steady_clock;
  const std::array<char, 4096> page{};
  std::vector<double> took_ms;
  const auto begun = Steady::now();
  const std::chrono::duration<double> length(std::atof(argv[2]));
  for (auto now = begun; now - begun < length;) {
    if (::write(file, page.data(), page.size()) < 0 || ::fdatasync(file) != 0) return 1;
    const auto after = Steady::now();
    took_ms.push_back(std::chrono::duration<double, std::milli>(after - now).count());
    now = after;
  }
  ::close(file);
  const std::chrono::duration<double> total = Steady::now() - begun;
  std::sort(took_ms.begin(), took_ms.end());
  const auto at = [&](double part) {
    return took_ms[static_cast<std::size_t>(part * static_cast<double>(took_ms.size() - 1))];
  };
  std::cout << fmt::format(R"({{"syncs_per_s":{:.1f},"p50_ms":{:.3f},"p99_ms":{:.3f}}})",
                           static_cast<double>(took_ms.size()) / total.count(), at(0.5), at(0.99))
            << std::endl;
  return 0;
}
