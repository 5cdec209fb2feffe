#include "cli/duty/devices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <iostream>
#include <iterator>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cli/columns.hpp"
#include "cli/duty/card_text.hpp"
#include "cli/duty/device_csv.hpp"
#include "cli/ending.hpp"
#include "cli/local_client.hpp"
#include "cli/local_time.hpp"
#include "cli/named_file.hpp"
#include "cli/status_json.hpp"
#include "cli/status_text.hpp"
#include "model/trouble_catalogue.hpp"
#include "settings/entered_interval.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kInOneRequest = 100;

Voice voice_of(const AskOptions& options) {
  return {"devices", language_for(options.language)};
}

Result<json::object> devices_from(const Result<std::string>& answer) {
  if (!answer) return answer.error();
  boost::system::error_code error;
  json::value parsed = json::parse(*answer, error);
  if (error || !parsed.is_object() || !parsed.get_object().contains("devices")) {
    return in_both(Failure::Kind::invalid_input,
                   English{"The daemon's answer is no list of devices",
                           "Check that --socket names watchpostd's socket"},
                   Chinese{"服务的应答不是设备列表", "请确认 --socket 是 watchpostd 的套接字"});
  }
  return std::move(parsed.get_object());
}

settings::Words service_words(std::string_view service) {
  if (service == "in_service") return {"in service", "在用"};
  if (service == "out_of_service") return {"out of service", "停用"};
  return {"not entered", "未登记"};
}

// How often it is to be heard, and who says so.
std::string interval_of(const json::object& device, Language language) {
  const bool english = language == Language::english;
  const auto expected = number(device, "expected_s");
  if (text(device, "expected_interval") == settings::kNeverHeard)
    return english ? "its silence is none: as entered" : "不判断失联：按登记";
  if (expected == 0) return english ? "no interval" : "没有上报周期";
  const auto by = text(device, "expected_by");
  const std::string_view who = by == "learned"  ? (english ? "learned" : "自学习")
                               : by == "config" ? std::string_view("watchpost.toml")
                                                : (english ? "entered" : "登记");
  return fmt::format(fmt::runtime(english ? "expected every {} ({})" : "应每 {} 上报（{}）"),
                     duration(expected, language), who);
}

// When it was heard, how often it is to be, and when a live test has proven it.
void add_hearing(StatusText& page, const json::object& device) {
  const Language language = page.language();
  const bool english = language == Language::english;
  const bool is_heard = !text(device, "heard_s").empty();
  const std::string heard = !is_heard
                                ? (english ? "not heard since the start" : "启动以来没有消息")
                                : fmt::format(fmt::runtime(english ? "heard {} ago" : "{}前收到"),
                                              duration(number(device, "heard_s"), language));
  std::string proven;
  if (const auto at = text(device, "proven"); !at.empty())
    proven = fmt::format(fmt::runtime(english ? ", proven by a live test on {}" : "，{} 实测证实"),
                         local_time(at));
  page.line({"      {}, {}{}", "      {}，{}{}"}, heard, interval_of(device, language), proven);
}

void add_known_device(StatusText& page, const json::object& device) {
  const Language language = page.language();
  std::string line = fmt::format("  {} {} {} {}", padded(text(device, "device"), 24),
                                 padded(service_words(text(device, "service")).in(language), 14),
                                 padded(text(device, "name"), 20), text(device, "place"));
  if (text(device, "tested") == "true")
    line += language == Language::english ? " [live test]" : " [实测中]";
  if (text(device, "fixed") == "true")
    line +=
        language == Language::english ? " [fixed in watchpost.toml]" : " [由 watchpost.toml 指定]";
  page.add(line);
  add_hearing(page, device);
  const json::object& out = section(device, "out");
  if (!out.empty())
    page.line({"      {}, by {} since {}", "      {}，{}，自 {}"}, text(out, "why"),
              text(out, "by"), local_time(text(out, "since")));
}

Result<std::string> read_file(const std::string& name) {
  if (name == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  return content_of(name);
}

struct Tally {
  std::size_t same = 0, entered = 0, edited = 0, fixed = 0, refused = 0, only_heard = 0;
};

std::string interval_to_be(const std::string& expected, Language language) {
  const bool english = language == Language::english;
  if (expected.empty()) return {};
  if (expected == settings::kNeverHeard) return english ? "its silence is none" : "不判断失联";
  return fmt::format(fmt::runtime(english ? "expected every {}" : "应每 {} 上报"), expected);
}

void show_entry(const json::object& entry, Language language, Tally& tally) {
  const bool english = language == Language::english;
  const auto device = text(entry, "device");
  const auto change = text(entry, "change");
  std::string line;
  if (const auto& why = section(entry, "text"); !why.empty()) {
    ++tally.refused;
    line = fmt::format("! {}: {}", device, text(why, to_string(language)));
  } else if (change == "entered") {
    ++tally.entered;
    line = "+ " + device;
    std::string_view before = ": ";
    for (const std::string& part : {text(entry, "name"), text(entry, "place"),
                                    interval_to_be(text(entry, "expected_interval"), language)}) {
      if (part.empty()) continue;
      line += std::string(before) + part;
      before = ", ";
    }
    line += card_changes(entry, language);
  } else if (change == "edited") {
    ++tally.edited;
    line = fmt::format("~ {}: {}, {} → {}, {}", device, text(entry, "name_before"),
                       text(entry, "place_before"), text(entry, "name"), text(entry, "place"));
    const auto before = text(entry, "expected_interval_before");
    const auto after = text(entry, "expected_interval");
    if (before != after)
      line += fmt::format(" ({} → {})", before.empty() ? "-" : before, after.empty() ? "-" : after);
    line += card_changes(entry, language);
  } else if (change == "fixed") {
    ++tally.fixed;
  } else {
    ++tally.same;
  }
  if (!line.empty()) std::cout << printable(line) << "\n";
  if (text(entry, "fixed") != "true") return;
  const std::string fixed = fmt::format(
      fmt::runtime(english ? "= {}: fixed by [[device]] in watchpost.toml, to be changed there: {}"
                           : "= {}：由 watchpost.toml 的 [[device]] 指定，请在那里修改：{}"),
      device, fixed_texts(entry, language));
  std::cout << printable(fixed) << "\n";
}

json::object entry_of(const DeviceLine& line) {
  json::object entry{{"device", line.device}};
  if (line.name) entry["name"] = *line.name;
  if (line.place) entry["place"] = *line.place;
  if (line.expected_interval) entry["expected_interval"] = *line.expected_interval;
  for (std::size_t i = 0; i < kCardTexts.size(); ++i) {
    if (line.card[i]) entry[kCardTexts[i].name] = *line.card[i];
  }
  return entry;
}

// All of them; a request that is refused is a Failure.
Result<std::vector<json::object>> send(const ImportOptions& options,
                                       const std::vector<DeviceLine>& lines, bool dry_run) {
  const LocalClient client(options.ask.socket);
  std::vector<json::object> entries;
  for (std::size_t at = 0; at < lines.size(); at += kInOneRequest) {
    json::array devices;
    for (std::size_t i = at; i < std::min(lines.size(), at + kInOneRequest); ++i)
      devices.push_back(entry_of(lines[i]));
    const json::object body{{"by", options.by},
                            {"from", options.from.empty() ? usual_from() : options.from},
                            {"dry_run", dry_run},
                            {"devices", std::move(devices)}};
    const std::string text = json::serialize(body);
    const auto answer = devices_from(client.post({"/v1/enter?origin=cli", text}));
    if (!answer) return answer.error();
    for (const json::value& entry : list(*answer, "devices")) {
      if (entry.is_object()) entries.push_back(entry.get_object());
    }
  }
  return entries;
}

Failure part_entered(const Failure& failure) {
  return in_both(failure.kind,
                 English{sentence_of(failure, Language::english),
                         "A part of the table may have been entered: give the same command again"},
                 Chinese{sentence_of(failure, Language::chinese),
                         "表格可能只登记了一部分：请再次运行同一命令"});
}

// As the export writes it.
DeviceLine exported(const json::object& device) {
  const json::object& out = section(device, "out");
  DeviceLine line{text(device, "device"),  text(device, "name"),
                  text(device, "place"),   text(device, "expected_interval"),
                  text(device, "service"), text(out, "why"),
                  text(out, "by"),         text(out, "since")};
  for (std::size_t i = 0; i < kCardTexts.size(); ++i)
    line.card[i] = text(device, kCardTexts[i].name);
  return line;
}

bool differs(const std::optional<std::string>& cell, const std::optional<std::string>& known) {
  return cell && *cell != *known;
}

// A line of an export that nobody changed, of a device that was only heard: it would be entered by
// reading back what was written.
bool is_only_heard(const DeviceLine& line, const DeviceLine& known) {
  return known.service == "new" && line.service == known.service &&
         !differs(line.name, known.name) && !differs(line.place, known.place) &&
         !differs(line.expected_interval, known.expected_interval) &&
         std::equal(line.card.begin(), line.card.end(), known.card.begin(),
                    [](const auto& cell, const auto& now) { return !differs(cell, now); });
}

// Takes away what is only heard, and names the columns that were changed and are not entered here.
void look_at_columns(std::vector<DeviceLine>& lines, const json::object& devices, Language language,
                     Tally& tally) {
  std::unordered_map<std::string, DeviceLine> known;
  for (const json::value& value : list(devices, "devices")) {
    if (!value.is_object()) continue;
    DeviceLine line = exported(value.get_object());
    std::string id = line.device;
    known.emplace(std::move(id), std::move(line));
  }
  tally.only_heard = std::erase_if(lines, [&known](const DeviceLine& line) {
    const auto found = known.find(line.device);
    return found != known.end() && is_only_heard(line, found->second);
  });
  for (const DeviceLine& line : lines) {
    const auto found = known.find(line.device);
    if (found == known.end()) continue;
    const DeviceLine& now = found->second;
    const bool is_other_service = line.service != "" && differs(line.service, now.service);
    const bool is_changed = is_other_service || differs(line.why, now.why) ||
                            differs(line.by, now.by) || differs(line.since, now.since);
    if (!is_changed) continue;
    const std::string words = fmt::format(
        fmt::runtime(language == Language::english
                         ? "! {}: service, why, by and since are not entered from a table: use "
                           "`watchpost devices out` and `devices back`"
                         : "! {}：service、why、by、since 列不从表格登记：请用 `watchpost devices "
                           "out` 和 `devices back`"),
        line.device);
    std::cout << printable(words) << "\n";
  }
}

void show_tally(const Tally& tally, bool dry_run, Language language) {
  const bool english = language == Language::english;
  std::cout << fmt::format(
      fmt::runtime(english ? "{}{} entered, {} edited, {} as they were, {} fixed, {} refused\n"
                           : "{}新登记 {}，修改 {}，未变 {}，配置指定 {}，拒绝 {}\n"),
      !dry_run  ? ""
      : english ? "Nothing was changed; it would be: "
                : "未做更改；将会：",
      tally.entered, tally.edited, tally.same, tally.fixed, tally.refused);
  if (tally.only_heard == 0) return;
  std::cout << fmt::format(
      fmt::runtime(english ? "{} were only heard and stay so: to enter one, give it a name or a "
                             "place, or empty its cell `service`\n"
                           : "{} 台只收到过消息、仍未登记：如需登记，请填写名称或位置，或清空 "
                             "`service` 列\n"),
      tally.only_heard);
}

}  // namespace

int show_devices(const AskOptions& options) {
  const Voice voice = voice_of(options);
  const auto answer = LocalClient(options.socket).get("/v1/devices");
  const auto devices = devices_from(answer);
  if (!devices) return fail(voice, devices.error(), kFindings);
  if (options.as_json) {
    std::cout << *answer << "\n";
    return 0;
  }
  StatusText page(voice.language, terminal_width());
  const json::array& all = list(*devices, "devices");
  page.line({"Devices that are known: {}", "已知设备：{}"}, all.size());
  for (const json::value& device : all) {
    if (!device.is_object()) continue;
    add_known_device(page, device.get_object());
    add_call(page, device.get_object(), "      ");
  }
  const bool is_more = text(*devices, "unknown_is_more") == "true";
  if (number(*devices, "unknown") > 0 || is_more) {
    page.line({"  ! and {}{} more for which there is no room: what they say is judged all the same",
               "  ! 另有 {}{} 台名额已满：它们的消息仍会判断"},
              is_more ? (voice.language == Language::english ? "more than " : "超过 ") : "",
              number(*devices, "unknown"));
  }
  std::cout << page.take();
  return 0;
}

int show_device(const AskOptions& options, const std::string& id) {
  const Voice voice = voice_of(options);
  const auto devices = devices_from(LocalClient(options.socket).get("/v1/devices"));
  if (!devices) return fail(voice, devices.error(), kFindings);
  for (const json::value& value : list(*devices, "devices")) {
    if (!value.is_object() || text(value.get_object(), "device") != id) continue;
    if (options.as_json) {
      std::cout << json::serialize(value) << "\n";
      return 0;
    }
    StatusText page(voice.language, terminal_width());
    add_known_device(page, value.get_object());
    add_card(page, value.get_object(), "      ");
    std::cout << page.take();
    return 0;
  }
  return fail(voice,
              in_both(Failure::Kind::not_found,
                      English{fmt::format("There is no device {}", id),
                              "Look at the list: watchpost devices"},
                      Chinese{fmt::format("没有设备 {}", id), "请查看列表：watchpost devices"}),
              kFindings);
}

int export_devices(const AskOptions& options) {
  const auto devices = devices_from(LocalClient(options.socket).get("/v1/devices"));
  if (!devices) return fail(voice_of(options), devices.error(), kFindings);
  std::cout << kUtf8Mark << csv_line(device_columns());
  for (const json::value& value : list(*devices, "devices")) {
    if (value.is_object()) std::cout << device_csv_line(exported(value.get_object()));
  }
  return 0;
}

int import_devices(const ImportOptions& options) {
  const Voice voice = voice_of(options.ask);
  const auto text = read_file(options.file);
  if (!text) return fail(voice, text.error(), kCouldNotLook);
  auto lines = device_lines_from_csv(*text);
  if (!lines) return fail(voice, lines.error(), kCouldNotLook);
  const auto known = devices_from(LocalClient(options.ask.socket).get("/v1/devices"));
  if (!known) return fail(voice, known.error(), kFindings);
  Tally tally;
  look_at_columns(*lines, *known, voice.language, tally);
  // All of it is tried before the first is entered.
  auto entries = send(options, *lines, true);
  if (!entries) return fail(voice, entries.error(), kFindings);
  if (!options.dry_run) entries = send(options, *lines, false);
  if (!entries) return fail(voice, part_entered(entries.error()), kFindings);
  for (const json::object& entry : *entries) show_entry(entry, voice.language, tally);
  show_tally(tally, options.dry_run, voice.language);
  return tally.refused == 0 ? 0 : kFindings;
}

}  // namespace watchpost::cli
