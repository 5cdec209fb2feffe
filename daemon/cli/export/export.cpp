#include "cli/export/export.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>
#include <iostream>

#include "base/text.hpp"
#include "cli/ending.hpp"
#include "cli/local_client.hpp"
#include "cli/time_range.hpp"
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

int fail_export(const ExportOptions& options, const Failure& failure, int code = kCouldNotLook) {
  return cli::fail({"export", language_for(options.language)}, failure, code);
}

Failure not_written() {
  return in_both(Failure::Kind::environment,
                 English{"The events could not be written to the output", "Is the disk full?"},
                 Chinese{"事件无法写到输出", "磁盘是否已满？"});
}

// A range that holds nothing is more often a wrong year than a quiet day: an empty file is no copy.
Failure nothing_in_range(const Count& count) {
  if (count.unset_clock > 0) {
    return in_both(Failure::Kind::invalid_input,
                   English{"Every record was left out, since it is from a time without a clock: "
                           "nothing was exported",
                           "To have them all, whatever --from and --to say: --include-unset-clock"},
                   Chinese{"所有记录都来自没有时钟的时段，已略去：没有导出任何内容",
                           "要全部导出（不管 --from 和 --to）：--include-unset-clock"});
  }
  return in_both(Failure::Kind::invalid_input,
                 English{"There is no event between --from and --to, so nothing was exported",
                         "Check the year and the time zone, and --class and --observed"},
                 Chinese{"--from 和 --to 之间没有事件，没有导出任何内容",
                         "请检查年份和时区，以及 --class 和 --observed"});
}

int tell_export(const ExportOptions& options, const Count& count) {
  std::cout.flush();
  if (!std::cout) return fail_export(options, not_written(), kCutOff);
  const bool english = language_for(options.language) == Language::english;
  if (english) {
    std::cerr << counted(count.exported, "event");
  } else {
    std::cerr << count.exported << " 个事件";
  }
  if (count.unset_clock > 0) {
    std::cerr << fmt::format(
        fmt::runtime(english ? "; {} from a time without a clock left out (--include-unset-clock)"
                             : "；{} 条来自没有时钟的时段，已略去（--include-unset-clock）"),
        english ? counted(count.unset_clock, "record") : std::to_string(count.unset_clock));
  }
  std::cerr << "\n";
  if (count.exported > 0) return 0;
  return fail_export(options, nothing_in_range(count));
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

int export_running(const ExportOptions& options, const TimeRange& range) {
  // Times are sent in UTC, because the '+' of another zone would mean a space in a query.
  std::string target =
      fmt::format("/v1/export?from={}&to={}", to_rfc3339(range.from), to_rfc3339(range.to));
  if (!options.event_class.empty()) target += "&class=" + options.event_class;
  if (options.observed) target += "&time=observed";
  if (options.unset_clock) target += "&unset=include";
  Count count;
  bool whole = false;
  bool has_begun = false;
  const auto followed = LocalClient(options.socket).follow(target, [&](std::string_view line) {
    has_begun = true;
    whole = read_count(line, count);
    if (whole) return false;
    std::cout << line << '\n';
    return std::cout.good();
  });
  if (whole || !std::cout) return tell_export(options, count);
  // What the daemon refuses, and a daemon that is not there, is no export that broke off.
  return fail_export(options, followed.error(), has_begun ? kCutOff : kCouldNotLook);
}

bool wants(const ExportOptions& options, const TimeRange& range, const Record& record) {
  if (record.clock == ClockQuality::unset) return options.unset_clock;
  const WallTime time =
      options.observed ? record.observed_at.value_or(record.received_at) : record.received_at;
  return range.from <= time && time < range.to;
}

int export_folder(const ExportOptions& options, const TimeRange& range) {
  const auto gateway = Gateway::from({options.gateway, options.area});
  if (!gateway) return fail_export(options, gateway.error());
  auto pages = spool::RecordPages::open(std::filesystem::path(options.store) / "watchpost.db");
  if (!pages) return fail_export(options, pages.error());
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
    if (!read) return fail_export(options, read.error(), kCutOff);
  }
  if (pages->damaged() > 0) {
    const Failure lost =
        in_both(Failure::Kind::storage,
                English{counted(pages->damaged(), "damaged record") + " could not be read",
                        "`watchpost verify` names them"},
                Chinese{fmt::format("有 {} 条损坏的记录无法读取", pages->damaged()),
                        "`watchpost verify` 会列出"});
    static_cast<void>(tell_export(options, count));
    return fail_export(options, lost, kCutOff);
  }
  return tell_export(options, count);
}

Failure no_class(const std::string& name) {
  return in_both(Failure::Kind::invalid_input,
                 English{fmt::format("--class \"{}\" is no class", name),
                         "Choose alarm, patrol, status or telemetry"},
                 Chinese{fmt::format("--class “{}” 不是类别", name),
                         "请选 alarm、patrol、status 或 telemetry"});
}

}  // namespace

int run_export(const ExportOptions& options) {
  const auto range = time_range({options.from, options.to});
  if (!range) return fail_export(options, range.error());
  if (!options.event_class.empty() && !event_class_from(options.event_class)) {
    return fail_export(options, no_class(options.event_class));
  }
  return options.store.empty() ? export_running(options, *range) : export_folder(options, *range);
}

}  // namespace watchpost::cli
