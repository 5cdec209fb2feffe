#include "net/web_socket_stream.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <utility>

#include "net/await.hpp"

namespace watchpost::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

// Beast finds the next two functions by the type of the stream. It calls the first when both sides
// have said that they close; the owner of the stream then closes it.
template <class Waiter>
void async_teardown(beast::role_type, AsioStream& stream, Waiter&& waiter) {
  stream.stream().finish();
  asio::post(stream.get_executor(),
             beast::bind_front_handler(std::forward<Waiter>(waiter), Error()));
}
inline void beast_close_socket(AsioStream& stream) {
  stream.stream().close();
}

namespace {

struct Refusal {
  http::status status;
  std::string_view sentence;
};

Refusal refusal_of(HandshakeFault fault) {
  switch (fault) {
    case HandshakeFault::other_path:
      return {http::status::not_found, "There is no WebSocket at this path.\n"};
    case HandshakeFault::other_subprotocol:
      return {http::status::bad_request, "The sub-protocol here is mqtt.\n"};
    case HandshakeFault::foreign_page:
      return {http::status::forbidden, "Pages of other hosts may not connect.\n"};
    default:
      return {http::status::upgrade_required, "MQTT over WebSocket is spoken here.\n"};
  }
}

std::string text_of(const Refusal& refusal) {
  const auto reason = http::obsolete_reason(refusal.status);
  std::string text = "HTTP/1.1 " + std::to_string(static_cast<unsigned>(refusal.status)) + " ";
  text.append(reason.data(), reason.size());
  text += "\r\nConnection: close\r\nUpgrade: websocket\r\nContent-Type: text/plain\r\n";
  text += "Content-Length: " + std::to_string(refusal.sentence.size()) + "\r\n\r\n";
  text += refusal.sentence;
  return text;
}

std::string_view in(beast::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

// Without compression of messages: it would cost memory for each client.
class WebSocketStream::Beast : public websocket::stream<AsioStream, false> {
 public:
  using websocket::stream<AsioStream, false>::stream;
};

// Reads the request, and answers it.
class WebSocketStream::Opening : public std::enable_shared_from_this<Opening> {
 public:
  Opening(std::shared_ptr<WebSocketStream> stream, Done done)
      : stream_(std::move(stream)), done_(std::move(done)) {
    parser_.header_limit(kLargestHeader);
  }

  void read() {
    stream_->below_->read_some(room_,
                               [self = shared_from_this()](const Error& error, std::size_t count) {
                                 if (error) return self->done_(error, 0);
                                 self->take(count);
                               });
  }

 private:
  void take(std::size_t count) {
    if (bytes_.empty()) {
      const Speech speech = speech_of(room_.front());
      if (speech == Speech::tls) return fail(HandshakeFault::tls_to_websocket);
      if (speech != Speech::http) return fail(HandshakeFault::mqtt_to_websocket);
    }
    bytes_.append(room_.data(), count);
    Error error;
    const std::size_t used = parser_.put(asio::buffer(bytes_), error);
    const bool needs_more = error == http::error::need_more;
    if (error && !needs_more) return refuse(HandshakeFault::no_websocket);
    bytes_.erase(0, used);
    if (!parser_.is_header_done()) return read();
    // Before the answer a client has nothing to say (RFC 6455 section 4.1).
    if (!bytes_.empty()) return refuse(HandshakeFault::no_websocket);
    decide();
  }

  void decide() {
    const auto& request = parser_.get();
    WebSocketRequest asked;
    asked.target = in(request.target());
    asked.is_upgrade = websocket::is_upgrade(request);
    asked.subprotocols = in(request[http::field::sec_websocket_protocol]);
    asked.host = in(request[http::field::host]);
    asked.origin = in(request[http::field::origin]);
    const WebSocketVerdict verdict = judge(asked, stream_->options_);
    if (verdict.fault != HandshakeFault::none) return refuse(verdict.fault);
    Beast& beast = *stream_->beast_;
    beast.set_option(websocket::stream_base::decorator(
        [agreed = std::string(verdict.subprotocol)](websocket::response_type& response) {
          response.set(http::field::sec_websocket_protocol, agreed);
        }));
    beast.async_accept(request, [self = shared_from_this()](const Error& error) {
      self->stream_->is_begun_ = !error;
      self->done_(error, 0);
    });
  }

  void refuse(HandshakeFault fault) {
    answer_ = text_of(refusal_of(fault));
    stream_->below_->write(answer_, [self = shared_from_this(), fault](const Error&, std::size_t) {
      self->stream_->below_->finish();
      self->done_(make_error_code(fault), 0);
    });
  }

  void fail(HandshakeFault fault) { done_(make_error_code(fault), 0); }

  std::shared_ptr<WebSocketStream> stream_;
  Done done_;
  http::request_parser<http::empty_body> parser_;
  std::array<char, 1024> room_{};
  std::string bytes_;
  std::string answer_;
};

// Writes all of the bytes, one message after the other.
class WebSocketStream::Writing : public std::enable_shared_from_this<Writing> {
 public:
  Writing(std::shared_ptr<WebSocketStream> stream, std::span<const char> bytes,
          std::function<void()> progress)
      : stream_(std::move(stream)), bytes_(bytes), progress_(std::move(progress)) {}

  void go_on(Done done) {
    const auto message = bytes_.subspan(
        written_, std::min(bytes_.size() - written_, WebSocketStream::kLargestWritten));
    stream_->beast_->async_write(asio::buffer(message.data(), message.size()),
                                 [self = shared_from_this(), done = std::move(done)](
                                     const Error& error, std::size_t count) mutable {
                                   self->written_ += count;
                                   if (error || self->written_ == self->bytes_.size())
                                     return done(error, self->written_);
                                   if (self->progress_) self->progress_();
                                   self->go_on(std::move(done));
                                 });
  }

 private:
  std::shared_ptr<WebSocketStream> stream_;
  std::span<const char> bytes_;
  std::function<void()> progress_;
  std::size_t written_ = 0;
};

WebSocketStream::WebSocketStream(asio::any_io_executor io, std::shared_ptr<Stream> below,
                                 WebSocketOptions options)
    : below_(std::move(below)),
      options_(std::move(options)),
      beast_(std::make_unique<Beast>(std::move(io), below_)) {
  beast_->binary(true);
  beast_->auto_fragment(false);
  beast_->read_message_max(kLargestMessage);
}

WebSocketStream::~WebSocketStream() = default;

void WebSocketStream::shake_hands(Done done) {
  below_->shake_hands(
      [self = shared_from_this(), done = std::move(done)](const Error& error, std::size_t) mutable {
        if (error) return done(error, 0);
        std::make_shared<Opening>(std::move(self), std::move(done))->read();
      });
}

void WebSocketStream::read_some(std::span<char> room, Done done) {
  beast_->async_read_some(asio::buffer(room.data(), room.size()),
                          [self = shared_from_this(), room, done = std::move(done)](
                              Error error, std::size_t count) mutable {
                            if (error == websocket::error::closed) error = asio::error::eof;
                            if (!error && self->beast_->got_text()) {
                              error = make_error_code(HandshakeFault::text_frames);
                              count = 0;
                            }
                            // A frame, or the rest of one, may be empty.
                            if (!error && count == 0) return self->read_some(room, std::move(done));
                            done(error, count);
                          });
}

void WebSocketStream::write(std::span<const char> bytes, std::function<void()> progress,
                            Done done) {
  std::make_shared<Writing>(shared_from_this(), bytes, std::move(progress))->go_on(std::move(done));
}

void WebSocketStream::finish() {
  if (!is_begun_ || !beast_->is_open()) return below_->finish();
  beast_->async_close(websocket::close_code::normal,
                      [self = shared_from_this()](const Error&) { /* it is over either way */ });
}

void WebSocketStream::close() {
  below_->close();
}

void WebSocketStream::set_deadline(SteadyTime at) {
  below_->set_deadline(at);
}

bool WebSocketStream::is_open() const {
  return below_->is_open();
}

const std::string& WebSocketStream::peer() const {
  return below_->peer();
}

std::string WebSocketStream::proven_name() {
  return below_->proven_name();
}

}  // namespace watchpost::net
