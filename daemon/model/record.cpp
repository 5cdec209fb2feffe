#include "model/record.hpp"

#include <fmt/format.h>

namespace watchpost {

std::string event_id(const Epoch& epoch, EventClass event_class, Seq seq) {
  return fmt::format("{}.{}.{}", epoch, letter_of(event_class), seq.value);
}

}  // namespace watchpost
