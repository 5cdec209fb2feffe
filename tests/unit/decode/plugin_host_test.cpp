#include "decode/plugin_host.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "decode/registry.hpp"
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

namespace {

// With the plugin that does at one place of its opening what `wish` says.
Result<Registry> build_with(const char* wish, const std::string& file = WATCHPOST_UNRULY_MODULE) {
  ::setenv("WATCHPOST_UNRULY", wish, 1);
  RegistryOptions options;
  options.bindings.push_back({{"a/b"}, file, {}});
  options.longest_opening = std::chrono::milliseconds{300};
  auto built = Registry::build(options);
  ::unsetenv("WATCHPOST_UNRULY");
  return built;
}

}  // namespace

TEST_CASE("a shared object that ends its process when opened is named and ends nothing here",
          "[decode][unit]") {
  Folder folder;  // a copy: an object that is loaded here is loaded in the other process too
  const auto copy = folder.path / "unruly.so";
  fs::copy_file(WATCHPOST_UNRULY_MODULE, copy);
  REQUIRE(build_with("behaves", copy.string()).has_value());
  for (const std::string place : {"load", "entry", "open"}) {
    for (const auto& [how, said] : {std::pair{" abort", "(signal 6, "},
                                    {" crash", "(signal 11, "},
                                    {" exit", "(exit code 0)"}}) {
      INFO(place << how);
      const auto built = build_with((place + how).c_str());
      REQUIRE_FALSE(built.has_value());
      CHECK(built.error().what.starts_with("the decoder " WATCHPOST_UNRULY_MODULE
                                           " ended the process of its own in which it was tried "));
      CHECK(built.error().what.find(said) != std::string::npos);
      CHECK_FALSE(built.error().remedy.empty());
      CHECK(built.error().chinese.find(WATCHPOST_UNRULY_MODULE) != std::string::npos);
    }
  }
}

TEST_CASE("a shared object that blocks when opened is named and blocks nothing here",
          "[decode][unit]") {
  for (const std::string place : {"load", "entry", "open"}) {
    INFO(place);
    const auto built = build_with((place + " block").c_str());
    REQUIRE_FALSE(built.has_value());
    CHECK(built.error().what.find(
              "unruly_decoder.so has not finished opening after 1 s, tried in a process of its "
              "own") != std::string::npos);
    CHECK(built.error().chinese.find("1 秒后仍未完成") != std::string::npos);
  }
}

}  // namespace watchpost::decode
