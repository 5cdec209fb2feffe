#include "cli/replay/replay.hpp"

#include <filesystem>
#include <iostream>
#include <memory>

#include "cli/ending.hpp"
#include "cli/replay/record_stream.hpp"
#include "cli/replay/replay_page.hpp"
#include "cli/store_folder.hpp"
#include "cli/time_range.hpp"
#include "model/recorded.hpp"
#include "settings/config_file.hpp"
#include "settings/site_rules.hpp"

namespace watchpost::cli {
namespace {

constexpr int kReplayCutOff = 1;

using SharedRules = std::shared_ptr<const rules::Conditions::Rules>;

Failure no_rules(const std::string& file) {
  return in_both(Failure::Kind::invalid_input,
                 English{file + " has no [[rule]], and no [[device]] with a warning_level or a "
                                "guarantee_level",
                         "Write the rules to try there"},
                 Chinese{file + " 里没有 [[rule]]，也没有写水位的 [[device]]", "请写上要试的规则"});
}

// Mistakes are told as `watchpostd --check-config` tells them.
std::optional<SharedRules> read_rules(const ReplayOptions& options, const Voice& voice) {
  const auto config =
      settings::parse_config(options.rules, settings::ConfigSurroundings::of_process());
  if (!config) {
    std::cerr << config.error().text(voice.language);
    return std::nullopt;
  }
  auto rules = std::make_shared<const rules::Conditions::Rules>(settings::site_rules(*config));
  if (rules->empty()) {
    static_cast<void>(fail(voice, no_rules(options.rules), kCouldNotLook));
    return std::nullopt;
  }
  return rules;
}

Result<Replayed> replay(spool::RecordPages& pages, const SharedRules& rules,
                        const TimeRange& range) {
  const auto devices = pages.devices();
  if (!devices) return devices.error();
  const WallTime start =
      range.from - rules::Conditions(rules).memory() - rules::Conditions::kBelievedBehind;
  RecordStream stream(pages);
  if (auto sought = stream.seek(start); !sought) return sought.error();
  rules::Rehearsal rehearsal(rules, *devices, start);
  Replayed replayed;
  replayed.rules = rules->size();
  bool has_begun = false;
  while (true) {
    auto next = stream.next();
    if (!next) return next.error();
    if (!*next || (*next)->received_at >= range.to) break;
    const Record& record = **next;
    if (record.received_at < start) continue;
    if (!has_begun && record.received_at >= range.from) {
      rehearsal.begin(range.from);
      has_begun = true;
    }
    if (has_begun) {
      if (auto was = raised_in(record)) replayed.was.push_back(std::move(*was));
    }
    const auto observation = observation_of(record);
    if (!observation) continue;
    if (!has_begun) {
      rehearsal.recall(*observation, record.received_at);
      continue;
    }
    ++replayed.observations;
    rehearsal.hear(*observation, record.received_at);
  }
  if (!has_begun) rehearsal.begin(range.from);
  replayed.would_be = rehearsal.end(range.to);
  replayed.without_time = stream.without_time();
  return replayed;
}

}  // namespace

int run_replay(const ReplayOptions& options) {
  const Voice voice{"replay", language_for(options.language)};
  const auto range = time_range({options.from, options.to});
  if (!range) return fail(voice, range.error(), kCouldNotLook);
  const auto rules = read_rules(options, voice);
  if (!rules) return kCouldNotLook;
  const auto folder =
      options.store.empty() ? store_folder_of(options.socket) : Result<std::string>(options.store);
  if (!folder) return fail(voice, folder.error(), kCouldNotLook);
  auto pages = spool::RecordPages::open(std::filesystem::path(*folder) / "watchpost.db");
  if (!pages) return fail(voice, pages.error(), kCouldNotLook);
  const auto replayed = replay(*pages, *rules, *range);
  if (!replayed) return fail(voice, replayed.error(), kReplayCutOff);
  std::cout << replay_page(*replayed, voice.language);
  return 0;
}

}  // namespace watchpost::cli
