#include "cli/ending.hpp"

#include <fmt/format.h>

#include <iostream>

#include "cli/columns.hpp"
#include "model/trouble_catalogue.hpp"

namespace watchpost::cli {

int fail(const Voice& voice, const Failure& failure, int code) {
  std::cerr << fmt::format("watchpost {}: {}\n", voice.command,
                           printable(sentence_of(failure, voice.language)));
  return code;
}

int ended(const Voice& voice, ExitCodes codes) {
  std::cout.flush();
  if (std::cout.good()) return codes.told;
  return fail(
      voice,
      in_both(Failure::Kind::environment,
              English{"The answer could not be written to the output",
                      "Is the disk full, or has the program that reads it ended?"},
              Chinese{"结果无法写到输出", "磁盘是否已满，或者读取结果的程序是否已经结束？"}),
      codes.not_written);
}

}  // namespace watchpost::cli
