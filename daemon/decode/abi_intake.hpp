// AbiIntake: the host's side of one call of a decoder: takes what it emits, checks and copies it.
// Promise: nothing unchecked enters a Decoding; the first violation is remembered, what follows is
// refused. Lives for one call.
#pragma once

#include <string>
#include <string_view>

#include "abi/watchpost_decoder.h"
#include "decode/decoder.hpp"

namespace watchpost::decode {

// A decoder's words as a sentence for people: cut at 500 bytes, and replaced where it is no UTF-8.
[[nodiscard]] std::string sentence_of(watchpost_text text);

class AbiIntake {
 public:
  explicit AbiIntake(const Frame* frame) : frame_(frame) {}

  [[nodiscard]] watchpost_sink sink();
  [[nodiscard]] bool violated() const { return !violation_.empty(); }
  [[nodiscard]] std::string_view violation() const { return violation_; }
  [[nodiscard]] bool ignored() const { return ignored_; }
  void violate(std::string_view what);
  Decoding decoding;

 private:
  void take(const watchpost_observation* observation);
  void remember(watchpost_text key, watchpost_text value);
  void can_declare(watchpost_text device, std::uint32_t kind);
  void hand_over(const watchpost_inner* inner);
  bool take_readings(const watchpost_observation& in, Observation& out);
  bool take_flags(const watchpost_observation& in, Observation& out);
  bool take_text(watchpost_text in, std::string& out, std::size_t longest);

  const Frame* frame_;  // null while opening
  bool ignored_ = false;
  std::string violation_;
};

}  // namespace watchpost::decode
