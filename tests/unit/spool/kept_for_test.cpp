// For whom records stay in the store where no upstream is required.
#include "spool/writer/writer.hpp"
#include "support/catch.hpp"
#include "support/recording_log.hpp"
#include "support/records.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using namespace watchpost::support;

namespace {

// A small store that wants no history, for two upstreams that are not required.
struct OptionalOnly {
  TempDirectory directory;
  RecordingLog log;
  std::unique_ptr<Writer> writer;

  OptionalOnly() {
    WriterOptions options;
    options.directory = directory.path();
    options.kept_for.one_of.fill({"street", "archive"});
    options.space.quota = ByteCount{1'000'000};
    options.space.reserve = ByteCount{250'000};
    options.space.history = ByteCount{0};
    writer = std::make_unique<Writer>(Writer::open(options, log).value());
  }
  bool keep(EventClass event_class) {
    CommitGroup group;
    group.appends.push_back(an_append(a_record(event_class, noise(1'000)), nullptr, 0));
    writer->commit(group).value();
    return !group.appends[0].refusal;
  }
  const LogExtent& log_of(EventClass event_class) {
    return writer->contents().logs[index_of(event_class)];
  }
  std::uint64_t dropped(EventClass event_class) {
    return writer->contents().dropped[index_of(event_class)];
  }
};

}  // namespace

TEST_CASE("where no upstream is required, what none of them has yet is no history",
          "[spool][unit]") {
  OptionalOnly store;
  for (int i = 0; i < 5; ++i) REQUIRE(store.keep(EventClass::alarm));
  while (store.writer->remove_some()) {
  }
  CHECK(store.log_of(EventClass::alarm).oldest == Seq{1});

  CommitGroup group;
  group.notes.cursors.push_back({"archive", EventClass::alarm, Seq{3}});
  store.writer->commit(group).value();
  while (store.writer->remove_some()) {
  }
  CHECK(store.log_of(EventClass::alarm).oldest == Seq{4});
  CHECK(store.dropped(EventClass::alarm) == 0);

  for (int i = 0; i < 3'000; ++i) REQUIRE(store.keep(EventClass::telemetry));
  CHECK(store.dropped(EventClass::telemetry) ==
        store.log_of(EventClass::telemetry).oldest.value - 1);
  CHECK(store.log_of(EventClass::alarm).oldest == Seq{4});
}
