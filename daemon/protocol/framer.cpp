#include "protocol/framer.hpp"

#include <algorithm>
#include <cstring>

#include "base/invariant.hpp"

namespace watchpost::protocol {
namespace {

struct FixedHeader {
  std::size_t size = 0;
  std::uint32_t remaining_length = 0;
};

// Nothing while the header is incomplete.
Decoded<std::optional<FixedHeader>> read_fixed_header(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 1; i <= 4; ++i) {
    if (i >= bytes.size()) return std::optional<FixedHeader>{};
    const auto byte = static_cast<std::uint8_t>(bytes[i]);
    value |= static_cast<std::uint32_t>(byte & 0x7F) << (7 * (i - 1));
    if ((byte & 0x80) != 0) continue;
    if (i > 1 && byte == 0) {
      return Malformed{ReasonCode::malformed_packet, "Remaining Length is not in its shortest form",
                       std::nullopt};
    }
    return std::optional<FixedHeader>{FixedHeader{i + 1, value}};
  }
  return Malformed{ReasonCode::malformed_packet, "Remaining Length is longer than four bytes",
                   std::nullopt};
}

// In bytes. A refusal does not wait for a longer topic.
constexpr std::size_t kLongestNamedTopic = 512;

Malformed refusal(std::string_view bytes, const FixedHeader& header, std::uint32_t most) {
  Oversize oversize{header.size + header.remaining_length, most, {}};
  const bool is_publish =
      static_cast<std::uint8_t>(bytes[0]) >> 4 == static_cast<std::uint8_t>(PacketType::publish);
  if (is_publish) {
    const std::string_view body = bytes.substr(header.size);
    const std::size_t length = body.size() < 2 ? 0 : Reader(body).two_bytes();
    const bool may_come = length <= kLongestNamedTopic && length + 2 <= header.remaining_length;
    oversize.topic_follows = may_come && body.size() < length + 2;
    if (may_come && !oversize.topic_follows) oversize.topic = Reader(body).utf8();
  }
  return Malformed{ReasonCode::packet_too_large, "a packet is larger than is taken here",
                   std::nullopt, oversize};
}

}  // namespace

Decoded<std::optional<Frame>> first_frame(std::string_view bytes,
                                          std::uint32_t maximum_packet_size) {
  if (bytes.empty()) return std::optional<Frame>{};
  const auto first = static_cast<std::uint8_t>(bytes[0]);
  if (first < 0x10) {
    return Malformed{ReasonCode::malformed_packet, "packet type 0 is reserved", std::nullopt};
  }
  const auto header = read_fixed_header(bytes);
  if (!header) return header.error();
  if (!*header) return std::optional<Frame>{};
  const std::size_t total = (*header)->size + (*header)->remaining_length;
  if (total > maximum_packet_size) {
    return refusal(bytes, **header, maximum_packet_size);
  }
  if (bytes.size() < total) return std::optional<Frame>{};
  return std::optional<Frame>{Frame{static_cast<PacketType>(first >> 4),
                                    static_cast<std::uint8_t>(first & 0x0F),
                                    bytes.substr((*header)->size, (*header)->remaining_length)}};
}

bool Framer::release() {
  if (begin_ != end_) return false;
  begin_ = end_ = 0;
  std::vector<char>().swap(buffer_);
  return true;
}

std::span<char> Framer::prepare() {
  if (begin_ == end_) {
    begin_ = end_ = 0;
    // A connection that once sent something large does not keep the room for it.
    if (buffer_.size() > 4 * kSmallestRead) std::vector<char>().swap(buffer_);
  } else if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  // The buffer grows with what has arrived, not with what a header claims.
  if (buffer_.size() - end_ < kSmallestRead) {
    buffer_.resize(std::max(2 * end_, end_ + kSmallestRead));
  }
  return std::span<char>(buffer_).subspan(end_);
}

void Framer::commit(std::size_t count) {
  WATCHPOST_INVARIANT(count <= buffer_.size() - end_);
  end_ += count;
}

Decoded<std::optional<Frame>> Framer::next() {
  auto frame = first_frame({buffer_.data() + begin_, end_ - begin_}, maximum_);
  waits_for_topic_ =
      !frame && patient_ && frame.error().oversize && frame.error().oversize->topic_follows;
  if (waits_for_topic_) return std::optional<Frame>{};
  if (frame && *frame) {
    begin_ =
        static_cast<std::size_t>((*frame)->body.data() + (*frame)->body.size() - buffer_.data());
  }
  return frame;
}

}  // namespace watchpost::protocol
