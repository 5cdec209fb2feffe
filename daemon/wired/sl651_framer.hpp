// Sl651Framer: frames of SL 651-2014, cut out of a stream of bytes.
// Promise: every byte that is fed comes out in exactly one piece, in order. A damaged frame, a
// false start or a wrong length never swallows a whole frame behind it. It holds at most one
// unfinished frame, of about 4 KiB (8 KiB in the ASCII form). Pure; one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wired/sl651_frame.hpp"

namespace watchpost::wired {

class Sl651Framer {
 public:
  enum class Kind : std::uint8_t {
    frame,    // whole
    damaged,  // has a header, and its length, CRC or ending is wrong
    noise,    // anything else
  };
  struct Piece {
    Kind kind = Kind::noise;
    std::string bytes;
    Sl651Frame frame;      // of a whole one; of a damaged one the header, where that was read
    std::string_view why;  // of a damaged one
  };

  void feed(std::string_view bytes);
  // Nothing: more bytes are needed.
  [[nodiscard]] std::optional<Piece> next();
  // No more bytes come: as next(), but what is unfinished is damaged, or noise.
  [[nodiscard]] std::optional<Piece> next_of_the_rest();
  [[nodiscard]] std::size_t unfinished() const { return waiting_.size() - taken_; }

 private:
  [[nodiscard]] std::string_view rest() const { return std::string_view(waiting_).substr(taken_); }
  std::optional<Piece> step(bool is_rest);
  [[nodiscard]] std::size_t whole_frame_behind();
  [[nodiscard]] std::size_t end_of_noise(bool is_rest) const;
  [[nodiscard]] std::size_t end_of_damaged(std::size_t size) const;
  Piece take(Kind kind, std::size_t size);

  std::string waiting_;
  std::size_t taken_ = 0;   // bytes of waiting_ that are out already
  std::size_t looked_ = 1;  // no whole frame begins in rest() before this
};

}  // namespace watchpost::wired
