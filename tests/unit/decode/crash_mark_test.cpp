#include "decode/crash_mark.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/temp_directory.hpp"

namespace watchpost::decode {
namespace {

namespace fs = std::filesystem;

struct PluginSite {
  support::TempDirectory folder;
  fs::path page = folder.path() / "plugin-at-work";
  std::string plugin = (folder.path() / "a.so").string();

  PluginSite() { write("one"); }
  void write(std::string_view text) const { std::ofstream(plugin) << text; }

  // As a process that ends there leaves the page.
  void crash(std::string_view topic) const {
    CrashMark mark(page);
    mark.open();
    // Its destructor never runs.
    static std::vector<CrashMark::AtWork*> left;
    left.push_back(new CrashMark::AtWork(&mark, {plugin, topic}));
  }
  [[nodiscard]] std::vector<CrashMark::Crashed> next_start() const {
    CrashMark mark(page);
    mark.open();
    return mark.crashed();
  }
};

}  // namespace

TEST_CASE("a process that ends while a plugin works leaves its name and topic", "[decode][unit]") {
  const PluginSite site;
  CHECK(site.next_start().empty());
  site.crash("cover/1/state");
  const auto crashed = site.next_start();
  REQUIRE(crashed.size() == 1);
  CHECK(crashed[0].plugin == site.plugin);
  CHECK(crashed[0].topic == "cover/1/state");
  CHECK(crashed[0].times == 1);
  CHECK_FALSE(crashed[0].rests);
  CHECK(site.next_start().front().times == 1);  // a start by itself counts nothing
}

TEST_CASE("a plugin rests after the second time, until its file changes", "[decode][unit]") {
  const PluginSite site;
  site.crash("a");
  site.crash("b");
  {
    CrashMark mark(site.page);
    mark.open();
    CHECK(mark.rests(site.plugin));
    CHECK_FALSE(mark.rests(site.plugin + "x"));
    CHECK(mark.crashed().front().topic == "b");
  }
  site.write("another build");
  CHECK(site.next_start().empty());
  site.crash("c");
  CHECK(site.next_start().front().times == 1);
}

TEST_CASE("a plugin that comes back leaves nothing", "[decode][unit]") {
  const PluginSite site;
  {
    CrashMark mark(site.page);
    mark.open();
    const CrashMark::AtWork at_work(&mark, {site.plugin, "a"});
  }
  CHECK(site.next_start().empty());
}

TEST_CASE("a page that cannot be had or is damaged stops nothing", "[decode][unit]") {
  const PluginSite site;
  CrashMark nowhere(site.folder.path() / "none" / "page");
  nowhere.open();
  { const CrashMark::AtWork at_work(&nowhere, {site.plugin, "a"}); }
  { const CrashMark::AtWork nobody(nullptr, {site.plugin, "a"}); }
  CHECK(nowhere.crashed().empty());

  std::ofstream(site.page) << std::string(3'000, 'x');
  CHECK(site.next_start().empty());
  site.crash("a");
  CHECK(site.next_start().size() == 1);
}

TEST_CASE("of more than 16 plugins that crashed the last are known", "[decode][unit]") {
  PluginSite site;
  for (int number = 0; number < 20; ++number) {
    site.plugin = (site.folder.path() / (std::to_string(number) + ".so")).string();
    site.write("plugin");
    site.crash(std::string(2'000, 't'));  // a long topic is cut
  }
  const auto crashed = site.next_start();
  CHECK(crashed.size() == 16);
  CHECK(crashed.front().topic.size() == 511);
  CHECK(crashed.front().plugin == site.plugin);
}

}  // namespace watchpost::decode
