#include "console/event_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace watchpost::console {
namespace {

constexpr std::string_view kExport = "/v1/export";

Failure not_understood(std::string_view part, bool is_export) {
  return Failure{
      Failure::Kind::invalid_input, fmt::format("\"{}\" is not understood", part),
      is_export ? "Ask for /v1/export?from=TIME&to=TIME, times as 2026-11-23T00:00:00Z, and where "
                  "wanted &class=alarm, &time=observed, &unset=include"
                : "Ask for /v1/events, and where wanted ?from=oldest or ?newest=NUMBER, "
                  "&class=alarm, &follow=no"};
}

std::optional<std::uint64_t> number_from(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Reads `class`, which events and export both know. False for any other parameter or an unknown
// class.
bool read_class(std::string_view name, std::string_view value, EventQuery& query) {
  if (name != "class" || !event_class_from(value)) return false;
  query.event_class = event_class_from(value);
  return true;
}

bool read_for_export(std::string_view name, std::string_view value, EventQuery& query) {
  const auto time = from_rfc3339(value, std::chrono::minutes{0});
  if (name == "from" && time) {
    query.from = time;
  } else if (name == "to" && time) {
    query.to = time;
  } else if (name == "time" && (value == "observed" || value == "received")) {
    query.by_observed_time = value == "observed";
  } else if (name == "unset" && value == "include") {
    query.unset_clock = true;
  } else {
    return read_class(name, value, query);
  }
  return true;
}

bool read_for_events(std::string_view name, std::string_view value, EventQuery& query) {
  if (name == "from" && value == "oldest") {
    query.from_oldest = true;
  } else if (name == "newest" && number_from(value)) {
    query.newest = *number_from(value);
  } else if (name == "follow" && value == "no") {
    query.ends = true;
  } else {
    return read_class(name, value, query);
  }
  return true;
}

}  // namespace

bool EventQuery::wants(const Record& record) const {
  if (!from && !to) return true;
  if (record.clock == ClockQuality::unset) return unset_clock;
  const WallTime time =
      by_observed_time ? record.observed_at.value_or(record.received_at) : record.received_at;
  return (!from || *from <= time) && (!to || time < *to);
}

PerClass<Seq> EventQuery::begin(const PerClass<Seq>& newest_now) const {
  PerClass<Seq> after{};
  if (from_oldest) return after;
  for (std::size_t i = 0; i < after.size(); ++i) {
    after[i] = Seq{newest_now[i].value - std::min(newest, newest_now[i].value)};
  }
  return after;
}

void ExportCount::add(const Record& record, bool wanted) {
  exported_ += wanted ? 1 : 0;
  unset_clock_ += !wanted && record.clock == ClockQuality::unset ? 1 : 0;
}

std::string ExportCount::line() const {
  return fmt::format("{{\"exported\":{},\"unset_clock\":{}}}\n", exported_, unset_clock_);
}

Result<EventQuery> event_query_from(std::string_view target) {
  EventQuery query;
  const bool is_export = target.starts_with(kExport);
  if (is_export) query.from_oldest = query.ends = query.by_class = query.counts = true;
  std::string_view rest = target.substr(std::min(target.find('?'), target.size()));
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const auto end = std::min(rest.find('&'), rest.size());
    const auto pair = rest.substr(0, end);
    const auto equals = std::min(pair.find('='), pair.size());
    const auto name = pair.substr(0, equals);
    const auto value = pair.substr(std::min(equals + 1, pair.size()));
    const bool understood =
        is_export ? read_for_export(name, value, query) : read_for_events(name, value, query);
    if (!understood) return not_understood(pair, is_export);
    rest.remove_prefix(end);
  }
  if (is_export && (!query.from || !query.to)) return not_understood(target, is_export);
  return query;
}

}  // namespace watchpost::console
