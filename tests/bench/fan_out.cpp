// watchpost_bench_fan_out: publishers that keep their windows full, and subscribers that each get
// everything, in one thread and so with one clock. Prints one JSON object.
//   --retained N  instead: N retained messages are published, then one subscriber asks for all
//   --idle N      instead: N sessions with a subscription each, until stdin ends
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <iostream>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "frames.hpp"
#include "ledger.hpp"
#include "publisher.hpp"
#include "subscriber.hpp"

namespace {

using namespace watchpost::bench;

constexpr int kCouldNotRun = 2;
constexpr auto kTick = std::chrono::microseconds(250);
constexpr auto kPatience = std::chrono::seconds(30);

struct Options {
  std::uint16_t port = 0;
  std::size_t publishers = 50;
  std::size_t subscribers = 1;
  std::uint16_t window = 20;
  double seconds = 5;
  std::size_t retained = 0;
  std::size_t idle = 0;
  bool lasting = false;
};

double seconds_between(Steady::time_point from, Steady::time_point to) {
  return std::max(1e-6, std::chrono::duration<double>(to - from).count());
}

// Runs the loop until `done`; false: nothing moved for too long, or a client has failed.
bool run_until(EventLoop& loop, const std::function<bool()>& done,
               const std::function<std::uint64_t()>& progress) {
  bool reached = false;
  auto last = progress();
  auto moved = Steady::now();
  loop.run(kTick, [&] {
    if (done()) return reached = true, false;
    const auto now = Steady::now();
    if (const auto count = progress(); count != last) {
      last = count;
      moved = now;
    }
    return now - moved < kPatience;
  });
  return reached;
}

using Subscribers = std::vector<std::unique_ptr<Subscriber>>;

std::uint64_t received_by(const Subscribers& subscribers) {
  std::uint64_t received = 0;
  for (const auto& one : subscribers) received += one->received();
  return received;
}

template <class Clients, class Asked>
std::uint64_t count_of(const Clients& clients, Asked asked) {
  return static_cast<std::uint64_t>(std::count_if(
      clients.begin(), clients.end(), [asked](const auto& one) { return (*one.*asked)(); }));
}

bool bring_up(EventLoop& loop, const Subscribers& subscribers) {
  for (const auto& one : subscribers) {
    if (!one->connect()) return false;
  }
  const auto connected = [&] { return count_of(subscribers, &Subscriber::is_connected); };
  if (!run_until(
          loop, [&] { return connected() == subscribers.size(); }, connected))
    return false;
  for (const auto& one : subscribers) one->subscribe();
  const auto subscribed = [&] { return count_of(subscribers, &Subscriber::is_subscribed); };
  return run_until(
      loop, [&] { return subscribed() == subscribers.size(); }, subscribed);
}

int fail(std::string_view what) {
  std::cerr << "watchpost_bench_fan_out: " << what << "\n";
  return kCouldNotRun;
}

// The mark that `Publisher` writes into each payload.
void note_arrival(Ledger& ledger, std::string_view payload, Steady::time_point when) {
  const auto mark = payload.find('#');
  if (mark == std::string_view::npos) return;
  const char* const end = payload.data() + payload.size();
  std::size_t publisher = 0;
  std::uint32_t number = 0;
  const auto first = std::from_chars(payload.data() + mark + 1, end, publisher);
  if (first.ec != std::errc{} || first.ptr == end) return;
  if (std::from_chars(first.ptr + 1, end, number).ec != std::errc{}) return;
  ledger.arrived(publisher, number, when);
}

int fan_out(const Options& options) {
  EventLoop loop;
  Ledger ledger(options.publishers);
  Subscribers subscribers;
  for (std::size_t i = 0; i < options.subscribers; ++i) {
    Subscriber::Taken taken;
    if (i == 0) taken = [&](auto payload, auto when) { note_arrival(ledger, payload, when); };
    subscribers.push_back(std::make_unique<Subscriber>(
        loop,
        SubscriberOptions{options.port, fmt::format("reader-{}", i), "wp/in/#", options.lasting},
        std::move(taken)));
  }
  if (!bring_up(loop, subscribers)) return fail("not all subscribers were taken");
  std::vector<std::unique_ptr<Publisher>> publishers;
  for (std::size_t i = 0; i < options.publishers; ++i) {
    const PublisherOptions publisher{options.port, options.window, 200, 4, false};
    publishers.push_back(std::make_unique<Publisher>(loop, i, publisher, ledger));
    if (!publishers.back()->connect()) return fail("nobody listens on the port");
  }
  const auto connected = [&] { return count_of(publishers, &Publisher::is_connected); };
  if (!run_until(
          loop, [&] { return connected() == publishers.size(); }, connected)) {
    return fail("not all publishers were taken");
  }
  const auto begun = Steady::now();
  const auto end = begun + std::chrono::duration_cast<Steady::duration>(
                               std::chrono::duration<double>(options.seconds));
  ledger.begin_timing(begun);
  for (const auto& one : publishers) one->saturate(end, std::numeric_limits<std::uint64_t>::max());
  auto last = begun;
  std::uint64_t before = 0;
  const auto received = [&] { return received_by(subscribers); };
  const auto expected = [&] { return ledger.telemetry().acknowledged * options.subscribers; };
  run_until(
      loop,
      [&] {
        const auto now = Steady::now();
        if (const auto count = received(); count != before) {
          before = count;
          last = now;
        }
        return now >= end && ledger.unacknowledged() == 0 && before >= expected();
      },
      received);
  const auto& count = ledger.telemetry();
  std::cout << fmt::format(
                   R"({{"acknowledged":{},"refused":{},"delivered":{},"missing":{},)"
                   R"("delivered_per_s":{:.1f},"latency":{{"p50_ms":{:.3f},"p99_ms":{:.3f},)"
                   R"("max_ms":{:.3f}}}}})",
                   count.acknowledged, count.refused, received(),
                   expected() - std::min(expected(), received()),
                   static_cast<double>(received()) / seconds_between(begun, last),
                   count.end_to_end.percentile_ms(0.5), count.end_to_end.percentile_ms(0.99),
                   count.end_to_end.most_ms())
            << std::endl;
  return 0;
}

// One client that publishes retained messages as Home Assistant's discovery does.
class Announcer final : public Watched {
 public:
  Announcer(EventLoop& loop, std::size_t messages) : wire_(loop, *this), left_(messages) {}

  bool connect(std::uint16_t port) {
    if (!wire_.connect(port)) return false;
    wire_.out += std::string("\x10\x12\0\4MQTT\4\2\0\0\0\6bridge", 20);
    wire_.flush();
    return true;
  }
  [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }

  void ready(std::uint32_t) override {
    if (!wire_.read()) return wire_.close();
    take_frames(wire_, [this](const Frame& frame) {
      const auto type = frame.first & kTypeMask;
      if (type == kConnack) room_ = kWindow;
      if (type == kPuback) ++acknowledged_, ++room_;
    });
    for (; room_ > 0 && left_ > 0; --room_) announce(left_--);
    wire_.flush();
  }

 private:
  static constexpr std::size_t kWindow = 20;

  void announce(std::size_t number) {
    const auto topic = fmt::format("homeassistant/sensor/bench-{:05}/config", number);
    const auto payload =
        fmt::format(R"({{"name":"Level {0}","state_topic":"bench/{0}/state","unique_id":"b{0}",)"
                    R"("unit_of_measurement":"m","device_class":"distance"}})",
                    number);
    std::string rest;
    append_number(rest, topic.size());
    rest += topic;
    append_number(rest, number % 60'000 + 1);
    rest += payload;
    append_packet(wire_.out, kPublish | kQos1 | 0x01, rest);
  }

  Wire wire_;
  std::size_t left_;
  std::size_t room_ = 0;
  std::uint64_t acknowledged_ = 0;
};

int retained(const Options& options) {
  EventLoop loop;
  Announcer announcer(loop, options.retained);
  const auto begun = Steady::now();
  if (!announcer.connect(options.port)) return fail("nobody listens on the port");
  const auto announced = [&] { return announcer.acknowledged(); };
  if (!run_until(
          loop, [&] { return announced() == options.retained; }, announced)) {
    return fail("not all retained messages were acknowledged");
  }
  const auto stored = Steady::now();
  Subscribers subscribers;
  subscribers.push_back(std::make_unique<Subscriber>(
      loop, SubscriberOptions{options.port, "reader", "homeassistant/#", options.lasting}));
  const auto asked = Steady::now();  // its connection counts too, in favour of nobody
  if (!bring_up(loop, subscribers)) return fail("the subscriber was not taken");
  const auto received = [&] { return received_by(subscribers); };
  if (!run_until(
          loop, [&] { return received() >= options.retained; }, received)) {
    return fail(fmt::format("only {} retained messages came", received()));
  }
  const auto done = Steady::now();
  std::cout << fmt::format(R"({{"stored_per_s":{:.1f},"given_per_s":{:.1f},"given_ms":{:.1f}}})",
                           static_cast<double>(options.retained) / seconds_between(begun, stored),
                           static_cast<double>(options.retained) / seconds_between(asked, done),
                           1'000 * seconds_between(asked, done))
            << std::endl;
  return 0;
}

int idle(const Options& options) {
  EventLoop loop;
  Subscribers subscribers;
  for (std::size_t i = 0; i < options.idle; ++i) {
    subscribers.push_back(std::make_unique<Subscriber>(
        loop, SubscriberOptions{options.port, fmt::format("idle-{:05}", i),
                                fmt::format("bench/idle/{}/set", i), options.lasting}));
  }
  // In portions, as a listener accepts them.
  constexpr std::size_t kPortion = 200;
  for (std::size_t i = 0; i < subscribers.size(); i += kPortion) {
    Subscribers portion;
    const auto last = std::min(subscribers.size(), i + kPortion);
    for (std::size_t at = i; at < last; ++at) portion.push_back(std::move(subscribers[at]));
    const bool up = bring_up(loop, portion);
    for (std::size_t at = i; at < last; ++at) subscribers[at] = std::move(portion[at - i]);
    if (!up) return fail(fmt::format("no more than {} sessions were taken", i));
  }
  std::cout << fmt::format(R"({{"sessions":{}}})", subscribers.size()) << std::endl;
  std::string line;
  std::getline(std::cin, line);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Publishes at QoS 1 to subscribers of the same server, and counts what each got."};
  app.add_option("--port", options.port, "of the server")->required();
  app.add_option("--publishers", options.publishers)->check(CLI::Range(1, 999));
  app.add_option("--subscribers", options.subscribers)->check(CLI::Range(1, 1'000));
  app.add_option("--window", options.window, "unacknowledged at once")->check(CLI::Range(1, 1'000));
  app.add_option("--seconds", options.seconds)->check(CLI::Range(0.1, 3'600.0));
  app.add_option("--retained", options.retained)->check(CLI::Range(1, 60'000));
  app.add_option("--idle", options.idle)->check(CLI::Range(1, 20'000));
  app.add_flag("--lasting", options.lasting, "the subscribers' sessions outlive their connections");
  CLI11_PARSE(app, argc, argv);
  if (options.retained > 0) return retained(options);
  if (options.idle > 0) return idle(options);
  return fan_out(options);
}
