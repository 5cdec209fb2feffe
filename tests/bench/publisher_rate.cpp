// publisher_rate: how much the publishers themselves cost, against a sink that only answers. Usage:
// publisher_rate [seconds [window [payload bytes]]]. Prints acknowledged messages/s, and the CPU
// time of 100,000 messages in this process; the sink is another process.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "client/mqtt_link.hpp"
#include "protocol/codec.hpp"

namespace {

using namespace watchpost;
using boost::asio::ip::tcp;
using Steady = std::chrono::steady_clock;

// Serves one client after the other, until the process is killed.
[[noreturn]] void sink(int listening) {
  boost::asio::io_context io;  // not shared with the parent process
  tcp::acceptor acceptor(io, tcp::v4(), listening);
  while (true) {
    tcp::socket client(io);
    acceptor.accept(client);
    client.set_option(tcp::no_delay(true));
    protocol::Framer framer(1'024 * 1'024);
    boost::system::error_code error;
    while (!error) {
      const auto room = framer.prepare();
      framer.commit(client.read_some(boost::asio::buffer(room.data(), room.size()), error));
      std::string answers;
      for (auto frame = framer.next(); frame && *frame; frame = framer.next()) {
        if ((*frame)->type == protocol::PacketType::connect) {
          encode(protocol::Packet{protocol::Connack{}}, protocol::Version::v5, answers);
        } else if ((*frame)->type == protocol::PacketType::publish) {
          const auto publish = decode_publish(**frame, protocol::Version::v5);
          encode_acknowledgement(protocol::PacketType::puback, publish->packet_id, answers);
        }
      }
      if (!error) boost::asio::write(client, boost::asio::buffer(answers), error);
    }
  }
}

struct Load final : client::LinkObserver {
  Load(client::MqttLink& to, std::size_t bytes) : publisher(to), payload(bytes, 'x') {}
  void connected(const client::LinkTerms&) override { is_up = true; }
  void link_lost(const client::LinkEnd& end) override {
    std::fprintf(stderr, "publisher_rate: %s\n", end.failure.sentence().c_str());
    std::exit(1);
  }
  void acknowledged(client::PublishToken, client::ReasonCode) override {
    ++answered;
    if (going) more();
  }
  void subscribed(std::span<const client::ReasonCode>) override {}
  void arrived(const client::Arrival&) override {}
  void disconnected() override {}
  void more() {
    publisher.publish({client::PublishToken{++sent}, "wp/v1/310118/106/203/bench/telemetry/water/w",
                       payload, false});
  }

  client::MqttLink& publisher;
  std::string payload;
  std::uint64_t sent = 0;
  std::uint64_t answered = 0;
  bool is_up = false;
  bool going = true;
};

double cpu_seconds() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(use.ru_utime) + seconds(use.ru_stime);
}

void measure(const char* name, client::MqttLink& publisher, boost::asio::io_context& io,
             const std::array<int, 3>& options) {
  const auto [seconds, window, bytes] = options;
  Load load(publisher, static_cast<std::size_t>(bytes));
  publisher.observe(load);
  publisher.connect({});
  while (!load.is_up) io.run_one();
  for (int i = 0; i < window; ++i) load.more();
  const auto begun = Steady::now();
  const double used = cpu_seconds();
  io.run_for(std::chrono::seconds(seconds));
  const std::chrono::duration<double> took = Steady::now() - begun;
  const auto answered = static_cast<double>(load.answered);
  std::printf("%s: %.0f messages/s, %.2f CPU s per 100,000 (%d bytes, window %d)\n", name,
              answered / took.count(), (cpu_seconds() - used) / answered * 1e5, bytes, window);
  load.going = false;
  publisher.drop();
}

}  // namespace

int main(int count, char** arguments) {
  std::array<int, 3> options{2, 100, 200};
  for (int i = 1; i < count && i <= 3; ++i) {
    options[static_cast<std::size_t>(i - 1)] = std::max(1, std::atoi(arguments[i]));
  }
  boost::asio::io_context listening;
  tcp::acceptor acceptor(listening, {boost::asio::ip::address_v4::loopback(), 0});
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    sink(::dup(acceptor.native_handle()));
  }
  boost::asio::io_context io(1);
  const auto work = boost::asio::make_work_guard(io);
  client::LinkOptions to;
  to.url = {"127.0.0.1", acceptor.local_endpoint().port(), false};
  to.client_id = "bench";
  to.max_outstanding = static_cast<std::size_t>(options[1]);
  measure("own client", *make_link(io.get_executor(), MqttLibrary::own, to), io, options);
  measure("Paho", *make_link(io.get_executor(), MqttLibrary::paho, to), io, options);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  return 0;
}
