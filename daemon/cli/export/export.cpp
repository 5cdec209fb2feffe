#include "cli/export/export.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>
#include <iostream>

#include "base/text.hpp"
#include "cli/ending.hpp"
#include "cli/local_client.hpp"
#include "spool/reader/record_pages.hpp"
#include "upstream/cloud_event.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

constexpr int kCutOff = 1;

struct Count {
  std::uint64_t exported = 0;
  std::uint64_t unset_clock = 0;
};

int fail_export(const Failure& failure, int code = kCouldNotLook) {
  return cli::fail("export", failure, code);
}

// A range that holds nothing is more often a wrong year than a quiet day: an empty file is no copy.
int tell_export(const Count& count) {
  std::cout.flush();
  if (!std::cout) {
    return fail_export({Failure::Kind::environment, "The events could not be written to the output",
                        "Is the disk full?"},
                       kCutOff);
  }
  std::cerr << counted(count.exported, "event");
  if (count.unset_clock > 0) {
    std::cerr << "; " << counted(count.unset_clock, "record")
              << " from a time without a clock were left out (--include-unset-clock)";
  }
  std::cerr << "\n";
  if (count.exported > 0) return 0;
  return fail_export({Failure::Kind::invalid_input,
                      "There is no event between --from and --to, so nothing was exported",
                      "Check the year and the time zone, and --class and --observed"});
}

struct Range {
  WallTime from;
  WallTime to;
};

Result<WallTime> time_from(std::string_view option, const std::string& text) {
  const auto time = from_rfc3339(text, std::chrono::minutes{0});
  if (time) return *time;
  return Failure{Failure::Kind::invalid_input, fmt::format("{} \"{}\" is no time", option, text),
                 "Write it as 2026-11-23T08:00:00+08:00"};
}

Result<Range> range_from(const ExportOptions& options) {
  const auto from = time_from("--from", options.from);
  if (!from) return from.error();
  const auto to = time_from("--to", options.to);
  if (!to) return to.error();
  if (*from < *to) return Range{*from, *to};
  return Failure{Failure::Kind::invalid_input,
                 fmt::format("--from {} is not before --to {}, so no event can be in between",
                             options.from, options.to),
                 "The first is the earlier one; --to itself is not included"};
}

// Reads the last line of the daemon's answer, which has the count; false for an event.
bool read_count(std::string_view line, Count& count) {
  if (!line.starts_with("{\"exported\":")) return false;
  boost::system::error_code error;
  const json::value parsed = json::parse(line, error);
  if (error) return false;
  count.exported = parsed.at("exported").to_number<std::uint64_t>();
  count.unset_clock = parsed.at("unset_clock").to_number<std::uint64_t>();
  return true;
}

int export_running(const ExportOptions& options, const Range& range) {
  // Times are sent in UTC, because the '+' of another zone would mean a space in a query.
  std::string target =
      fmt::format("/v1/export?from={}&to={}", to_rfc3339(range.from), to_rfc3339(range.to));
  if (!options.event_class.empty()) target += "&class=" + options.event_class;
  if (options.observed) target += "&time=observed";
  if (options.unset_clock) target += "&unset=include";
  Count count;
  bool whole = false;
  const auto followed = follow(options.socket, target, [&](std::string_view line) {
    whole = read_count(line, count);
    if (whole) return false;
    std::cout << line << '\n';
    return std::cout.good();
  });
  if (whole || !std::cout) return tell_export(count);
  if (followed.error().kind == Failure::Kind::refused) return fail_export(followed.error());
  return fail_export(followed.error(), kCutOff);
}

bool wants(const ExportOptions& options, const Range& range, const Record& record) {
  if (record.clock == ClockQuality::unset) return options.unset_clock;
  const WallTime time =
      options.observed ? record.observed_at.value_or(record.received_at) : record.received_at;
  return range.from <= time && time < range.to;
}

int export_folder(const ExportOptions& options, const Range& range) {
  const auto gateway = Gateway::from({options.gateway, options.area});
  if (!gateway) return fail_export(gateway.error());
  auto pages = spool::RecordPages::open(std::filesystem::path(options.store) / "watchpost.db");
  if (!pages) return fail_export(pages.error());
  Count count;
  std::string line;
  for (const EventClass event_class : kEventClasses) {
    if (!options.event_class.empty() && to_string(event_class) != options.event_class) continue;
    const auto read = pages->for_each(event_class, [&](const Record& record) {
      if (!wants(options, range, record)) {
        count.unset_clock += record.clock == ClockQuality::unset ? 1 : 0;
        return std::cout.good();
      }
      line.clear();
      upstream::append_event(line, {*gateway, record.epoch, upstream::RawPolicy::always}, record);
      std::cout << line << '\n';
      ++count.exported;
      return std::cout.good();
    });
    if (!read) return fail_export(read.error(), kCutOff);
  }
  if (pages->damaged() > 0) {
    std::cerr << counted(pages->damaged(), "damaged record")
              << " could not be read (watchpost verify)\n";
    static_cast<void>(tell_export(count));
    return kCutOff;
  }
  return tell_export(count);
}

}  // namespace

int run_export(const ExportOptions& options) {
  const auto range = range_from(options);
  if (!range) return fail_export(range.error());
  if (!options.event_class.empty() && !event_class_from(options.event_class)) {
    return fail_export({Failure::Kind::invalid_input,
                        fmt::format("--class \"{}\" is no class", options.event_class),
                        "Choose alarm, patrol, status or telemetry"});
  }
  return options.store.empty() ? export_running(options, *range) : export_folder(options, *range);
}

}  // namespace watchpost::cli
