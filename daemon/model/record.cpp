#include "model/record.hpp"

#include <fmt/compile.h>

#include <charconv>

namespace watchpost {

std::uint32_t number_of(const Epoch& epoch) {
  std::uint32_t number = 0;
  std::from_chars(epoch.data(), epoch.data() + epoch.size(), number, 16);
  return number;
}

Epoch epoch_from(std::uint32_t number) {
  return fmt::format(FMT_COMPILE("{:08x}"), number);
}

}  // namespace watchpost
