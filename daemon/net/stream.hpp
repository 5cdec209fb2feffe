// Stream: bytes both ways between two ends, over TCP, a Unix socket, TLS or WebSocket, as client or
// server.
// Promise: every call that takes a `done` answers it exactly once, never from inside the call; at
// most one read and one write are under way. Nothing is read that was not asked for, so whoever
// does not read holds the other side back. With TLS or WebSocket no byte is passed on before the
// hands are shaken. When the deadline passes, or after `close`, what is under way ends with an
// error and nothing else ever begins. What is under way keeps the stream alive. I/O thread only.
#pragma once

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "net/once.hpp"

namespace watchpost::net {

using Error = boost::system::error_code;

class Stream {
 public:
  using Done = Once<Error, std::size_t>;

  Stream() = default;
  virtual ~Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Called first: the handshakes of TLS and WebSocket, in the role that the stream was made for;
  // without either it only answers. Where a client is the reason of an error, see
  // handshake_fault.hpp.
  virtual void shake_hands(Done done) = 0;
  // Reads at least one byte. Where the other side has finished, the error `is_end_of_stream`.
  virtual void read_some(std::span<char> room, Done done) = 0;
  // Answers with no bytes when a read has something to tell, so that whoever waits for long keeps
  // no room for it meanwhile. Only where can_await_bytes(): with TLS or WebSocket what comes on the
  // socket need not hold a byte for the caller, so only a read can tell.
  [[nodiscard]] virtual bool can_await_bytes() const { return false; }
  virtual void await_bytes(Done done);
  // Writes all of the bytes, which must live until the answer. `progress` is called whenever some
  // bytes have left and more are to leave.
  virtual void write(std::span<const char> bytes, std::function<void()> progress, Done done) = 0;
  void write(std::span<const char> bytes, Done done) { write(bytes, {}, std::move(done)); }
  // Tells the other side that nothing more is written; reading goes on. Over WebSocket the other
  // side may then write nothing more either (RFC 6455 section 5.5.1).
  virtual void finish() = 0;
  virtual void close() = 0;
  // At the deadline, what is under way ends with `is_timeout` and the stream is closed.
  // SteadyTime::max(): no deadline. Each call replaces the deadline before.
  virtual void set_deadline(SteadyTime at) = 0;

  [[nodiscard]] virtual bool is_open() const = 0;
  // The other end for a log: "192.0.2.1:1883", "[2001:db8::1]:1883"; of a Unix socket "local".
  [[nodiscard]] virtual const std::string& peer() const = 0;
  // The name that a client has proven by its certificate or shared key, after the handshake; empty:
  // none.
  [[nodiscard]] virtual std::string proven_name() { return {}; }
};

// The other side has said that nothing more comes, or is gone without a word over TLS.
[[nodiscard]] bool is_end_of_stream(const Error& error);
[[nodiscard]] bool is_timeout(const Error& error);
// True: the operation ended because `close` was called on this side.
[[nodiscard]] bool is_aborted(const Error& error);

}  // namespace watchpost::net
