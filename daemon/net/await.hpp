// await: the calls of Stream and Acceptor for coroutines, and a Stream as Asio and Beast want one.
// Promise: as Stream and Acceptor say; the coroutine goes on in the turn of the I/O thread that has
// the answer. Includes Asio: only for .cpp files.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

#include "net/acceptor.hpp"
#include "net/stream.hpp"

namespace watchpost::net {

namespace starting {

// Each begins one call of a Stream or an Acceptor; the answer lets the waiter go on.
struct Read {
  template <class Waiter>
  void operator()(Waiter waiter, Stream* stream, std::span<char> room) const {
    stream->read_some(room, std::move(waiter));
  }
};
struct AwaitBytes {
  template <class Waiter>
  void operator()(Waiter waiter, Stream* stream) const {
    stream->await_bytes(std::move(waiter));
  }
};
struct Write {
  template <class Waiter>
  void operator()(Waiter waiter, Stream* stream, std::span<const char> bytes) const {
    stream->write(bytes, std::move(waiter));
  }
};
struct ShakeHands {
  template <class Waiter>
  void operator()(Waiter waiter, Stream* stream) const {
    stream->shake_hands(std::move(waiter));
  }
};
struct Accept {
  template <class Waiter>
  void operator()(Waiter waiter, Acceptor* acceptor) const {
    acceptor->accept(std::move(waiter));
  }
};

using Token = const boost::asio::as_tuple_t<boost::asio::use_awaitable_t<>>;

}  // namespace starting

// How a coroutine waits for any asynchronous call: the error comes back as a value.
inline constexpr starting::Token kAwait = boost::asio::as_tuple(boost::asio::use_awaitable);

// const auto [error, count] = co_await read_some(*stream, room);
inline auto read_some(Stream& stream, std::span<char> room) {
  return boost::asio::async_initiate<starting::Token, void(Error, std::size_t)>(
      starting::Read{}, kAwait, &stream, room);
}
inline auto await_bytes(Stream& stream) {
  return boost::asio::async_initiate<starting::Token, void(Error, std::size_t)>(
      starting::AwaitBytes{}, kAwait, &stream);
}
inline auto write(Stream& stream, std::span<const char> bytes) {
  return boost::asio::async_initiate<starting::Token, void(Error, std::size_t)>(
      starting::Write{}, kAwait, &stream, bytes);
}
inline auto shake_hands(Stream& stream) {
  return boost::asio::async_initiate<starting::Token, void(Error, std::size_t)>(
      starting::ShakeHands{}, kAwait, &stream);
}
// auto [error, stream] = co_await accept(acceptor);
inline auto accept(Acceptor& acceptor) {
  return boost::asio::async_initiate<starting::Token, void(Error, std::shared_ptr<Stream>)>(
      starting::Accept{}, kAwait, &acceptor);
}

// For Beast's HTTP: an AsyncReadStream and AsyncWriteStream over a Stream.
class AsioStream {
 public:
  using executor_type = boost::asio::any_io_executor;

  AsioStream(executor_type executor, std::shared_ptr<Stream> stream)
      : executor_(std::move(executor)), stream_(std::move(stream)) {}

  [[nodiscard]] executor_type get_executor() const { return executor_; }
  [[nodiscard]] Stream& stream() { return *stream_; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    const boost::asio::mutable_buffer room = first_of<boost::asio::mutable_buffer>(buffers);
    return boost::asio::async_initiate<Token, void(Error, std::size_t)>(
        starting::Read{}, token, stream_.get(),
        std::span<char>(static_cast<char*>(room.data()), room.size()));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    const boost::asio::const_buffer bytes = first_of<boost::asio::const_buffer>(buffers);
    return boost::asio::async_initiate<Token, void(Error, std::size_t)>(
        starting::Write{}, token, stream_.get(),
        std::span<const char>(static_cast<const char*>(bytes.data()), bytes.size()));
  }

 private:
  // The first buffer that is not empty; Beast and Asio call again for the others.
  template <class Buffer, class Buffers>
  static Buffer first_of(const Buffers& buffers) {
    const auto end = boost::asio::buffer_sequence_end(buffers);
    for (auto each = boost::asio::buffer_sequence_begin(buffers); each != end; ++each) {
      const Buffer buffer(*each);
      if (buffer.size() > 0) return buffer;
    }
    return Buffer();
  }

  executor_type executor_;
  std::shared_ptr<Stream> stream_;
};

}  // namespace watchpost::net
