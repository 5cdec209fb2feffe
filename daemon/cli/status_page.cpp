#include "cli/status_page.hpp"

#include <fmt/format.h>

#include <algorithm>
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

// "1 client", "2 clients".
std::string counted(std::int64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
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

std::string per_class_bytes(const json::object& sizes) {
  std::string line;
  for (const auto event_class : kEventClasses) {
    const auto name = to_string(event_class);
    line += fmt::format("{}{} {}", line.empty() ? "" : ", ", name, bytes(number(sizes, name)));
  }
  return line;
}

bool has_any(const json::object& counts) {
  return std::any_of(kEventClasses.begin(), kEventClasses.end(), [&](EventClass event_class) {
    return number(counts, to_string(event_class)) > 0;
  });
}

std::string clock_words(std::string_view quality) {
  if (quality == "synced") return "clock kept by the network";
  if (quality == "free") return "clock not kept by the network";
  if (quality == "unset") return "clock wrong";
  return fmt::format("clock {}", quality);
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

void add_troubles(Page& page, const json::object& status, Language language) {
  const json::array& troubles = list(status, "troubles");
  if (troubles.empty())
    page.line("{}", language == Language::chinese ? "一切正常。" : "No troubles.");
  const auto said = to_string(language);
  for (const json::value& value : troubles) {
    if (!value.is_object()) continue;
    const json::object& trouble = value.get_object();
    page.line("! {}", text(section(trouble, "text"), said));
    if (const auto next = text(section(trouble, "next"), said); !next.empty()) {
      page.line("  → {}", next);
    }
  }
}

void add_ways_in(Page& page, const json::object& status) {
  page.line("");
  page.line("Ways in");
  for (const json::value& value : list(status, "listeners")) {
    if (!value.is_object()) continue;
    const json::object& listener = value.get_object();
    page.line("  listener {} port {}  {}", text(listener, "address"), number(listener, "port"),
              counted(number(listener, "connections"), "client"));
  }
  const json::object& connections = section(status, "connections");
  page.line("  connections since the start {}: {} refused, {} closed for breaking the protocol",
            number(connections, "accepted"), number(connections, "refused"),
            number(connections, "malformed"));
  for (const json::value& value : list(status, "brokers")) {
    if (!value.is_object()) continue;
    const json::object& broker = value.get_object();
    page.line("  broker {} {}  {} for {}, {}", text(broker, "name"), text(broker, "url"),
              text(broker, "state"), duration(number(broker, "since_s")),
              counted(number(broker, "messages"), "message"));
  }
  const json::object& totals = section(status, "totals");
  page.line("  messages since the start {}: {} that no decoder reads, {} malformed",
            number(totals, "messages"), number(totals, "undecoded"), number(totals, "malformed"));
}

void add_store(Page& page, const json::object& status) {
  const json::object& store = section(status, "store");
  page.line("");
  page.line("Store {}  (epoch {})", text(store, "directory"), text(store, "epoch"));
  page.line("  {} of {} used, {} waiting for the disk", bytes(number(store, "size")),
            bytes(number(store, "quota")), bytes(number(store, "waiting")));
  page.line("  bytes: {}", per_class_bytes(section(store, "bytes")));
  if (store.contains("days_left")) {
    const auto days = number(store, "days_left");
    page.line("  at today's rate the room lasts for {} without any upstream",
              days >= 3'650 ? std::string("years")
              : days < 1    ? "less than a day"
                            : counted(days, "day"));
  }
  if (const json::object& dropped = section(store, "dropped"); has_any(dropped)) {
    page.line("  gone before an upstream had them: {}", per_class(dropped));
  }
  const auto commits = number(store, "commits");
  if (commits == 0) {
    page.line("  no commit yet since the start");
  } else {
    page.line("  last commit {} ago, took {:.1f} ms; {}, {}, {} failed",
              duration(number(store, "last_commit_age_ms") / 1'000),
              static_cast<double>(number(store, "last_commit_us")) / 1'000.0,
              counted(commits, "commit"), counted(number(store, "records"), "record"),
              number(store, "failed_commits"));
  }
  page.line("  newest records: {}", per_class(section(store, "newest")));
}

void add_upstreams(Page& page, const json::object& status) {
  page.line("");
  page.line("Upstreams");
  const json::array& upstreams = list(status, "upstreams");
  if (upstreams.empty()) page.line("  none configured: events stay on this box");
  for (const json::value& value : upstreams) {
    if (!value.is_object()) continue;
    const json::object& upstream = value.get_object();
    page.line("  {} {}  {} for {}{}", text(upstream, "name"), text(upstream, "url"),
              text(upstream, "state"), duration(number(upstream, "since_s")),
              text(upstream, "required") == "false" ? " (not required)" : "");
    page.line("    backlog: {}; {} in flight, {} acknowledged",
              per_class(section(upstream, "backlog")), number(upstream, "in_flight"),
              number(upstream, "acknowledged"));
  }
}

void add_device(Page& page, const json::object& device) {
  const auto decoder = text(device, "decoder");
  const auto name = text(device, "name");
  const auto shown =
      name.empty() ? text(device, "device") : fmt::format("{} ({})", name, text(device, "device"));
  page.line("  {:<32} {:<8} {:<16} {}, last {} ago", shown, text(device, "domain"),
            decoder.empty() ? "(not read)" : decoder,
            counted(number(device, "messages"), "message"), duration(number(device, "age_s")));
  if (const auto why = text(device, "last_trouble"); !why.empty()) {
    page.line("    ! {} not read, the last because: {}", number(device, "unread"), why);
  }
}

void add_devices(Page& page, const json::object& status) {
  const json::object& devices = section(status, "devices");
  page.line("");
  page.line("Devices heard since the start: {}", number(devices, "count"));
  std::size_t shown = 0;
  bool unread = false;
  for (const json::value& value : list(devices, "recent")) {
    if (!value.is_object()) continue;
    const json::object& device = value.get_object();
    unread = unread || number(device, "unread") > 0;
    if (++shown <= kMostDevicesShown) add_device(page, device);
  }
  if (shown > kMostDevicesShown) page.line("  … more with --json");
  if (unread) {
    page.line(
        "  What was not read is kept and forwarded as received. `watchpost tail --json` shows it.");
    page.line("  A topic without a decoder gets one in a [[decoder]] section of watchpost.toml.");
  }
}

}  // namespace

Result<std::string> status_page(std::string_view status, Language language) {
  boost::system::error_code error;
  const json::value parsed = json::parse(status, error);
  if (error || !parsed.is_object()) {
    return Failure{Failure::Kind::invalid_input, "The daemon's answer is not a status",
                   "Check that --socket names watchpostd's socket"};
  }
  const json::object& root = parsed.get_object();
  const json::object& gateway = section(root, "gateway");
  Page page;
  page.line("Watchpost {}  (area {}, version {})  up {}, {}", text(gateway, "id"),
            text(gateway, "area"), text(gateway, "version"), duration(number(root, "uptime_s")),
            clock_words(text(root, "clock")));
  add_troubles(page, root, language);
  add_ways_in(page, root);
  add_store(page, root);
  add_upstreams(page, root);
  add_devices(page, root);
  return page.take();
}

}  // namespace watchpost::cli
