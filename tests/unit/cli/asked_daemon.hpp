// A daemon that answers as a test says, over a real Unix socket, and what a command writes
// meanwhile.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "cli/duty/act.hpp"
#include "support/catch.hpp"
#include "support/temp_directory.hpp"

namespace watchpost::cli::testing {

namespace asio = boost::asio;
using support::TempDirectory;

// A daemon that gives one answer after the other, and keeps what it was asked.
class Daemon {
 public:
  explicit Daemon(std::vector<std::string> answers)
      : answers_(std::move(answers)),
        acceptor_(io_, asio::local::stream_protocol::endpoint(socket())) {
    thread_ = std::thread([this] { serve(); });
  }
  ~Daemon() { (void)asked(); }
  [[nodiscard]] std::string socket() const { return (directory_.path() / "s").string(); }
  // Once all answers were given.
  const std::vector<std::string>& asked() {
    if (thread_.joinable()) thread_.join();
    return asked_;
  }

 private:
  void serve() {
    for (const std::string& answer : answers_) {
      asio::local::stream_protocol::socket client(io_);
      acceptor_.accept(client);
      boost::system::error_code error;
      asio::streambuf buffer;
      const auto head = asio::read_until(client, buffer, "\r\n\r\n", error);
      std::string request(std::istreambuf_iterator<char>(&buffer), {});
      constexpr std::string_view kLength = "Content-Length: ";
      if (const auto at = request.find(kLength); at != std::string::npos) {
        std::string rest(head + std::stoul(request.substr(at + kLength.size())) - request.size(),
                         ' ');
        asio::read(client, asio::buffer(rest), error);
        request += rest;
      }
      asked_.push_back(request);
      asio::write(client, asio::buffer(answer), error);
    }
  }

  TempDirectory directory_;
  asio::io_context io_;
  std::vector<std::string> answers_;
  asio::local::stream_protocol::acceptor acceptor_;
  std::vector<std::string> asked_;
  std::thread thread_;
};

inline std::string answer(std::string_view status, std::string_view body) {
  return "HTTP/1.1 " + std::string(status) + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}
inline std::string good(std::string_view body) {
  return answer("200 OK", body);
}
inline std::string lines(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(body);
}

// What a command writes meanwhile.
class Written {
 public:
  Written() : out_(std::cout.rdbuf(text_.rdbuf())), err_(std::cerr.rdbuf(text_.rdbuf())) {}
  ~Written() {
    std::cout.rdbuf(out_);
    std::cerr.rdbuf(err_);
  }
  bool has(std::string_view part) const {
    UNSCOPED_INFO(text_.str());
    return text_.str().find(part) != std::string::npos;
  }
  std::size_t times(std::string_view part) const {
    const std::string text = text_.str();
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
  }

 private:
  std::ostringstream text_;
  std::streambuf* out_;
  std::streambuf* err_;
};

inline AskOptions asking_at(const Daemon& daemon, std::string alarm = "") {
  return {daemon.socket(), "en", std::move(alarm), false};
}

inline bool has_part(std::string_view text, std::string_view part) {
  UNSCOPED_INFO(text);
  return text.find(part) != std::string_view::npos;
}

}  // namespace watchpost::cli::testing
