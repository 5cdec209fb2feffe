#include "cli/status_page.hpp"

#include "support/catch.hpp"

using namespace watchpost;

namespace {

std::string page_of(const std::string& status, const cli::PageOptions& options = {}) {
  auto page = cli::status_page(status, options);
  REQUIRE(page.has_value());
  return *page;
}

bool page_shows(const std::string& page, const std::string& part) {
  UNSCOPED_INFO(page);
  return page.find(part) != std::string::npos;
}

const std::string kFull = R"({
  "gateway":{"id":"v-1","area":"310118106203","version":"1"},"uptime_s":7300,"clock":"synced",
  "alarms":[{"device":"24e1","name":"昭巷河口","kind":"water_level","age_s":130,
    "level":"orange","test":true,"exercise":false}],
  "listeners":[{"address":"127.0.0.1","port":1883,"connections":1}],
  "upstreams":[{"name":"street","url":"mqtt://s:1883","required":true,"state":"connected",
    "backlog":{"alarm":0,"patrol":0,"status":1,"telemetry":20}}],
  "store":{"directory":"/s","epoch":"7f3a","disk_free":5242880,"days_left":3,"commits":2,
    "dropped":{"telemetry":4}},
  "devices":{"count":2,"recent":[
    {"device":"24e1","name":"昭巷河口","decoder":"chirpstack4","messages":3,"age_s":7},
    {"device":"kitchen","name":"","decoder":"","messages":1,"unread":1,"age_s":90000}]}})";

}  // namespace

TEST_CASE("troubles stand before everything else, each with what to do", "[cli][unit]") {
  const auto page = page_of(R"({
    "gateway":{"id":"zhaoxiang-03","area":"310118106203","version":"1"},
    "troubles":[{"text":{"en":"Upstream street is not connected","zh-CN":"连接中断"},
                 "next":{"en":"Check the network","zh-CN":"检查网络"}},
                {"text":{"en":"The clock of this box is wrong"},"next":{"en":""}}],
    "listeners":[{"address":"127.0.0.1","port":1883,"connections":1}]})");
  const auto what = page.find("! Upstream street is not connected\n  → Check the network\n");
  REQUIRE(what != std::string::npos);
  CHECK(page.find("! The clock of this box is wrong\n\n") != std::string::npos);
  CHECK(what < page.find("Ways in"));
  CHECK_FALSE(page_shows(page, "No troubles"));
  CHECK(page_shows(page, "listener 127.0.0.1 port 1883  1 client\n"));
}

TEST_CASE("troubles are shown in the language that was asked for", "[cli][unit]") {
  const auto page = page_of(R"({"troubles":[{"text":{"en":"Down","zh-CN":"连接中断"},
                                             "next":{"en":"Look","zh-CN":"检查网络"}}]})",
                            {Language::chinese});
  CHECK(page_shows(page, "! 连接中断\n  → 检查网络\n"));
  CHECK_FALSE(page_shows(page, "Down"));
}

TEST_CASE("nothing is well while nobody has taken an alarm", "[cli][unit]") {
  const auto page = page_of(R"({"duty":{"open":2,"untaken":1}})");
  CHECK_FALSE(page_shows(page, "No troubles"));
  CHECK(page_shows(page, "! 1 alarm that nobody has taken\n  → See watchpost alarms"));
  CHECK(page_shows(page_of(R"({"duty":{"open":2,"untaken":0}})"), "No troubles.\n"));
  const auto street = page_of(R"({"duty":{"open":0,"untaken":0,"untaken_below":2}})");
  CHECK_FALSE(page_shows(street, "No troubles"));
  CHECK(page_shows(street, "! 2 alarms of gateways below that nobody has taken\n"));
}

TEST_CASE("without troubles the page says so", "[cli][unit]") {
  const auto page = page_of(R"({"gateway":{"id":"a"},"clock":"synced"})");
  CHECK(page_shows(page, "No troubles.\n"));
  CHECK(page_shows(page, "clock kept by the network"));
  CHECK(page_shows(page, "none configured: events stay on this box"));
  CHECK(page_shows(page, "no commit yet since the start"));
}

TEST_CASE("an upstream is shown with its state, its backlog per class, and whether it is required",
          "[cli][unit]") {
  const auto page = page_of(R"({"upstreams":[
    {"name":"street","url":"mqtt://s:1883","required":true,"state":"connected","since_s":7300,
     "backlog":{"alarm":0,"patrol":0,"status":1,"telemetry":20},"in_flight":4,"acknowledged":9},
    {"name":"district","url":"mqtt://d:1883","required":false,"state":"waiting","since_s":1}]})");
  CHECK(page_shows(page, "street mqtt://s:1883  connected for 2 h\n"));
  CHECK(page_shows(page, "backlog: alarm 0, patrol 0, status 1, telemetry 20; 4 in flight, 9 ack"));
  CHECK(page_shows(page, "district mqtt://d:1883  waiting for 1 s (not required)\n"));
}

TEST_CASE("a device that was not read says why, and the page how to bind a decoder",
          "[cli][unit]") {
  const auto read = page_of(
      R"({"devices":{"count":1,"recent":[{"device":"kitchen","decoder":"senml","messages":1}]}})");
  CHECK(page_shows(read, "1 message, last"));
  CHECK_FALSE(page_shows(read, "[[decoder]]"));

  const auto unread = page_of(R"({"devices":{"count":1,"recent":[
    {"device":"lid","decoder":"","messages":2,"unread":2,"last_trouble":"nobody reads lid/1",
     "last_trouble_text":{"en":"nobody reads lid/1","zh":"没有解码器读 lid/1"}}]}})");
  CHECK(page_shows(unread, "(not read)"));
  CHECK(page_shows(unread, "! 2 not read, the last because: nobody reads lid/1"));
  CHECK(page_shows(unread, "[[decoder]]"));
}

TEST_CASE("at most fifteen devices are listed", "[cli][unit]") {
  std::string list;
  for (int i = 0; i < 20; ++i) {
    list += (i == 0 ? "" : ",") + std::string(R"({"device":"d)") + std::to_string(i) + "\"}";
  }
  const auto page = page_of(R"({"devices":{"count":20,"recent":[)" + list + "]}}");
  CHECK(page_shows(page, "d14 "));
  CHECK_FALSE(page_shows(page, "d15 "));
  CHECK(page_shows(page, "more with --device, --unread, --silent or --json"));
}

TEST_CASE("fields of another version or of the wrong type never break the page", "[cli][unit]") {
  for (const std::string status :
       {"{}", R"({"troubles":[1],"listeners":{},"brokers":[null],"upstreams":["x"],"store":3})",
        R"({"devices":{"recent":[7]},"uptime_s":"soon","upstreams":[{"required":"maybe"}]})",
        R"({"listeners":[{"port":1.5,"connections":18446744073709551615}]})"}) {
    for (const Language language : kLanguages) {
      CHECK(cli::status_page(status, {language, 60}).has_value());
    }
  }
}

TEST_CASE("what is no status is refused with what to do", "[cli][unit]") {
  for (const std::string text : {"", "[]", "<html>"}) {
    const auto page = cli::status_page(text, {});
    REQUIRE_FALSE(page.has_value());
    CHECK(page.error().remedy.find("--socket") != std::string::npos);
  }
}

TEST_CASE("the whole page can be shown in Chinese", "[cli][unit]") {
  const auto page = page_of(kFull, {Language::chinese});
  CHECK(page_shows(page,
                   "邻哨 v-1  （区划代码 310118106203，版本 1）  已运行 2 小时，时钟已由网络校准"));
  CHECK(page_shows(page, "一切正常。"));
  CHECK(page_shows(page, "昭巷河口 (24e1)"));
  CHECK(page_shows(page, "3 条消息，最近 7 秒前"));
  CHECK(page_shows(page, "未关闭的警情：1"));
  CHECK(page_shows(page, "1 个客户端"));
  CHECK(page_shows(page, "等待上传：报警 0，巡更 0，状态 1，测量 20"));
  CHECK(page_shows(page, "磁盘剩余 5.0 MiB"));
  for (const std::string english : {"since", "message", "Upstreams", "Store", " ago", "Ways"}) {
    CHECK_FALSE(page_shows(page, english));
  }
}

TEST_CASE("alarms and devices stand before ways in and out, the store last", "[cli][unit]") {
  const auto page = page_of(kFull);
  const auto at = [&page](const std::string& part) {
    INFO(page);
    REQUIRE(page.find(part) != std::string::npos);
    return page.find(part);
  };
  CHECK(at("Open alarms: 1") < at("Devices heard"));
  CHECK(at("Devices heard") < at("Ways in"));
  CHECK(at("Ways in") < at("Upstreams"));
  CHECK(at("Upstreams") < at("Store /s"));
  CHECK(at("5.0 MiB free on the disk") > at("Store /s"));
  CHECK(at("[test]") < at("Devices heard"));
  CHECK(page.find("[drill]") == std::string::npos);
  CHECK(at("昭巷河口 (24e1)") > 0);
}

TEST_CASE("only the devices that were asked for are shown, by name, unread or silent",
          "[cli][unit]") {
  cli::PageOptions named;
  named.devices.device = "河口";
  CHECK(page_shows(page_of(kFull, named), "24e1"));
  CHECK_FALSE(page_shows(page_of(kFull, named), "kitchen"));
  CHECK_FALSE(page_shows(page_of(kFull, named), "Upstreams"));
  named.devices.device = "nosuch";
  CHECK(cli::status_page(kFull, named).error().kind == Failure::Kind::not_found);
  cli::PageOptions unread;
  unread.devices.unread = true;
  CHECK(page_shows(page_of(kFull, unread), "kitchen"));
  CHECK_FALSE(page_shows(page_of(kFull, unread), "24e1"));
  cli::PageOptions silent;
  silent.devices.silent = cli::span_from("1d");
  CHECK(page_shows(page_of(kFull, silent), "kitchen"));
  CHECK_FALSE(page_shows(page_of(kFull, silent), "24e1"));
  CHECK(page_shows(page_of(kFull, silent), "1 shown"));
}

TEST_CASE("a span is a number with its unit", "[cli][unit]") {
  CHECK(cli::span_from("1d") == std::chrono::hours{24});
  CHECK(cli::span_from("12h") == std::chrono::hours{12});
  CHECK(cli::span_from("30 min") == std::chrono::minutes{30});
  CHECK(cli::span_from("90s") == std::chrono::seconds{90});
  for (const std::string_view text : {"", "1", "d", "-1d", "1 day", "1e9d", "999999999999d"}) {
    CHECK_FALSE(cli::span_from(text));
  }
}

TEST_CASE("a long line goes on below on a narrow terminal", "[cli][unit]") {
  const std::string status = R"({"troubles":[{"text":{"en":"Down"},"next":{"en":)" +
                             std::string(R"("Look at the network and at the name server, then )") +
                             R"(call the operator of the street"}}]})";
  const auto page = page_of(status, {Language::english, 50});
  CHECK(page_shows(page,
                   "  → Look at the network and at the name server,\n    then call the operator"));
  CHECK_FALSE(page_shows(page_of(status), "server,\n"));
}

TEST_CASE("the status says that devices are out of service", "[cli][unit]") {
  const std::string status = R"({"devices":{"count":3,"recent":[],"out_of_service":2}})";
  CHECK(page_shows(page_of(status), "  2 devices out of service, with mute alarms"));
  CHECK(page_shows(page_of(status, {Language::chinese}), "  停用的设备：2 台"));
  CHECK_FALSE(page_shows(page_of(R"({"devices":{"out_of_service":0}})"), "out of service"));
}

TEST_CASE("dangers that were never seen to be declared stand apart, in both languages",
          "[cli][unit]") {
  const std::string status = R"({
    "troubles":[{"severity":"advice","text":{"en":"1 device never did","zh-CN":"1 台"},
                 "next":{"en":"Press","zh-CN":"按"}}],
    "devices":{"count":1,"recent":[
      {"device":"24e1","name":"厨房","decoder":"chirpstack4","messages":3,"age_s":7,
       "dangers":[{"kind":"smoke","proven_by":"test","proven_at":"2026-11-23T12:00:00.000Z"},
                  {"kind":"co","proven_by":"nothing"}]}]},
    "not_proven":[{"device":"24e1","name":"厨房","heard":true,"kinds":["co"]},
                  {"device":"bed","name":"","heard":false,"kinds":["sos","fall"]}]})";
  const auto page = page_of(status);
  CHECK(page_shows(page, "No troubles.\n· 1 device never did\n  → Press\n"));
  CHECK(page_shows(page, "smoke: proven by a test on 2026-11-23"));
  CHECK(page_shows(page, "Not proven:"));
  CHECK(page_shows(page, "carbon monoxide"));
  CHECK(page_shows(page, "call for help, fall  (not heard since the start)"));
  const auto chinese = page_of(status, {Language::chinese});
  CHECK(page_shows(chinese, "尚未证实"));
  CHECK(page_shows(chinese, "求助、跌倒  （启动以来没有消息）"));
  CHECK(page_shows(chinese, "烟雾：已由测试证实（2026-11-23）"));
  cli::PageOptions one;
  one.devices.device = "bed";
  const auto only = page_of(status, one);
  CHECK(page_shows(only, "call for help"));
  CHECK_FALSE(page_shows(only, "carbon monoxide"));
}
