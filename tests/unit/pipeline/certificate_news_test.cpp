#include "pipeline/certificate_news.hpp"

#include <boost/json.hpp>

#include "support/catch.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_spool.hpp"

using namespace watchpost;
using namespace watchpost::pipeline;
using namespace watchpost::support;

namespace {

using Reason = CertificateWord::Reason;

CertificateWord ends(std::string file, std::int64_t days) {
  return {Reason::ends, std::move(file), "2027-03-31", days};
}

struct CertificateBench {
  ManualClock clock;
  MemorySpool spool;
  std::unique_ptr<CertificateNews> news = std::make_unique<CertificateNews>(spool, clock);

  [[nodiscard]] std::vector<std::string> said() const {
    std::vector<std::string> all;
    for (const Record& record : spool.committed) {
      const auto event = boost::json::parse(record.annotation).as_object();
      all.push_back(std::string(event.at("file").as_string()) + " " +
                    std::string(event.at("reason").as_string()) + " " +
                    std::to_string(event.at("days").as_int64()));
    }
    return all;
  }
};

const Failure kNoRoom{Failure::Kind::storage, "the disk is full", "make room"};

}  // namespace

TEST_CASE("the end of a certificate is a record of the gateway's own", "[pipeline][unit]") {
  CertificateBench bench;
  bench.clock.clock_quality = ClockQuality::free;
  bench.news->say({Reason::over, R"(/etc/a "b".pem)", "2027-03-31", -3});
  bench.spool.commit();
  REQUIRE(bench.spool.committed.size() == 1);
  const Record& record = bench.spool.committed.front();
  CHECK(record.type == RecordType::certificate);
  CHECK(record.event_class == EventClass::status);
  CHECK(record.domain == Domain::gateway);
  CHECK(record.severity_number == kSeverityWarning);
  CHECK(record.clock == ClockQuality::free);
  CHECK(record.received_at == bench.clock.wall_time);
  CHECK(boost::json::parse(record.annotation) == (boost::json::object{{"reason", "over"},
                                                                      {"file", R"(/etc/a "b".pem)"},
                                                                      {"last_day", "2027-03-31"},
                                                                      {"days", -3}}));
}

TEST_CASE("a word is handed over again until it is kept, and none is said twice",
          "[pipeline][unit]") {
  CertificateBench bench;
  bench.news->say(ends("a.pem", 60));
  bench.spool.fail(kNoRoom);
  CHECK(bench.spool.waiting.empty());  // not in the same breath: a store without room refuses it
  bench.news->look();
  bench.spool.fail(kNoRoom);
  bench.news->look();
  bench.news->look();
  CHECK(bench.spool.waiting.size() == 1);
  bench.spool.commit();
  bench.news->look();
  CHECK(bench.spool.waiting.empty());
  CHECK(bench.said() == std::vector<std::string>{"a.pem ends 60"});
}

TEST_CASE(
    "a later word of the same file takes the place of one that waits, and the files' words "
    "follow each other",
    "[pipeline][unit]") {
  CertificateBench bench;
  bench.news->say(ends("a.pem", 60));
  bench.news->say(ends("a.pem", 30));
  bench.news->say(ends("b.pem", 7));
  bench.news->say({Reason::renewed, "a.pem", "2027-03-31", 300});
  for (int i = 0; i < 3; ++i) bench.spool.commit();
  CHECK(bench.said() ==
        std::vector<std::string>{"a.pem ends 60", "b.pem ends 7", "a.pem renewed 300"});
}

TEST_CASE("what settles after its end is heeded by nobody", "[pipeline][unit]") {
  CertificateBench bench;
  bench.news->say(ends("a.pem", 60));
  bench.news.reset();
  bench.spool.commit();
  CHECK(bench.said().size() == 1);
}
