// The receiver's store on a disk that fails: nothing is confirmed that a power cut could take.
#include <fstream>

#include "model/disk_image.hpp"
#include "receiver/store.hpp"
#include "support/catch.hpp"
#include "support/memory_directory.hpp"
#include "unit/receiver/events.hpp"

using namespace watchpost;
using namespace watchpost::receiver;
using namespace watchpost::receiver::test;
using support::Fault;
using support::StoreFile;

namespace {

struct OnDisk {
  support::MemoryDirectory directory;
  std::filesystem::path file = directory.path() / "RECEIVED.db";
  support::RecordingVfs vfs{file};
  std::optional<Store> store;

  OnDisk() {
    vfs.make_default(7);
    store = Store::open(file).value();
  }
  Result<Kept> keep(const std::vector<Message>& messages) {
    return store->keep(messages, WallTime{std::chrono::seconds{1}});
  }
  // As kill -9: what the kernel has in its cache is all that is left.
  void kill() {
    vfs.cut_power();
    store.reset();
    vfs.restore_power();
  }
  [[nodiscard]] std::filesystem::path wal() const { return file.string() + "-wal"; }

  // What is in the file if the power fails now and nothing reached the disk that was not synced.
  [[nodiscard]] std::int64_t events_after_power_cut() const {
    model::CrashDisk disk(vfs.ops(), 7);
    while (!disk.at_end()) disk.advance({});
    const support::MemoryDirectory image;
    for (const StoreFile part : support::kStoreFiles) {
      const auto& certain = disk.certain(part);
      if (!certain.exists) continue;
      std::ofstream copy(image.path() / (std::string("image.db") + suffix_of(part)),
                         std::ios::binary);
      copy << certain.bytes;
    }
    auto database = sqlite::Database::open(image.path() / "image.db",
                                           sqlite::Database::Access::read_write_create)
                        .value();
    return database.query_integer("SELECT count(*) FROM event").value();
  }
};

Seq confirmed(const Kept& kept) {
  REQUIRE(kept.receipts.size() == 1);
  return kept.receipts.front().sequence;
}

}  // namespace

TEST_CASE("after a failed sync the receiver opens its store again before it confirms anything",
          "[receiver][unit]") {
  OnDisk disk;
  REQUIRE(disk.keep({telemetry(1)}).has_value());
  disk.vfs.arm({Fault::Kind::sync_error, 0, 1});
  REQUIRE(disk.keep({telemetry(2)}).has_error());
  // The connection is closed, and with the last one SQLite removes the WAL.
  REQUIRE(disk.vfs.struck() == 1);
  REQUIRE_FALSE(std::filesystem::exists(disk.wal()));
  {
    // What is known of streams is read again from the file, too.
    const support::RecordingVfs::Well well(disk.vfs);
    auto other =
        sqlite::Database::open(disk.file, sqlite::Database::Access::read_write_create).value();
    other.execute("INSERT INTO gap VALUES (1, 2, 2, 'quota', 0)").value();
  }
  REQUIRE(confirmed(disk.keep({telemetry(3)}).value()) == Seq{3});
  REQUIRE(disk.events_after_power_cut() == 2);
}

TEST_CASE("what a failed sync left in the cache is confirmed only when it is on the disk",
          "[receiver][unit]") {
  OnDisk disk;
  REQUIRE(disk.keep({telemetry(1)}).has_value());
  disk.vfs.arm({Fault::Kind::sync_error, 0, ~std::uint64_t{0}});
  REQUIRE(disk.keep({telemetry(2)}).has_error());
  disk.kill();
  disk.vfs.disarm();
  disk.store = Store::open(disk.file).value();
  const Kept again = disk.keep({telemetry(2)}).value();
  REQUIRE(confirmed(again) == Seq{2});
  REQUIRE(disk.events_after_power_cut() == 2);
}

TEST_CASE("a disk that stays broken refuses every batch, and is well again by itself",
          "[receiver][unit]") {
  const auto kind = GENERATE(Fault::Kind::full, Fault::Kind::write_error, Fault::Kind::short_write,
                             Fault::Kind::sync_error, Fault::Kind::read_only);
  // Healthy for so many operations before it breaks for good.
  const std::uint64_t first = GENERATE(0, 1, 2, 5, 9);
  OnDisk disk;
  REQUIRE(disk.keep({telemetry(1)}).has_value());
  disk.vfs.arm({kind, first, ~std::uint64_t{0}});
  std::uint64_t kept = 1;
  while (disk.keep({telemetry(kept + 1)})) {
    REQUIRE(disk.events_after_power_cut() == static_cast<std::int64_t>(++kept));
  }
  for (int tries = 0; tries < 3; ++tries) {
    const auto refused = disk.keep({telemetry(kept + 1)});
    REQUIRE(refused.has_error());
    REQUIRE_FALSE(refused.error().remedy.empty());
    REQUIRE(refused.error().remedy.find("quota") == std::string::npos);
  }
  disk.vfs.disarm();
  REQUIRE(confirmed(disk.keep({telemetry(kept + 1)}).value()) == Seq{kept + 1});
  REQUIRE(disk.events_after_power_cut() == static_cast<std::int64_t>(kept + 1));
}

TEST_CASE("a file that was removed or replaced under the receiver is not gone on with",
          "[receiver][unit]") {
  OnDisk disk;
  REQUIRE(disk.keep({telemetry(1)}).has_value());
  const auto aside = disk.directory.path() / "aside";
  std::filesystem::rename(disk.file, aside);
  const auto refused = disk.keep({telemetry(2)});
  REQUIRE(refused.has_error());
  REQUIRE(refused.error().what.find("removed or replaced") != std::string::npos);
  REQUIRE(disk.keep({telemetry(2)}).has_error());
  REQUIRE_FALSE(std::filesystem::exists(disk.file));
  std::filesystem::rename(aside, disk.file);
  REQUIRE(confirmed(disk.keep({telemetry(2)}).value()) == Seq{2});
}
