#include "cli/local_client.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <istream>

namespace watchpost::cli {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Socket = asio::local::stream_protocol::socket;
using boost::system::error_code;

constexpr long kAnswerSeconds = 10;

Failure not_running(const std::filesystem::path& socket, const error_code& error) {
  if (error == asio::error::access_denied) {
    return Failure{Failure::Kind::environment,
                   fmt::format("You may not talk to the daemon at {}", socket.string()),
                   "Run this as root (sudo) or as a member of the group watchpost"};
  }
  return Failure{
      Failure::Kind::unavailable,
      fmt::format("No daemon answers at {} ({})", socket.string(), error.message()),
      "Start it (systemctl start watchpostd; journalctl -u watchpostd says why it stopped), "
      "or name its socket with --socket"};
}

error_code connect(Socket& socket, const std::filesystem::path& path, std::string_view target) {
  error_code error;
  socket.connect(asio::local::stream_protocol::endpoint(path.string()), error);
  if (error) return error;
  const std::string request =
      fmt::format("GET {} HTTP/1.1\r\nHost: local\r\nConnection: close\r\n\r\n", target);
  asio::write(socket, asio::buffer(request), error);
  return error;
}

}  // namespace

Result<std::string> get(const std::filesystem::path& path, std::string_view target) {
  asio::io_context io;
  Socket socket(io);
  if (const auto error = connect(socket, path, target)) return not_running(path, error);
  const timeval deadline{kAnswerSeconds, 0};
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(64ULL << 20U);
  error_code error;
  http::read(socket, buffer, parser, error);
  if (error) {
    return Failure{
        Failure::Kind::unavailable,
        fmt::format("The daemon at {} did not answer: {}", path.string(), error.message()),
        "Look at its log: journalctl -u watchpostd"};
  }
  return std::move(parser.get().body());
}

Result<void> follow(const std::filesystem::path& path, std::string_view target,
                    const std::function<bool(std::string_view)>& line) {
  asio::io_context io;
  Socket socket(io);
  if (const auto error = connect(socket, path, target)) return not_running(path, error);
  asio::streambuf buffer;
  error_code error;
  asio::read_until(socket, buffer, "\r\n\r\n", error);
  std::istream stream(&buffer);
  std::string text;
  while (!error && std::getline(stream, text) && text != "\r") continue;
  while (!error) {
    asio::read_until(socket, buffer, '\n', error);
    if (error) break;
    std::getline(stream, text);
    if (!line(text)) return {};
  }
  return Failure{Failure::Kind::unavailable, "The daemon ended the stream",
                 "It was stopped or is restarting; run the command again"};
}

}  // namespace watchpost::cli
