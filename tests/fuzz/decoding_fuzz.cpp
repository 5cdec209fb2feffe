// Fuzzes everything that reads payloads, as the daemon asks it: the first line of the input is the
// topic, the rest is the payload. A topic of one byte stands for a LoRaWAN model; then the payload
// is what that device sent, in the envelope of ChirpStack v4. What comes out must be fit for an
// event: texts are UTF-8, what was not read has a reason, the annotation is JSON, and no decoder
// breaks its contract.
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/encoding.hpp"
#include "base/json_text.hpp"
#include "decode/registry.hpp"
#include "lorawan/codec.hpp"
#include "pipeline/annotation.hpp"
#include "rules/verdict.hpp"

namespace watchpost::fuzz {
namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

decode::Registry default_registry() {
  decode::RegistryOptions options;
  options.bindings = decode::default_bindings();
  return decode::Registry::build(options).value();
}

std::string in_envelope(std::uint8_t model, std::string_view payload) {
  const auto names = lorawan::codec_names();
  std::string text = R"({"deviceInfo":{"devEui":"0102030405060708","tags":{"watchpost_profile":")";
  text += names[model % names.size()];
  text += R"("}},"fCnt":7,"fPort":85,"data":")";
  append_base64(text, payload);
  return text + "\"}";
}

void check(const decode::Decoding& decoding) {
  expect(is_utf8(decoding.why) && is_utf8(decoding.device));
  if (decoding.outcome == decode::Outcome::malformed) expect(!decoding.why.empty());
  // Eight breaches in a row would bench a decoder for all its devices.
  expect(!decoding.why.starts_with("the decoder broke its contract"));
  std::size_t number = 0;
  for (const Observation& observation : decoding.observations) {
    expect(is_utf8(observation.device) && !observation.device.empty());
    const auto verdict = rules::judge(observation);
    const auto annotation = pipeline::annotate({observation, verdict}, decoding.decoder,
                                               {++number, decoding.observations.size()});
    expect(scan_json(annotation).valid && scan_json(annotation).object);
  }
}

}  // namespace
}  // namespace watchpost::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace watchpost;
  static auto registry = fuzz::default_registry();
  // What decoders remember of one input is part of the next ones for a while, no longer.
  static int inputs = 0;
  if (++inputs % 1'000 == 0) registry = fuzz::default_registry();

  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const auto end = input.find('\n');
  if (end == std::string_view::npos) return 0;
  std::string name(input.substr(0, end));
  std::string payload(input.substr(end + 1));
  if (name.size() == 1) {
    payload = fuzz::in_envelope(static_cast<std::uint8_t>(name.front()), payload);
    name = "application/1/device/0102030405060708/event/up";
  }
  const auto topic = Topic::parse(name);
  if (!topic) return 0;
  decode::Frame frame{*topic, payload};
  frame.received_at = WallTime{std::chrono::seconds{1'795'392'030}};  // 2026-11-23
  fuzz::check(registry.decode(frame));
  frame.retained = frame.repeated = true;
  fuzz::check(registry.decode(frame));
  return 0;
}
