// Fuzzes the decoder of SL 651-2014: the input comes once as it is, and once as the body of a whole
// frame, so that the CRC does not keep it out. The first byte chooses the form and the packet, the
// second the function.
#include "decoder_contract.hpp"
#include "wired/sl651_frame.hpp"

extern "C" const watchpost_decoder* watchpost_decoder_entry(std::uint32_t);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace watchpost;
  constexpr std::int64_t kReceived = 1'795'392'030'000'000'000;  // 2026-11-23
  constexpr std::size_t kMostBody = 4'000;
  if (size < 2 || size > kMostBody) return 0;
  const std::string_view input(reinterpret_cast<const char*>(bytes) + 2, size - 2);
  fuzz::DecoderHost host(watchpost_decoder_entry(WATCHPOST_DECODER_ABI));
  host.decode("sl651/0012345678", input, kReceived);

  wired::Sl651Frame frame;
  frame.ascii = (bytes[0] & 1U) != 0;
  frame.centre = 1;
  frame.station = "0012345678";
  frame.function = bytes[1];
  frame.body = wired::sl651_opening_bytes({7, "261123080005"}, frame) + std::string(input);
  if ((bytes[0] & 2U) == 0) {
    host.decode("sl651/0012345678", wired::to_bytes(frame), kReceived);
    return 0;
  }
  // The same in two packets.
  const auto half = frame.body.size() / 2;
  auto second = frame;
  second.body = frame.body.substr(half);
  frame.body.resize(half);
  frame.packet = wired::Sl651Packet{2, 1};
  second.packet = wired::Sl651Packet{2, 2};
  host.decode("sl651/0012345678", wired::to_bytes(frame), kReceived);
  host.decode("sl651/0012345678", wired::to_bytes(second), kReceived);
  return 0;
}
