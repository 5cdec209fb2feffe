#include "model/store_run.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "model/kept_rules.hpp"
#include "sqlite/database.hpp"

namespace watchpost::model {
namespace {

namespace fs = std::filesystem;
using support::Fault;

constexpr std::size_t kMostAttempts = 6;

// Joins the commits of `attempts` that `mask` names, with the cursor moves of the first `moves`
// attempts.
Commits chosen(const std::vector<std::shared_ptr<const Commits>>& attempts, unsigned mask,
               std::size_t moves) {
  Commits commits;
  commits.knows_refusals = false;
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    Commits part = *attempts[i];
    if (i >= moves) part.moves.clear();
    if ((mask >> i & 1U) == 0) part = {{}, part.moves, {}, {}, false};
    commits.appends.insert(commits.appends.end(), part.appends.begin(), part.appends.end());
    commits.moves.insert(commits.moves.end(), part.moves.begin(), part.moves.end());
    commits.set_aside.insert(commits.set_aside.end(), part.set_aside.begin(), part.set_aside.end());
    commits.taken_back.insert(commits.taken_back.end(), part.taken_back.begin(),
                              part.taken_back.end());
  }
  return commits;
}

// Empty where whole commits out of `attempts` turn `before` into `state`. Otherwise the reason why
// the last combination does not explain `state`.
std::string why_not_any(const StoreState& before,
                        const std::vector<std::shared_ptr<const Commits>>& attempts,
                        const StoreState& state, const Rules& rules) {
  std::string reason = why_not(before, {}, state, rules);
  for (unsigned mask = 0; mask < (1U << attempts.size()) && !reason.empty(); ++mask) {
    for (std::size_t moves = 0; moves <= attempts.size() && !reason.empty(); ++moves) {
      if (mask >> moves != 0) continue;  // a commit that kept its appends kept its moves
      reason = why_not(before, chosen(attempts, mask, moves), state, rules);
    }
  }
  return reason;
}

std::string differing_table(const StoreState& one, const StoreState& other) {
  for (const auto& [name, rows] : one.tables) {
    const auto found = other.tables.find(name);
    if (found == other.tables.end() || found->second != rows) return name;
  }
  return "a table more";
}

}  // namespace

// A reader that holds a read open, as the forwarder's may.
class StoreRun::Reader {
 public:
  [[nodiscard]] static std::unique_ptr<Reader> open(const fs::path& file) {
    auto database = sqlite::Database::open(file, sqlite::Database::Access::read_only);
    if (!database) return nullptr;
    auto reader = std::make_unique<Reader>();
    reader->database_ = std::move(*database);
    auto select = reader->database_.prepare("SELECT seq FROM log_telemetry");
    if (!select || !select->step()) return nullptr;
    reader->select_ = std::move(*select);
    return reader;
  }
  void finish() { select_.reset(); }

 private:
  sqlite::Database database_;
  sqlite::Statement select_;  // destroyed before the connection
};

std::string Stage::why_not_after(std::size_t done, const StoreState& state,
                                 const Rules& rules) const {
  if (after && state.tables == after->tables) return {};
  const bool has_returned = done >= end;
  if (after && has_returned) {
    return fmt::format("not what was acknowledged ({}): {}", differing_table(*after, state),
                       why_not(*after, {}, state, rules));
  }
  if (state.tables == before->tables) return {};
  return why_not_any(*before, attempts, state, rules);
}

StoreRun::StoreRun(fs::path directory, support::RecordingVfs& vfs, RunOptions options)
    : directory_(std::move(directory)),
      vfs_(&vfs),
      options_(std::move(options)),
      traffic_(options_.seed, options_.shape),
      village_(mix(options_.seed, 2)),
      disk_(vfs.ops(), options_.seed),
      base_(std::make_shared<StoreState>()) {
  rules_.required_upstreams = kUpstreams;
  vfs_->watch_witness();
}

StoreRun::~StoreRun() {
  vfs_->disarm();
  leave();
}

spool::WriterOptions StoreRun::writer_options(const fs::path& directory,
                                              const spool::SpaceLimits& space) {
  spool::WriterOptions options;
  options.directory = directory;
  options.kept_for.required = kUpstreams;
  options.space = space;
  options.now = [] { return spool::Moment{WallTime{}, ClockQuality::free}; };
  return options;
}

std::string StoreRun::run() {
  for (std::size_t call = 0; call < options_.calls; ++call) {
    set_faults(call);
    if (auto broken = step(); !broken.empty()) {
      return fmt::format("call {} ({}): {}", call, stage_.call, broken);
    }
  }
  // The disk works again, so the service must too.
  vfs_->disarm();
  for (int i = 0; i < 4; ++i) {
    auto broken = is_given_up() ? begin_anew() : writer_ ? commit() : open();
    if (!broken.empty()) return fmt::format("after the faults ({}): {}", stage_.call, broken);
  }
  if (!attempts_.empty()) return "after the faults: commits still fail";
  if (log_.count("quarantine") > 0 || fs::exists(directory_ / "quarantine")) {
    return "a sound store was put aside";
  }
  return {};
}

void StoreRun::set_faults(std::size_t call) {
  if (options_.planned) {
    const auto& plan = *options_.planned;
    if (call == 0) vfs_->arm(plan.fault);
    if (vfs_->struck() > 0 && ++fault_calls_ > plan.calls) vfs_->disarm();
    return;
  }
  // More failures in a row would have more outcomes than the model can hold.
  if (attempts_.size() + 1 >= kMostAttempts) {
    fault_calls_ = 0;
    vfs_->disarm();
    return;
  }
  if (fault_calls_ > 0 && --fault_calls_ == 0) vfs_->disarm();
  if (fault_calls_ > 0 || !traffic_.chance(options_.faults)) return;
  Fault fault;
  fault.kind = static_cast<Fault::Kind>(traffic_.below(6));
  fault.first = traffic_.below(fault.kind == Fault::Kind::sync_error ? 4 : 12);
  if (traffic_.chance(50)) fault.count = 1;
  vfs_->arm(fault);
  fault_calls_ = 1 + traffic_.below(3);
}

std::string StoreRun::step() {
  if (!writer_) return open();
  if (is_given_up()) return begin_anew();
  // A process that ends right after a failed commit finds the parts of that commit that the
  // kernel's cache still holds.
  if (traffic_.chance(attempts_.empty() ? options_.crashes : 30)) return crash();
  if (traffic_.chance(options_.restarts)) return restart();
  if (traffic_.chance(10)) return remove_delivered();
  if (traffic_.chance(10)) read();
  return commit();
}

void StoreRun::read() {
  if (!reader_) {
    reader_ = Reader::open(directory_ / "watchpost.db");
  } else if (traffic_.chance(50)) {
    reader_->finish();
  } else {
    reader_.reset();
  }
}

void StoreRun::begin(const char* call) {
  stage_ = {};
  stage_.call = call;
  stage_.first = vfs_->ops().size();
  stage_.before = base_;
  stage_.attempts = attempts_;
}

void StoreRun::end_stage() {
  vfs_->look_at_witness();
  stage_.end = vfs_->ops().size();
  stages_.push_back(stage_);
}

std::string StoreRun::end_unknown(std::shared_ptr<const Commits> attempt) {
  if (attempts_.size() < kMostAttempts) {
    attempts_.push_back(std::move(attempt));
  } else {
    return "too many commits in a row have failed for this model";
  }
  stage_.attempts = attempts_;
  end_stage();
  return {};
}

// For a call that succeeded: the store holds its earlier content, the failed attempts that had
// reached the disk after all, and the commits of this call.
std::string StoreRun::end_known(const Commits& commits) {
  const support::RecordingVfs::Well well(*vfs_);
  auto state = read_state(directory_ / "watchpost.db", Depth::parsed);
  if (!state) return state.error().sentence();
  stage_.attempts = attempts_;
  if (!attempts_.empty()) stage_.attempts.push_back(std::make_shared<Commits>(commits));
  auto reason = why_not(*base_, commits, *state, rules_);
  for (unsigned mask = 0; mask < (1U << attempts_.size()) && !reason.empty(); ++mask) {
    for (std::size_t moves = 0; moves <= attempts_.size() && !reason.empty(); ++moves) {
      Commits all = chosen(attempts_, mask, moves);
      for (const auto& append : commits.appends) all.appends.push_back(append);
      for (const auto& move : commits.moves) all.moves.push_back(move);
      for (const auto& copy : commits.set_aside) all.set_aside.push_back(copy);
      for (const auto& taken : commits.taken_back) all.taken_back.push_back(taken);
      if (!why_not(*base_, all, *state, rules_).empty()) continue;
      reason.clear();
      if (mask != 0) ++risen_;
    }
  }
  if (!reason.empty()) return reason;
  attempts_.clear();
  base_ = std::make_shared<StoreState>(std::move(*state));
  for (const auto event_class : kEventClasses) {
    given_[index_of(event_class)] = base_->newest(event_class);
    if (writer_->contents().logs[index_of(event_class)].newest != base_->newest(event_class)) {
      return "the writer's newest number is not the store's";
    }
  }
  stage_.after = base_;
  end_stage();
  return {};
}

std::string StoreRun::commit() {
  auto broken = write_batch();
  return broken.empty() ? after_commit() : broken;
}

std::string StoreRun::write_batch() {
  begin("commit");
  auto group = traffic_.group(*base_, village_.next());
  group.notes.take_over(std::exchange(held_.notes, {}));
  // Clients send some of the unacknowledged messages again, and new ones. The village sends its own
  // again, since they are judged anew.
  for (auto& append : held_.appends) {
    if (!Village::is_of_village(append) && traffic_.chance(60))
      group.appends.insert(group.appends.begin(), std::move(append));
  }
  held_ = {};
  for (auto& append : group.appends) append.refusal.reset();
  const auto struck = vfs_->struck();
  const auto outcome = writer_->commit(group);
  auto commits = std::make_shared<Commits>();
  commits->add(group, writer_->contents().run_epoch);
  village_.settled(group, outcome.has_value());
  std::string broken;
  if (outcome) {
    if (std::exchange(doubtful_, {}) == vfs_->opened()) {
      return "a commit went on over the connection on which one had failed";
    }
    broken = end_known(*commits);
  } else {
    ++failed_commits_;
    if (vfs_->struck() != struck) doubtful_ = vfs_->opened_before_strike();
    commits->knows_refusals = false;
    broken = end_unknown(commits);
    held_ = std::move(group);
  }
  return broken;
}

// The spool's other thread may move the WAL during a commit; here, the other way round, a commit
// comes between two operations of a checkpoint.
std::string StoreRun::after_commit() {
  begin("after_commit");
  std::string broken;
  if (options_.commits_inside > 0 && attempts_.empty() &&
      traffic_.chance(options_.commits_inside)) {
    // A small checkpoint has a dozen operations, one of the daemon's size a thousand.
    vfs_->call_after(1 + traffic_.below(traffic_.chance(80) ? 8 : 200), [this, &broken] {
      broken = same_as_before();
      if (broken.empty()) broken = write_batch();
      ++commits_inside_;
      begin("the rest of after_commit");
    });
  }
  writer_->after_commit();
  vfs_->call_after(0);
  return broken.empty() ? same_as_before() : broken;
}

// For a call that reports nothing to anyone: the content must be the same as before.
std::string StoreRun::same_as_before() {
  if (attempts_.empty()) stage_.after = base_;
  end_stage();
  return {};
}

std::string StoreRun::remove_delivered() {
  begin("remove_some");
  const auto struck = vfs_->struck();
  if (writer_->remove_some()) return end_known({});
  if (vfs_->struck() != struck) {
    doubtful_ = vfs_->opened_before_strike();
    return end_unknown(std::make_shared<Commits>());
  }
  return same_as_before();
}

std::string StoreRun::restart() {
  begin("close");
  reader_.reset();
  writer_->close();
  writer_.reset();
  if (auto broken = same_as_before(); !broken.empty()) return broken;
  return open();
}

// What was judged and failed is on disk all the same: whoever sent it is judged by what is there.
std::string StoreRun::begin_anew() {
  held_ = {};
  return restart();
}

std::string StoreRun::open() {
  begin("open");
  auto options = writer_options(directory_, options_.space);
  options.checkpoint = options_.checkpoint;
  auto opened = spool::Writer::open(std::move(options), log_);
  if (!opened) {
    if (!vfs_->struck()) return opened.error().sentence();
    if (is_made_) return same_as_before();
    end_stage();  // the first start failed, so the store is half made
    return {};
  }
  writer_.emplace(std::move(*opened));
  is_made_ = true;
  const auto& contents = writer_->contents();
  if (!epochs_.insert(contents.run_epoch).second) return "two starts have one epoch";
  village_.begin(contents.facts.judgement, contents.run_epoch);
  if (auto broken = end_known({}); !broken.empty()) return broken;
  return why_not_recalled(base_->judgement, contents.facts.judgement);
}

std::string StoreRun::crash() {
  begin("crash");
  leave();
  // Earlier failed commits stay uncertain. With the power also the writes that waited for a sync
  // are lost or not.
  if (traffic_.chance(50)) lose_power();
  if (auto broken = same_as_before(); !broken.empty()) return broken;
  vfs_->disarm();
  fault_calls_ = 0;
  held_ = {};
  return open();
}

void StoreRun::leave() {
  vfs_->cut_power();
  reader_.reset();
  writer_.reset();
  vfs_->restore_power();
}

void StoreRun::lose_power() {
  while (!disk_.at_end()) disk_.advance({});
  const auto variant = static_cast<CrashVariant>(traffic_.below(4));
  auto outcome = choose_outcome(disk_, variant, traffic_.below(~std::uint64_t{0}));
  if (!outcome) outcome = choose_outcome(disk_, CrashVariant::kept, 0);
  for (const auto file : support::kStoreFiles) {
    FileImage image = disk_.certain(file);
    disk_.decide(file, outcome->fates[static_cast<std::size_t>(file)], image, {});
    const fs::path path = (directory_ / "watchpost.db").string() + support::suffix_of(file);
    fs::remove(path);
    if (image.exists) std::ofstream(path, std::ios::binary) << image.bytes;
    vfs_->note({DiskOp::Kind::power_cut, file, image.exists ? 0 : -1, std::move(image.bytes)});
  }
}

}  // namespace watchpost::model
