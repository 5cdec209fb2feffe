#include "wired/sl651_frame.hpp"

#include <algorithm>
#include <array>

#include "base/encoding.hpp"
#include "base/invariant.hpp"

namespace watchpost::wired {
namespace {

using What = Sl651Cut::What;

constexpr char kHexStart = '\x7e';  // twice
constexpr char kAsciiStart = '\x01';
constexpr char kStx = '\x02';
constexpr char kSyn = '\x16';
constexpr std::uint8_t kUp = 0;
constexpr std::uint8_t kDown = 8;
constexpr std::size_t kLongestBody = 4095;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// Lengths of the two forms: one byte of the HEX/BCD form is two characters of the ASCII form, save
// for start, start of the text, and ending (tables 16 to 23).
struct Shape {
  bool ascii = false;
  [[nodiscard]] std::size_t width(std::size_t bytes) const { return ascii ? bytes * 2 : bytes; }
  [[nodiscard]] std::size_t start() const { return ascii ? 1 : 2; }
  // Addresses, password, function, direction and length.
  [[nodiscard]] std::size_t fields() const { return width(11); }
  [[nodiscard]] std::size_t header() const { return start() + fields() + 1; }
  [[nodiscard]] std::size_t direction_at() const { return start() + width(9); }
};

// Reads fields of a header one after the other.
class FieldReader {
 public:
  FieldReader(Shape shape, std::string_view bytes) : shape_(shape), rest_(bytes) {}
  std::uint32_t number(std::size_t bytes) {
    std::uint32_t value = 0;
    for (const char c : take(bytes)) {
      value = shape_.ascii ? value << 4 | static_cast<std::uint32_t>(hex_digit(c))
                           : value << 8 | static_cast<std::uint8_t>(c);
    }
    return value;
  }
  std::string digits(std::size_t bytes) {
    std::string text(take(bytes));
    if (!shape_.ascii) text = to_hex(text);
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c; });
    return text;
  }

 private:
  std::string_view take(std::size_t bytes) {
    const auto head = rest_.substr(0, shape_.width(bytes));
    rest_.remove_prefix(head.size());
    return head;
  }
  Shape shape_;
  std::string_view rest_;
};

class Writer {
 public:
  explicit Writer(bool ascii) : ascii_(ascii) {}
  void number(std::uint32_t value, std::size_t bytes) {
    std::string raw;
    for (std::size_t i = bytes; i-- > 0;) raw.push_back(static_cast<char>(value >> (8 * i) & 0xff));
    bytes_ += ascii_ ? upper(to_hex(raw)) : raw;
  }
  void digits(std::string_view hex) { bytes_ += ascii_ ? std::string(hex) : *from_hex(hex); }
  void raw(std::string_view text) { bytes_ += text; }
  void raw(char c) { bytes_ += c; }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  static std::string upper(std::string text) {
    for (char& c : text) {
      if (c >= 'a') c = static_cast<char>(c - 32);
    }
    return text;
  }
  bool ascii_;
  std::string bytes_;
};

Sl651Cut no_frame(std::string_view why) {
  return {What::no_frame, 0, {}, why};
}
Sl651Cut unfinished(std::size_t size = 0) {
  return {What::unfinished, size, {}, {}};
}

// What is wrong with the beginning, as far as it is there; empty: nothing.
std::string_view wrong_header(Shape shape, std::string_view bytes) {
  if (shape.ascii) {
    const auto fields = bytes.substr(1, shape.fields());
    const bool hex =
        std::all_of(fields.begin(), fields.end(), [](char c) { return hex_digit(c) >= 0; });
    if (!hex) return "the header is not hexadecimal";
  }
  if (bytes.size() > shape.direction_at()) {
    const char c = bytes[shape.direction_at()];
    const int direction = shape.ascii ? hex_digit(c) : static_cast<std::uint8_t>(c) >> 4;
    if (direction != kUp && direction != kDown) return "the direction is neither up nor down";
  }
  if (bytes.size() >= shape.header()) {
    const char text = bytes[shape.header() - 1];
    if (text != kStx && text != kSyn) return "the header does not end with STX or SYN";
  }
  return {};
}

bool is_ending(char c, bool down) {
  using namespace sl651;
  if (!down) return c == kEtx || c == kEtb;
  return c == kEnq || c == kEot || c == kAck || c == kNak || c == kEsc;
}

void read_header(Shape shape, std::string_view bytes, Sl651Frame& frame) {
  FieldReader fields(shape, bytes.substr(shape.start(), shape.fields()));
  const char direction = bytes[shape.direction_at()];
  frame.ascii = shape.ascii;
  frame.down =
      (shape.ascii ? hex_digit(direction) : static_cast<std::uint8_t>(direction) >> 4) == kDown;
  if (frame.down) frame.station = fields.digits(5);
  frame.centre = static_cast<std::uint8_t>(fields.number(1));
  if (!frame.down) frame.station = fields.digits(5);
  frame.password = static_cast<std::uint16_t>(fields.number(2));
  frame.function = static_cast<std::uint8_t>(fields.number(1));
}

// Takes the packet numbers off the text; false where they are not possible.
bool take_packet(Shape shape, std::string_view& text, Sl651Frame& frame) {
  if (text.size() < shape.width(3)) return false;
  const auto numbers = text.substr(0, shape.width(3));
  if (shape.ascii &&
      std::any_of(numbers.begin(), numbers.end(), [](char c) { return hex_digit(c) < 0; })) {
    return false;
  }
  const auto both = FieldReader(shape, numbers).number(3);
  frame.packet =
      Sl651Packet{static_cast<std::uint16_t>(both >> 12), static_cast<std::uint16_t>(both & 0xfff)};
  text.remove_prefix(numbers.size());
  return frame.packet->number >= 1 && frame.packet->number <= frame.packet->total;
}

std::array<std::uint16_t, 256> crc_table() {
  std::array<std::uint16_t, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    auto value = static_cast<std::uint16_t>(i);
    for (int bit = 0; bit < 8; ++bit) {
      value = static_cast<std::uint16_t>((value & 1) != 0 ? value >> 1 ^ 0xa001 : value >> 1);
    }
    table[i] = value;
  }
  return table;
}

bool has_crc(Shape shape, std::string_view bytes, std::size_t at) {
  const auto written = bytes.substr(at, shape.width(2));
  const auto value = shape.ascii ? from_hex(written) : std::optional(std::string(written));
  return value && FieldReader({false}, *value).number(2) == sl651_crc(bytes.substr(0, at));
}

}  // namespace

std::uint16_t sl651_crc(std::string_view bytes) {
  static const auto table = crc_table();
  std::uint16_t crc = 0xffff;
  for (const char c : bytes) {
    crc = static_cast<std::uint16_t>(crc >> 8 ^ table[(crc ^ static_cast<std::uint8_t>(c)) & 0xff]);
  }
  return crc;
}

Sl651Cut cut_sl651(std::string_view bytes) {
  if (bytes.empty()) return unfinished();
  const Shape shape{bytes.front() == kAsciiStart};
  if (!shape.ascii && bytes.front() != kHexStart) return no_frame("it begins with no start");
  if (!shape.ascii && bytes.size() > 1 && bytes[1] != kHexStart) return no_frame("a lone 7E");
  if (const auto why = wrong_header(shape, bytes); !why.empty()) return no_frame(why);
  if (bytes.size() < shape.header()) return unfinished();

  const auto length = FieldReader(shape, bytes.substr(shape.direction_at())).number(2) & 0xfff;
  const auto text_end = shape.header() + length;
  Sl651Cut cut{What::damaged, text_end + 1 + shape.width(2), {}, {}};
  if (bytes.size() <= text_end) return unfinished(cut.size);
  read_header(shape, bytes, cut.frame);
  cut.frame.ending = bytes[text_end];
  if (!is_ending(cut.frame.ending, cut.frame.down)) {
    cut.why = "no ending stands where the length says";
    return cut;
  }
  if (bytes.size() < cut.size) return unfinished(cut.size);
  if (!has_crc(shape, bytes, text_end + 1)) {
    cut.why = "the CRC is wrong";
    return cut;
  }
  auto text = bytes.substr(shape.header(), length);
  if (bytes[shape.header() - 1] == kSyn && !take_packet(shape, text, cut.frame)) {
    cut.why = "the packet numbers are impossible";
    return cut;
  }
  cut.what = What::frame;
  cut.frame.body = text;
  return cut;
}

std::size_t next_sl651_start(std::string_view bytes, std::size_t from) {
  for (auto at = from; at < bytes.size(); ++at) {
    if (bytes[at] == kAsciiStart) return at;
    const bool last = at + 1 == bytes.size();
    if (bytes[at] == kHexStart && (last || bytes[at + 1] == kHexStart)) return at;
  }
  return std::string_view::npos;
}

std::string to_bytes(const Sl651Frame& frame) {
  const Shape shape{frame.ascii};
  const auto length = frame.body.size() + (frame.packet ? shape.width(3) : 0);
  WATCHPOST_INVARIANT(length <= kLongestBody && frame.station.size() == 10);
  Writer out(frame.ascii);
  out.raw(frame.ascii ? std::string_view("\x01") : std::string_view("\x7e\x7e"));
  if (frame.down) out.digits(frame.station);
  out.number(frame.centre, 1);
  if (!frame.down) out.digits(frame.station);
  out.number(frame.password, 2);
  out.number(frame.function, 1);
  out.number((frame.down ? 0x8000U : 0U) | static_cast<std::uint32_t>(length), 2);
  out.raw(frame.packet ? kSyn : kStx);
  if (frame.packet) {
    out.number(static_cast<std::uint32_t>(frame.packet->total) << 12 | frame.packet->number, 3);
  }
  out.raw(frame.body);
  out.raw(frame.ending);
  out.number(sl651_crc(out.bytes()), 2);
  return out.bytes();
}

std::optional<Sl651Opening> sl651_opening(const Sl651Frame& frame) {
  const Shape shape{frame.ascii};
  Sl651Opening opening;
  opening.size = shape.width(8);
  if (frame.body.size() < opening.size) return std::nullopt;
  const auto serial = std::string_view(frame.body).substr(0, shape.width(2));
  if (frame.ascii &&
      std::any_of(serial.begin(), serial.end(), [](char c) { return hex_digit(c) < 0; })) {
    return std::nullopt;
  }
  opening.serial = static_cast<std::uint16_t>(FieldReader(shape, serial).number(2));
  const auto time = std::string_view(frame.body).substr(serial.size(), shape.width(6));
  opening.time = frame.ascii ? std::string(time) : to_hex(time);
  return opening;
}

std::string sl651_opening_bytes(const Sl651Opening& opening, const Sl651Frame& frame) {
  Writer out(frame.ascii);
  out.number(opening.serial, 2);
  out.digits(opening.time);
  return out.bytes();
}

}  // namespace watchpost::wired
