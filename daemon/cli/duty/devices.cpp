#include "cli/duty/devices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/columns.hpp"
#include "cli/duty/device_csv.hpp"
#include "cli/ending.hpp"
#include "cli/local_client.hpp"
#include "cli/status_json.hpp"
#include "cli/status_text.hpp"

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
  if (error || !parsed.is_object()) {
    return in_both(Failure::Kind::invalid_input,
                   English{"The daemon's answer is no list of devices",
                           "Check that --socket names watchpostd's socket"},
                   Chinese{"服务的应答不是设备列表", "请确认 --socket 是 watchpostd 的套接字"});
  }
  json::object& object = parsed.get_object();
  if (const auto why = text(object, "error"); !why.empty())
    return Failure{Failure::Kind::refused, why, ""};
  return std::move(object);
}

settings::Words service_words(std::string_view service) {
  if (service == "in_service") return {"in service", "在用"};
  if (service == "out_of_service") return {"out of service", "停用"};
  return {"not entered", "未登记"};
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
  const json::object& out = section(device, "out");
  if (!out.empty())
    page.line({"      {}, by {} since {}", "      {}，{}，自 {}"}, text(out, "why"),
              text(out, "by"), text(out, "since"));
}

Result<std::string> read_file(const std::string& name) {
  if (name == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream file(name, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (file) return text;
  return in_both(Failure::Kind::not_found,
                 English{fmt::format("{} cannot be read", name), "Name a file that exists"},
                 Chinese{fmt::format("无法读取 {}", name), "请指定存在的文件"});
}

struct Tally {
  std::size_t same = 0, entered = 0, edited = 0, fixed = 0, refused = 0;
};

void show_entry(const json::object& entry, Language language, Tally& tally) {
  const bool english = language == Language::english;
  const auto device = text(entry, "device");
  const auto change = text(entry, "change");
  if (const auto& why = section(entry, "text"); !why.empty()) {
    ++tally.refused;
    std::cout << "! " << device << ": " << text(why, to_string(language)) << "\n";
  } else if (change == "entered") {
    ++tally.entered;
    std::cout << fmt::format("+ {}: {}, {}\n", device, text(entry, "name"), text(entry, "place"));
  } else if (change == "edited") {
    ++tally.edited;
    std::cout << fmt::format("~ {}: {}, {} → {}, {}\n", device, text(entry, "name_before"),
                             text(entry, "place_before"), text(entry, "name"),
                             text(entry, "place"));
  } else if (change == "fixed") {
    ++tally.fixed;
    std::cout << fmt::format(
        fmt::runtime(english ? "= {}: its name is fixed by [[device]] in watchpost.toml\n"
                             : "= {}：名称由 watchpost.toml 的 [[device]] 指定\n"),
        device);
  } else {
    ++tally.same;
  }
}

Result<void> send(const ImportOptions& options, const std::vector<DeviceLine>& lines,
                  Tally& tally) {
  const LocalClient client(options.ask.socket);
  for (std::size_t at = 0; at < lines.size(); at += kInOneRequest) {
    json::array devices;
    for (std::size_t i = at; i < std::min(lines.size(), at + kInOneRequest); ++i) {
      devices.push_back(
          {{"device", lines[i].device}, {"name", lines[i].name}, {"place", lines[i].place}});
    }
    const json::object body{{"by", options.by},
                            {"from", options.from.empty() ? usual_from() : options.from},
                            {"dry_run", options.dry_run},
                            {"devices", std::move(devices)}};
    const std::string text = json::serialize(body);
    const auto answer = devices_from(client.post({"/v1/enter?origin=cli", text}));
    if (!answer) return answer.error();
    for (const json::value& entry : list(*answer, "devices")) {
      if (entry.is_object()) show_entry(entry.get_object(), voice_of(options.ask).language, tally);
    }
  }
  return {};
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
    if (device.is_object()) add_known_device(page, device.get_object());
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

int export_devices(const AskOptions& options) {
  const auto devices = devices_from(LocalClient(options.socket).get("/v1/devices"));
  if (!devices) return fail(voice_of(options), devices.error(), kFindings);
  std::cout << csv_line({"device", "name", "place", "service", "why", "by", "since"});
  for (const json::value& value : list(*devices, "devices")) {
    if (!value.is_object()) continue;
    const json::object& device = value.get_object();
    const json::object& out = section(device, "out");
    std::cout << csv_line({text(device, "device"), text(device, "name"), text(device, "place"),
                           text(device, "service"), text(out, "why"), text(out, "by"),
                           text(out, "since")});
  }
  return 0;
}

int import_devices(const ImportOptions& options) {
  const Voice voice = voice_of(options.ask);
  const auto text = read_file(options.file);
  if (!text) return fail(voice, text.error(), kCouldNotLook);
  const auto lines = device_lines_from_csv(*text);
  if (!lines) return fail(voice, lines.error(), kCouldNotLook);
  Tally tally;
  const auto sent = send(options, *lines, tally);
  const bool english = voice.language == Language::english;
  std::cout << fmt::format(
      fmt::runtime(english ? "{}{} entered, {} edited, {} as they were, {} fixed, {} refused\n"
                           : "{}新登记 {}，修改 {}，未变 {}，配置指定 {}，拒绝 {}\n"),
      !options.dry_run ? ""
      : english        ? "Nothing was changed; it would be: "
                       : "未做更改；将会：",
      tally.entered, tally.edited, tally.same, tally.fixed, tally.refused);
  if (!sent) return fail(voice, sent.error(), kFindings);
  return tally.refused == 0 ? 0 : kFindings;
}

}  // namespace watchpost::cli
