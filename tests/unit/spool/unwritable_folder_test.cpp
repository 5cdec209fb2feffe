// A failing disk and a unit that forbids writing look alike to a program; the operator must learn
// which it is.
#include "spool/writer/unwritable_folder.hpp"

#include <cerrno>

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::spool;

namespace {

// The mounts as a service with ProtectSystem=strict sees them.
constexpr std::string_view kService =
    "100 90 254:0 / / ro,relatime shared:1 - ext4 /dev/vda rw,discard\n"
    "101 100 254:0 /var/lib/watchpost /var/lib/watchpost rw,relatime - ext4 /dev/vda rw,discard\n"
    "102 100 8:1 / /mnt/ssd ro,relatime - ext4 /dev/sda1 rw\n"
    "103 100 8:17 / /mnt/my\\040card rw,relatime - vfat /dev/sdb1 ro,errors=remount-ro\n"
    "104 102 8:1 /watchpost /mnt/ssd/watchpost rw,relatime - ext4 /dev/sda1 rw\n";

}  // namespace

TEST_CASE("what only the service may not write is told from what nobody can", "[spool][unit]") {
  CHECK(read_only_at("/mnt/ssd/other", MountTable{kService}) == ReadOnly::this_process);
  CHECK(read_only_at("/srv/watchpost", MountTable{kService}) == ReadOnly::this_process);
  CHECK(read_only_at("/mnt/my card/store", MountTable{kService}) == ReadOnly::everybody);
  CHECK(read_only_at("/var/lib/watchpost", MountTable{kService}) == ReadOnly::no);
  CHECK(read_only_at("/var/lib/watchpost-other", MountTable{kService}) == ReadOnly::this_process);
  // ReadWritePaths= makes a mount for each folder.
  CHECK(read_only_at("/mnt/ssd/watchpost/store", MountTable{kService}) == ReadOnly::no);
}

TEST_CASE("of two mounts on one folder the later one counts", "[spool][unit]") {
  const std::string twice =
      std::string(kService) + "105 102 8:1 / /mnt/ssd rw,relatime - ext4 /dev/sda1 rw\n";
  CHECK(read_only_at("/mnt/ssd/other", MountTable{twice}) == ReadOnly::no);
}

TEST_CASE("a text that is no list of mounts forbids nothing", "[spool][unit]") {
  CHECK(read_only_at("/mnt", MountTable{""}) == ReadOnly::no);
  CHECK(read_only_at("/mnt", MountTable{"1 2\n\\04\n1 2 3 4 5 6 7\n"}) == ReadOnly::no);
}

TEST_CASE("each reason why a folder cannot be written has its own remedy", "[spool][unit]") {
  const auto remedy = [](int error) { return unwritable_folder("/mnt/ssd/wp", error).remedy; };
  CHECK(remedy(EACCES).find("sudo chown -R watchpost:watchpost /mnt/ssd/wp") != std::string::npos);
  CHECK(remedy(EACCES).find("(now: number") == std::string::npos);
  CHECK(unwritable_folder(std::filesystem::path("/home") / "wang", EACCES).remedy.find("chown") ==
        std::string::npos);
  CHECK(remedy(ENOENT).find("mount the disk") != std::string::npos);
  CHECK(remedy(ENOSPC).find("free some space") != std::string::npos);
  CHECK(remedy(ENOTDIR).find("a file, not a folder") != std::string::npos);
  CHECK(remedy(EIO).find("dmesg") != std::string::npos);
}
