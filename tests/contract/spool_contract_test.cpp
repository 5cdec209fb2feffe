// What any code that uses a Spool may rely on, tested with the real spool on a disk and with each
// spool in memory that other tests use instead.
#include <functional>
#include <memory>

#include "spool/sqlite_spool.hpp"
#include "support/catch.hpp"
#include "support/fake_spool.hpp"
#include "support/io_queue.hpp"
#include "support/memory_spool.hpp"
#include "support/recording_log.hpp"
#include "support/records.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::support;

namespace {

constexpr auto kAlarm = EventClass::alarm;
constexpr auto kTelemetry = EventClass::telemetry;

// A spool of one kind, and the way to make it settle waiting appends.
class Stage {
 public:
  virtual ~Stage() = default;
  virtual spool::Spool& spool() = 0;
  // Works until `done` is true.
  virtual void run_until(const std::function<bool()>& done) = 0;
  // From now on the spool can keep nothing.
  virtual void break_down() = 0;
};

class OnDisk final : public Stage {
 public:
  OnDisk() {
    spool::SpoolOptions options;
    options.writer.directory = directory_.path();
    spool_ = spool::SqliteSpool::open(std::move(options), io_.post(), log_).value();
  }
  spool::Spool& spool() override { return *spool_; }
  void run_until(const std::function<bool()>& done) override { REQUIRE(io_.run_until(done)); }
  void break_down() override { spool_->stop(); }

 private:
  TempDirectory directory_;
  IoQueue io_;
  RecordingLog log_;
  std::unique_ptr<spool::SqliteSpool> spool_;
};

template <class Kind>
class InMemory final : public Stage {
 public:
  template <class... Arguments>
  explicit InMemory(Arguments&... arguments) : spool_(arguments...) {}
  spool::Spool& spool() override { return spool_; }
  void run_until(const std::function<bool()>& done) override {
    if (is_broken_) {
      spool_.fail(Failure{Failure::Kind::unavailable, "It is broken", "Mend it"});
    } else {
      spool_.commit();
    }
    REQUIRE(done());
  }
  void break_down() override { is_broken_ = true; }

 private:
  Kind spool_;
  bool is_broken_ = false;
};

std::unique_ptr<Stage> a_stage() {
  static boost::asio::io_context io;  // FakeSpool answers readers there; this test has no reader
  const std::string kind = GENERATE("on disk", "in memory", "of the tests of uplinks");
  INFO(kind);
  if (kind == "on disk") return std::make_unique<OnDisk>();
  if (kind == "in memory") return std::make_unique<InMemory<MemorySpool>>();
  return std::make_unique<InMemory<upstream_test::FakeSpool>>(io);
}

// What a listener hears of appends as author and as sink, in one list.
struct Heard {
  std::uint64_t ticket = 0;  // 0: heard as author
  bool success = false;
  std::vector<Seq> numbers{};
};
class Listener final : public CustodySink, public spool::AppendAuthor {
 public:
  void settled(TicketNumber number, const Result<void>& outcome) override {
    heard.push_back({number.value, outcome.has_value(), {}});
  }
  void settled(const spool::Append& append, const Result<void>& outcome) override {
    heard.push_back({0, outcome.has_value(), {}});
    for (const Record& record : append.records) heard.back().numbers.push_back(record.seq);
  }
  [[nodiscard]] std::vector<std::uint64_t> tickets() const {
    std::vector<std::uint64_t> tickets;
    for (const Heard& each : heard) {
      if (each.ticket > 0) tickets.push_back(each.ticket);
    }
    return tickets;
  }
  std::vector<Heard> heard;
};

struct Sender {
  Stage& stage;
  std::shared_ptr<Listener> listener = std::make_shared<Listener>();
  std::uint64_t sent = 0;

  void append(std::vector<Record> records) {
    spool::Append append;
    append.records = std::move(records);
    append.ticket = {listener, TicketNumber{++sent}};
    append.author = listener;
    stage.spool().append(std::move(append));
  }
  void wait() {
    stage.run_until([this] { return listener->heard.size() == 2 * sent; });
  }
};

}  // namespace

TEST_CASE("a spool settles each append once, its author before its ticket", "[spool][contract]") {
  const auto stage = a_stage();
  Sender sender{*stage};
  sender.append({a_record(kAlarm, "a")});
  CHECK(sender.listener->heard.empty());  // the answer never comes inside the call
  sender.wait();
  REQUIRE(sender.listener->heard.size() == 2);
  CHECK(sender.listener->heard[0].ticket == 0);
  CHECK(sender.listener->heard[1].ticket == 1);
  CHECK(sender.listener->heard[1].success);
}

TEST_CASE("a spool settles appends of one urgency in the order of their hand-over",
          "[spool][contract]") {
  const auto stage = a_stage();
  Sender sender{*stage};
  std::vector<std::uint64_t> expected;
  for (std::uint64_t i = 1; i <= 300; ++i) {
    sender.append({a_record(kTelemetry, noise(50))});
    expected.push_back(i);
  }
  sender.wait();
  CHECK(sender.listener->tickets() == expected);
}

TEST_CASE("a spool gives dense numbers within each class, and its author sees them",
          "[spool][contract]") {
  const auto stage = a_stage();
  Sender sender{*stage};
  const Seq before = stage->spool().heads().newest[index_of(kTelemetry)];
  sender.append({a_record(kTelemetry, "1"), a_record(kAlarm, "a"), a_record(kTelemetry, "2")});
  sender.append({a_record(kAlarm, "b")});
  sender.wait();
  const Seq first = before.next();
  CHECK(sender.listener->heard[0].numbers == std::vector{first, Seq{1}, first.next()});
  CHECK(stage->spool().heads().newest[index_of(kAlarm)] == Seq{2});
  CHECK(stage->spool().heads().newest[index_of(kTelemetry)] == first.next());
  CHECK(stage->spool().stored_after(kTelemetry, before) == 2);
  CHECK(stage->spool().stored_after(kTelemetry, first) == 1);
  CHECK(stage->spool().stored_after(kTelemetry, first.next()) == 0);
}

TEST_CASE("a spool tells its observers of new heads after the tickets", "[spool][contract]") {
  const auto stage = a_stage();
  Sender sender{*stage};
  std::vector<Seq> seen;
  std::size_t settled_before = 0;
  stage->spool().on_committed([&](const spool::Heads& heads) {
    seen.push_back(heads.newest[index_of(kAlarm)]);
    settled_before = sender.listener->tickets().size();
  });
  sender.append({a_record(kAlarm, "a")});
  stage->run_until([&] { return !seen.empty(); });
  CHECK(seen == std::vector{Seq{1}});
  CHECK(settled_before == 1);
  // An append without a record tells no observer.
  sender.append({});
  sender.wait();
  CHECK(seen.size() == 1);
}

TEST_CASE("what a spool cannot keep is settled as failed, to its author too", "[spool][contract]") {
  const auto stage = a_stage();
  Sender sender{*stage};
  stage->break_down();
  sender.append({a_record(kAlarm, "a")});
  sender.wait();
  REQUIRE(sender.listener->heard.size() == 2);
  CHECK_FALSE(sender.listener->heard[0].success);
  CHECK_FALSE(sender.listener->heard[1].success);
  CHECK(stage->spool().heads().newest[index_of(kAlarm)] == Seq{});
  CHECK(stage->spool().stored_after(kAlarm, Seq{}) == 0);
}

TEST_CASE("an append that comes refused is answered in its turn and keeps nothing",
          "[spool][contract]") {
  const auto stage = a_stage();
  Sender sender{*stage};
  spool::Append refused;
  refused.refusal = std::make_shared<const Failure>(
      Failure{Failure::Kind::invalid_input, "It is ours", "Look who sends it"});
  refused.ticket = {sender.listener, TicketNumber{++sender.sent}};
  refused.author = sender.listener;
  stage->spool().append(std::move(refused));
  sender.append({a_record(kAlarm, "a")});
  sender.wait();
  CHECK(sender.listener->tickets() == std::vector<std::uint64_t>{1, 2});
  CHECK_FALSE(sender.listener->heard[1].success);
  CHECK(sender.listener->heard[3].success);
}

TEST_CASE("an append with nothing in it succeeds without a commit", "[spool][contract]") {
  const auto stage = a_stage();
  Sender sender{*stage};
  sender.append({});
  CHECK(sender.listener->heard.empty());
  sender.wait();
  CHECK(sender.listener->heard.at(1).success);
  CHECK(stage->spool().status().commits == 0);
}

TEST_CASE("a cursor of a spool only moves forward; an upstream nobody knows has none",
          "[spool][contract]") {
  const auto stage = a_stage();
  spool::Spool& spool = stage->spool();
  CHECK(spool.cursor("street", kAlarm) == Seq{});
  spool.advance("street", kAlarm, Seq{7});
  spool.advance("street", kAlarm, Seq{3});
  CHECK(spool.cursor("street", kAlarm) == Seq{7});
  CHECK(spool.cursor("street", kTelemetry) == Seq{});
  CHECK(spool.cursor("district", kAlarm) == Seq{});
}

TEST_CASE("a spool counts what an upstream refused for good once a commit has kept the copy",
          "[spool][contract]") {
  const auto stage = a_stage();
  Sender sender{*stage};
  sender.append({a_record(kAlarm, "a")});
  sender.wait();
  Record refused = a_record(kAlarm, "a");
  refused.epoch = stage->spool().epoch();
  refused.seq = Seq{1};
  const auto kept = [&stage] {
    const auto aside = stage->spool().status().set_aside;
    const auto found = aside.find("street");
    return found == aside.end() ? 0 : found->second.records[index_of(kAlarm)];
  };
  CHECK(kept() == 0);
  REQUIRE(stage->spool().set_aside("street", refused, 0x95));
  stage->run_until([&kept] { return kept() == 1; });
  CHECK(kept() == 1);
}

TEST_CASE("a spool that accepts calls back soon, but not from inside the call",
          "[spool][contract]") {
  const auto stage = a_stage();
  int calls = 0;
  REQUIRE(stage->spool().accepting());
  stage->spool().when_accepting([&calls] { ++calls; });
  CHECK(calls == 0);
  stage->run_until([&calls] { return calls > 0; });
  CHECK(calls == 1);
}

TEST_CASE("a new spool has an epoch and nothing else", "[spool][contract]") {
  const auto stage = a_stage();
  CHECK(stage->spool().epoch().size() == 8);
  CHECK(stage->spool().heads().newest == PerClass<Seq>{});
  CHECK(stage->spool().stored_facts().sessions.empty());
  CHECK(stage->spool().status().epoch == stage->spool().epoch());
}
