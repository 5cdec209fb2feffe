// watchpost_bench_load: publishers that keep their windows full or send at a rate, and the upstream
// that counts arrivals, in one thread and so with one clock. Prints one JSON object.
//   --fill N        first publishes N messages while nobody listens upstream; with --steps it then
//   says so and
//                   waits for a line on stdin, so that the gateway can be looked at
//   --publishers 0  only receives, until stdin ends
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <limits>
#include <memory>
#include <string>

#include "frames.hpp"
#include "ledger.hpp"
#include "publisher.hpp"
#include "receiver.hpp"

namespace {

using namespace watchpost::bench;

constexpr int kCouldNotRun = 2;
constexpr double kSaturated = std::numeric_limits<double>::infinity();
constexpr auto kTick = std::chrono::microseconds(250);

struct Options {
  std::uint16_t port = 0;
  std::uint16_t receive_port = 0;
  std::size_t publishers = 50;
  std::size_t alarm_publishers = 0;
  double rate = kSaturated;
  double alarm_rate = 0;
  std::uint16_t window = 20;
  std::size_t payload_bytes = 200;
  double seconds = 5;
  double patience = 30;
  std::uint64_t fill = 0;
  std::uint64_t messages = 0;  // 0: no limit within the seconds
  bool steps = false;
  std::string protocol = "5";
};

// Publishers of one class and the rate that they keep together.
struct Group {
  std::vector<std::unique_ptr<Publisher>> members;
  double rate = 0;
  std::uint64_t sent = 0;

  void begin(Steady::time_point end, std::uint64_t messages) const {
    if (rate != kSaturated) return;
    for (const auto& one : members) one->saturate(end, messages / members.size());
  }
  void send_due(Steady::time_point began, Steady::time_point now) {
    if (rate == kSaturated || rate <= 0 || members.empty()) return;
    while (true) {
      const std::chrono::duration<double> later(static_cast<double>(sent) / rate);
      const auto due = began + std::chrono::duration_cast<Steady::duration>(later);
      if (due > now) return;
      members[sent++ % members.size()]->send_due(due);
    }
  }
};

class Bench {
 public:
  explicit Bench(const Options& options)
      : options_(options),
        ledger_(options.publishers + options.alarm_publishers),
        receiver_(loop_, ledger_) {
    ledger_.set_alarms(options.publishers);
    telemetry_.rate = options.rate;
    alarms_.rate = options.alarm_rate;
    for (std::size_t i = 0; i < options.publishers + options.alarm_publishers; ++i) {
      const bool is_alarm = i >= options.publishers;
      const PublisherOptions publisher{options.port, options.window, options.payload_bytes,
                                       static_cast<std::uint8_t>(options.protocol == "5" ? 5 : 4),
                                       is_alarm};
      auto& group = is_alarm ? alarms_ : telemetry_;
      group.members.push_back(std::make_unique<Publisher>(loop_, i, publisher, ledger_));
    }
  }

  int run() {
    if (options_.fill == 0 && !open_receiver()) return kCouldNotRun;
    for (auto* const group : {&telemetry_, &alarms_}) {
      for (const auto& one : group->members) {
        if (!one->connect()) return fail("nobody listens on the port");
      }
    }
    stage_began_ = Steady::now();
    loop_.run(kTick, [this] { return tick(); });
    return exit_code_;
  }

 private:
  enum class Stage { connecting, filling, publishing, draining };

  bool tick() {
    const auto now = Steady::now();
    if (has_failed()) return fail("a connection was refused or closed"), false;
    switch (stage_) {
      case Stage::connecting:
        return connect(now);
      case Stage::filling:
        return fill(now);
      case Stage::publishing:
        return publish(now);
      case Stage::draining:
        return drain(now);
    }
    return false;
  }

  [[nodiscard]] bool all(bool (Publisher::*asked)() const) const {
    const auto holds = [asked](const auto& one) { return (one.get()->*asked)(); };
    return std::all_of(telemetry_.members.begin(), telemetry_.members.end(), holds) &&
           std::all_of(alarms_.members.begin(), alarms_.members.end(), holds);
  }
  [[nodiscard]] bool has_failed() const {
    const auto fails = [](const auto& one) { return one->has_failed(); };
    return std::any_of(telemetry_.members.begin(), telemetry_.members.end(), fails) ||
           std::any_of(alarms_.members.begin(), alarms_.members.end(), fails);
  }

  bool open_receiver() {
    if (options_.receive_port == 0 || receiver_.open(options_.receive_port)) return true;
    return fail("the port for the receiver is taken") == 0;
  }

  bool connect(Steady::time_point now) {
    const bool waits_for_upstream = options_.receive_port != 0 && options_.fill == 0;
    const bool upstream = receiver_.received().connected != Steady::time_point{};
    if (!all(&Publisher::is_connected) || (waits_for_upstream && !upstream)) {
      if (now - stage_began_ < std::chrono::seconds(40)) return true;
      return fail("not all clients connected"), false;
    }
    stage_began_ = now;
    if (options_.fill == 0) return begin(now), true;
    stage_ = Stage::filling;
    const auto share = options_.fill / telemetry_.members.size();
    for (const auto& one : telemetry_.members) one->saturate(Steady::time_point::max(), share);
    return true;
  }

  bool fill(Steady::time_point now) {
    if (now - ledger_.last_progress() > patience()) return fail("filling came to a stand"), false;
    const auto& count = ledger_.telemetry();
    const auto wanted = options_.fill / telemetry_.members.size() * telemetry_.members.size();
    if (count.acknowledged + count.refused < wanted) return true;
    if (options_.steps) {
      std::cout << R"({"stage":"filled"})" << std::endl;
      std::string line;
      std::getline(std::cin, line);
    }
    filled_ = count.acknowledged;
    if (!open_receiver()) return false;
    begin(Steady::now());
    return true;
  }

  void begin(Steady::time_point now) {
    stage_ = Stage::publishing;
    stage_began_ = now;
    ledger_.begin_timing(now);
    acknowledged_before_ = ledger_.telemetry().acknowledged + ledger_.alarms().acknowledged;
    const std::chrono::duration<double> length(options_.seconds);
    end_ = now + std::chrono::duration_cast<Steady::duration>(length);
    const auto most =
        options_.messages > 0 ? options_.messages : std::numeric_limits<std::uint64_t>::max();
    telemetry_.begin(end_, most);
    alarms_.begin(end_, most);
  }

  // After a fill the stage lasts until the filled messages have arrived.
  bool publish(Steady::time_point now) {
    telemetry_.send_due(stage_began_, now);
    // While a backlog drains, alarms begin when the upstream's link is there.
    const auto begins = filled_ > 0 ? receiver_.received().connected : stage_began_;
    if (begins != Steady::time_point{}) alarms_.send_due(begins, now);
    const bool drained = filled_ > 0 && ledger_.telemetry().arrived >= filled_;
    const bool stuck = now - std::max(ledger_.last_arrival(), stage_began_) > patience();
    const bool sent = options_.messages > 0 && ledger_.unacknowledged() == 0;
    if (filled_ > 0 ? !drained && !stuck : now < end_ && !sent) return true;
    published_s_ = std::chrono::duration<double>(now - stage_began_).count();
    in_time_ = ledger_.telemetry().acknowledged + ledger_.alarms().acknowledged;
    drained_ = ledger_.last_arrival();
    stage_ = Stage::draining;
    return true;
  }

  bool drain(Steady::time_point now) {
    const bool arrived = options_.receive_port == 0 || ledger_.underway() == 0;
    if (ledger_.unacknowledged() == 0 && arrived) return print(), false;
    if (now - ledger_.last_progress() > patience()) return print(), false;
    return true;
  }

  [[nodiscard]] Steady::duration patience() const {
    return std::chrono::duration_cast<Steady::duration>(
        std::chrono::duration<double>(options_.patience));
  }

  static std::string text_of(const Latencies& latencies) {
    return fmt::format(R"({{"p50_ms":{:.3f},"p99_ms":{:.3f},"max_ms":{:.3f}}})",
                       latencies.percentile_ms(0.5), latencies.percentile_ms(0.99),
                       latencies.most_ms());
  }
  static std::string text_of(const Count& count) {
    return fmt::format(
        R"({{"published":{},"acknowledged":{},"refused":{},"arrived":{},"repeats":{},)"
        R"("missing":{},"puback":{},"end_to_end":{}}})",
        count.published, count.acknowledged, count.refused, count.arrived, count.repeats,
        count.missing, text_of(count.puback), text_of(count.end_to_end));
  }

  void print() {
    if (options_.receive_port != 0) ledger_.audit();
    const auto& upstream = receiver_.received();
    const auto seconds = [](Steady::duration span) {
      return std::max(1e-6, std::chrono::duration<double>(span).count());
    };
    const auto drain_s = seconds(drained_ - upstream.first_event);
    std::cout << fmt::format(
                     R"({{"telemetry":{},"alarms":{},"puback_per_s":{:.1f},)"
                     R"("end_to_end_per_s":{:.1f},"first_ms":{:.1f},"drain_per_s":{:.1f},)"
                     R"("publishes":{},"events":{},"bytes_per_event":{:.1f}}})",
                     text_of(ledger_.telemetry()), text_of(ledger_.alarms()),
                     static_cast<double>(in_time_ - acknowledged_before_) / published_s_,
                     filled_ > 0 ? 0.0 : ledger_.arrivals_per_s(stage_began_),
                     filled_ > 0 ? 1'000 * seconds(upstream.first_event - upstream.opened) : 0.0,
                     filled_ > 0 ? static_cast<double>(filled_) / drain_s : 0.0, upstream.publishes,
                     upstream.events,
                     static_cast<double>(upstream.publish_bytes) /
                         static_cast<double>(std::max<std::uint64_t>(1, upstream.events)))
              << std::endl;
  }

  int fail(std::string_view what) {
    std::cerr << "watchpost_bench_load: " << what << "\n";
    return exit_code_ = kCouldNotRun;
  }

  Options options_;
  EventLoop loop_;
  Ledger ledger_;
  Receiver receiver_;
  Group telemetry_;
  Group alarms_;
  Stage stage_ = Stage::connecting;
  Steady::time_point stage_began_;
  Steady::time_point end_;
  Steady::time_point drained_;
  double published_s_ = 1;
  std::uint64_t filled_ = 0;
  std::uint64_t acknowledged_before_ = 0;
  std::uint64_t in_time_ = 0;
  int exit_code_ = 0;
};

// Receives for a load that another process makes, until stdin ends.
class UntilStdinEnds final : public Watched {
 public:
  void ready(std::uint32_t) override {
    char byte = 0;
    ended_ = ::read(STDIN_FILENO, &byte, 1) <= 0;
  }
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  bool ended_ = false;
};

int receive_only(std::uint16_t port) {
  EventLoop loop;
  Ledger ledger(0);
  Receiver receiver(loop, ledger);
  if (!receiver.open(port)) return kCouldNotRun;
  UntilStdinEnds end;
  loop.watch(STDIN_FILENO, end);
  loop.run(std::chrono::milliseconds(50), [&end] { return !end.ended(); });
  std::cout << fmt::format(R"({{"events":{}}})", receiver.received().events) << std::endl;
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Publishes at QoS 1, and counts what arrives upstream, one by one."};
  app.add_option("--port", options.port, "of the server to publish to");
  app.add_option("--receive-port", options.receive_port, "where the upstream listens; 0: none");
  app.add_option("--publishers", options.publishers)->check(CLI::Range(0, 999));
  app.add_option("--alarm-publishers", options.alarm_publishers)->check(CLI::Range(0, 500));
  app.add_option("--rate", options.rate, "messages a second; inf: windows are kept full");
  app.add_option("--alarm-rate", options.alarm_rate, "smoke alarms a second");
  app.add_option("--window", options.window, "unacknowledged at once")->check(CLI::Range(1, 1'000));
  app.add_option("--payload-bytes", options.payload_bytes)->check(CLI::Range(150, 60'000));
  app.add_option("--seconds", options.seconds)->check(CLI::Range(0.1, 3'600.0));
  app.add_option("--patience", options.patience, "seconds without progress before giving up");
  app.add_option("--fill", options.fill, "messages before the upstream listens");
  app.add_option("--messages", options.messages, "most, of all publishers together");
  app.add_flag("--steps", options.steps, "wait for a line on stdin after the fill");
  app.add_option("--protocol", options.protocol)->check(CLI::IsMember({"5", "3.1.1"}));
  CLI11_PARSE(app, argc, argv);
  if (options.publishers == 0) return receive_only(options.receive_port);
  return Bench(options).run();
}
