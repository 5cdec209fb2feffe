#include <sys/stat.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <fstream>

#include "base/spawn.hpp"
#include "net/await.hpp"
#include "net_stage.hpp"
#include "support/recording_log.hpp"

namespace watchpost::net {
namespace {

TcpPlace loopback(std::uint16_t port = 0) {
  return {"127.0.0.1", port, "this [[listener]]", "Stop mosquitto"};
}

boost::asio::awaitable<void> echo(Acceptor& acceptor, std::string& heard) {
  auto [error, stream] = co_await accept(acceptor);
  if (error) co_return;
  const auto [unshaken, nothing] = co_await shake_hands(*stream);
  if (unshaken) co_return;
  std::array<char, 64> room{};
  const auto [ended, count] = co_await read_some(*stream, room);
  heard.assign(room.data(), count);
  const std::span<const char> answer(room.data(), count);
  const auto [failed, written] = co_await write(*stream, answer);
  heard += failed || ended ? " and failed" : " and answered";
}

}  // namespace

TEST_CASE("an address that this box does not have is told as one", "[net][unit]") {
  NetStage stage;
  // Of the addresses for documentation (RFC 5737), which no box has.
  const auto none = Acceptor::at(stage.io.get_executor(),
                                 {"203.0.113.77", 0, "this [[listener]] in watchpost.toml"});
  REQUIRE(none.has_error());
  CHECK(none.error().remedy.starts_with("This box has no such address"));
  CHECK(none.error().chinese.find("请改正 [[listener]] 的") != std::string::npos);
}

TEST_CASE("a coroutine accepts, reads and writes", "[net][unit]") {
  NetStage stage;
  Acceptor acceptor = Acceptor::at(stage.io.get_executor(), loopback()).value();
  CHECK(acceptor.is_loopback());
  std::string heard;
  support::RecordingLog log;
  spawn(stage.io.get_executor(), echo(acceptor, heard), log, "an echo");
  boost::asio::ip::tcp::socket client(stage.io);
  client.connect({boost::asio::ip::make_address("127.0.0.1"), acceptor.port()});
  boost::asio::write(client, boost::asio::buffer(std::string("tap")));
  REQUIRE(stage.run_until([&] { return heard == "tap and answered"; }));
}

TEST_CASE("an address that is taken or none is refused with what to change", "[net][unit]") {
  NetStage stage;
  const auto executor = stage.io.get_executor();
  const Acceptor first = Acceptor::at(executor, loopback()).value();
  const auto taken = Acceptor::at(executor, loopback(first.port()));
  REQUIRE(taken.has_error());
  CHECK(taken.error().remedy == "Stop mosquitto");
  const auto none = Acceptor::at(executor, TcpPlace{"localhost", 1883, "this [[listener]]"});
  REQUIRE(none.has_error());
  CHECK(none.error().what.find("localhost") != std::string::npos);
  CHECK(none.error().remedy.find("this [[listener]]") != std::string::npos);
}

TEST_CASE("a socket file of one that was killed is replaced, any other file is not",
          "[net][unit]") {
  NetStage stage;
  const auto path = stage.folder.path() / "socket";
  const auto at = [&stage](std::filesystem::path place) {
    return Acceptor::at(stage.io.get_executor(), SocketFile{std::move(place), "Move it"});
  };
  { const Acceptor killed = at(path).value(); }
  CHECK(std::filesystem::is_socket(path));
  const Acceptor again = at(path).value();
  struct stat found {};
  REQUIRE(::stat(path.c_str(), &found) == 0);
  CHECK((found.st_mode & 0777U) == 0660U);

  const auto file = stage.folder.path() / "precious";
  std::ofstream(file) << "keep me";
  CHECK(at(file).error().remedy == "Move it");
  CHECK(std::filesystem::file_size(file) == 7);
  CHECK(at(stage.folder.path() / "missing" / "socket").has_error());
  CHECK(at(stage.folder.path() / std::string(120, 'x')).has_error());
}

TEST_CASE("an accept that waits is answered when its acceptor is closed", "[net][unit]") {
  NetStage stage;
  Acceptor acceptor = Acceptor::at(stage.io.get_executor(), loopback()).value();
  Error heard;
  bool done = false;
  acceptor.accept([&](const Error& error, const std::shared_ptr<Stream>& stream) {
    CHECK(stream == nullptr);
    heard = error;
    done = true;
  });
  acceptor.close();
  CHECK_FALSE(done);
  REQUIRE(stage.run_until([&] { return done; }));
  CHECK(is_aborted(heard));
  CHECK_FALSE(acceptor.is_open());
}

}  // namespace watchpost::net
