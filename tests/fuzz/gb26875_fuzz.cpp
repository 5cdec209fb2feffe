// Fuzzes the decoder of GB/T 26875.3-2011: the input is application data, from its command on, and
// is put into a whole frame. What comes out keeps the host's contract.
#include <cmath>
#include <cstdlib>

#include "base/encoding.hpp"
#include "gb26875/objects.hpp"

namespace {

using namespace watchpost;

std::string_view text_in(const watchpost_text& text) {
  return sdk::view(text);
}

void check(const sdk::Observation& observation) {
  const watchpost_observation c = observation.as_c();
  if (text_in(c.device).empty() || c.reading_count > 256 || c.flag_count > 32) std::abort();
  for (std::size_t i = 0; i < c.reading_count; ++i) {
    const watchpost_reading& reading = c.readings[i];
    if (text_in(reading.quantity).empty() || !is_utf8(text_in(reading.quantity))) std::abort();
    if (!is_utf8(text_in(reading.text)) || !std::isfinite(reading.number)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0 || size > wired::gb26875::kMostData + 1) return 0;
  wired::Gb26875Frame frame;
  frame.time = {0, 0, 8, 23, 11, 26};
  frame.command = bytes[0];
  frame.data = std::string_view(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const std::string written = frame.written();
  const auto again = wired::Gb26875Frame::read(written);
  if (!again || again->data != frame.data) std::abort();
  gb26875::Findings findings;
  gb26875::read_frame(*again, "station", {}, findings);
  for (const auto& observation : findings.observations) check(observation);
  const bool says = !findings.unread.empty() || !findings.ignored.empty();
  if (findings.observations.empty() && !says) std::abort();
  return 0;
}
