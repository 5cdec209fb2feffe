// What the commands about devices ask and say: the list, and a table that is entered.
#include "cli/duty/devices.hpp"

#include <fstream>
#include <string>

#include "cli/ending.hpp"
#include "unit/cli/asked_daemon.hpp"

using namespace watchpost;
using namespace watchpost::cli;
using namespace watchpost::cli::testing;

namespace {

// Of a table in `directory`.
ImportOptions a_dry_run(const Daemon& daemon, const TempDirectory& directory,
                        std::string_view table) {
  ImportOptions options;
  options.ask = asking_at(daemon);
  options.by = "Wang";
  options.dry_run = true;
  options.file = (directory.path() / "t.csv").string();
  std::ofstream(options.file) << table;
  return options;
}

}  // namespace

TEST_CASE("a device is listed with when it was heard, how often it is to be, and why it is out",
          "[cli][unit]") {
  const std::string devices =
      R"({"devices":[{"device":"a","service":"in_service","heard_s":120,"expected_s":3600,)"
      R"("expected_interval":"1 h","expected_by":"entry","proven":"2026-11-23T19:41:07.120Z"},)"
      R"({"device":"b","service":"out_of_service","out":{"why":"dust","by":"Wang",)"
      R"("since":"2026-11-23T19:41:07.120Z"}},)"
      R"({"device":"c","service":"in_service","heard_s":5,"expected_interval":"never"}]})";
  {
    Daemon daemon({good(devices)});
    const Written written;
    CHECK(show_devices(asking_at(daemon)) == 0);
    CHECK(written.has(
        "      heard 2 min ago, expected every 60 min (entered), proven by a live test"));
    CHECK(written.has("      not heard since the start, no interval\n"));
    CHECK(written.has("      dust, by Wang since "));
    CHECK(written.has("      heard 5 s ago, its silence is none: as entered\n"));
  }
  Daemon daemon({good(devices)});
  auto chinese = asking_at(daemon);
  chinese.language = "zh";
  const Written written;
  CHECK(show_devices(chinese) == 0);
  CHECK(written.has("前收到，应每 60 分钟 上报（登记）"));
  CHECK(written.has("      启动以来没有消息，没有上报周期\n"));
  CHECK(written.has("实测证实"));
  CHECK(written.has("      dust，Wang，自 "));
}

TEST_CASE("a list says whom to call, and the page of a device all of its household",
          "[cli][unit]") {
  const std::string devices =
      R"({"devices":[{"device":"q1","service":"in_service","group":"north",)"
      R"("household":"Zhang 3-501",)"
      R"("contact":"Mei, 13800001111","age_group":"over 80","sex":"f","consent":"Zhang, 1 May"},)"
      R"({"device":"q2","service":"in_service"}]})";
  Daemon daemon({good(devices), good(devices), good(devices), good(devices)});
  auto asking = asking_at(daemon);
  {
    const Written written;
    CHECK(show_devices(asking) == 0);
    CHECK(written.has("      household: Zhang 3-501\n      call: Mei, 13800001111\n"));
    CHECK_FALSE(written.has("over 80"));
  }
  {
    const Written written;
    CHECK(show_device(asking, "q1") == 0);
    CHECK(
        written.has("      group: north\n      household: Zhang 3-501\n"
                    "      call: Mei, 13800001111\n      age group: over 80\n      sex: f\n"
                    "      consent: Zhang, 1 May\n"));
    CHECK_FALSE(written.has("q2"));
  }
  asking.language = "zh";
  {
    const Written written;
    CHECK(show_device(asking, "q1") == 0);
    CHECK(written.has("      住户：Zhang 3-501\n      联系人：Mei, 13800001111\n      年龄段："));
  }
  const Written written;
  CHECK(show_device(asking, "q3") == kFindings);
  CHECK(written.has("没有设备 q3"));
}

TEST_CASE("a dry run says what would change of a household, and what the configuration fixes",
          "[cli][unit]") {
  const auto known =
      good(R"({"devices":[{"device":"q1","name":"","place":"","service":"in_service",)"
           R"("contact":"Mei, 138"}]})");
  const auto answered =
      good(R"({"devices":[{"device":"q1","change":"edited","contact":"Mei, 139",)"
           R"("contact_before":"Mei, 138","sex_before":"f","fixed":true,)"
           R"("fixed_texts":["name","household"]},)"
           R"({"device":"q2","change":"entered","name":"Bed","household":"Li"}]})");
  const TempDirectory directory;
  ImportOptions options;
  options.by = "Wang";
  options.dry_run = true;
  options.file = (directory.path() / "t.csv").string();
  std::ofstream(options.file)
      << "device,name,contact,household\nq1,n,\"Mei, 139\",Zhang\nq2,Bed,,Li\n";
  Daemon daemon({known, answered, known, answered});
  options.ask = asking_at(daemon);
  {
    const Written written;
    CHECK(import_devices(options) == 0);
    CHECK(written.has("; contact: Mei, 138 → Mei, 139; sex: f → -\n"));
    CHECK(written.has("+ q2: Bed; household: Li\n"));
    CHECK(
        written.has("= q1: fixed by [[device]] in watchpost.toml, to be changed there: name, "
                    "household\n"));
  }
  options.ask.language = "zh";
  const Written written;
  CHECK(import_devices(options) == 0);
  CHECK(written.has("请在那里修改：名称、住户\n"));
  CHECK(written.has("；联系人：Mei, 138 → Mei, 139；性别：f → -\n"));
  CHECK(has_part(daemon.asked().at(1), R"("contact":"Mei, 139")"));
  CHECK(daemon.asked().at(1).find("consent") == std::string::npos);
}

TEST_CASE("a dry run says with which interval a device would be entered", "[cli][unit]") {
  Daemon daemon({good(R"({"devices":[]})"),
                 good(R"({"devices":[{"device":"q1","change":"entered","name":"Bed","place":"",)"
                      R"("expected_interval":"1 h"},{"device":"q2","change":"entered",)"
                      R"("expected_interval":"never"}]})")});
  const TempDirectory directory;
  ImportOptions options;
  options.ask = asking_at(daemon);
  options.by = "Wang";
  options.dry_run = true;
  options.file = (directory.path() / "t.csv").string();
  std::ofstream(options.file) << "device,name,expected_interval\nq1,Bed,1 h\nq2,,never\n";
  const Written written;
  CHECK(import_devices(options) == 0);
  CHECK(written.has("+ q1: Bed, expected every 1 h\n"));
  CHECK(written.has("+ q2: its silence is none\n"));
}

TEST_CASE("a table is tried whole before the first device of it is entered", "[cli][unit]") {
  const auto known =
      good(R"({"devices":[{"device":"heard","name":"","place":"","service":"new"}]})");
  const TempDirectory directory;
  ImportOptions options;
  options.by = "Wang";
  options.from = "desk";
  options.file = (directory.path() / "t.csv").string();
  std::ofstream table(options.file);
  table << "device,place,service\nheard,,new\n";
  for (int i = 0; i < 101; ++i) table << "d" << i << ",3F,\n";
  table.close();
  {
    Daemon daemon({known, good(R"({"devices":[]})"),
                   answer("400 Bad Request", R"({"error":"`place` is wrong"})")});
    options.ask = asking_at(daemon);
    const Written written;
    CHECK(import_devices(options) == kFindings);
    REQUIRE(daemon.asked().size() == 3);
    CHECK(has_part(daemon.asked().at(1), "\"dry_run\":true"));
    CHECK(has_part(daemon.asked().at(2), "\"dry_run\":true"));
  }
  Daemon daemon({known, good(R"({"devices":[]})"), good(R"({"devices":[]})"),
                 good(R"({"devices":[{"device":"d0","change":"entered","name":"","place":"3F"}]})"),
                 good(R"({"devices":[]})")});
  options.ask = asking_at(daemon);
  const Written written;
  CHECK(import_devices(options) == 0);
  CHECK(has_part(daemon.asked().at(3), "\"dry_run\":false"));
  // The table has no names, and one device of it was only heard and is as it was written.
  CHECK(daemon.asked().at(3).find("\"name\"") == std::string::npos);
  CHECK(daemon.asked().at(3).find("\"heard\"") == std::string::npos);
  CHECK(written.has("1 entered"));
  CHECK(written.has("1 were only heard"));
}

TEST_CASE("a device that was only heard is entered with a contact", "[cli][unit]") {
  Daemon daemon({good(R"({"devices":[{"device":"heard","name":"","place":"","service":"new"},)"
                      R"({"device":"other","name":"","place":"","service":"new"}]})"),
                 good(R"({"devices":[]})")});
  const TempDirectory directory;
  const ImportOptions options =
      a_dry_run(daemon, directory, "device,service,contact\nheard,new,Mei\nother,new,\n");
  const Written written;
  CHECK(import_devices(options) == 0);
  CHECK(has_part(daemon.asked().at(1), R"("contact":"Mei")"));
  CHECK(written.has("1 were only heard"));
}

TEST_CASE("columns that are not entered with a table are named where they were changed",
          "[cli][unit]") {
  Daemon daemon({good(R"({"devices":[{"device":"a","name":"","place":"","service":"in_service"},)"
                      R"({"device":"b","name":"","place":"","service":"in_service"}]})"),
                 good(R"({"devices":[]})")});
  const TempDirectory directory;
  const ImportOptions options =
      a_dry_run(daemon, directory, "device,service,why\na,out_of_service,dust\nb,in_service,\n");
  const Written written;
  CHECK(import_devices(options) == 0);
  CHECK(written.has("! a: service, why, by and since are not entered"));
  CHECK_FALSE(written.has("! b"));
}
