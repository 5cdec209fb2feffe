#include "cli/ending.hpp"

#include <fmt/format.h>

#include <iostream>

namespace watchpost::cli {

int fail(std::string_view command, const Failure& failure, int code) {
  std::cerr << fmt::format("watchpost {}: {}\n", command, failure.sentence());
  return code;
}

int ended(std::string_view command, ExitCodes codes) {
  std::cout.flush();
  if (std::cout.good()) return codes.told;
  return fail(command,
              {Failure::Kind::environment, "The answer could not be written to the output",
               "Is the disk full, or has the program that reads it ended?"},
              codes.not_written);
}

}  // namespace watchpost::cli
