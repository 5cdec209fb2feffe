#include "cli/duty/alarm_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <functional>
#include <map>
#include <utility>

#include "base/clock.hpp"
#include "cli/local_client.hpp"
#include "cli/status_json.hpp"
#include "model/event_topic.hpp"
#include "model/topic.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

constexpr std::string_view kStartOfTime = "1970-01-01T00:00:00Z";
using Change = std::function<void(json::object)>;

Failure cut_off() {
  return in_both(Failure::Kind::unavailable,
                 English{"The daemon ended the list of events before its end", "Ask again"},
                 Chinese{"服务没有给完事件列表", "请重试"});
}

const json::object& alarm_in(const json::object& event) {
  return section(section(event, "data"), "alarm");
}

// Which of all that were ever raised here.
std::string identity(const json::object& alarm) {
  return text(alarm, "epoch") + "-" + text(alarm, "number");
}

// Each stored change of an alarm of the class, by received time, from `from` on.
Result<void> for_each_change(const std::string& socket, std::string_view from,
                             EventClass event_class, const Change& change) {
  const std::string query =
      fmt::format("/v1/export?from={}&to=2200-01-01T00:00:00Z&unset=include&class={}", from,
                  to_string(event_class));
  bool is_whole = false;
  const auto read = LocalClient(socket).read_lines(query, [&](std::string_view line) {
    is_whole = line.starts_with("{\"exported\":");
    // Most lines are no change, and reading JSON takes time.
    if (line.find(".transition.v1\"") == std::string_view::npos) return !is_whole;
    boost::system::error_code error;
    json::value parsed = json::parse({line.data(), line.size()}, error);
    if (!error && parsed.is_object()) change(std::move(parsed.get_object()));
    return true;
  });
  if (!read) return read.error();
  return is_whole ? Result<void>() : Result<void>(cut_off());
}

// The CloudEvents `source` of the daemon's own events.
Result<std::string> own_source(const std::string& socket) {
  const auto status = LocalClient(socket).get("/v1/status");
  if (!status) return status.error();
  boost::system::error_code error;
  const json::value parsed = json::parse(*status, error);
  const json::object* const root = error ? nullptr : parsed.if_object();
  const std::string id = root == nullptr ? "" : text(section(*root, "gateway"), "id");
  if (id.empty()) return cut_off();
  return event_source(to_topic_level(id));
}

// Changes of an alarm are of the class alarm; those of a fault of the class status, of which there
// is more to look through.
constexpr EventClass kClassesOfChanges[] = {EventClass::alarm, EventClass::status};

std::string closed_at(const json::object& alarm) {
  const std::string closed = text(alarm, "closed");
  return closed.empty() ? text(alarm, "changed") : closed;
}

}  // namespace

Result<std::vector<json::object>> AlarmLog::changes_of(const json::object& alarm) const {
  std::vector<json::object> changes;
  const auto since = from_rfc3339(text(alarm, "since"), std::chrono::minutes{0});
  const std::string from =
      since ? to_rfc3339(*since - std::chrono::seconds{1}) : std::string(kStartOfTime);
  const std::string asked = identity(alarm);
  for (const EventClass event_class : kClassesOfChanges) {
    const auto read = for_each_change(socket_, from, event_class, [&](json::object event) {
      if (identity(alarm_in(event)) == asked) changes.push_back(std::move(event));
    });
    if (!read) return read.error();
    if (!changes.empty()) break;
  }
  return changes;
}

Result<std::optional<json::object>> AlarmLog::last_told(std::string_view number) const {
  const auto source = own_source(socket_);
  if (!source) return source.error();
  std::optional<json::object> last;
  for (const EventClass event_class : kClassesOfChanges) {
    const auto read = for_each_change(socket_, kStartOfTime, event_class, [&](json::object event) {
      if (text(event, "source") != *source) return;
      const json::object& alarm = alarm_in(event);
      if (text(alarm, "number") == number || identity(alarm) == number) last = alarm;
    });
    if (!read) return read.error();
    if (last) break;
  }
  return last;
}

Result<std::vector<json::object>> AlarmLog::closed_within(std::chrono::hours back) const {
  const auto source = own_source(socket_);
  if (!source) return source.error();
  std::map<std::string, json::object> newest;
  const std::string from = to_rfc3339(std::chrono::system_clock::now() - back);
  for (const EventClass event_class : kClassesOfChanges) {
    const auto read = for_each_change(socket_, from, event_class, [&](json::object event) {
      if (text(event, "source") != *source) return;
      const json::object& alarm = alarm_in(event);
      newest[identity(alarm)] = alarm;
    });
    if (!read) return read.error();
  }
  std::vector<json::object> closed;
  for (auto& [key, alarm] : newest) {
    if (text(alarm, "open") == "false") closed.push_back(std::move(alarm));
  }
  // Times in RFC 3339 of one zone compare as text.
  std::stable_sort(closed.begin(), closed.end(), [](const json::object& a, const json::object& b) {
    return closed_at(a) > closed_at(b);
  });
  return closed;
}

}  // namespace watchpost::cli
