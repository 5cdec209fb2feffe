// LocalClient: asks the running daemon over its Unix socket.
// Promise: blocks until answered, refused, or the deadline; a daemon that is not running is a
// Failure that says how to start it. Used by the watchpost command, one call at a time.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace watchpost::cli {

class LocalClient {
 public:
  using Line = std::function<bool(std::string_view)>;
  // `socket`: where the daemon listens.
  explicit LocalClient(std::filesystem::path socket) : socket_(std::move(socket)) {}

  // The body of GET `target`; any answer but 200 is a Failure, in the daemon's words.
  [[nodiscard]] Result<std::string> get(std::string_view target) const;
  struct Posting {
    std::string_view target;
    std::string_view body;
  };
  // The body of the answer to it, in the same way.
  [[nodiscard]] Result<std::string> post(const Posting& posting) const;
  // Calls `line` for each line of GET `target` until `line` returns false. A stream that the daemon
  // ends earlier is a Failure.
  [[nodiscard]] Result<void> follow(std::string_view target, const Line& line) const;
  // Calls `line` in the same way for an answer with an end; that the daemon ends it is no Failure.
  [[nodiscard]] Result<void> read_lines(std::string_view target, const Line& line) const;

 private:
  [[nodiscard]] Result<std::string> answer_to(std::string_view request) const;
  // True: `line` wants no more; false: the daemon ended the stream.
  [[nodiscard]] Result<bool> read_stream(std::string_view target, const Line& line) const;

  std::filesystem::path socket_;
};

}  // namespace watchpost::cli
