#include "receiver.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/compression.hpp"
#include "frames.hpp"

namespace watchpost::bench {
namespace {

constexpr int kWaiting = 64;                   // connections not yet accepted
constexpr std::size_t kMostText = 16U << 20U;  // bytes of a compressed batch after unpacking

}  // namespace

class Receiver::Link final : public Watched {
 public:
  Link(EventLoop& loop, int socket, Receiver& receiver)
      : received_(receiver.received_), ledger_(receiver.ledger_), wire_(loop, *this) {
    wire_.adopt(socket);
  }

  void ready(std::uint32_t) override {
    now_ = Steady::now();
    if (!wire_.read()) return wire_.close();
    take_frames(wire_, [this](const Frame& frame) { take(frame); });
    wire_.flush();
  }

 private:
  void take(const Frame& frame) {
    switch (frame.first & kTypeMask) {
      case kPublish:
        return publish(frame);
      case kConnect:
        level_ = frame.body.size() > 6 ? frame.body[6] & 0x7F : 0;
        if (received_.connected == Steady::time_point{}) received_.connected = now_;
        return append_packet(wire_.out, kConnack, std::string(level_ == kLevel5 ? 3 : 2, '\0'));
      case kSubscribe:
        return subscribe(frame.body);
      case kUnsubscribe:
        return append_packet(wire_.out, 0xB0, frame.body.substr(0, 2));
      case kPingreq:
        return append_packet(wire_.out, 0xD0, {});
      default:
        return;
    }
  }

  void subscribe(std::string_view body) {
    std::string answer(body.substr(0, 2));
    std::size_t at = 2;
    if (level_ == kLevel5) {
      answer += '\0';
      at += 1 + static_cast<std::uint8_t>(body[2]);  // properties are shorter than 128 bytes here
    }
    for (; at + 2 < body.size(); at += 2 + number_at(body, at) + 1) answer += '\x01';
    append_packet(wire_.out, 0x90, answer);
  }

  void publish(const Frame& frame) {
    ++received_.publishes;
    received_.publish_bytes += frame.size;
    const auto topic = number_at(frame.body, 0);
    if ((frame.first & kQosMask) != 0) {
      const auto id = frame.body.substr(2 + topic, 2);
      append_packet(wire_.out, kPuback, id);
    }
    auto text = frame.body.substr(std::min(frame.body.size(), 2 + topic));
    if (level_ != kLevel5) return count_marks(text);
    text = after_properties(text.substr(std::min<std::size_t>(text.size(), 2)));
    const auto coding = content_coding_of(text);
    if (coding == ContentCoding::none) return count_marks(text);
    const auto plain = decompressed(coding, text, kMostText);
    if (plain) count_marks(*plain);
  }

  static std::string_view after_properties(std::string_view text) {
    std::size_t length = 0;
    std::size_t at = 0;
    for (bool more = true; more && at < text.size(); ++at) {
      length |= static_cast<std::size_t>(text[at] & 0x7F) << 7U * at;
      more = (text[at] & 0x80) != 0;
    }
    return text.substr(std::min(text.size(), at + length));
  }

  // An alarm has its mark twice: in its readings and in its raw bytes.
  void count_marks(std::string_view text) {
    const char* at = text.data();
    const char* const end = at + text.size();
    std::size_t last_publisher = SIZE_MAX;
    std::uint32_t last_number = 0;
    while (true) {
      at = static_cast<const char*>(std::memchr(at, '#', static_cast<std::size_t>(end - at)));
      if (at == nullptr) return;
      ++at;
      std::size_t publisher = 0;
      std::uint32_t number = 0;
      const auto first = std::from_chars(at, end, publisher);
      if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '-') continue;
      const auto second = std::from_chars(first.ptr + 1, end, number);
      if (second.ec != std::errc{}) continue;
      at = second.ptr;
      if (publisher == last_publisher && number == last_number) continue;
      last_publisher = publisher;
      last_number = number;
      if (received_.events++ == 0) received_.first_event = now_;
      ledger_.arrived(publisher, number, now_);
    }
  }

  Received& received_;
  Ledger& ledger_;
  Wire wire_;
  Steady::time_point now_{};
  int level_ = 0;
};

Receiver::Receiver(EventLoop& loop, Ledger& ledger) : loop_(loop), ledger_(ledger) {}

Receiver::~Receiver() {
  if (socket_ >= 0) ::close(socket_);
}

bool Receiver::open(std::uint16_t port) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return false;
  }
  if (::listen(socket_, kWaiting) != 0) return false;
  received_.opened = Steady::now();
  loop_.watch(socket_, *this);
  return true;
}

void Receiver::ready(std::uint32_t) {
  const int socket = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
  if (socket >= 0) links_.push_back(std::make_unique<Link>(loop_, socket, *this));
}

}  // namespace watchpost::bench
