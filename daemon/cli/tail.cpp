#include "cli/tail.hpp"

#include <fmt/format.h>

#include <deque>
#include <iostream>

#include "cli/event_line.hpp"
#include "cli/local_client.hpp"

namespace watchpost::cli {
namespace {

bool ends(const TailOptions& options) {
  return options.count > 0 && !options.follow;
}

void show(const TailOptions& options, std::string_view event) {
  std::cout << (options.as_json ? std::string(event) : event_line(event)) << std::endl;
}

// Shows the newest events; which ones those are is known only when all were read.
Result<void> show_newest(const TailOptions& options) {
  std::deque<std::string> newest;
  const auto read =
      LocalClient(options.socket).read_lines(tail_target(options), [&](std::string_view event) {
        if (!options.device.empty() && !tells_of(event, {options.device})) return true;
        newest.emplace_back(event);
        if (newest.size() > options.count) newest.pop_front();
        return true;
      });
  for (const std::string& event : newest) show(options, event);
  if (read && newest.empty() && !options.device.empty()) {
    return in_both(
        Failure::Kind::not_found,
        English{fmt::format("No stored event is of a device {}", options.device),
                "`watchpost status --device` lists devices whose name or id has a word in it"},
        Chinese{fmt::format("没有设备 {} 的事件", options.device),
                "`watchpost status --device` 列出名称或编号中带某个词的设备"});
  }
  return read;
}

}  // namespace

std::string tail_target(const TailOptions& options) {
  std::string query;
  const auto add = [&query](std::string_view pair) {
    query.append(query.empty() ? "?" : "&").append(pair);
  };
  // The newest events of one device may lie far back, so everything stored is read.
  const bool far_back = ends(options) && !options.device.empty();
  if (options.from_oldest || far_back) {
    add("from=oldest");
  } else if (options.count > 0) {
    add(fmt::format("newest={}", options.count));
  }
  if (!options.event_class.empty()) add("class=" + options.event_class);
  if (ends(options)) add("follow=no");
  return "/v1/events" + query;
}

Result<void> run_tail(const TailOptions& options) {
  if (ends(options) && !options.from_oldest) return show_newest(options);
  std::uint64_t shown = 0;
  const auto each = [&](std::string_view event) {
    if (!options.device.empty() && !tells_of(event, {options.device})) return true;
    show(options, event);
    const bool has_end = ends(options) || options.from_oldest;
    const bool is_last = has_end && ++shown == options.count;
    return !is_last && std::cout.good();
  };
  const LocalClient daemon(options.socket);
  const std::string target = tail_target(options);
  return ends(options) ? daemon.read_lines(target, each) : daemon.follow(target, each);
}

}  // namespace watchpost::cli
