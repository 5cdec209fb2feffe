// The local API over a real Unix socket, with a spool and a log that do what the test says.
#include "console/local_api.hpp"

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <fstream>

#include "console/http_server.hpp"
#include "support/catch.hpp"
#include "support/memory_spool.hpp"
#include "support/recording_log.hpp"
#include "support/records.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::support;
namespace asio = boost::asio;

namespace {

// Answers at once with what the memory spool has committed.
class MemoryLogReader final : public spool::LogReader {
 public:
  void read_set_aside(const std::string&, std::uint64_t, SetAsideAnswer answer) override {
    answer(std::vector<spool::SetAside>{});
  }
  explicit MemoryLogReader(const MemorySpool& spool) : spool_(spool) {}
  void read(const spool::ReadRequest& request, Answer answer) override {
    ++questions;
    std::vector<SharedRecord> found;
    for (const Record& record : spool_.committed) {
      if (record.event_class != request.event_class || record.seq <= request.after) continue;
      if (record.payload == "damaged") continue;
      if (found.size() < request.most_records) {
        found.push_back(std::make_shared<const Record>(record));
      }
    }
    answer(std::move(found));
  }
  std::size_t questions = 0;

 private:
  const MemorySpool& spool_;
};

struct Served {
  TempDirectory directory;
  asio::io_context io;
  MemorySpool spool;
  MemoryLogReader reader{spool};
  RecordingLog log;
  std::filesystem::path path = directory.path() / "local.sock";
  console::LocalApi api{
      io,
      {spool, reader, log},
      {[](bool all) { return std::string(all ? R"({"all":true})" : R"({"up":true})"); },
       [](const Record& record) { return record.payload; }}};

  void commit(EventClass event_class, std::string payload) {
    spool.append(an_append(a_record(event_class, std::move(payload)), nullptr, 0));
    spool.commit();
  }
  void commit_at(EventClass event_class, std::string payload, int second) {
    Record record = a_record(event_class, std::move(payload));
    record.received_at = WallTime{std::chrono::seconds{second}};
    spool.append(an_append(std::move(record), nullptr, 0));
    spool.commit();
  }
  void run(std::chrono::milliseconds time) { io.run_for(time); }
};

// A client that does not block: the test runs the server between the client's calls.
class Client {
 public:
  Client(Served& served, const std::string& request) : served_(served), socket_(served.io) {
    socket_.connect(asio::local::stream_protocol::endpoint(served.path.string()));
    if (!request.empty()) asio::write(socket_, asio::buffer(request));
  }
  // Reads until `part` has arrived or the limit is over; returns everything that arrived.
  std::string read_until(std::string_view part,
                         std::chrono::milliseconds limit = std::chrono::seconds{5}) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (text_.find(part) == std::string::npos && std::chrono::steady_clock::now() < end) {
      served_.run(std::chrono::milliseconds{5});
      drain();
    }
    return text_;
  }
  bool is_closed_within(std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!closed_ && std::chrono::steady_clock::now() < end) {
      served_.run(std::chrono::milliseconds{5});
      drain();
    }
    return closed_;
  }

 private:
  void drain() {
    socket_.non_blocking(true);
    std::array<char, 65'536> buffer{};
    while (!closed_) {
      boost::system::error_code error;
      const auto size = socket_.read_some(asio::buffer(buffer), error);
      if (error == asio::error::would_block) return;
      closed_ = static_cast<bool>(error);
      text_.append(buffer.data(), size);
    }
  }
  Served& served_;
  asio::local::stream_protocol::socket socket_;
  std::string text_;
  bool closed_ = false;
};

std::string asking(std::string_view method, std::string_view target) {
  return std::string(method).append(" ").append(target).append(
      " HTTP/1.1\r\nHost: local\r\nContent-Length: 0\r\n\r\n");
}

const std::string kStatus = "GET /v1/status HTTP/1.1\r\nHost: local\r\n\r\n";
const std::string kEvents = "GET /v1/events HTTP/1.1\r\nHost: local\r\n\r\n";
const std::string kAllEvents = "GET /v1/events?from=oldest HTTP/1.1\r\nHost: local\r\n\r\n";

}  // namespace

TEST_CASE("the local API answers status once and closes", "[console][unit]") {
  Served served;
  served.api.listen(served.path).value();
  Client client(served, kStatus);
  const auto answer = client.read_until("}");
  CHECK(answer.starts_with("HTTP/1.1 200"));
  CHECK(answer.ends_with(R"({"up":true})"));
  CHECK(client.is_closed_within(std::chrono::seconds{5}));
}

TEST_CASE("all devices are given where asked, and nothing else is guessed", "[console][unit]") {
  Served served;
  served.api.listen(served.path).value();
  Client all(served, asking("GET", "/v1/status?devices=all"));
  CHECK(all.read_until("}").ends_with(R"({"all":true})"));
  Client other(served, asking("GET", "/v1/status?devices=some"));
  CHECK(other.read_until("}").starts_with("HTTP/1.1 400"));
}

TEST_CASE("an unknown path names the known ones", "[console][unit]") {
  Served served;
  served.api.listen(served.path).value();
  Client client(served, "GET /nothing HTTP/1.1\r\nHost: local\r\n\r\n");
  const auto answer = client.read_until("}");
  CHECK(answer.starts_with("HTTP/1.1 404"));
  CHECK(answer.find("/v1/status") != std::string::npos);
}

TEST_CASE("events begin with what comes next, or with the oldest where asked", "[console][unit]") {
  Served served;
  served.api.listen(served.path).value();
  served.commit(EventClass::telemetry, "before");
  Client next(served, kEvents);
  Client all(served, kAllEvents);
  next.read_until("ndjson");
  CHECK(all.read_until("before").find("before\n") != std::string::npos);

  served.commit(EventClass::telemetry, "after");

  const auto seen = next.read_until("after");
  CHECK(seen.find("before") == std::string::npos);
  CHECK(seen.ends_with("after\n"));
  CHECK(all.read_until("after").ends_with("before\nafter\n"));
}

TEST_CASE("what is stored comes in the order of time, whatever its class", "[console][unit]") {
  Served served;
  served.api.listen(served.path).value();
  served.commit_at(EventClass::telemetry, "one", 1);
  served.commit_at(EventClass::alarm, "two", 2);
  served.commit_at(EventClass::telemetry, "three", 3);
  served.commit_at(EventClass::status, "four", 4);
  served.commit_at(EventClass::alarm, "five", 5);
  Client all(served, kAllEvents);
  CHECK(all.read_until("five").ends_with("one\ntwo\nthree\nfour\nfive\n"));
}

TEST_CASE("a part of the events is given: one class, the newest, without following",
          "[console][unit]") {
  Served served;
  served.api.listen(served.path).value();
  for (int i = 1; i <= 5; ++i) {
    served.commit_at(EventClass::telemetry, "t" + std::to_string(i), 10 * i);
    served.commit_at(EventClass::alarm, "a" + std::to_string(i), 10 * i + 1);
  }
  Client alarms(served, asking("GET", "/v1/events?from=oldest&class=alarm&follow=no"));
  CHECK(alarms.is_closed_within(std::chrono::seconds{5}));
  CHECK(alarms.read_until("a5").ends_with("\r\na1\na2\na3\na4\na5\n"));
  Client newest(served, asking("GET", "/v1/events?newest=2&follow=no"));
  CHECK(newest.is_closed_within(std::chrono::seconds{5}));
  CHECK(newest.read_until("a5").ends_with("\r\nt4\na4\nt5\na5\n"));
}

TEST_CASE("a question that is not understood is refused, not guessed", "[console][unit]") {
  Served served;
  served.api.listen(served.path).value();
  for (const std::string target : {"/v1/events?form=oldest", "/v1/events?newest=ten",
                                   "/v1/events?class=fire", "/v1/export?from=now"}) {
    Client client(served, asking("GET", target));
    const auto answer = client.read_until("}");
    INFO(target << "\n" << answer);
    CHECK(answer.starts_with("HTTP/1.1 400"));
    CHECK(answer.find("is not understood") != std::string::npos);
  }
}

TEST_CASE("each route takes its method only, and says which", "[console][unit]") {
  Served served;
  served.api.listen(served.path).value();
  for (const std::string path : {"/v1/status", "/v1/events", "/v1/export"}) {
    Client client(served, asking("POST", path));
    const auto answer = client.read_until("}");
    INFO(answer);
    CHECK(answer.starts_with("HTTP/1.1 405"));
    CHECK(answer.find("Allow: GET\r\n") != std::string::npos);
  }
  // The path is not offered here, so it is unknown.
  Client verify(served, asking("GET", "/v1/verify"));
  CHECK(verify.read_until("}").starts_with("HTTP/1.1 404"));
  // A path that only begins like a known one is unknown.
  Client longer(served, asking("GET", "/v1/statusandmore"));
  CHECK(longer.read_until("}").starts_with("HTTP/1.1 404"));
}

TEST_CASE("a newest row that cannot be read is not asked for again and again", "[console][unit]") {
  Served served;
  served.api.listen(served.path).value();
  served.commit(EventClass::telemetry, "damaged");
  Client all(served, kAllEvents);
  all.read_until("ndjson");
  for (int i = 0; i < 20; ++i) served.commit(EventClass::alarm, "a");
  all.read_until(std::string("a\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\na\n"));
  const auto questions = served.reader.questions;
  served.run(std::chrono::milliseconds{2'500});
  CHECK(served.reader.questions == questions);
}

TEST_CASE("only owner and group may connect to the local socket", "[console][unit]") {
  Served served;
  served.api.listen(served.path).value();
  struct stat facts {};
  REQUIRE(::stat(served.path.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777U) == 0660U);
  served.api.stop();
  CHECK_FALSE(std::filesystem::exists(served.path));
}

TEST_CASE("a socket file that a killed daemon left is replaced", "[console][unit]") {
  Served served;
  {
    asio::local::stream_protocol::acceptor left(
        served.io, asio::local::stream_protocol::endpoint(served.path.string()));
  }
  REQUIRE(std::filesystem::exists(served.path));
  served.api.listen(served.path).value();
  Client client(served, kStatus);
  CHECK(client.read_until("}").starts_with("HTTP/1.1 200"));
}

TEST_CASE("a file that is no socket is not removed for one", "[console][unit]") {
  Served served;
  std::ofstream(served.path) << "somebody's work";
  const auto listening = served.api.listen(served.path);
  REQUIRE(listening.has_error());
  CHECK(listening.error().sentence().find("local.socket") != std::string::npos);
  served.api.stop();
  CHECK(std::filesystem::file_size(served.path) > 0);
}

TEST_CASE("followers that do not read leave room for status, and cost bounded memory",
          "[console][unit]") {
  Served served;
  served.api.listen(served.path).value();
  for (int i = 0; i < 200; ++i) served.commit(EventClass::telemetry, std::string(10'000, 'x'));
  std::deque<Client> slow;
  for (std::size_t i = 0; i < 50; ++i) {
    slow.emplace_back(served, kAllEvents);
    served.run(std::chrono::milliseconds{5});
  }
  served.run(std::chrono::milliseconds{100});

  Client status(served, kStatus);
  CHECK(status.read_until("}").ends_with(R"({"up":true})"));
  CHECK(slow.back().read_until("}").starts_with("HTTP/1.1 503"));
}

TEST_CASE("clients that ask nothing are closed although commits go on", "[console][unit]") {
  Served served;
  const auto deadline = std::chrono::milliseconds{300};
  served.api.limit_waits({.answer = deadline, .follower = deadline});
  served.api.listen(served.path).value();
  std::deque<Client> silent;
  for (std::size_t i = 0; i < console::HttpServer::kMostClients; ++i)
    silent.emplace_back(served, "");
  served.run(std::chrono::milliseconds{20});
  served.commit(EventClass::telemetry, "x");
  CHECK(silent.front().is_closed_within(std::chrono::seconds{3}));
  CHECK(silent.back().is_closed_within(std::chrono::seconds{3}));

  Client status(served, kStatus);
  CHECK(status.read_until("}").ends_with(R"({"up":true})"));
}

TEST_CASE("a follower that reads nothing for too long is closed", "[console][unit]") {
  Served served;
  const auto deadline = std::chrono::milliseconds{300};
  served.api.limit_waits({.answer = deadline, .follower = deadline});
  served.api.listen(served.path).value();
  for (int i = 0; i < 200; ++i) served.commit(EventClass::telemetry, std::string(10'000, 'x'));
  Client follower(served, kAllEvents);
  served.run(std::chrono::milliseconds{1'000});
  // The client still reads what was sent to it; then the connection ends.
  CHECK(follower.is_closed_within(std::chrono::seconds{3}));
}

TEST_CASE("a follower that reads is not closed while nothing happens", "[console][unit]") {
  Served served;
  const auto deadline = std::chrono::milliseconds{300};
  served.api.limit_waits({.answer = deadline, .follower = deadline});
  served.api.listen(served.path).value();
  Client follower(served, kEvents);
  CHECK_FALSE(follower.is_closed_within(std::chrono::milliseconds{1'000}));
  served.commit(EventClass::alarm, "fire");
  CHECK(follower.read_until("fire").ends_with("fire\n"));
}
