#include "cli/status_page.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <iterator>

#include "model/event_class.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostDevicesShown = 15;

// Absent fields read as empty: a newer or older daemon still gives a page.
std::string text(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || value->is_null()) return {};
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

std::int64_t number(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr) return 0;
  if (value->is_double()) return static_cast<std::int64_t>(value->get_double());
  boost::system::error_code none;
  const auto integer = value->to_number<std::int64_t>(none);
  return none ? 0 : integer;
}

const json::object& section(const json::object& object, std::string_view key) {
  static const json::object empty;
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_object() ? value->get_object() : empty;
}

const json::array& list(const json::object& object, std::string_view key) {
  static const json::array empty;
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_array() ? value->get_array() : empty;
}

std::string bytes(std::int64_t count) {
  if (count >= 1 << 30) return fmt::format("{:.1f} GiB", static_cast<double>(count) / (1 << 30));
  if (count >= 1 << 20) return fmt::format("{:.1f} MiB", static_cast<double>(count) / (1 << 20));
  if (count >= 1 << 10) return fmt::format("{:.1f} KiB", static_cast<double>(count) / (1 << 10));
  return fmt::format("{} B", count);
}

std::string duration(std::int64_t seconds) {
  if (seconds >= 172'800) return fmt::format("{} days", seconds / 86'400);
  if (seconds >= 7'200) return fmt::format("{} h", seconds / 3'600);
  if (seconds >= 120) return fmt::format("{} min", seconds / 60);
  return fmt::format("{} s", seconds);
}

std::string per_class(const json::object& counts) {
  std::string line;
  for (const auto event_class : kEventClasses) {
    const auto name = to_string(event_class);
    line += fmt::format("{}{} {}", line.empty() ? "" : ", ", name, number(counts, name));
  }
  return line;
}

class Page {
 public:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    text_ += '\n';
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void add_troubles(Page& page, const json::object& status) {
  const json::array& troubles = list(status, "troubles");
  if (troubles.empty()) page.line("Everything works.");
  for (const json::value& value : troubles) {
    const json::object& trouble = value.as_object();
    page.line("! {}", text(trouble, "what"));
    if (const auto remedy = text(trouble, "remedy"); !remedy.empty()) page.line("  → {}", remedy);
  }
}

void add_ways_in(Page& page, const json::object& status) {
  page.line("");
  page.line("Ways in");
  for (const json::value& value : list(status, "listeners")) {
    const json::object& listener = value.as_object();
    page.line("  listener {} port {}  {} clients", text(listener, "address"),
              number(listener, "port"), number(listener, "connections"));
  }
  const json::object& connections = section(status, "connections");
  page.line("  connections so far {}: {} refused, {} closed for breaking the protocol",
            number(connections, "accepted"), number(connections, "refused"),
            number(connections, "malformed"));
  for (const json::value& value : list(status, "brokers")) {
    const json::object& broker = value.as_object();
    page.line("  broker {} {}  {}, {} messages", text(broker, "name"), text(broker, "url"),
              text(broker, "state"), number(broker, "messages"));
  }
  const json::object& totals = section(status, "totals");
  page.line("  messages {}: {} not decoded, {} malformed", number(totals, "messages"),
            number(totals, "undecoded"), number(totals, "malformed"));
}

void add_store(Page& page, const json::object& status) {
  const json::object& store = section(status, "store");
  page.line("");
  page.line("Store {}  (epoch {})", text(store, "directory"), text(store, "epoch"));
  page.line("  {} of {} used, {} waiting for the disk", bytes(number(store, "size")),
            bytes(number(store, "quota")), bytes(number(store, "waiting")));
  const auto commits = number(store, "commits");
  if (commits == 0) {
    page.line("  no commit yet since the start");
  } else {
    page.line("  last commit {} ago, took {:.1f} ms; {} commits, {} records, {} failed",
              duration(number(store, "last_commit_age_ms") / 1'000),
              static_cast<double>(number(store, "last_commit_us")) / 1'000.0, commits,
              number(store, "records"), number(store, "failed_commits"));
  }
  page.line("  newest records: {}", per_class(section(store, "newest")));
}

void add_upstreams(Page& page, const json::object& status) {
  page.line("");
  page.line("Upstreams");
  const json::array& upstreams = list(status, "upstreams");
  if (upstreams.empty()) page.line("  none configured: events stay on this box");
  for (const json::value& value : upstreams) {
    const json::object& upstream = value.as_object();
    page.line("  {} {}  {} for {}{}", text(upstream, "name"), text(upstream, "url"),
              text(upstream, "state"), duration(number(upstream, "since_s")),
              upstream.contains("required") && upstream.at("required").as_bool()
                  ? ""
                  : " (not required)");
    page.line("    backlog: {}; {} in flight, {} acknowledged",
              per_class(section(upstream, "backlog")), number(upstream, "in_flight"),
              number(upstream, "acknowledged"));
  }
}

void add_devices(Page& page, const json::object& status) {
  const json::object& devices = section(status, "devices");
  page.line("");
  page.line("Devices heard since the start: {}", number(devices, "count"));
  std::size_t shown = 0;
  for (const json::value& value : list(devices, "recent")) {
    if (++shown > kMostDevicesShown) {
      page.line("  … more with --json");
      break;
    }
    const json::object& device = value.as_object();
    const auto decoder = text(device, "decoder");
    page.line("  {:<32} {:<8} {:<16} {} messages, last {} ago", text(device, "device"),
              text(device, "domain"), decoder.empty() ? "(no decoder)" : decoder,
              number(device, "messages"), duration(number(device, "age_s")));
    if (const auto why = text(device, "last_trouble"); !why.empty()) {
      page.line("    ! {} not read: {}", number(device, "unread"), why);
    }
  }
}

}  // namespace

Result<std::string> status_page(std::string_view status) {
  boost::system::error_code error;
  const json::value parsed = json::parse(status, error);
  if (error || !parsed.is_object()) {
    return Failure{Failure::Kind::invalid_input, "The daemon's answer is not a status",
                   "Check that --socket names watchpostd's socket"};
  }
  const json::object& root = parsed.get_object();
  const json::object& gateway = section(root, "gateway");
  Page page;
  page.line("Watchpost {}  (area {}, version {})  up {}, clock {}", text(gateway, "id"),
            text(gateway, "area"), text(gateway, "version"), duration(number(root, "uptime_s")),
            text(root, "clock"));
  add_troubles(page, root);
  add_ways_in(page, root);
  add_store(page, root);
  add_upstreams(page, root);
  add_devices(page, root);
  return page.take();
}

}  // namespace watchpost::cli
