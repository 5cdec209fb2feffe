// fill_store DIRECTORY COUNT: makes a store with a backlog of COUNT river levels. The real spool
// writes them as fast as the disk takes them. For tests and figures of long outages.
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <string_view>

#include "spool/sqlite_spool.hpp"
#include "support/io_queue.hpp"
#include "support/recording_log.hpp"

namespace {

using namespace watchpost;

// One append is one commit. The appends are large, because no client waits for them.
constexpr std::uint64_t kRecordsPerAppend = 5'000;

class Counter final : public CustodySink {
 public:
  void settled(TicketNumber, const Result<void>& outcome) override {
    (void)outcome.value();
    --waiting;
  }
  std::uint64_t waiting = 0;
};

// A record as the message of a SenML sensor becomes one.
Record level(std::uint64_t number) {
  Record record;
  record.domain = Domain::water;
  record.severity_number = kSeverityTelemetry;
  record.type = RecordType::observation;
  record.clock = ClockQuality::synced;
  record.received_at = WallTime{std::chrono::seconds{1'795'000'000 + number}};
  record.device = fmt::format("river-{:02}", number % 20);
  record.topic = "wp/in/water/" + record.device;
  record.payload =
      fmt::format(R"([{{"bn":"{}:","n":"level","v":{}.{:02}}},{{"n":"nonce","vs":"t{}"}}])",
                  record.device, number % 3, number % 100, number);
  record.annotation =
      fmt::format(R"({{"kind":"water_level","state":"normal","timesource":"received",)"
                  R"("readings":[{{"n":"level","v":{}.{:02}}}],"decoder":"senml","topic":"{}"}})",
                  number % 3, number % 100, record.topic);
  return record;
}

int fill(const char* directory, std::uint64_t count) {
  support::RecordingLog log;
  support::IoQueue io;
  spool::SpoolOptions options;
  options.writer.directory = directory;
  options.writer.kept_for.required = {"street"};
  options.writer.space.quota = ByteCount{64ULL << 30U};
  const auto spool = spool::SqliteSpool::open(options, io.post(), log).value();
  const auto settled = std::make_shared<Counter>();
  const auto begun = std::chrono::steady_clock::now();
  for (std::uint64_t done = 0; done < count;) {
    spool::Append append;
    append.ticket.sink = settled;
    while (done < count && append.records.size() < kRecordsPerAppend) {
      append.records.push_back(level(++done));
    }
    ++settled->waiting;
    spool->append(std::move(append));
    if (!io.run_until([&] { return settled->waiting < 2; })) return 1;
  }
  if (!io.run_until([&] { return settled->waiting == 0; })) return 1;
  spool->stop();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  fmt::print("{} records in {:.1f} s, {:.0f} each second\n", count, took.count(),
             static_cast<double>(count) / took.count());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view count = argc == 3 ? argv[2] : "";
  std::uint64_t number = 0;
  const auto read = std::from_chars(count.data(), count.data() + count.size(), number);
  if (number == 0 || read.ptr != count.data() + count.size()) {
    std::fputs("Usage: fill_store DIRECTORY COUNT\n", stderr);
    return 2;
  }
  try {
    return fill(argv[1], number);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fill_store: %s\n", error.what());
    return 1;
  }
}
