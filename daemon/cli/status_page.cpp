#include "cli/status_page.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <vector>

#include "cli/local_time.hpp"
#include "cli/status_devices.hpp"
#include "cli/status_json.hpp"
#include "cli/status_text.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

std::string clock_state(std::string_view quality, Language language) {
  const bool english = language == Language::english;
  if (quality == "synced") return english ? "clock kept by the network" : "时钟已由网络校准";
  if (quality == "free") return english ? "clock not kept by the network" : "时钟未经网络校准";
  if (quality == "unset") return english ? "clock wrong" : "时钟不对";
  return fmt::format("{} {}", english ? "clock" : "时钟", quality);
}

void add_head(StatusText& page, const json::object& status) {
  const json::object& gateway = section(status, "gateway");
  page.line({"Watchpost {}  (area {}, version {})  up {}, {}",
             "邻哨 {}  （区划代码 {}，版本 {}）  已运行 {}，{}"},
            text(gateway, "id"), text(gateway, "area"), text(gateway, "version"),
            duration(number(status, "uptime_s"), page.language()),
            clock_state(text(status, "clock"), page.language()));
  if (const auto time = text(status, "time"); !time.empty()) page.add(local_time(time));
}

void add_troubles(StatusText& page, const json::object& status) {
  const json::array& troubles = list(status, "troubles");
  const bool is_well = std::all_of(troubles.begin(), troubles.end(), [](const json::value& each) {
    return each.is_object() && text(each.get_object(), "severity") == "advice";
  });
  const auto untaken = number(section(status, "duty"), "untaken");
  const auto below = number(section(status, "duty"), "untaken_below");
  if (untaken > 0) {
    page.line({"! {1} that nobody has taken", "! 有 {0} 起警情还没有人接警"}, untaken,
              page.counted(untaken, "alarm"));
    page.line(
        {"  → See watchpost alarms; who sees to one takes it: sudo watchpost ack NUMBER --by "
         "NAME",
         "  → 查看：watchpost alarms；由谁处理就由谁接警：sudo watchpost ack 编号 --by 姓名"});
  }
  if (below > 0) {
    page.line(
        {"! {1} of gateways below that nobody has taken", "! 下级网关有 {0} 起警情还没有人接警"},
        below, page.counted(below, "alarm"));
    page.line(
        {"  → See watchpost alarms; ask there, or take one from here: sudo watchpost ack "
         "GATEWAY/NUMBER --by NAME",
         "  → 查看：watchpost alarms；请与当地联系，也可以在本机接警：sudo watchpost ack "
         "网关/编号 --by 姓名"});
  }
  if (untaken == 0 && below == 0 && is_well) {
    page.line({"No troubles.", "一切正常。"});
  }
  const auto said = to_string(page.language());
  for (const json::value& value : troubles) {
    if (!value.is_object()) continue;
    const json::object& trouble = value.get_object();
    const bool is_advice = text(trouble, "severity") == "advice";
    page.add((is_advice ? "· " : "! ") + text(section(trouble, "text"), said));
    if (const auto next = text(section(trouble, "next"), said); !next.empty()) {
      page.add("  → " + next);
    }
  }
}

// Those heard last come first; the rest is counted.
void add_stations(StatusText& page, const json::object& status) {
  constexpr std::size_t kMostStationsShown = 20;
  std::vector<const json::object*> stations;
  for (const json::value& value : list(status, "stations")) {
    if (value.is_object()) stations.push_back(&value.get_object());
  }
  std::stable_sort(stations.begin(), stations.end(), [](const auto* a, const auto* b) {
    return number(*a, "age_s") < number(*b, "age_s");
  });
  for (std::size_t i = 0; i < std::min(stations.size(), kMostStationsShown); ++i) {
    const json::object& station = *stations[i];
    const auto messages = number(station, "messages");
    page.line({"  station {0} ({1}, {2})  heard {3} ago, {4}",
               "  站点 {0}（{1}，{2}）  {3}前收到，{5} 条报文"},
              text(station, "station"), text(station, "protocol"), text(station, "address"),
              duration(number(station, "age_s"), page.language()), page.counted(messages, "frame"),
              messages);
  }
  if (stations.size() > kMostStationsShown) {
    const auto more = static_cast<std::int64_t>(stations.size() - kMostStationsShown);
    page.line({"  and {0} more", "  另有 {1} 个站点"}, page.counted(more, "station"), more);
  }
}

void add_ways_in(StatusText& page, const json::object& status) {
  page.blank();
  page.line({"Ways in", "接入"});
  for (const json::value& value : list(status, "listeners")) {
    if (!value.is_object()) continue;
    const json::object& listener = value.get_object();
    const auto connections = number(listener, "connections");
    const std::string protocol = text(listener, "protocol");
    const bool is_mqtt = protocol.empty() || protocol == "mqtt";
    page.line({"  listener {0} port {1}  {2}{4}", "  监听 {0} 端口 {1}  {3} 个{5}{4}"},
              text(listener, "address"), number(listener, "port"),
              page.counted(connections, is_mqtt ? "client" : "station"), connections,
              is_mqtt ? "" : "  " + protocol, is_mqtt ? "客户端" : "站点");
  }
  add_stations(page, status);
  const json::object& connections = section(status, "connections");
  page.line({"  connections since the start {}: {} refused, {} closed for breaking the protocol",
             "  启动以来的连接 {}：拒绝 {}，因违反协议断开 {}"},
            number(connections, "accepted"), number(connections, "refused"),
            number(connections, "malformed"));
  for (const json::value& value : list(status, "brokers")) {
    if (!value.is_object()) continue;
    const json::object& broker = value.get_object();
    const auto messages = number(broker, "messages");
    page.line({"  broker {0} {1}  {2} for {3}, {4}", "  本地服务器 {0} {1}  {2} {3}，{5} 条消息"},
              text(broker, "name"), text(broker, "url"), text(broker, "state"),
              duration(number(broker, "since_s"), page.language()),
              page.counted(messages, "message"), messages);
  }
  const json::object& totals = section(status, "totals");
  page.line({"  messages since the start {}: {} that no decoder reads, {} malformed",
             "  启动以来的消息 {}：无解码器 {}，内容有误 {}"},
            number(totals, "messages"), number(totals, "undecoded"), number(totals, "malformed"));
}

std::string room_words(std::int64_t days, Language language) {
  const bool english = language == Language::english;
  if (days >= 3'650) return english ? "years" : "多年";
  if (days < 1) return english ? "less than a day" : "不到一天";
  return fmt::format("{} {}{}", days, english ? "day" : "天", english && days != 1 ? "s" : "");
}

void add_commits(StatusText& page, const json::object& store) {
  const auto commits = number(store, "commits");
  if (commits == 0) return page.line({"  no commit yet since the start", "  启动以来尚未写盘"});
  const auto records = number(store, "records");
  page.line({"  last commit {0} ago, took {1:.1f} ms; {2}, {3}, {4} failed",
             "  最近一次写盘在 {0}前，用时 {1:.1f} 毫秒；写盘 {5} 次，记录 {6} 条，失败 {4} 次"},
            duration(number(store, "last_commit_age_ms") / 1'000, page.language()),
            static_cast<double>(number(store, "last_commit_us")) / 1'000.0,
            page.counted(commits, "commit"), page.counted(records, "record"),
            number(store, "failed_commits"), commits, records);
}

void add_store(StatusText& page, const json::object& status) {
  const json::object& store = section(status, "store");
  page.blank();
  page.line({"Store {}  (epoch {})", "存储 {}  （epoch {}）"}, text(store, "directory"),
            text(store, "epoch"));
  page.line({"  {} of {} used, {} waiting for the disk", "  已用 {}，配额 {}，等待写盘 {}"},
            bytes(number(store, "size")), bytes(number(store, "quota")),
            bytes(number(store, "waiting")));
  if (store.contains("disk_free")) {
    page.line({"  {} free on the disk", "  磁盘剩余 {}"}, bytes(number(store, "disk_free")));
  }
  page.line({"  bytes: {}", "  占用：{}"},
            per_class(section(store, "bytes"), page.language(), true));
  if (store.contains("days_left")) {
    page.line({"  at today's rate the room lasts for {} without any upstream",
               "  照今天的速度，上级一直不通还能存 {}"},
              room_words(number(store, "days_left"), page.language()));
  }
  if (const json::object& dropped = section(store, "dropped"); has_any(dropped)) {
    page.line({"  gone before an upstream had them: {}", "  上传之前已删除：{}"},
              per_class(dropped, page.language()));
  }
  add_commits(page, store);
  page.line({"  newest records: {}", "  最新记录：{}"},
            per_class(section(store, "newest"), page.language()));
}

// What the last reload brought; what needs a restart is among the troubles.
void add_configuration(StatusText& page, const json::object& status) {
  const json::object& configuration = section(status, "configuration");
  const std::string at = text(configuration, "read_at");
  if (at.empty()) return;
  std::string changed;
  for (const json::value& value : list(configuration, "changed")) {
    if (!value.is_string()) continue;
    if (!changed.empty()) changed += ", ";
    changed += value.get_string();
  }
  page.blank();
  page.line({"Configuration read again at {0}; in use since: {1}",
             "配置于 {0} 重新读取；已生效的改动：{2}"},
            local_time(at), changed.empty() ? "no key has changed" : changed,
            changed.empty() ? "没有键改动" : changed);
}

void add_upstreams(StatusText& page, const json::object& status) {
  page.blank();
  page.line({"Upstreams", "上级"});
  const json::array& upstreams = list(status, "upstreams");
  if (upstreams.empty()) {
    page.line({"  none configured: events stay on this box", "  未配置：事件只保存在本机"});
  }
  for (const json::value& value : upstreams) {
    if (!value.is_object()) continue;
    const json::object& upstream = value.get_object();
    const bool optional = text(upstream, "required") == "false";
    page.line({"  {0} {1}  {2} for {3}{4}", "  {0} {1}  {2} {3}{5}"}, text(upstream, "name"),
              text(upstream, "url"), text(upstream, "state"),
              duration(number(upstream, "since_s"), page.language()),
              optional ? " (not required)" : "", optional ? "（可选）" : "");
    page.line(
        {"    backlog: {}; {} in flight, {} acknowledged", "    等待上传：{}；在途 {}，已确认 {}"},
        per_class(section(upstream, "backlog"), page.language()), number(upstream, "in_flight"),
        number(upstream, "acknowledged"));
  }
}

}  // namespace

Result<std::string> status_page(std::string_view status, const PageOptions& options) {
  boost::system::error_code error;
  const json::value parsed = json::parse(status, error);
  if (error || !parsed.is_object()) {
    return in_both(Failure::Kind::invalid_input,
                   English{"The daemon's answer is not a status",
                           "Check that --socket names watchpostd's socket"},
                   Chinese{"服务的应答不是状态", "请确认 --socket 是 watchpostd 的套接字"});
  }
  const json::object& root = parsed.get_object();
  if (!knows_device(root, options.devices)) {
    return in_both(
        Failure::Kind::not_found,
        English{fmt::format("No device has {} in its name or id", options.devices.device),
                "`watchpost devices` lists those that are entered, `watchpost status "
                "--json` all that were heard since the start"},
        Chinese{fmt::format("没有名称或编号中带 {} 的设备", options.devices.device),
                "`watchpost devices` 列出已登记的，`watchpost status --json` "
                "列出启动以来收到过的全部设备"});
  }
  StatusText page(options.language, options.width);
  add_under_way(page, section(root, "duty"));
  add_head(page, root);
  if (options.devices.is_set()) {
    add_devices(page, root, options.devices);
    add_not_proven(page, root, options.devices);
    return page.take();
  }
  add_troubles(page, root);
  add_alarms(page, root);
  add_devices(page, root, options.devices);
  add_not_proven(page, root, options.devices);
  add_ways_in(page, root);
  add_upstreams(page, root);
  add_store(page, root);
  add_configuration(page, root);
  return page.take();
}

}  // namespace watchpost::cli
