#include "cli/columns.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

namespace watchpost::cli {
namespace {

constexpr std::size_t kNarrowest = 40;

std::size_t length_at(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return std::min(length, text.size() - at);
}

// Characters of three and four bytes are CJK, full-width marks and pictures, which take two
// columns. The few narrow ones among them (→ … “) begin with the byte E2.
std::size_t columns_of(std::string_view character) {
  return character.size() >= 3 && static_cast<unsigned char>(character.front()) != 0xE2 ? 2 : 1;
}

// A piece ends where a line may end: behind a blank, and before and behind a wide character.
struct Piece {
  std::string_view text;
  std::size_t width = 0;
};

Piece next_piece(std::string_view rest) {
  Piece piece;
  std::size_t at = 0;
  while (at < rest.size()) {
    const auto character = rest.substr(at, length_at(rest, at));
    const auto columns = columns_of(character);
    if (columns == 2 && at > 0) break;
    at += character.size();
    piece.width += columns;
    if (character == " " || columns == 2) break;
  }
  piece.text = rest.substr(0, at);
  return piece;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto character = text.substr(at, length_at(text, at));
    width += columns_of(character);
    at += character.size();
  }
  return width;
}

std::string padded(std::string_view text, std::size_t width) {
  std::string out(text);
  const auto used = display_width(text);
  if (used < width) out.append(width - used, ' ');
  return out;
}

std::string printable(std::string_view text) {
  constexpr char kDelete = 0x7F;
  constexpr char kSecondSet = '\xC2';  // in UTF-8 the lead byte of the control characters C1
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool is_first_set = static_cast<unsigned char>(c) < 0x20 || c == kDelete;
    const bool is_second_set =
        c == kSecondSet && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0;
    if (is_second_set) ++at;
    if (is_first_set || is_second_set) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[at]));
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string wrapped(std::string_view text, Columns columns) {
  if (columns.width == 0) return std::string(text);
  const std::size_t width = std::max(columns.width, kNarrowest);
  const std::size_t indent = columns.indent;
  std::string out;
  std::size_t used = 0;
  for (auto rest = text; !rest.empty();) {
    const Piece piece = next_piece(rest);
    // A blank at the end of a line takes no column.
    const auto needed = piece.width - (piece.text.ends_with(' ') ? 1 : 0);
    if (used + needed > width && used > indent) {
      while (out.ends_with(' ')) out.pop_back();
      out.append("\n").append(indent, ' ');
      used = indent;
    }
    out += piece.text;
    used += piece.width;
    rest.remove_prefix(piece.text.size());
  }
  return out;
}

std::size_t terminal_width() {
  winsize size{};
  if (::isatty(STDOUT_FILENO) == 0 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

}  // namespace watchpost::cli
