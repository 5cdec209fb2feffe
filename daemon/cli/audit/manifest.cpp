#include "cli/audit/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "model/event_topic.hpp"
#include "model/topic.hpp"
#include "spool/reader/open_for_reading.hpp"
#include "spool/reader/store_view.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

Failure unusable(Phrase what) {
  return in_both(
      Failure::Kind::invalid_input,
      English{std::move(what.english),
              "Write it on the gateway with: watchpost status --json > FILE"},
      Chinese{std::move(what.chinese), "请在网关上执行：watchpost status --json > 文件"});
}

Failure no_such_upstream(std::string_view upstream, const std::string& there_are) {
  return in_both(
      Failure::Kind::invalid_input,
      English{fmt::format("The gateway has no upstream \"{}\"; there are: {}", upstream, there_are),
              "Name with --upstream the one that leads to this file"},
      Chinese{fmt::format("网关没有名为“{}”的上级；有：{}", upstream, there_are),
              "请用 --upstream 写明通向这个文件的上级"});
}

Failure no_such_cursor(std::string_view upstream, const std::string& there_are) {
  if (there_are.empty()) {
    return in_both(
        Failure::Kind::invalid_input,
        English{fmt::format("The store has no cursor of upstream \"{}\", nor of any other: "
                            "none has acknowledged anything yet",
                            upstream),
                "Leave --upstream away"},
        Chinese{
            fmt::format("数据目录里没有上级“{}”的上传位置，也没有别的上级的：都还没有确认过内容",
                        upstream),
            "请去掉 --upstream"});
  }
  return in_both(
      Failure::Kind::invalid_input,
      English{fmt::format("The store has no cursor of upstream \"{}\"; there are: {}", upstream,
                          there_are),
              "Name with --upstream the one that leads to this file"},
      Chinese{fmt::format("数据目录里没有上级“{}”的上传位置；有：{}", upstream, there_are),
              "请用 --upstream 写明通向这个文件的上级"});
}

Failure several_cursors(const std::string& there_are) {
  return in_both(
      Failure::Kind::invalid_input,
      English{
          fmt::format("The store has cursors of more than one upstream, also of former ones: {}",
                      there_are),
          "Say with --upstream which one this is"},
      Chinese{fmt::format("数据目录里有不止一个上级的上传位置，包括从前的：{}", there_are),
              "请用 --upstream 写明是哪一个"});
}

const json::object& object_at(const json::object& parent, std::string_view key) {
  return parent.at(key).as_object();
}

std::uint64_t number_at(const json::object& parent, EventClass event_class) {
  return parent.at(to_string(event_class)).to_number<std::uint64_t>();
}

const json::object* upstream_in(const json::object& status, std::string_view name) {
  for (const json::value& one : status.at("upstreams").as_array()) {
    if (name.empty() || one.as_object().at("name").as_string() == name) return &one.get_object();
  }
  return nullptr;
}

std::string names_in(const json::object& status) {
  std::string names;
  for (const json::value& one : status.at("upstreams").as_array()) {
    if (!names.empty()) names += ", ";
    names += one.as_object().at("name").as_string();
  }
  return names;
}

}  // namespace

Result<receiver::GatewayHeads> heads_from_status(std::string_view status, OfUpstream asked) {
  const std::string_view upstream = asked.name;
  boost::system::error_code error;
  const json::value parsed = json::parse(status, error);
  if (error || !parsed.is_object()) {
    return unusable({"The manifest is no JSON object", "清单不是 JSON 对象"});
  }
  try {
    const json::object& root = parsed.get_object();
    receiver::GatewayHeads heads;
    heads.source = event_source(to_topic_level(object_at(root, "gateway").at("id").as_string()));
    const json::object& store = object_at(root, "store");
    heads.epoch = store.at("epoch").as_string();
    const json::object* link = upstream_in(root, upstream);
    if (link == nullptr) return no_such_upstream(upstream, names_in(root));
    if (const json::value* time = root.if_contains("time"); time != nullptr && time->is_string()) {
      heads.time = time->get_string();
    }
    for (const EventClass event_class : kEventClasses) {
      auto newest = number_at(object_at(store, "newest"), event_class);
      const auto relayed = number_at(object_at(store, "relayed"), event_class);
      if (relayed > 0) newest = std::min(newest, relayed - 1);
      const auto i = index_of(event_class);
      heads.newest[i] = Seq{newest};
      heads.first[i] = Seq{number_at(object_at(store, "first"), event_class)};
      heads.delivered[i] =
          Seq{std::min(newest, number_at(object_at(*link, "cursors"), event_class))};
    }
    return heads;
  } catch (const std::exception& missing) {
    // The checked accessors of Boost.JSON throw where the status lacks a member.
    return unusable({fmt::format("The manifest lacks what is needed ({})", missing.what()),
                     fmt::format("清单缺少所需的内容（{}）", missing.what())});
  }
}

Result<receiver::GatewayHeads> heads_from_store(const std::string& folder, OfUpstream asked) {
  const std::string_view upstream = asked.name;
  auto database = spool::open_for_reading(std::filesystem::path(folder) / "watchpost.db");
  if (!database) return database.error();
  const auto view = spool::read_view(*database);
  if (!view) return view.error();
  receiver::GatewayHeads heads;
  heads.epoch = view->epoch;
  for (const EventClass event_class : kEventClasses) {
    const auto i = index_of(event_class);
    heads.newest[i] = view->newest[i];
    heads.first[i] = view->first[i];
    if (view->relayed[i] > Seq{}) heads.newest[i] = Seq{view->relayed[i].value - 1};
  }
  // An upstream that never acknowledged anything has no cursor, so one cursor or none is accepted.
  std::string names;
  for (const auto& [name, cursor] : view->cursors) names += (names.empty() ? "" : ", ") + name;
  if (upstream.empty() && view->cursors.size() > 1) return several_cursors(names);
  const auto cursor =
      upstream.empty() ? view->cursors.begin() : view->cursors.find(std::string(upstream));
  if (!upstream.empty() && cursor == view->cursors.end()) return no_such_cursor(upstream, names);
  if (cursor != view->cursors.end()) heads.delivered = cursor->second;
  return heads;
}

}  // namespace watchpost::cli
