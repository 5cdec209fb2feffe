#include "app/metrics.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::app;

namespace {

// A daemon that has everything of which there are numbers.
struct FullSample {
  settings::Config config;
  pipeline::PipelineTotals totals;
  pipeline::DeviceRoll devices;

  [[nodiscard]] std::string text() const {
    spool::SpoolStatus spool;
    spool.days_left = 12.5;
    ingress::ListenerStatus listeners;
    listeners.addresses.push_back({"127.0.0.1", 1883, 3, false, false});
    ingress::BrokerStatus broker;
    broker.name = "office";
    upstream::UplinkStatus street;
    street.name = "street";
    street.backlog[index_of(EventClass::alarm)] = 7;
    Snapshot snapshot{config,  {},        {},       {},      ClockQuality::synced, spool, totals,
                      devices, listeners, {broker}, {street}};
    snapshot.disk_free = ByteCount{1'000};
    return metrics_text(snapshot);
  }
};

std::string file_text(const std::string& path) {
  std::ifstream in(std::string(WATCHPOST_SOURCE_DIR) + "/" + path);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::set<std::string> names_in(const std::string& text, const std::string& pattern) {
  std::set<std::string> names;
  const std::regex expression(pattern);
  for (auto it = std::sregex_iterator(text.begin(), text.end(), expression);
       it != std::sregex_iterator(); ++it) {
    names.insert((*it)[1]);
  }
  return names;
}

// With and without judgement there is a daemon; only with it there are alarms.
const std::set<std::string> kOfJudgement{"watchpost_duty_alarms_open",
                                         "watchpost_duty_alarms_untaken", "watchpost_troubles"};

}  // namespace

TEST_CASE("the numbers are Prometheus' text, with a help and a type for each name", "[app][unit]") {
  const std::string text = FullSample{}.text();
  CHECK(text.find("# TYPE watchpost_pipeline_messages_total counter\n") != std::string::npos);
  CHECK(text.find("watchpost_upstream_backlog_records{upstream=\"street\",class=\"alarm\"} 7\n") !=
        std::string::npos);
  CHECK(text.find("watchpost_listener_connections{port=\"1883\"} 3\n") != std::string::npos);
  CHECK(names_in(text, "# HELP (\\w+) \\S") == names_in(text, "# TYPE (\\w+) (?:counter|gauge)\n"));
  for (const std::string& counter : names_in(text, "# TYPE (\\w+) counter\n")) {
    CHECK(counter.ends_with("_total"));
  }
}

TEST_CASE("dashboard and alert rules ask only for numbers that there are", "[app][unit]") {
  auto known = names_in(FullSample{}.text(), "# TYPE (\\w+) ");
  known.insert(kOfJudgement.begin(), kOfJudgement.end());
  for (const char* file :
       {"docs/examples/grafana-watchpost.json", "docs/examples/prometheus-alerts.yml"}) {
    const auto asked = names_in(file_text(file), "\\b(watchpost_[a-z_]+)");
    CHECK(asked.size() > 5);
    for (const std::string& name : asked) {
      CAPTURE(file, name);
      CHECK(known.contains(name));
    }
  }
}
