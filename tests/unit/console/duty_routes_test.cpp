// The routes of people on duty, over a real Unix socket, with a store that answers when the test
// says.
#include "console/duty_routes.hpp"

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <deque>

#include "console/http_server.hpp"
#include "support/catch.hpp"
#include "support/recording_log.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::console;
using namespace watchpost::support;
namespace asio = boost::asio;

namespace {

struct DutyServer {
  TempDirectory directory;
  asio::io_context io;
  RecordingLog log;
  std::filesystem::path path = directory.path() / "local.sock";
  std::string body;
  std::optional<Origin> origin{};
  ToldAnswer told{};
  std::shared_ptr<HttpServer> server;

  explicit DutyServer(std::optional<std::chrono::milliseconds> longest_commit = {}) {
    DutySources sources;
    if (longest_commit) sources.longest_commit = *longest_commit;
    sources.alarms = [] { return std::string(R"({"alarms":[]})"); };
    sources.devices = [] { return std::string(R"({"devices":[]})"); };
    sources.alarm = [](std::string_view number) -> Result<std::string> {
      if (number == "37") return std::string(R"({"number":37})");
      return Failure{Failure::Kind::not_found, "There is no alarm " + std::string(number), "Look"};
    };
    sources.command = [this](std::string_view text, Origin from, ToldAnswer tell) {
      body = text;
      origin = from;
      told = std::move(tell);
    };
    sources.enter_devices = sources.command;
    std::vector<Route> routes;
    add_duty_routes(sources, routes);
    server = std::make_shared<HttpServer>(io, log, std::move(routes));
    server->listen(path).value();
  }
  ~DutyServer() {
    server->stop();
    io.poll();
  }
};

class Asking {
 public:
  Asking(DutyServer& served, std::string_view line, std::string_view body = "")
      : served_(served), socket_(served.io) {
    socket_.connect(asio::local::stream_protocol::endpoint(served.path.string()));
    const std::string request = std::string(line) + " HTTP/1.1\r\nHost: local\r\nContent-Length: " +
                                std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
    asio::write(socket_, asio::buffer(request));
  }
  // All that has come by the end, or by now.
  std::string answer(std::chrono::milliseconds limit = std::chrono::seconds{5}) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!is_closed_ && std::chrono::steady_clock::now() < end) {
      served_.io.run_for(std::chrono::milliseconds{5});
      socket_.non_blocking(true);
      std::array<char, 4'096> buffer{};
      boost::system::error_code error;
      const auto size = socket_.read_some(asio::buffer(buffer), error);
      if (error == asio::error::would_block) continue;
      is_closed_ = static_cast<bool>(error);
      text_.append(buffer.data(), size);
    }
    return text_;
  }
  void leave() { socket_.close(); }

 private:
  DutyServer& served_;
  asio::local::stream_protocol::socket socket_;
  std::string text_;
  bool is_closed_ = false;
};

bool ends(const std::string& text, std::string_view part) {
  UNSCOPED_INFO(text);
  return text.ends_with(part);
}

constexpr std::chrono::milliseconds kMoment{50};

}  // namespace

TEST_CASE("alarms, one alarm and devices are given as they are", "[console][unit]") {
  DutyServer served;
  CHECK(ends(Asking(served, "GET /v1/alarms").answer(), R"({"alarms":[]})"));
  CHECK(ends(Asking(served, "GET /v1/devices").answer(), R"({"devices":[]})"));
  CHECK(ends(Asking(served, "GET /v1/alarm?number=37").answer(), R"({"number":37})"));
  const auto none = Asking(served, "GET /v1/alarm?number=9").answer();
  CHECK(ends(none, R"({"error":"There is no alarm 9. Look"})"));
  CHECK(none.starts_with("HTTP/1.1 404"));
  CHECK(Asking(served, "GET /v1/alarm").answer().find(" 400 ") != std::string::npos);
  CHECK(Asking(served, "GET /v1/command").answer().find(" 405 ") != std::string::npos);
}

TEST_CASE("a command is answered once the store has answered", "[console][unit]") {
  DutyServer served;
  Asking asking(served, "POST /v1/command?origin=cli", "wish");
  CHECK(asking.answer(kMoment).empty());
  CHECK(served.body == "wish");
  CHECK(served.origin == Origin::cli);
  served.told(std::string(R"({"done":true})"));
  CHECK(ends(asking.answer(), R"({"done":true})"));
}

TEST_CASE("who asks says where from, or is the local API; nobody is a device or an upstream",
          "[console][unit]") {
  DutyServer served;
  Asking script(served, "POST /v1/enter", "list");
  CHECK(script.answer(kMoment).empty());
  CHECK(served.origin == Origin::api);
  served.told(Failure{Failure::Kind::invalid_input, "No list", "Send one"});
  CHECK(ends(script.answer(), R"({"error":"No list. Send one"})"));
  served.origin.reset();
  CHECK(Asking(served, "POST /v1/command?origin=upstream", "x").answer().find(" 400 ") !=
        std::string::npos);
  CHECK_FALSE(served.origin.has_value());
}

TEST_CASE("an answer to a client that has gone harms nobody", "[console][unit]") {
  DutyServer served;
  {
    Asking gone(served, "POST /v1/command", "wish");
    CHECK(gone.answer(kMoment).empty());
    gone.leave();
  }
  served.told(std::string("{}"));
  CHECK(ends(Asking(served, "GET /v1/alarms").answer(), R"({"alarms":[]})"));
}

TEST_CASE("who commands a box whose disk does not answer is told to send it again",
          "[console][unit]") {
  DutyServer served{kMoment};
  Asking asking(served, "POST /v1/command", "wish");
  const auto answer = asking.answer();
  CHECK(answer.find(" 503 ") != std::string::npos);
  CHECK(answer.find("Send it again with the same key: nothing is done twice") != std::string::npos);
  // What the store says later harms nobody.
  served.told(std::string("{}"));
  CHECK(ends(Asking(served, "GET /v1/alarms").answer(), R"({"alarms":[]})"));
}

TEST_CASE("commands that wait for a dead disk leave room for who looks", "[console][unit]") {
  DutyServer served;
  std::deque<Asking> waiting;
  for (std::size_t i = 0; i < HttpServer::kMostClients; ++i) {
    waiting.emplace_back(served, "POST /v1/command", "wish");
    (void)waiting.back().answer(std::chrono::milliseconds{10});
  }
  CHECK(waiting.front().answer(kMoment).empty());
  CHECK(waiting.back().answer().find(" 503 ") != std::string::npos);
  CHECK(ends(Asking(served, "GET /v1/alarms").answer(), R"({"alarms":[]})"));
}

TEST_CASE("a refusal is told in both languages, and what may work later as such",
          "[console][unit]") {
  DutyServer served;
  Asking asking(served, "POST /v1/command", "wish");
  CHECK(asking.answer(kMoment).empty());
  served.told(in_both(Failure::Kind::unavailable, English{"Not now", "Wait"},
                      Chinese{"现在不行", "请等待"}));
  const auto answer = asking.answer();
  CHECK(answer.find(" 503 ") != std::string::npos);
  CHECK(ends(
      answer,
      R"({"error":"Not now. Wait","text":{"en":"Not now. Wait","zh-CN":"现在不行。请等待"}})"));
}
