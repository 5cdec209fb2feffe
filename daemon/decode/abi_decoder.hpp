// AbiDecoder: a decoder behind the C ABI; whether it is built in or comes from a shared object
// makes no difference. Promise: what the decoder emits is checked before it is used (names, bounds,
// UTF-8, finite numbers). A decoder that breaks the contract 8 times in a row is benched for the
// life of the process: its messages are kept undecoded, and `OnFault` hears of it once. I/O
// thread only.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "abi/watchpost_decoder.h"
#include "base/result.hpp"
#include "decode/decoder.hpp"

namespace watchpost::decode {

class AbiDecoder final : public Decoder {
 public:
  // What is wrong with the decoder itself: it is benched, or could not take in what it had learnt.
  using OnFault = std::function<void(const Failure&)>;

  // `decoder` lives as long as the process. Fails when the decoder refuses its options.
  [[nodiscard]] static Result<std::unique_ptr<Decoder>> open(const watchpost_decoder& decoder,
                                                             std::string_view options_json,
                                                             OnFault on_fault);
  ~AbiDecoder() override;
  AbiDecoder(const AbiDecoder&) = delete;
  AbiDecoder& operator=(const AbiDecoder&) = delete;

  [[nodiscard]] std::string_view name() const override { return decoder_.name; }
  Decoding decode(const Frame& frame) override;
  void recall(const Remembered& remembered) override;
  void not_kept(const Remembered& remembered) override;
  [[nodiscard]] bool unwraps() const override;

 private:
  AbiDecoder(const watchpost_decoder& decoder, void* state, OnFault on_fault);
  void strike(std::string_view violation);
  // `hook`: recall or not_kept, called `name`. What goes wrong in it is told once.
  using Hook = void (*)(void* state, watchpost_text key, watchpost_text value);
  void tell_decoder(Hook hook, std::string_view name, const Remembered& remembered);

  const watchpost_decoder& decoder_;
  void* state_;
  OnFault on_fault_;
  int strikes_ = 0;
  bool benched_ = false;
  bool is_fault_told_ = false;
};

}  // namespace watchpost::decode
