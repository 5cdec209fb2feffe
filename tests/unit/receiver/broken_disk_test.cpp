// The receiver's store on a disk that fails: nothing is confirmed that a power cut could take away.
#include <fstream>
#include <random>

#include "model/disk_image.hpp"
#include "receiver/store.hpp"
#include "support/catch.hpp"
#include "support/temp_directory.hpp"
#include "unit/receiver/events.hpp"

using namespace watchpost;
using namespace watchpost::receiver;
using namespace watchpost::receiver::test;
using support::Fault;
using support::StoreFile;

namespace {

struct OnDisk {
  support::TempDirectory directory{support::TempDirectory::Place::memory};
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
  // Ends the store as kill -9 does: only what the kernel has in its cache remains.
  void kill() {
    vfs.cut_power();
    store.reset();
    vfs.restore_power();
  }
  [[nodiscard]] std::filesystem::path wal() const { return file.string() + "-wal"; }

  // Number of events in the file if the power fails now and nothing unsynced reached the disk.
  [[nodiscard]] std::int64_t events_after_power_cut() const {
    model::CrashDisk disk(vfs.ops(), 7);
    while (!disk.at_end()) disk.advance({});
    return events_in([&](StoreFile part) { return disk.certain(part); });
  }
  // Cuts the power after each operation from the `from`-th on; any unsynced write may have reached
  // the disk.
  void power_cuts(std::size_t from, std::int64_t least) const {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      std::mt19937_64 random(seed);
      model::CrashDisk disk(vfs.ops(), seed);
      while (!disk.at_end()) {
        disk.advance({});
        if (disk.done() < from) continue;
        CAPTURE(seed, disk.done());
        REQUIRE(events_in([&](StoreFile part) {
                  auto image = disk.certain(part);
                  std::vector<model::Outcome::Fate> fates(disk.pending(part).size());
                  for (auto& fate : fates) fate.kept = random() % 2 == 0;
                  disk.decide(part, fates, image, {});
                  return image;
                }) >= least);
      }
    }
  }

 private:
  template <class ImageOf>
  static std::int64_t events_in(const ImageOf& image_of) {
    const support::TempDirectory folder{support::TempDirectory::Place::memory};
    const auto file = folder.path() / "image.db";
    for (const StoreFile part : support::kStoreFiles) {
      const model::FileImage image = image_of(part);
      if (!image.exists) continue;
      std::ofstream(file.string() + suffix_of(part), std::ios::binary) << image.bytes;
    }
    auto database =
        sqlite::Database::open(file, sqlite::Database::Access::read_write_create).value();
    const auto count = database.query_integer("SELECT count(*) FROM event").value();
    REQUIRE(database.query_integer("SELECT sum(received) FROM stream").value() == count);
    REQUIRE(database
                .query_integer("SELECT count(*) FROM pragma_integrity_check"
                               " WHERE integrity_check <> 'ok'")
                .value() == 0);
    return count;
  }
};

Seq confirmed_alarms(const Kept& kept) {
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
  // The store closed its connection. It was the last one, so SQLite removed the WAL.
  REQUIRE(disk.vfs.struck() == 1);
  REQUIRE_FALSE(std::filesystem::exists(disk.wal()));
  {
    // What the store knows of streams is read again from the file, too.
    const support::RecordingVfs::Well well(disk.vfs);
    auto other =
        sqlite::Database::open(disk.file, sqlite::Database::Access::read_write_create).value();
    other.execute("INSERT INTO gap VALUES (1, 2, 2, 'quota', 0)").value();
  }
  REQUIRE(confirmed_alarms(disk.keep({telemetry(3)}).value()) == Seq{3});
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
  const auto killed_at = disk.vfs.ops().size();
  disk.store = Store::open(disk.file).value();
  const auto opened_at = disk.vfs.ops().size();
  REQUIRE(confirmed_alarms(disk.keep({telemetry(2)}).value()) == Seq{2});
  disk.power_cuts(killed_at, 1);
  disk.power_cuts(opened_at, 2);
}

TEST_CASE("a disk that stays broken refuses every batch, and is well again by itself",
          "[receiver][unit]") {
  const auto kind = GENERATE(Fault::Kind::full, Fault::Kind::write_error, Fault::Kind::short_write,
                             Fault::Kind::sync_error, Fault::Kind::read_only);
  // The disk works for so many operations before it breaks for good.
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
  REQUIRE(confirmed_alarms(disk.keep({telemetry(kept + 1)}).value()) == Seq{kept + 1});
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
  REQUIRE(confirmed_alarms(disk.keep({telemetry(2)}).value()) == Seq{2});
}
