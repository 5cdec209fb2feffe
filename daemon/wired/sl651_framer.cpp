#include "wired/sl651_framer.hpp"

#include <algorithm>

namespace watchpost::wired {
namespace {

using Found = Sl651Cut::What;

constexpr auto kNowhere = std::string_view::npos;

}  // namespace

void Sl651Framer::feed(std::string_view bytes) {
  waiting_.erase(0, taken_);
  taken_ = 0;
  waiting_.append(bytes);
}

std::optional<Sl651Framer::Piece> Sl651Framer::next() {
  return step(false);
}

std::optional<Sl651Framer::Piece> Sl651Framer::next_of_the_rest() {
  return step(true);
}

std::optional<Sl651Framer::Piece> Sl651Framer::step(bool is_rest) {
  if (rest().empty()) return std::nullopt;
  auto cut = cut_sl651(rest());
  if (cut.what == Found::no_frame) return take(Kind::noise, end_of_noise(is_rest));
  if (cut.what == Found::unfinished) {
    const auto behind = whole_frame_behind();
    if (behind == kNowhere && !is_rest) return std::nullopt;
    // A start and nothing of a header is no frame.
    const auto size = behind == kNowhere ? unfinished() : behind;
    const bool has_header = cut.size != 0;
    auto piece = take(has_header ? Kind::damaged : Kind::noise,
                      has_header ? end_of_damaged(size) : std::min(size, end_of_noise(is_rest)));
    piece.why = "it ends before its length says";
    return piece;
  }
  const bool whole = cut.what == Found::frame;
  auto piece =
      take(whole ? Kind::frame : Kind::damaged, whole ? cut.size : end_of_damaged(cut.size));
  piece.frame = std::move(cut.frame);
  piece.why = cut.why;
  return piece;
}

// Where a whole frame begins behind an unfinished one. What cannot be one is looked at once.
std::size_t Sl651Framer::whole_frame_behind() {
  const auto bytes = rest();
  auto first_open = kNowhere;
  for (auto at = next_sl651_start(bytes, looked_); at != kNowhere;
       at = next_sl651_start(bytes, at + 1)) {
    const auto what = cut_sl651(bytes.substr(at)).what;
    if (what == Found::frame) return at;
    if (what == Found::unfinished) first_open = std::min(first_open, at);
  }
  looked_ = std::max<std::size_t>(1, std::min(first_open, bytes.size()));
  return kNowhere;
}

// Noise ends where a frame may begin.
std::size_t Sl651Framer::end_of_noise(bool is_rest) const {
  const auto bytes = rest();
  for (auto at = next_sl651_start(bytes, 1); at != kNowhere; at = next_sl651_start(bytes, at + 1)) {
    const auto what = cut_sl651(bytes.substr(at)).what;
    if (what == Found::frame || what == Found::damaged) return at;
    if (what == Found::unfinished && !is_rest) return at;
  }
  return bytes.size();
}

// A damaged frame ends where its length says, or before, where another begins.
std::size_t Sl651Framer::end_of_damaged(std::size_t size) const {
  const auto bytes = rest().substr(0, std::min(size, unfinished()));
  for (auto at = next_sl651_start(bytes, 2); at != kNowhere; at = next_sl651_start(bytes, at + 1)) {
    const auto what = cut_sl651(rest().substr(at)).what;
    if (what != Found::no_frame) return at;
  }
  return bytes.size();
}

Sl651Framer::Piece Sl651Framer::take(Kind kind, std::size_t size) {
  Piece piece;
  piece.kind = kind;
  piece.bytes = rest().substr(0, size);
  taken_ += size;
  looked_ = 1;
  return piece;
}

}  // namespace watchpost::wired
