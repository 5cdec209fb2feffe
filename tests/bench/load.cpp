// watchpost_bench_load: publishers that keep their windows full for some seconds, and a receiver
// that waits until everything acknowledged has arrived. Prints one JSON object.
// Each message carries its publisher and number, so that arrivals are counted one by one.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <charconv>
#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <vector>

#include "cli/simulate/latencies.hpp"
#include "client/mqtt_client.hpp"

namespace {

using namespace watchpost;
using namespace watchpost::cli;
using namespace watchpost::client;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kMostMessages = 50'000'000;  // of one publisher
constexpr std::string_view kMark = "\"#";
constexpr int kCouldNotRun = 2;

struct Options {
  std::uint16_t port = 0;
  std::uint16_t receive_port = 0;
  std::string filter = "#";
  std::size_t publishers = 50;
  std::uint16_t window = 20;
  std::size_t payload_bytes = 200;
  double seconds = 5;
  double patience = 30;
  std::string protocol = "5";
};

struct Count {
  std::uint64_t published = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t refused = 0;
  std::uint64_t in_time = 0;  // acknowledged before the end of publishing
  std::uint64_t arrived = 0;
  std::uint64_t repeats = 0;
  Steady::time_point last_arrival;
  Steady::time_point last_progress;
  std::string trouble;
  simulate::Latencies latencies;
};

MqttClientOptions client_options(std::uint16_t port, std::string id, const Options& options) {
  MqttClientOptions client;
  client.port = port;
  client.client_id = std::move(id);
  client.window = options.window;
  client.version = options.protocol == "5" ? protocol::Version::v5 : protocol::Version::v3_1_1;
  return client;
}

class Publisher final : public MqttClient::Listener {
 public:
  Publisher(boost::asio::io_context& io, std::size_t number, const Options& options, Count& count)
      : count_(count),
        topic_(fmt::format("wp/in/water/bench-{:02}", number)),
        client_(io.get_executor(),
                client_options(options.port, fmt::format("bench-{}", number), options), *this) {
    payload_ =
        fmt::format(R"([{{"bn":"urn:dev:bench:{0:02}:","n":"water_level","u":"m","v":2.345}},)"
                    R"({{"n":"battery","u":"%EL","v":87}},{{"n":"mark","vs":"#{0:03}-0000000000)",
                    number);
    digits_ = payload_.size() - 10;
    constexpr std::string_view kEnd = "\"}]";
    const auto body = options.payload_bytes - std::min(options.payload_bytes, kEnd.size());
    payload_.append(body - std::min(body, payload_.size()), '.');
    payload_ += kEnd;
  }

  void connect() { client_.connect(MqttClient::Start::clean); }
  void start(Steady::time_point end) {
    end_ = end;
    fill();
  }
  void stop() { client_.disconnect(); }
  [[nodiscard]] bool ready() const { return ready_; }

  void connected(bool) override { ready_ = true; }
  void acknowledged(const Acknowledged& acknowledged) override {
    const auto now = Steady::now();
    count_.last_progress = now;
    if (protocol::is_failure(acknowledged.code)) {
      ++count_.refused;
    } else {
      ++count_.acknowledged;
      if (now <= end_) ++count_.in_time;
      const Steady::duration sent{static_cast<Steady::rep>(acknowledged.tag)};
      count_.latencies.add(now.time_since_epoch() - sent);
    }
    if (now < end_) fill();
  }
  void closed(const Failure& why) override {
    ready_ = false;
    if (Steady::now() < end_) count_.trouble = why.what;
  }

 private:
  void fill() {
    while (client_.session().can_publish() && next_ < kMostMessages) {
      fmt::format_to(payload_.data() + digits_, "{:010}", next_);
      const auto now = static_cast<std::uint64_t>(Steady::now().time_since_epoch().count());
      const Outgoing outgoing{topic_, payload_, Qos::at_least_once, now};
      if (client_.publish(outgoing) != protocol::ClientSession::Taking::taken) return;
      ++next_;
      ++count_.published;
    }
  }

  Count& count_;
  std::string topic_;
  std::string payload_;
  std::size_t digits_ = 0;  // where the number stands
  std::uint64_t next_ = 0;
  Steady::time_point end_{};
  bool ready_ = false;
  MqttClient client_;
};

class Receiver final : public MqttClient::Listener {
 public:
  Receiver(boost::asio::io_context& io, const Options& options, Count& count)
      : count_(count),
        filter_(options.filter),
        seen_(options.publishers),
        client_(io.get_executor(), client_options(options.receive_port, "bench-receiver", options),
                *this) {}

  void connect() { client_.connect(MqttClient::Start::clean); }
  void stop() { client_.disconnect(); }
  [[nodiscard]] bool ready() const { return ready_; }

  void connected(bool) override { client_.subscribe(filter_, Qos::at_least_once); }
  void subscribed(std::span<const protocol::ReasonCode> codes) override {
    ready_ = !protocol::is_failure(codes.front());
  }
  void acknowledged(const Acknowledged&) override {}
  void closed(const Failure& why) override { count_.trouble = why.what; }
  void arrived(const protocol::Publish& publish) override {
    const auto mark = publish.payload.find(kMark);
    if (mark == publish.payload.npos) return;
    const char* at = publish.payload.data() + mark + kMark.size();
    const char* end = publish.payload.data() + publish.payload.size();
    std::size_t publisher = 0;
    std::size_t number = 0;
    const auto first = std::from_chars(at, end, publisher);
    if (first.ec != std::errc{} || first.ptr == end) return;
    const auto second = std::from_chars(first.ptr + 1, end, number);
    if (second.ec != std::errc{} || publisher >= seen_.size() || number >= kMostMessages) return;
    auto& seen = seen_[publisher];
    if (seen.size() <= number) seen.resize(number + 1);
    count_.last_arrival = count_.last_progress = Steady::now();
    if (seen[number]) {
      ++count_.repeats;
    } else {
      seen[number] = true;
      ++count_.arrived;
    }
  }

 private:
  Count& count_;
  std::string filter_;
  std::vector<std::vector<bool>> seen_;  // by publisher, its numbers
  bool ready_ = false;
  MqttClient client_;
};

class Bench {
 public:
  explicit Bench(const Options& options) : options_(options), timer_(io_) {
    if (options.receive_port != 0) receiver_ = std::make_unique<Receiver>(io_, options, count_);
    for (std::size_t i = 0; i < options.publishers; ++i) {
      publishers_.push_back(std::make_unique<Publisher>(io_, i, options, count_));
    }
  }

  int run() {
    began_ = count_.last_progress = Steady::now();
    if (receiver_) receiver_->connect();
    for (const auto& publisher : publishers_) publisher->connect();
    tick();
    io_.run();
    return exit_code_;
  }

 private:
  void tick() {
    if (!started_) {
      start_when_ready();
    } else if (Steady::now() >= end_) {
      finish_when_settled();
    }
    if (done_) return io_.stop();
    timer_.expires_after(std::chrono::milliseconds(2));
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error) tick();
    });
  }

  void start_when_ready() {
    const bool ready =
        (!receiver_ || receiver_->ready()) &&
        std::all_of(publishers_.begin(), publishers_.end(), [](auto& one) { return one->ready(); });
    if (!ready) {
      if (Steady::now() - began_ > std::chrono::seconds(10)) fail("not all clients connected");
      return;
    }
    started_ = true;
    began_ = Steady::now();
    const std::chrono::duration<double> length(options_.seconds);
    end_ = began_ + std::chrono::duration_cast<Steady::duration>(length);
    for (const auto& publisher : publishers_) publisher->start(end_);
  }

  void finish_when_settled() {
    const bool acknowledged = count_.acknowledged + count_.refused == count_.published;
    const bool arrived = !receiver_ || count_.arrived >= count_.acknowledged;
    const std::chrono::duration<double> quiet = Steady::now() - count_.last_progress;
    if (!(acknowledged && arrived) && quiet.count() < options_.patience) return;
    if (!count_.trouble.empty()) std::cerr << "watchpost_bench_load: " << count_.trouble << "\n";
    print();
    done_ = true;
  }

  void print() const {
    const std::chrono::duration<double> to_last = count_.last_arrival - began_;
    const auto arrived = static_cast<double>(count_.arrived);
    const auto missing = count_.acknowledged - std::min(count_.acknowledged, count_.arrived);
    std::cout << fmt::format(
                     R"({{"published":{},"acknowledged":{},"refused":{},"puback_per_s":{:.1f},)"
                     R"("p50_ms":{:.3f},"p99_ms":{:.3f},"arrived":{},"repeats":{},"missing":{},)"
                     R"("end_to_end_per_s":{:.1f}}})",
                     count_.published, count_.acknowledged, count_.refused,
                     static_cast<double>(count_.in_time) / options_.seconds,
                     count_.latencies.percentile_ms(0.5), count_.latencies.percentile_ms(0.99),
                     count_.arrived, count_.repeats, receiver_ ? missing : 0,
                     receiver_ && to_last.count() > 0 ? arrived / to_last.count() : 0.0)
              << std::endl;
  }

  void fail(std::string_view what) {
    std::cerr << "watchpost_bench_load: " << what << ": " << count_.trouble << "\n";
    exit_code_ = kCouldNotRun;
    done_ = true;
  }

  Options options_;
  boost::asio::io_context io_{1};
  boost::asio::steady_timer timer_;
  Count count_;
  std::unique_ptr<Receiver> receiver_;
  std::vector<std::unique_ptr<Publisher>> publishers_;
  Steady::time_point began_;
  Steady::time_point end_;
  int exit_code_ = 0;
  bool started_ = false;
  bool done_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Publishes at QoS 1 as fast as acknowledgements come, and counts what arrives."};
  app.add_option("--port", options.port, "of the server to publish to")->required();
  app.add_option("--receive-port", options.receive_port, "of the upstream broker; 0: none");
  app.add_option("--filter", options.filter, "Topic Filter of the receiver");
  app.add_option("--publishers", options.publishers)->check(CLI::Range(1, 1'000));
  app.add_option("--window", options.window, "unacknowledged at once")->check(CLI::Range(1, 1'000));
  app.add_option("--payload-bytes", options.payload_bytes)->check(CLI::Range(150, 60'000));
  app.add_option("--seconds", options.seconds)->check(CLI::Range(0.1, 3'600.0));
  app.add_option("--patience", options.patience, "seconds without progress before giving up");
  app.add_option("--protocol", options.protocol)->check(CLI::IsMember({"5", "3.1.1"}));
  CLI11_PARSE(app, argc, argv);
  return Bench(options).run();
}
