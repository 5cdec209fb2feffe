// Fuzzes the decoder of the GST9000 panel's printer: the input is what the printer port sent. It
// comes twice, so that what the decoder remembers of it meets it again.
#include "decoder_contract.hpp"

extern "C" const watchpost_decoder* watchpost_decoder_entry(std::uint32_t);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace watchpost;
  constexpr std::int64_t kReceived = 1'795'392'030'000'000'000;  // 2026-11-23
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  fuzz::DecoderHost host(watchpost_decoder_entry(WATCHPOST_DECODER_ABI));
  host.decode("gst9000/panel-1", input, kReceived);
  host.decode("gst9000/panel-1", input, kReceived);
  return 0;
}
