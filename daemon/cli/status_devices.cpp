#include "cli/status_devices.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "cli/duty/alarm_page.hpp"
#include "cli/duty/alarm_text.hpp"
#include "cli/status_json.hpp"
#include "model/alarm_words.hpp"
#include "model/kind_words.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

// Without a filter so many devices are listed, so that the answer stays one page.
constexpr std::size_t kMostDevices = 15;

std::string label(const json::object& device) {
  const auto name = text(device, "name");
  const auto id = text(device, "device");
  return name.empty() ? id : fmt::format("{} ({})", name, id);
}

bool is_named(const json::object& device, const DeviceFilter& filter) {
  return filter.device.empty() || label(device).find(filter.device) != std::string::npos;
}

bool passes(const json::object& device, const DeviceFilter& filter) {
  if (!is_named(device, filter)) return false;
  if (filter.unread && number(device, "unread") == 0) return false;
  return !filter.silent || number(device, "age_s") >= filter.silent->count();
}

std::string kind_in(std::string_view kind, Language language) {
  const auto known = kind_from(kind);
  return std::string(known ? kind_word(*known, language) : kind);
}

// What it was seen to declare, and when; that it was not is said once for all devices.
void add_dangers(StatusText& page, const json::object& device) {
  const Language language = page.language();
  for (const json::value& value : list(device, "dangers")) {
    if (!value.is_object()) continue;
    const json::object& danger = value.get_object();
    const auto by = text(danger, "proven_by");
    const auto at = text(danger, "proven_at");
    if (by != "alarm" && by != "test") continue;
    const bool is_test = by == "test";
    page.line({"    {0}: proven by {1}{2}", "    {0}：已由{3}证实{4}"},
              kind_in(text(danger, "kind"), language), is_test ? "a test" : "an alarm",
              at.empty() ? "" : " on " + at.substr(0, 10), is_test ? "测试" : "报警",
              at.empty() ? "" : "（" + at.substr(0, 10) + "）");
  }
}

void add_device(StatusText& page, const json::object& device) {
  const auto decoder = text(device, "decoder");
  const auto shown = padded(label(device), 32);
  const auto domain = padded(text(device, "domain"), 8);
  const auto reads = padded(!decoder.empty()                       ? decoder
                            : page.language() == Language::english ? "(not read)"
                                                                   : "（未解析）",
                            16);
  const auto age = duration(number(device, "age_s"), page.language());
  if (page.language() == Language::english) {
    page.add(fmt::format("  {} {} {} {}, last {} ago", shown, domain, reads,
                         page.counted(number(device, "messages"), "message"), age));
  } else {
    page.add(fmt::format("  {} {} {} {} 条消息，最近 {}前", shown, domain, reads,
                         number(device, "messages"), age));
  }
  add_dangers(page, device);
  const auto& why_text = section(device, "last_trouble_text");
  if (const auto why = text(why_text, to_string(page.language())); !why.empty()) {
    page.line({"    ! {} not read, the last because: {}", "    ! {} 条未解析，最近一条的原因：{}"},
              number(device, "unread"), why);
  }
}

void add_advice(StatusText& page) {
  page.line(
      {"  What was not read is kept and forwarded as received; `watchpost tail --json` shows it. A "
       "topic without a decoder gets one in a [[decoder]] section of watchpost.toml.",
       "  无法解析的内容仍会保存并上传；`watchpost tail --json` 可以查看。没有解码器的主题，请在 "
       "watchpost.toml 的 [[decoder]] 段指定。"});
}

}  // namespace

void add_alarms(StatusText& page, const json::object& status) {
  const json::array& alarms = list(status, "alarms");
  const json::object& duty = section(status, "duty");
  const bool is_more = number(duty, "beyond") > 0 || text(duty, "beyond_is_more") == "true";
  if (alarms.empty() && !is_more) return;
  page.blank();
  page.line({"Open alarms: {}", "未关闭的警情：{}"},
            std::max<std::int64_t>(number(duty, "open"), static_cast<std::int64_t>(alarms.size())));
  for (const json::value& value : alarms) {
    if (!value.is_object()) continue;
    const json::object& alarm = value.get_object();
    const auto state = alarm_state_from(text(alarm, "state"));
    const auto owner = text(alarm, "owner");
    page.line({"  {} {} {} {} {} for {}{}", "  {} {} {} {} {} 已持续 {}{}"},
              padded(text(alarm, "number"), 5), padded(level_of(alarm, page.language()), 7),
              padded(label(alarm), 32),
              padded(about(alarm, page.language()) + marks_of(alarm, page.language()), 16),
              padded(state ? state_word(*state, page.language()) : "", 14),
              duration(number(alarm, "age_s"), page.language()), owner.empty() ? "" : ", " + owner);
  }
  add_beyond(page, duty);
  page.line({"  More, and what can be done: `watchpost alarms`, `watchpost ack NUMBER --by NAME`",
             "  详情和处理：`watchpost alarms`、`watchpost ack 编号 --by 姓名`"});
}

bool knows_device(const json::object& status, const DeviceFilter& filter) {
  const auto has = [&filter](const json::array& devices) {
    return std::any_of(devices.begin(), devices.end(), [&filter](const json::value& one) {
      return one.is_object() && is_named(one.get_object(), filter);
    });
  };
  return filter.device.empty() || has(list(section(status, "devices"), "recent")) ||
         has(list(status, "not_proven"));
}

void add_devices(StatusText& page, const json::object& status, const DeviceFilter& filter) {
  const json::object& devices = section(status, "devices");
  page.blank();
  page.line({"Devices heard since the start: {}", "启动以来收到过的设备：{}"},
            number(devices, "count"));
  if (const auto out = number(devices, "out_of_service"); out > 0 && !filter.is_set())
    page.line({"  {1} out of service, with mute alarms: `watchpost devices` says by whom and why",
               "  停用的设备：{0} 台，其警情不响；谁停用、为什么见 `watchpost devices`"},
              out, page.counted(out, "device"));
  std::size_t shown = 0;
  bool unread = false;
  for (const json::value& value : list(devices, "recent")) {
    if (!value.is_object() || !passes(value.get_object(), filter)) continue;
    const json::object& device = value.get_object();
    unread = unread || number(device, "unread") > 0;
    if (++shown <= kMostDevices || filter.is_set()) add_device(page, device);
  }
  if (filter.is_set()) {
    page.line({"  {} shown", "  显示 {} 台"}, shown);
  } else if (shown > kMostDevices) {
    page.line({"  … more with --device, --unread, --silent or --json",
               "  …… 其余用 --device、--unread、--silent 或 --json 查看"});
  }
  if (unread) add_advice(page);
}

void add_not_proven(StatusText& page, const json::object& status, const DeviceFilter& filter) {
  const json::array& open = list(status, "not_proven");
  const Language language = page.language();
  std::size_t shown = 0;
  for (const json::value& value : open) {
    if (!value.is_object()) continue;
    const json::object& device = value.get_object();
    if (filter.is_set() && !is_named(device, filter)) continue;
    if (++shown == 1) {
      page.blank();
      page.line({"Not proven: never seen to declare the danger, not even in a test",
                 "尚未证实：从未见它报过这种危险，连测试也没有"});
    }
    if (shown > kMostDevices && !filter.is_set()) {
      return page.line({"  … more with --device or --json", "  …… 其余用 --device 或 --json 查看"});
    }
    std::string kinds;
    for (const json::value& kind : list(device, "kinds")) {
      if (!kind.is_string()) continue;
      kinds.append(kinds.empty() ? "" : language == Language::english ? ", " : "、");
      kinds += kind_in(std::string_view(kind.get_string()), language);
    }
    const bool is_silent = text(device, "heard") == "false";
    page.line({"  {0} {1}{2}", "  {0} {1}{3}"}, padded(label(device), 32), kinds,
              is_silent ? "  (not heard since the start)" : "",
              is_silent ? "  （启动以来没有消息）" : "");
  }
}

std::optional<std::chrono::seconds> span_from(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::int64_t seconds;
  };
  constexpr std::array kUnits{Unit{"d", 86'400}, Unit{"h", 3'600}, Unit{"min", 60}, Unit{"s", 1}};
  constexpr std::int64_t kMost = 100'000;
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count < 0 || count > kMost) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(' ')) text.remove_prefix(1);
  const auto unit = std::find_if(kUnits.begin(), kUnits.end(),
                                 [text](const Unit& each) { return each.name == text; });
  if (unit == kUnits.end()) return std::nullopt;
  return std::chrono::seconds{count * unit->seconds};
}

}  // namespace watchpost::cli
