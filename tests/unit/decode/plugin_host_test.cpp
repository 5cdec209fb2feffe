#include "decode/plugin_host.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "support/catch.hpp"
#include "wayward_decoder.h"

namespace watchpost::decode {
namespace {

namespace fs = std::filesystem;

struct Folder {
  fs::path path = fs::temp_directory_path() / ("watchpost-plugin-" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

}  // namespace

TEST_CASE("the template's shared object is loaded", "[decode][unit]") {
  const auto decoder = load_plugin(WATCHPOST_TEMPLATE_MODULE);
  INFO((decoder ? std::string{} : decoder.error().sentence()));
  REQUIRE(decoder.has_value());
  CHECK(std::string((*decoder)->name) == "cover_sensor");
}

TEST_CASE("a shared object that others may write is refused", "[decode][unit]") {
  Folder folder;
  const auto copy = folder.path / "cover_sensor.so";
  fs::copy_file(WATCHPOST_TEMPLATE_MODULE, copy);
  fs::permissions(copy, fs::perms::group_write, fs::perm_options::add);

  const auto decoder = load_plugin(copy.string());
  REQUIRE_FALSE(decoder.has_value());
  CHECK(decoder.error().what.find("may be written by others") != std::string::npos);
  CHECK(decoder.error().remedy == "chmod go-w " + copy.string());
}

TEST_CASE("a shared object of another user is refused", "[decode][unit]") {
  if (::geteuid() != 0) return;  // only root can give a file away
  Folder folder;
  const auto copy = folder.path / "cover_sensor.so";
  fs::copy_file(WATCHPOST_TEMPLATE_MODULE, copy);
  fs::permissions(copy, fs::perms::owner_all);
  REQUIRE(::chown(copy.c_str(), 12345, 12345) == 0);

  const auto decoder = load_plugin(copy.string());
  REQUIRE_FALSE(decoder.has_value());
  CHECK(decoder.error().what.find("belongs to another user") != std::string::npos);
}

TEST_CASE("what is no decoder is refused with what to do", "[decode][unit]") {
  Folder folder;
  const auto file = folder.path / "text.so";
  std::ofstream(file) << "not a shared object";
  fs::permissions(file, fs::perms::owner_all);

  CHECK(load_plugin((folder.path / "absent.so").string()).error().what.find("cannot be read") !=
        std::string::npos);
  CHECK(load_plugin(file.string()).error().what.find("cannot be loaded") != std::string::npos);
  CHECK(load_plugin(folder.path.string()).error().what.find("is not a file") != std::string::npos);
}

TEST_CASE("an interface of another version is refused by both numbers", "[decode][unit]") {
  watchpost_decoder old = *wayward_decoder();
  old.abi = 7;
  const auto checked = check_plugin(&old, "old.so");
  REQUIRE_FALSE(checked.has_value());
  CHECK(checked.error().sentence() ==
        "the decoder old.so was built for decoder interface 7; this daemon has 1. Rebuild it with "
        "plugins/abi/watchpost_decoder.h of this version");
}

TEST_CASE("an interface with a part left out is refused", "[decode][unit]") {
  watchpost_decoder part = *wayward_decoder();
  part.close = nullptr;
  CHECK_FALSE(check_plugin(&part, "part.so").has_value());
  CHECK_FALSE(check_plugin(nullptr, "none.so").has_value());
}

}  // namespace watchpost::decode
