// Fuzzes framer and codec. The first byte chooses the version and how the stream is split; the rest
// is the stream. An accepted packet must be written to bytes that mean the same.
#include <algorithm>
#include <cstdlib>

#include "protocol/codec.hpp"

namespace {

using namespace watchpost::protocol;

void check(const Frame& frame, Version version) {
  const auto packet = decode(frame, version);
  if (!packet) return;
  std::string again;
  encode(*packet, version, again);
  const auto whole = first_frame(again, kLargestVariableByteInteger);
  if (!whole || !*whole) std::abort();
  const auto twice = decode(**whole, version);
  if (!twice || !(*twice == *packet)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const Version version = (bytes[0] & 1) != 0 ? Version::v5 : Version::v3_1_1;
  const std::size_t portion = 1 + (bytes[0] >> 1);
  std::string_view stream(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  Framer framer(64 * 1024);
  while (!stream.empty()) {
    const auto room = framer.prepare();
    const auto count = std::min({portion, stream.size(), room.size()});
    std::copy_n(stream.begin(), count, room.begin());
    framer.commit(count);
    stream.remove_prefix(count);
    auto frame = framer.next();
    for (; frame && *frame; frame = framer.next()) check(**frame, version);
    if (!frame) return 0;
  }
  return 0;
}
