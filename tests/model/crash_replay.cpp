#include "model/crash_replay.hpp"

#include <fmt/format.h>

#include <fstream>

#include "model/kept_rules.hpp"

namespace watchpost::model {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kReorderings = 2;

class ErrorLog final : public Log {
 public:
  void write(LogLevel level, std::string_view line) override {
    if (level == LogLevel::error && first_.empty()) first_ = line;
  }
  [[nodiscard]] bool wants(LogLevel level) const override { return level == LogLevel::error; }
  [[nodiscard]] const std::string& first() const { return first_; }

 private:
  std::string first_;
};

}  // namespace

std::string to_string(const CrashPoint& point) {
  return fmt::format("{}:{}:{}", point.done, to_string(point.variant), point.nth);
}

CrashReplay::CrashReplay(RunOptions options)
    : options_(std::move(options)),
      vfs_(run_directory_.path() / "watchpost.db"),
      file_(directory_.path() / "watchpost.db"),
      recovery_(file_),
      disk_(vfs_.ops(), options_.seed),
      image_(file_),
      traffic_(mix(options_.seed, 1), {}) {}

std::string CrashReplay::record() {
  vfs_.make_default(options_.seed);
  run_ = std::make_unique<StoreRun>(run_directory_.path(), vfs_, options_);
  auto broken = run_->run();
  recovery_.make_default(options_.seed);
  return broken;
}

std::string CrashReplay::replay(std::size_t most, const Wanted& wanted) {
  while (!disk_.at_end() && points_ < most) {
    disk_.advance([this](StoreFile file, std::size_t first, std::size_t end) {
      image_.changed(file, first, end);
    });
    const auto done = disk_.done();
    const auto& ops = vfs_.ops();
    // The next operation is a power cut of the run itself, which replaced all files at one moment.
    if (done < ops.size() && ops[done].kind == DiskOp::Kind::power_cut) continue;
    for (const auto variant : kCrashVariants) {
      for (unsigned nth = 0; nth < (variant == CrashVariant::reordered ? kReorderings : 1); ++nth) {
        const CrashPoint point{done, variant, nth};
        if (points_ >= most || !wanted(point)) continue;
        auto broken = crash(point);
        if (!broken.empty()) return describe(point, broken);
      }
    }
  }
  return {};
}

std::string CrashReplay::crash(const CrashPoint& point) {
  const auto luck = mix(mix(options_.seed, point.done), static_cast<std::uint64_t>(point.variant));
  const auto outcome = choose_outcome(disk_, point.variant, mix(luck, point.nth));
  if (!outcome) return {};
  ++points_;
  image_.build(disk_, *outcome);
  put_witness(point);
  auto broken = check(point);
  recovery_.cut_power();
  writer_.reset();
  recovery_.restore_power();
  for (const DiskOp& op : recovery_.ops()) image_.note(op);
  recovery_.forget_ops();
  return broken;
}

// The witness is never synced, so after a crash it may be missing, have any of its contents so far,
// or be torn.
void CrashReplay::put_witness(const CrashPoint& point) {
  const fs::path path = directory_.path() / "witness";
  const auto luck = mix(mix(options_.seed, point.done), 100 + point.nth);
  const auto& versions = vfs_.witness_versions();
  const auto known = static_cast<std::size_t>(std::count_if(
      versions.begin(), versions.end(), [&](const auto& v) { return v.ops <= point.done; }));
  fs::remove(path);
  const auto kind = luck % 16;
  if (known == 0 || kind == 0) return;
  std::string bytes = versions[known - 1].bytes;
  // Mostly the newest content is taken, because that one could claim too high a number.
  if (kind < 5) bytes = versions[(luck >> 8U) % known].bytes;
  if (kind == 14) bytes.assign(bytes.size(), '\0');
  if (kind == 15) bytes.resize((luck >> 8U) % (bytes.size() + 1));
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string CrashReplay::check(const CrashPoint& point) {
  const Stage& stage = stage_at(point.done);
  ErrorLog log;
  auto opened =
      spool::Writer::open(StoreRun::writer_options(directory_.path(), options_.space), log);
  if (!opened) return "the store does not open: " + opened.error().sentence();
  writer_.emplace(std::move(*opened));
  if (!log.first().empty()) return "the operator is told: " + log.first();
  if (fs::exists(directory_.path() / "quarantine")) return "a sound store was put aside";
  if (run_->epochs().count(writer_->contents().run_epoch) > 0) return "two starts have one epoch";
  if (auto broken = check_contents(stage, point); !broken.empty()) return broken;
  return check_append(stage, point);
}

// What the store holds, and what the writer read of it for judgement.
std::string CrashReplay::check_contents(const Stage& stage, const CrashPoint& point) {
  auto state = read_state(file_, Depth::tables);
  if (!state) return state.error().sentence();
  const StoredJudgement& recalled = writer_->contents().facts.judgement;
  // Mostly it is a state that was parsed and judged when the run was recorded.
  if (stage.after && state->tables == stage.after->tables)
    return why_not_recalled(stage.after->judgement, recalled);
  const bool has_returned = stage.after && point.done >= stage.end;
  if (!has_returned && state->tables == stage.before->tables)
    return why_not_recalled(stage.before->judgement, recalled);
  state = read_state(file_, Depth::parsed);
  if (!state) return state.error().sentence();
  auto broken = stage.why_not_after(point.done, *state, run_->rules());
  return broken.empty() ? why_not_recalled(state->judgement, recalled) : broken;
}

// Checks that each class goes on with the number behind its newest, which was never given before.
std::string CrashReplay::check_append(const Stage& stage, const CrashPoint& point) {
  const StoreState& known = stage.known(point.done);
  const auto logs = writer_->contents().logs;
  spool::CommitGroup group;
  for (const auto event_class : kEventClasses) {
    group.appends.emplace_back().records.push_back(traffic_.record(event_class));
  }
  const bool begins = writer_->contents().newest() != PerClass<Seq>{};
  const auto kept = writer_->commit(group);
  if (!kept) return "the next append fails: " + kept.error().sentence();
  for (const auto& append : group.appends) {
    if (append.refusal) continue;
    const Record& record = append.records.front();
    const auto i = index_of(record.event_class);
    // The event that begins the epoch of this start takes one number before it.
    const bool is_behind = begins && record.event_class == EventClass::status;
    const Seq next{logs[i].newest.value + (is_behind ? 2 : 1)};
    if (record.epoch != writer_->contents().run_epoch) return "a record has another start's epoch";
    if (record.seq != next || record.seq <= known.newest(record.event_class)) {
      return fmt::format("the next {} has the number {}, which was given before",
                         to_string(record.event_class), record.seq.value);
    }
  }
  return {};
}

const Stage& CrashReplay::stage_at(std::size_t done) {
  const auto& stages = run_->stages();
  while (stage_ + 1 < stages.size() && stages[stage_ + 1].first < done) ++stage_;
  return stages[stage_];
}

std::string CrashReplay::describe(const CrashPoint& point, const std::string& broken) {
  constexpr std::array kKinds{"write",  "truncate",           "sync",     "failed sync",
                              "remove", "sync of the folder", "power cut"};
  constexpr std::array kFiles{"database", "wal", "journal"};
  const DiskOp& op = vfs_.ops()[point.done - 1];
  const Stage& stage = stage_at(point.done);
  return fmt::format(
      "{}\ncrash after operation {} of {} ({} of the {} at {}, {} bytes) during {} ({})\n"
      "this crash alone: WATCHPOST_CRASH_POINT={}",
      broken, point.done, vfs_.ops().size(), kKinds[static_cast<std::size_t>(op.kind)],
      kFiles[static_cast<std::size_t>(op.file)], op.offset, op.bytes.size(), stage.call,
      point.done >= stage.end ? "it had returned" : "it had not returned", to_string(point));
}

}  // namespace watchpost::model
