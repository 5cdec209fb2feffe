#include "decode/abi_decoder.hpp"

#include <utility>

#include "decode/abi_intake.hpp"
#include "sdk/abi_members.hpp"

namespace watchpost::decode {
namespace {

constexpr int kMostStrikes = 8;

watchpost_text text_of(std::string_view text) {
  return {text.data(), text.size()};
}

// A decoder must not let an exception cross the ABI. If one does, it is caught here, so that it
// does not end the daemon.
std::uint32_t call(const watchpost_decoder& decoder, void* state, const watchpost_frame& frame,
                   AbiIntake& intake) {
  const auto sink = intake.sink();
  try {
    return decoder.decode(state, &frame, &sink);
  } catch (...) {
    intake.violate("it threw an exception across the ABI");
    return WATCHPOST_MALFORMED;
  }
}

Outcome outcome_of(std::uint32_t status, AbiIntake& intake) {
  const bool emitted = !intake.decoding.observations.empty() || intake.decoding.handed;
  switch (status) {
    case WATCHPOST_DECODED:
      if (emitted) return Outcome::decoded;
      if (intake.ignored()) return Outcome::ignored;
      intake.violate("it said \"decoded\" and neither emitted nor ignored anything");
      return Outcome::malformed;
    case WATCHPOST_NOT_MINE:
      return Outcome::not_mine;
    case WATCHPOST_MALFORMED:
      return Outcome::malformed;
    default:
      break;
  }
  intake.violate("it answered with a status that does not exist");
  return Outcome::malformed;
}

}  // namespace

AbiDecoder::AbiDecoder(const watchpost_decoder& decoder, void* state, OnFault on_fault)
    : decoder_(decoder), state_(state), on_fault_(std::move(on_fault)) {}

AbiDecoder::~AbiDecoder() {
  decoder_.close(state_);
}

Result<std::unique_ptr<Decoder>> AbiDecoder::open(const watchpost_decoder& decoder,
                                                  std::string_view options_json, OnFault on_fault) {
  AbiIntake intake(nullptr);
  const auto sink = intake.sink();
  void* state = nullptr;
  try {
    state = decoder.open(text_of(options_json), &sink);
  } catch (...) {
    intake.decoding.why = "it threw an exception across the ABI";
  }
  if (state == nullptr) {
    const auto& why = intake.decoding.why;
    return Failure{Failure::Kind::invalid_input,
                   "decoder \"" + std::string(decoder.name) + "\" refuses its options: " +
                       (why.empty() ? std::string("it does not say why") : why),
                   "Correct the options of this decoder in the configuration", nullptr,
                   "解码器 \"" + std::string(decoder.name) + "\" 不接受它的 options（" +
                       (why.empty() ? std::string("没有说明原因") : why) +
                       "）。请改正配置中这个解码器的 options"};
  }
  return std::unique_ptr<Decoder>(new AbiDecoder(decoder, state, std::move(on_fault)));
}

Decoding AbiDecoder::decode(const Frame& frame) {
  AbiIntake intake(&frame);
  intake.decoding.decoder = decoder_.name;
  if (benched_) {
    intake.decoding.outcome = Outcome::malformed;
    intake.decoding.why = "the decoder is benched: it broke its contract too often";
    return std::move(intake.decoding);
  }
  watchpost_frame in{};
  in.struct_size = sizeof in;
  in.retained = frame.retained ? 1 : 0;
  in.topic = text_of(frame.topic.text());
  in.payload = {reinterpret_cast<const std::uint8_t*>(frame.payload.data()), frame.payload.size()};
  in.received_unix_ns = frame.received_at.time_since_epoch().count();
  in.repeated = frame.repeated ? 1 : 0;
  const auto outcome = outcome_of(call(decoder_, state_, in, intake), intake);
  Decoding& decoding = intake.decoding;
  if (intake.violated()) {
    strike(intake.violation());
    decoding.outcome = Outcome::malformed;
    decoding.why = "the decoder broke its contract: " + std::string(intake.violation());
  } else {
    strikes_ = 0;
    decoding.outcome = outcome;
    const bool is_silent = outcome == Outcome::malformed && decoding.why.empty();
    if (is_silent) decoding.why = "the decoder gives no reason";
  }
  if (decoding.outcome != Outcome::decoded) {
    decoding.observations.clear();
    decoding.handed.reset();
  }
  if (intake.violated()) {
    decoding.remembered.clear();
    decoding.capabilities.clear();
  }
  if (decoding.device.empty() && !decoding.observations.empty()) {
    decoding.device = decoding.observations.front().device;
  }
  return std::move(decoding);
}

// A decoder that was built before there was a memory has no such members.
void AbiDecoder::recall(const Remembered& remembered) {
  if (!sdk::has_member(decoder_, decoder_.recall) || decoder_.recall == nullptr) return;
  tell_decoder(decoder_.recall, "recall()", remembered);
}

void AbiDecoder::not_kept(const Remembered& remembered) {
  if (!sdk::has_member(decoder_, decoder_.not_kept) || decoder_.not_kept == nullptr) return;
  tell_decoder(decoder_.not_kept, "not_kept()", remembered);
}

void AbiDecoder::tell_decoder(Hook hook, std::string_view name, const Remembered& remembered) {
  std::string fault;
  try {
    hook(state_, text_of(remembered.key), text_of(remembered.value));
    const bool has_fault =
        sdk::has_member(decoder_, decoder_.last_fault) && decoder_.last_fault != nullptr;
    if (has_fault) fault = sentence_of(decoder_.last_fault(state_));
  } catch (...) {
    fault = "it threw an exception across the ABI";
  }
  if (fault.empty() || is_fault_told_) return;
  is_fault_told_ = true;
  if (!on_fault_) return;
  on_fault_(Failure{Failure::Kind::refused,
                    "decoder \"" + std::string(decoder_.name) + "\" fails in " + std::string(name) +
                        " for \"" + remembered.key + "\": " + fault,
                    "It goes on without a part of what it had learnt; its messages are decoded all "
                    "the same. Correct the decoder and restart the daemon"});
}

bool AbiDecoder::unwraps() const {
  return sdk::has_member(decoder_, decoder_.unwraps) && decoder_.unwraps != 0;
}

void AbiDecoder::strike(std::string_view violation) {
  if (++strikes_ < kMostStrikes) return;
  benched_ = true;
  if (!on_fault_) return;
  on_fault_(Failure{Failure::Kind::refused,
                    "decoder \"" + std::string(decoder_.name) + "\" (version " +
                        (decoder_.version == nullptr ? "unknown" : decoder_.version) +
                        ") is benched after 8 breaches of its contract in a row, the last: " +
                        std::string(violation),
                    "Its messages are kept and forwarded undecoded. Replace the decoder and "
                    "restart the daemon"});
}

}  // namespace watchpost::decode
