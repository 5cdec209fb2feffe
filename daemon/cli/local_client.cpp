#include "cli/local_client.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <istream>
#include <iterator>

#include "cli/status_json.hpp"

namespace watchpost::cli {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace json = boost::json;
using Socket = asio::local::stream_protocol::socket;
using boost::system::error_code;

constexpr long kAnswerSeconds = 10;

Failure not_running(const std::filesystem::path& socket, const error_code& error) {
  if (error == asio::error::access_denied) {
    return in_both(Failure::Kind::environment,
                   English{fmt::format("You may not talk to the daemon at {}", socket.string()),
                           "Run this as root (sudo) or as a member of the group watchpost"},
                   Chinese{fmt::format("没有权限连接 {} 的服务", socket.string()),
                           "请以 root（sudo）或 watchpost 组成员的身份运行"});
  }
  return in_both(
      Failure::Kind::unavailable,
      English{
          fmt::format("No daemon answers at {} ({})", socket.string(), error.message()),
          "Start it (systemctl start watchpostd; journalctl -u watchpostd says why it stopped), "
          "or name its socket with --socket"},
      Chinese{fmt::format("{} 没有服务应答（{}）", socket.string(), error.message()),
              "请启动服务（systemctl start watchpostd；journalctl -u watchpostd 说明它为何停止），"
              "或用 --socket 写明它的套接字"});
}

std::string get_request(std::string_view target) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: local\r\nConnection: close\r\n\r\n", target);
}

error_code connect(Socket& socket, const std::filesystem::path& path, std::string_view request) {
  error_code error;
  socket.connect(asio::local::stream_protocol::endpoint(path.string()), error);
  if (error) return error;
  asio::write(socket, asio::buffer(request), error);
  return error;
}

struct Answer {
  std::string status_line;
  std::string body;
};

// The sentence of a refusal: the daemon's own, or the status line where the answer is not the
// daemon's. Only an answer of 503 may be another one later.
Failure refused(const Answer& answer) {
  const auto& [status_line, body] = answer;
  error_code error;
  const json::value parsed = json::parse(body, error);
  const std::string why = error || !parsed.is_object() ? "" : text(parsed.get_object(), "error");
  auto kind = Failure::Kind::refused;
  if (status_line.find(" 503 ") != std::string::npos) kind = Failure::Kind::unavailable;
  if (status_line.find(" 404 ") != std::string::npos) kind = Failure::Kind::not_found;
  if (why.empty()) {
    return in_both(kind,
                   English{"The daemon answers " + status_line,
                           "Check that --socket names watchpostd's socket"},
                   Chinese{"服务应答 " + status_line, "请确认 --socket 是 watchpostd 的套接字"});
  }
  const std::string chinese = text(section(parsed.get_object(), "text"), "zh-CN");
  return in_both(kind, English{"The daemon refuses: " + why, ""},
                 Chinese{"服务拒绝：" + (chinese.empty() ? why : chinese), ""});
}

}  // namespace

Result<std::string> LocalClient::get(std::string_view target) const {
  return answer_to(get_request(target));
}

Result<std::string> LocalClient::post(const Posting& posting) const {
  return answer_to(
      fmt::format("POST {} HTTP/1.1\r\nHost: local\r\nConnection: close\r\n"
                  "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                  posting.target, posting.body.size(), posting.body));
}

Result<std::string> LocalClient::answer_to(std::string_view request) const {
  asio::io_context io;
  Socket socket(io);
  if (const auto error = connect(socket, socket_, request)) return not_running(socket_, error);
  const timeval deadline{kAnswerSeconds, 0};
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(64ULL << 20U);
  error_code error;
  http::read(socket, buffer, parser, error);
  if (error) {
    return in_both(Failure::Kind::unavailable,
                   English{fmt::format("The daemon at {} did not answer: {}", socket_.string(),
                                       error.message()),
                           "Look at its log: journalctl -u watchpostd"},
                   Chinese{fmt::format("{} 的服务没有应答：{}", socket_.string(), error.message()),
                           "请查看它的日志：journalctl -u watchpostd"});
  }
  const auto& answer = parser.get();
  if (answer.result() != http::status::ok) {
    const std::string_view reason(answer.reason().data(), answer.reason().size());
    return refused({fmt::format("HTTP/1.1 {} {}", answer.result_int(), reason), answer.body()});
  }
  return std::move(parser.get().body());
}

Result<bool> LocalClient::read_stream(std::string_view target, const Line& line) const {
  asio::io_context io;
  Socket socket(io);
  const auto error_there = connect(socket, socket_, get_request(target));
  if (error_there) return not_running(socket_, error_there);
  asio::streambuf buffer;
  error_code error;
  asio::read_until(socket, buffer, "\r\n\r\n", error);
  std::istream stream(&buffer);
  std::string status_line;
  std::getline(stream, status_line);
  if (status_line.ends_with('\r')) status_line.pop_back();
  std::string text;
  while (!error && std::getline(stream, text) && text != "\r") continue;
  if (!error && status_line.find(" 200 ") == std::string::npos) {
    asio::read(socket, buffer, error);
    return refused({status_line, {std::istreambuf_iterator<char>(stream), {}}});
  }
  while (!error) {
    asio::read_until(socket, buffer, '\n', error);
    if (error) break;
    std::getline(stream, text);
    if (!line(text)) return true;
  }
  return false;
}

Result<void> LocalClient::follow(std::string_view target, const Line& line) const {
  const auto read = read_stream(target, line);
  if (!read) return read.error();
  if (*read) return {};
  return in_both(Failure::Kind::unavailable,
                 English{"The daemon ended the stream",
                         "It was stopped or is restarting; run the command again"},
                 Chinese{"服务中断了传输", "它已停止或正在重启；请再次运行本命令"});
}

Result<void> LocalClient::read_lines(std::string_view target, const Line& line) const {
  const auto read = read_stream(target, line);
  if (!read) return read.error();
  return {};
}

}  // namespace watchpost::cli
