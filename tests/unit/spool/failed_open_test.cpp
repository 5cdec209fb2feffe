// A store that was killed is opened on a disk that fails: what its WAL holds may be in the kernel's
// cache only, so nothing of it may reach the database before it has been written and synced again.
#include <algorithm>

#include "spool/writer/open_store.hpp"
#include "spool/writer/writer.hpp"
#include "support/catch.hpp"
#include "support/recording_log.hpp"
#include "support/recording_vfs.hpp"
#include "support/records.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using namespace watchpost::support;

namespace {

struct KilledStore {
  TempDirectory directory{TempDirectory::Place::memory};
  RecordingLog log;
  WriterOptions options;
  std::filesystem::path file;
  std::unique_ptr<RecordingVfs> vfs;

  KilledStore() {
    options.directory = directory.path();
    options.kept_for.required = {"street"};
    {
      auto writer = Writer::open(options, log).value();
      file = writer.database_file();
    }
    vfs = std::make_unique<RecordingVfs>(file);
    vfs->make_default(7);
    auto writer = std::make_unique<Writer>(Writer::open(options, log).value());
    for (int i = 0; i < 5; ++i) {
      CommitGroup group;
      group.appends.push_back(an_append(a_record(EventClass::alarm, noise(3'000)), nullptr, 0));
      writer->commit(group).value();
    }
    vfs->cut_power();
    writer.reset();
    vfs->restore_power();
    vfs->forget_ops();
  }
  [[nodiscard]] auto count(StoreFile of, DiskOp::Kind kind) const {
    const auto& ops = vfs->ops();
    return std::count_if(ops.begin(), ops.end(),
                         [&](const DiskOp& op) { return op.file == of && op.kind == kind; });
  }
};

}  // namespace

TEST_CASE("a store that cannot make its WAL durable leaves the database as it is",
          "[spool][unit]") {
  const auto kind =
      GENERATE(Fault::Kind::write_error, Fault::Kind::short_write, Fault::Kind::sync_error);
  KilledStore store;
  // Only the first operation fails: the disk would take everything that comes after.
  store.vfs->arm({kind, 0, 1});

  const auto opened =
      OpenStore::open(store.file, ByteCount{10'000'000}, [] { return epoch_from(7); });

  CHECK(opened.has_error());
  CHECK(store.vfs->struck() == 1);
  CHECK(store.count(StoreFile::database, DiskOp::Kind::write) == 0);
  CHECK(store.count(StoreFile::wal, DiskOp::Kind::remove) == 0);

  store.vfs->disarm();
  auto writer = Writer::open(store.options, store.log);
  REQUIRE(writer.has_value());
  CHECK(writer->contents().logs[index_of(EventClass::alarm)].newest == Seq{5});
}
