#include "model/record.hpp"

#include <fmt/compile.h>

#include <charconv>
#include <iterator>

namespace watchpost {

std::uint32_t number_of(const Epoch& epoch) {
  std::uint32_t number = 0;
  std::from_chars(epoch.data(), epoch.data() + epoch.size(), number, 16);
  return number;
}

Epoch epoch_from(std::uint32_t number) {
  return fmt::format(FMT_COMPILE("{:08x}"), number);
}

std::string event_id(const Epoch& epoch, EventClass event_class, Seq seq) {
  return fmt::format(FMT_COMPILE("{}.{}.{}"), epoch, letter_of(event_class), seq.value);
}

void append_event_id(std::string& out, const Record& record) {
  fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}.{}.{}"), record.epoch,
                 letter_of(record.event_class), record.seq.value);
}

}  // namespace watchpost
