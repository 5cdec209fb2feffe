// Fuzzes the framing of WebSocket: after a good request come the bytes of the input, cut into reads
// as its first byte says, and what is read is compared with a plain reading of RFC 6455 section 5.
#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "net/web_socket_stream.hpp"

namespace {

using namespace watchpost;
using namespace watchpost::net;

namespace asio = boost::asio;

constexpr std::string_view kRequest =
    "GET /mqtt HTTP/1.1\r\nHost: box\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: mqtt\r\n\r\n";

void demand(bool is_so) {
  if (!is_so) std::abort();
}

// The client: its request is one read, since it waits for the answer.
class FromInput final : public Stream {
 public:
  FromInput(asio::io_context& io, std::string_view frames, std::size_t at_once)
      : io_(io), frames_(frames), at_once_(at_once) {}

  void shake_hands(Done done) override {
    asio::post(io_, [done = std::move(done)]() mutable { done({}, 0); });
  }
  void read_some(std::span<char> room, Done done) override {
    std::string_view& from = request_.empty() ? frames_ : request_;
    const std::size_t most = &from == &frames_ ? at_once_ : from.size();
    const std::size_t count = open_ ? std::min({most, from.size(), room.size()}) : 0;
    std::memcpy(room.data(), from.data(), count);
    from.remove_prefix(count);
    const Error error = count == 0 ? Error(asio::error::eof) : Error();
    asio::post(io_, [done = std::move(done), error, count]() mutable { done(error, count); });
  }
  void write(std::span<const char> bytes, std::function<void()>, Done done) override {
    written_ += bytes.size();
    const Error error = open_ ? Error() : Error(asio::error::broken_pipe);
    const std::size_t count = open_ ? bytes.size() : 0;
    asio::post(io_, [done = std::move(done), error, count]() mutable { done(error, count); });
  }
  void finish() override {}
  void close() override { open_ = false; }
  void set_deadline(SteadyTime) override {}
  [[nodiscard]] bool is_open() const override { return open_; }
  [[nodiscard]] const std::string& peer() const override { return peer_; }
  [[nodiscard]] std::size_t written() const { return written_; }

 private:
  asio::io_context& io_;
  std::string_view request_ = kRequest;
  std::string_view frames_;
  std::size_t at_once_;
  std::size_t written_ = 0;
  bool open_ = true;
  std::string peer_ = "192.0.2.1:1";
};

struct Expected {
  std::string least;  // of whole frames before anything that ends the stream
  std::string most;   // with what came of the frame that was cut off
};

// A client's frames are masked, control frames are short and whole, reserved bits are 0, and a
// message is binary from its first frame to its last.
Expected expected_of(std::string_view in) {
  Expected out;
  bool is_continued = false;
  while (in.size() >= 2) {
    const auto octet = [&in](std::size_t i) { return static_cast<std::uint8_t>(in[i]); };
    const unsigned code = octet(0) & 0x0FU;
    const bool is_last = (octet(0) & 0x80) != 0;
    const bool is_control = (code & 8U) != 0;
    if ((octet(0) & 0x70) != 0 || (octet(1) & 0x80) == 0) break;
    if (is_control ? code > 10 || !is_last || (octet(1) & 0x7F) > 125
                   : code > 2 || (code == 0) != is_continued || code == 1) {
      break;
    }
    std::size_t header = 6;
    std::uint64_t length = octet(1) & 0x7FU;
    if (length >= 126) {
      const std::size_t more = length == 126 ? 2 : 8;
      if (in.size() < 2 + more) break;
      length = 0;
      for (std::size_t i = 0; i < more; ++i) length = length << 8 | octet(2 + i);
      if (length < (more == 2 ? 126U : 65'536U) || length >> 63U != 0) break;
      header += more;
    }
    if (in.size() < header) break;
    const std::string_view mask = in.substr(header - 4, 4);
    in.remove_prefix(header);
    if (code == 8) break;
    const bool is_whole = length <= in.size();
    const std::size_t count = is_whole ? static_cast<std::size_t>(length) : in.size();
    if (!is_control) {
      for (std::size_t i = 0; i < count; ++i) {
        out.most.push_back(static_cast<char>(in[i] ^ mask[i % 4]));
      }
      is_continued = !is_last;
    }
    if (!is_whole) break;
    out.least = out.most;
    in.remove_prefix(count);
  }
  return out;
}

struct Reader : std::enable_shared_from_this<Reader> {
  std::shared_ptr<WebSocketStream> stream;
  std::string got;
  std::size_t ends = 0;
  char room[512];

  void begin() {
    stream->shake_hands([self = shared_from_this()](const Error& error, std::size_t) {
      demand(!error);
      self->read();
    });
  }
  void read() {
    stream->read_some(room, [self = shared_from_this()](const Error& error, std::size_t count) {
      if (error) {
        ++self->ends;
        self->stream->close();
        return;
      }
      demand(count > 0);
      self->got.append(self->room, count);
      self->read();
    });
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view frames(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  asio::io_context io;
  auto below = std::make_shared<FromInput>(io, frames, 1U + bytes[0] * 8U);
  auto reader = std::make_shared<Reader>();
  reader->stream = std::make_shared<WebSocketStream>(io.get_executor(), below, WebSocketOptions{});
  reader->begin();
  io.run();
  demand(reader->ends == 1);
  const Expected expected = expected_of(frames);
  demand(expected.most.starts_with(reader->got));
  demand(reader->got.starts_with(expected.least));
  // The answer to the request, and a PONG or a CLOSE for each of its frames at most.
  demand(below->written() <= 1'024 + 2 * frames.size() + 256);
  reader->stream.reset();
  return 0;
}
