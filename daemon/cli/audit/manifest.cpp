#include "cli/audit/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "model/event_topic.hpp"
#include "model/topic.hpp"
#include "spool/reader/store_view.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

Failure unusable(std::string what) {
  return Failure{Failure::Kind::invalid_input, std::move(what),
                 "Write it on the gateway with: watchpost status --json > FILE"};
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

}  // namespace

Result<receiver::GatewayHeads> heads_from_status(std::string_view status, OfUpstream asked) {
  const std::string_view upstream = asked.name;
  boost::system::error_code error;
  const json::value parsed = json::parse(status, error);
  if (error || !parsed.is_object()) return unusable("The manifest is no JSON object");
  try {
    const json::object& root = parsed.get_object();
    receiver::GatewayHeads heads;
    heads.source = event_source(to_topic_level(object_at(root, "gateway").at("id").as_string()));
    const json::object& store = object_at(root, "store");
    heads.epoch = store.at("epoch").as_string();
    const json::object* link = upstream_in(root, upstream);
    if (link == nullptr) {
      return unusable(fmt::format("The manifest has no upstream \"{}\"", upstream));
    }
    for (const EventClass event_class : kEventClasses) {
      auto newest = number_at(object_at(store, "newest"), event_class);
      const auto relayed = number_at(object_at(store, "relayed"), event_class);
      if (relayed > 0) newest = std::min(newest, relayed - 1);
      const auto i = index_of(event_class);
      heads.newest[i] = Seq{newest};
      heads.first[i] = Seq{number_at(object_at(store, "first"), event_class)};
      heads.settled[i] = Seq{std::min(newest, number_at(object_at(*link, "settled"), event_class))};
    }
    return heads;
  } catch (const std::exception& missing) {
    // The checked accessors of Boost.JSON throw where the status lacks a member.
    return unusable(fmt::format("The manifest lacks what is needed ({})", missing.what()));
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
  if (upstream.empty() && view->cursors.size() > 1) {
    return Failure{Failure::Kind::invalid_input,
                   "The store has cursors of more than one upstream, also of former ones",
                   "Say with --upstream which one this is"};
  }
  const auto cursor =
      upstream.empty() ? view->cursors.begin() : view->cursors.find(std::string(upstream));
  if (cursor != view->cursors.end()) heads.settled = cursor->second;
  return heads;
}

}  // namespace watchpost::cli
