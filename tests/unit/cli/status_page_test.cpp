#include "cli/status_page.hpp"

#include "support/catch.hpp"

using namespace watchpost;

namespace {

std::string page_of(const std::string& status, Language language = Language::english) {
  auto page = cli::status_page(status, language);
  REQUIRE(page.has_value());
  return *page;
}

bool shows(const std::string& page, const std::string& part) {
  UNSCOPED_INFO(page);
  return page.find(part) != std::string::npos;
}

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
  CHECK_FALSE(shows(page, "No troubles"));
  CHECK(shows(page, "listener 127.0.0.1 port 1883  1 client\n"));
}

TEST_CASE("troubles are shown in the language that was asked for", "[cli][unit]") {
  const auto page = page_of(R"({"troubles":[{"text":{"en":"Down","zh-CN":"连接中断"},
                                             "next":{"en":"Look","zh-CN":"检查网络"}}]})",
                            Language::chinese);
  CHECK(shows(page, "! 连接中断\n  → 检查网络\n"));
  CHECK_FALSE(shows(page, "Down"));
}

TEST_CASE("without troubles the page says so", "[cli][unit]") {
  const auto page = page_of(R"({"gateway":{"id":"a"},"clock":"synced"})");
  CHECK(shows(page, "No troubles.\n"));
  CHECK(shows(page, "clock kept by the network"));
  CHECK(shows(page, "none configured: events stay on this box"));
  CHECK(shows(page, "no commit yet since the start"));
}

TEST_CASE("an upstream is shown with its state, its backlog per class, and whether it is required",
          "[cli][unit]") {
  const auto page = page_of(R"({"upstreams":[
    {"name":"street","url":"mqtt://s:1883","required":true,"state":"connected","since_s":7300,
     "backlog":{"alarm":0,"patrol":0,"status":1,"telemetry":20},"in_flight":4,"acknowledged":9},
    {"name":"district","url":"mqtt://d:1883","required":false,"state":"waiting","since_s":1}]})");
  CHECK(shows(page, "street mqtt://s:1883  connected for 2 h\n"));
  CHECK(shows(page, "backlog: alarm 0, patrol 0, status 1, telemetry 20; 4 in flight, 9 ack"));
  CHECK(shows(page, "district mqtt://d:1883  waiting for 1 s (not required)\n"));
}

TEST_CASE("a device that was not read says why, and the page how to bind a decoder",
          "[cli][unit]") {
  const auto read = page_of(
      R"({"devices":{"count":1,"recent":[{"device":"kitchen","decoder":"senml","messages":1}]}})");
  CHECK(shows(read, "1 message, last"));
  CHECK_FALSE(shows(read, "[[decoder]]"));

  const auto unread = page_of(R"({"devices":{"count":1,"recent":[
    {"device":"lid","decoder":"","messages":2,"unread":2,"last_trouble":"nobody reads lid/1"}]}})");
  CHECK(shows(unread, "(not read)"));
  CHECK(shows(unread, "! 2 not read, the last because: nobody reads lid/1"));
  CHECK(shows(unread, "[[decoder]]"));
}

TEST_CASE("at most fifteen devices are listed", "[cli][unit]") {
  std::string list;
  for (int i = 0; i < 20; ++i) {
    list += (i == 0 ? "" : ",") + std::string(R"({"device":"d)") + std::to_string(i) + "\"}";
  }
  const auto page = page_of(R"({"devices":{"count":20,"recent":[)" + list + "]}}");
  CHECK(shows(page, "d14 "));
  CHECK_FALSE(shows(page, "d15 "));
  CHECK(shows(page, "more with --json"));
}

TEST_CASE("fields of another version or of the wrong type never break the page", "[cli][unit]") {
  for (const std::string status :
       {"{}", R"({"troubles":[1],"listeners":{},"brokers":[null],"upstreams":["x"],"store":3})",
        R"({"devices":{"recent":[7]},"uptime_s":"soon","upstreams":[{"required":"maybe"}]})",
        R"({"listeners":[{"port":1.5,"connections":18446744073709551615}]})"}) {
    CHECK(cli::status_page(status, Language::english).has_value());
  }
}

TEST_CASE("what is no status is refused with what to do", "[cli][unit]") {
  for (const std::string text : {"", "[]", "<html>"}) {
    const auto page = cli::status_page(text, Language::english);
    REQUIRE_FALSE(page.has_value());
    CHECK(page.error().remedy.find("--socket") != std::string::npos);
  }
}
