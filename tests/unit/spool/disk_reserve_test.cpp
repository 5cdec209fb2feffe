// The room on the disk that only alarms may use.
#include "spool/room/disk_reserve.hpp"

#include <fstream>

#include "support/catch.hpp"
#include "support/temp_directory.hpp"

namespace watchpost::spool {
namespace {

using support::TempDirectory;
constexpr std::uint64_t kMost = 64 * 1024;
namespace fs = std::filesystem;

TEST_CASE("the disk's reserve gives up its parts until nothing is left, and takes them again",
          "[spool][unit]") {
  const TempDirectory directory{TempDirectory::Place::disk};
  const fs::path file = directory.path() / "reserve";
  DiskReserve reserve(file, kMost);
  const auto whole = fs::file_size(file);
  REQUIRE(whole > 0);

  int parts = 0;
  for (auto left = whole; reserve.release(); left = fs::file_size(file)) {
    ++parts;
    CHECK(fs::file_size(file) < left);
  }
  CHECK(parts >= 8);
  CHECK(fs::file_size(file) == 0);

  reserve.refill();
  CHECK(fs::file_size(file) == whole);
}

TEST_CASE("a reserve that was given up in part is what a new start finds", "[spool][unit]") {
  const TempDirectory directory{TempDirectory::Place::disk};
  const fs::path file = directory.path() / "reserve";
  std::ofstream(file) << "what was left";
  DiskReserve reserve(file, kMost);
  CHECK(reserve.release());
}

TEST_CASE("a reserve that cannot be made is left out, and nothing fails because of it",
          "[spool][unit]") {
  const TempDirectory directory{TempDirectory::Place::disk};
  const fs::path file = directory.path() / "reserve";
  fs::create_directory(file);
  DiskReserve reserve(file, kMost);
  CHECK_FALSE(reserve.release());
  reserve.refill();
  CHECK(fs::is_directory(file));
}

}  // namespace
}  // namespace watchpost::spool
