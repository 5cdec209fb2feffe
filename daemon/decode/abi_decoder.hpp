// AbiDecoder: a decoder behind the C ABI; whether it is built in or comes from a shared object
// makes no difference. Promise: what the decoder emits is checked before it is used (names, bounds,
// UTF-8, finite numbers). A decoder that breaks the contract 8 times in a row is benched for the
// life of the process: its messages are kept undecoded, and `on_benched` hears of it once. I/O
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
  using OnBenched = std::function<void(const Failure&)>;

  // `decoder` lives as long as the process. Fails when the decoder refuses its options.
  [[nodiscard]] static Result<std::unique_ptr<Decoder>> open(const watchpost_decoder& decoder,
                                                             std::string_view options_json,
                                                             OnBenched on_benched);
  ~AbiDecoder() override;
  AbiDecoder(const AbiDecoder&) = delete;
  AbiDecoder& operator=(const AbiDecoder&) = delete;

  [[nodiscard]] std::string_view name() const override { return decoder_.name; }
  Decoding decode(const Frame& frame) override;
  void recall(const Remembered& remembered) override;
  void not_kept(const Remembered& remembered) override;
  [[nodiscard]] bool unwraps() const override;

 private:
  AbiDecoder(const watchpost_decoder& decoder, void* state, OnBenched on_benched);
  void strike(std::string_view violation);

  const watchpost_decoder& decoder_;
  void* state_;
  OnBenched on_benched_;
  int strikes_ = 0;
  bool benched_ = false;
};

}  // namespace watchpost::decode
