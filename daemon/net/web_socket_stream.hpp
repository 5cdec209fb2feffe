// WebSocketStream: a Stream of a client that speaks WebSocket over another Stream (RFC 6455).
// Promise: the bytes of binary frames, however the client cuts them, are read as one stream; text
// frames end it. What is written leaves as binary messages of at most kLargestWritten bytes. The
// request to begin has at most kLargestHeader bytes; one that is not for MQTT is answered with a
// sentence, and is the fault that shake_hands tells. A frame is never held in memory: it is read
// as its bytes are asked for. As server only. Used by net/ only.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>

#include "net/stream.hpp"
#include "net/web_socket_request.hpp"

namespace watchpost::net {

class WebSocketStream final : public Stream, public std::enable_shared_from_this<WebSocketStream> {
 public:
  // Browsers send their cookies and language along: a request has 300 to 2,000 bytes.
  static constexpr std::size_t kLargestHeader = 8 * 1024;
  // Twice the largest packet that can be set; a message may hold several packets.
  static constexpr std::size_t kLargestMessage = 32 * 1024 * 1024;
  static constexpr std::size_t kLargestWritten = 64 * 1024;

  WebSocketStream(boost::asio::any_io_executor io, std::shared_ptr<Stream> below,
                  WebSocketOptions options);
  ~WebSocketStream() override;

  void shake_hands(Done done) override;
  void read_some(std::span<char> room, Done done) override;
  void write(std::span<const char> bytes, std::function<void()> progress, Done done) override;
  using Stream::write;
  void finish() override;
  void close() override;
  void set_deadline(SteadyTime at) override;
  [[nodiscard]] bool is_open() const override;
  [[nodiscard]] const std::string& peer() const override;
  [[nodiscard]] std::string proven_name() override;

 private:
  class Opening;  // from the first byte to the answer to the request
  class Beast;    // the library's stream
  class Writing;  // one write, in messages

  std::shared_ptr<Stream> below_;
  WebSocketOptions options_;
  std::unique_ptr<Beast> beast_;
  bool is_begun_ = false;
};

}  // namespace watchpost::net
