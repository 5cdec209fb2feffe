#include "console/event_query.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watchpost::console {
namespace {

constexpr std::string_view kExport = "/v1/export";

Failure not_understood(std::string_view part) {
  return Failure{Failure::Kind::invalid_input, fmt::format("\"{}\" is not understood", part),
                 "Ask for /v1/export?from=TIME&to=TIME, times as 2026-11-23T00:00:00Z, and where "
                 "wanted &class=alarm, &time=observed, &unset=include"};
}

Result<void> read_pair(std::string_view pair, EventQuery& query) {
  const auto equals = std::min(pair.find('='), pair.size());
  const auto name = pair.substr(0, equals);
  const auto value = pair.substr(std::min(equals + 1, pair.size()));
  const auto time = from_rfc3339(value, std::chrono::minutes{0});
  if (name == "from" && time) {
    query.from = time;
  } else if (name == "to" && time) {
    query.to = time;
  } else if (name == "class" && event_class_from(value)) {
    query.event_class = event_class_from(value);
  } else if (name == "time" && (value == "observed" || value == "received")) {
    query.by_observed_time = value == "observed";
  } else if (name == "unset" && value == "include") {
    query.unset_clock = true;
  } else {
    return not_understood(pair);
  }
  return {};
}

}  // namespace

bool EventQuery::wants(const Record& record) const {
  if (!from && !to) return true;
  if (record.clock == ClockQuality::unset) return unset_clock;
  const WallTime time =
      by_observed_time ? record.observed_at.value_or(record.received_at) : record.received_at;
  return (!from || *from <= time) && (!to || time < *to);
}

bool EventQuery::is_read(const PerClass<Seq>& read_to, const PerClass<Seq>& end) const {
  return std::all_of(kEventClasses.begin(), kEventClasses.end(), [&](EventClass candidate) {
    return !wants(candidate) || read_to[index_of(candidate)] >= end[index_of(candidate)];
  });
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
  if (!target.starts_with(kExport)) {
    query.from_oldest = target.ends_with("from=oldest");
    return query;
  }
  query.from_oldest = query.ends = true;
  std::string_view rest = target.substr(kExport.size());
  if (!rest.empty() && rest.front() != '?') return not_understood(target);
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const auto end = std::min(rest.find('&'), rest.size());
    if (auto read = read_pair(rest.substr(0, end), query); !read) return read.error();
    rest.remove_prefix(end);
  }
  if (!query.from || !query.to) return not_understood(target);
  return query;
}

}  // namespace watchpost::console
