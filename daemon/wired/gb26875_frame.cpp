#include "wired/gb26875_frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace watchpost::wired {

using namespace gb26875;

namespace {

constexpr std::string_view kStart = "@@";
constexpr std::string_view kEnd = "##";
constexpr std::size_t kAddress = 6;

std::uint64_t little(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    value = value << 8U | static_cast<std::uint8_t>(bytes[i]);
  }
  return value;
}

void put_little(std::string& out, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<char>(value >> 8U * i));
}

// Of serial to end of the application data, without the carry (table 1).
std::uint8_t sum_of(std::string_view bytes) {
  return std::accumulate(bytes.begin(), bytes.end(), std::uint8_t{0}, [](auto sum, char byte) {
    return static_cast<std::uint8_t>(sum + static_cast<std::uint8_t>(byte));
  });
}

// What the header says, checksum and end included; nothing where it is cut or says too much.
std::optional<std::size_t> size_of_frame(std::string_view bytes) {
  if (bytes.size() < kHeader) return std::nullopt;
  const std::uint64_t data = little(bytes.substr(24, 2));
  if (data > kMostData) return std::nullopt;
  return kAround + data;
}

bool has_end(std::string_view frame) {
  return frame.ends_with(kEnd);
}

bool has_sum(std::string_view frame) {
  const std::string_view summed = frame.substr(2, frame.size() - 5);
  return sum_of(summed) == static_cast<std::uint8_t>(frame[frame.size() - 3]);
}

bool begins_with_frame(std::string_view bytes) {
  const auto size = size_of_frame(bytes);
  if (!size || bytes.size() < *size) return false;
  const std::string_view frame = bytes.substr(0, *size);
  return has_end(frame) && has_sum(frame);
}

// True where a whole frame begins behind the first of `bytes`, and before the end of the frame that
// claims to begin there.
bool covers_a_frame(std::string_view bytes) {
  bytes = bytes.substr(0, 2 * (kAround + kMostData));
  const std::size_t end = size_of_frame(bytes).value_or(bytes.size());
  std::size_t at = bytes.find(kStart, 1);
  while (at < end && !begins_with_frame(bytes.substr(at))) at = bytes.find(kStart, at + 1);
  return at < end;
}

}  // namespace

std::optional<Gb26875Frame> Gb26875Frame::header_of(std::string_view bytes) {
  if (bytes.size() < kHeader || !bytes.starts_with(kStart)) return std::nullopt;
  Gb26875Frame frame;
  frame.serial = static_cast<std::uint16_t>(little(bytes.substr(2, 2)));
  frame.main_version = static_cast<std::uint8_t>(bytes[4]);
  frame.user_version = static_cast<std::uint8_t>(bytes[5]);
  std::copy_n(bytes.begin() + 6, frame.time.size(), frame.time.begin());
  frame.source = little(bytes.substr(12, kAddress));
  frame.destination = little(bytes.substr(18, kAddress));
  frame.command = static_cast<std::uint8_t>(bytes[26]);
  return frame;
}

std::optional<Gb26875Frame> Gb26875Frame::read(std::string_view bytes) {
  auto frame = header_of(bytes);
  if (!frame || !begins_with_frame(bytes) || bytes.size() != *size_of_frame(bytes)) return {};
  frame->data = bytes.substr(kHeader, bytes.size() - kAround);
  return frame;
}

std::string Gb26875Frame::written() const {
  std::string bytes(kStart);
  put_little(bytes, serial, 2);
  bytes.push_back(static_cast<char>(main_version));
  bytes.push_back(static_cast<char>(user_version));
  bytes.append(time.begin(), time.end());
  put_little(bytes, source, kAddress);
  put_little(bytes, destination, kAddress);
  put_little(bytes, data.size(), 2);
  bytes.push_back(static_cast<char>(command));
  bytes.append(data);
  bytes.push_back(static_cast<char>(sum_of(std::string_view(bytes).substr(2))));
  return bytes.append(kEnd);
}

std::string gb26875_name_of(std::uint64_t address) {
  return address == 0 ? std::string() : fmt::format("{:012x}", address);
}

std::string gb26875_fault_of(std::string_view bytes) {
  if (!bytes.starts_with(kStart))
    return fmt::format("{} bytes without a start (4040)", bytes.size());
  if (bytes.size() < kHeader) return "the frame ends within its header";
  const auto size = size_of_frame(bytes);
  if (!size) {
    return fmt::format("the frame says {} bytes of data, and {} are the most",
                       little(bytes.substr(24, 2)), kMostData);
  }
  if (bytes.size() < *size) return fmt::format("the frame has {} of {} bytes", bytes.size(), *size);
  const std::string_view frame = bytes.substr(0, *size);
  if (!has_end(frame)) return "the frame does not end with 2323";
  return fmt::format("the checksum is {:02x}, and the bytes add up to {:02x}",
                     static_cast<std::uint8_t>(frame[*size - 3]),
                     sum_of(frame.substr(2, *size - 5)));
}

Gb26875Framer::Piece Gb26875Framer::cut(std::size_t size) {
  Piece piece{Kind::noise, std::string(waiting().substr(0, size))};
  taken_ += size;
  if (taken_ >= bytes_.size() / 2) {
    bytes_.erase(0, taken_);
    taken_ = 0;
  }
  if (piece.bytes.starts_with(kStart) && size_of_frame(piece.bytes)) piece.kind = Kind::damaged;
  return piece;
}

Gb26875Framer::Piece Gb26875Framer::cut_frame(std::size_t size) {
  Piece piece = cut(size);
  piece.kind = Kind::frame;
  return piece;
}

// Behind the first byte; without one, the end, less a byte that may be the first half of a start.
std::size_t Gb26875Framer::next_start() const {
  const std::string_view bytes = waiting();
  const auto next = bytes.find(kStart, 1);
  if (next != std::string_view::npos) return next;
  return bytes.back() == kStart[0] && bytes.size() > 1 ? bytes.size() - 1 : bytes.size();
}

std::optional<Gb26875Framer::Piece> Gb26875Framer::at_start(bool is_rest) {
  const std::string_view bytes = waiting();
  const auto size = size_of_frame(bytes);
  if (bytes.size() < size.value_or(kHeader)) {
    // A wrong length must not make the frames behind it wait for bytes that never come.
    if (is_rest || covers_a_frame(bytes)) return cut(next_start());
    return std::nullopt;
  }
  if (begins_with_frame(bytes)) return cut_frame(*size);
  if (!size) return cut(next_start());
  const bool ends_well = has_end(bytes.substr(0, *size)) && !covers_a_frame(bytes);
  return cut(ends_well ? *size : std::min(next_start(), *size));
}

std::optional<Gb26875Framer::Piece> Gb26875Framer::next() {
  const std::string_view bytes = waiting();
  if (bytes.empty()) return std::nullopt;
  const auto start = bytes.find(kStart);
  if (start == 0) return at_start(false);
  if (start != std::string_view::npos) return cut(start);
  // Its last byte may be the first half of a start.
  const std::size_t none = bytes.back() == kStart[0] ? bytes.size() - 1 : bytes.size();
  if (none == 0) return std::nullopt;
  return cut(none);
}

std::optional<Gb26875Framer::Piece> Gb26875Framer::next_of_the_rest() {
  if (waiting().starts_with(kStart)) return at_start(true);
  if (auto piece = next()) return piece;
  if (waiting().empty()) return std::nullopt;
  return cut(waiting().size());
}

}  // namespace watchpost::wired
