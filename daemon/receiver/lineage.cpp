#include "receiver/lineage.hpp"

#include <algorithm>
#include <array>

#include "receiver/lineage_statements.hpp"
#include "receiver/received_file.hpp"
#include "receiver/statements.hpp"

namespace watchpost::receiver {
namespace {

// The reason of an epoch that goes on from a `watchpost backup`.
constexpr std::string_view kRestored = "restored";

}  // namespace

Result<void> Lineage::prepare(sqlite::Database& database) {
  const sqlite::Database::Wanted wanted[] = {
      {&find_, sql::kFindEpoch},
      {&save_, sql::kSaveEpoch},
      {&sibling_, sql::kSibling},
      {&highest_, sql::kHighestOf},
      {&add_branch_, sql::kAddBranch},
      {&branches_statement_, sql::kBranchesOf},
      {&set_grew_, sql::kBranchGrew},
      {&next_, sql::kNextEpoch},
      {&followers_statement_, sql::kFollowers},
      {&beside_, sql::kEpochsBeside},
  };
  return database.prepare_all(wanted);
}

void Lineage::forget() {
  begins_.clear();
  branches_.clear();
  followers_.clear();
  sides_.clear();
}

Result<std::optional<EpochBegin>> Lineage::find(std::int64_t gateway, const Epoch& epoch) {
  const auto known = begins_.find({gateway, epoch});
  if (known != begins_.end()) return known->second;
  find_.bind(1, gateway);
  find_.bind(2, epoch);
  const auto row = find_.step();
  if (!row) return row.error();
  std::optional<EpochBegin> begin;
  if (*row) {
    begin.emplace();
    begin->previous = find_.text(0);
    begin->told = find_.integer(1) != 0;
    begin->alone = find_.integer(6) != 0;
    for (const EventClass event_class : kEventClasses) {
      const auto column = 2 + static_cast<int>(index_of(event_class));
      begin->first[index_of(event_class)] = Seq{static_cast<std::uint64_t>(find_.integer(column))};
    }
    find_.reset();
  }
  begins_.emplace(Name{gateway, epoch}, begin);
  return begin;
}

Result<Epoch> Lineage::epoch_of(std::int64_t gateway, const EventKey& key) {
  Epoch epoch = key.epoch;
  for (std::size_t step = 0; step < kMostSteps; ++step) {
    next_.bind(1, gateway);
    next_.bind(2, epoch);
    const auto row = next_.step();
    if (!row) return row.error();
    if (!*row) return epoch;
    const Seq first{
        static_cast<std::uint64_t>(next_.integer(1 + static_cast<int>(index_of(key.event_class))))};
    Epoch next(next_.text(0));
    next_.reset();
    if (first == Seq{} || first > key.sequence) return epoch;
    epoch = std::move(next);
  }
  return epoch;
}

Result<void> Lineage::learn(std::int64_t gateway, const EpochNotice& notice, Source source) {
  const bool told = source == Source::told;
  const auto known = find(gateway, notice.epoch);
  if (!known) return known.error();
  if (*known && ((*known)->told || !told)) return {};
  save_.bind(1, gateway);
  save_.bind(2, notice.epoch);
  save_.bind(3, notice.previous);
  save_.bind(4, std::int64_t{told ? 1 : 0});
  save_.bind(5, notice.reason);
  save_.bind(6, now_);
  for (const EventClass event_class : kEventClasses) {
    save_.bind(7 + static_cast<int>(index_of(event_class)),
               static_cast<std::int64_t>(notice.first[index_of(event_class)].value));
  }
  if (auto saved = save_.run(); !saved) return saved;
  begins_[{gateway, notice.epoch}] = EpochBegin{notice.previous, notice.first, told, false};
  followers_.erase({gateway, notice.previous});
  sides_.clear();
  return {};
}

Result<std::optional<Branch>> Lineage::branch_of(std::int64_t gateway, const EpochNotice& notice) {
  if (notice.previous.empty()) return std::optional<Branch>{};
  sibling_.bind(1, gateway);
  sibling_.bind(2, notice.previous);
  sibling_.bind(3, notice.epoch);
  const auto row = sibling_.step();
  if (!row) return row.error();
  if (*row) {
    Branch branch{
        .younger = notice.epoch, .older = Epoch(sibling_.text(0)), .trunk = notice.previous};
    sibling_.reset();
    return std::optional(std::move(branch));
  }
  const auto past = has_gone_past(gateway, notice);
  if (!past) return past.error();
  if (!*past && notice.reason != kRestored) return std::optional<Branch>{};
  return std::optional(
      Branch{.younger = notice.epoch, .older = notice.previous, .trunk = notice.previous});
}

// True where the previous epoch had numbers that the new one gives again.
Result<bool> Lineage::has_gone_past(std::int64_t gateway, const EpochNotice& notice) {
  for (const EventClass event_class : kEventClasses) {
    const Seq first = notice.first[index_of(event_class)];
    if (first == Seq{}) continue;
    highest_.bind(1, gateway);
    highest_.bind(2, notice.previous);
    highest_.bind(3, static_cast<std::int64_t>(event_class));
    const auto row = highest_.step();
    if (!row) return row.error();
    if (!*row) continue;
    const Seq highest{static_cast<std::uint64_t>(highest_.integer(0))};
    highest_.reset();
    if (highest >= first) return true;
  }
  return false;
}

Result<bool> Lineage::keep(std::int64_t gateway, const Branch& branch) {
  const auto branches = branches_of(gateway);
  if (!branches) return branches.error();
  const bool is_new =
      std::none_of((*branches)->begin(), (*branches)->end(),
                   [&branch](const Branch& one) { return one.younger == branch.younger; });
  add_branch_.bind(1, gateway);
  add_branch_.bind(2, branch.younger);
  add_branch_.bind(3, branch.older);
  add_branch_.bind(4, branch.trunk);
  add_branch_.bind(5, now_);
  branches_.erase(gateway);
  sides_.clear();
  if (auto added = add_branch_.run(); !added) return added.error();
  return is_new;
}

Result<std::vector<Branch>*> Lineage::branches_of(std::int64_t gateway) {
  const auto [found, is_new] = branches_.try_emplace(gateway);
  if (!is_new) return &found->second;
  branches_statement_.bind(1, gateway);
  auto more = branches_statement_.step();
  for (; more && *more; more = branches_statement_.step()) {
    Branch& branch = found->second.emplace_back();
    branch.younger = branches_statement_.text(0);
    branch.older = branches_statement_.text(1);
    branch.trunk = branches_statement_.text(2);
    branch.both_grow = branches_statement_.integer(3) > 0;
  }
  if (!more) return more.error();
  return &found->second;
}

Result<bool> Lineage::has_two_boxes(std::int64_t gateway) {
  const auto branches = branches_of(gateway);
  if (!branches) return branches.error();
  return std::any_of((*branches)->begin(), (*branches)->end(),
                     [](const Branch& branch) { return branch.both_grow; });
}

Result<std::optional<Branch>> Lineage::grew(std::int64_t gateway, const EventKey& key) {
  const auto branches = branches_of(gateway);
  if (!branches) return branches.error();
  for (Branch& branch : **branches) {
    if (branch.both_grow) continue;
    const auto side = side_of(gateway, branch, key);
    if (!side) return side.error();
    if (*side != Side::older) continue;
    const auto is_overtaken = younger_has(gateway, branch, key);
    if (!is_overtaken) return is_overtaken.error();
    if (!*is_overtaken) continue;
    set_grew_.bind(1, gateway);
    set_grew_.bind(2, branch.younger);
    set_grew_.bind(3, now_);
    if (auto done = set_grew_.run(); !done) return done.error();
    branch.both_grow = true;
    return std::optional(branch);
  }
  return std::optional<Branch>{};
}

Result<Lineage::Side> Lineage::side_of(std::int64_t gateway, const Branch& branch,
                                       const EventKey& key) {
  if (key.epoch == branch.younger) return Side::younger;
  if (key.epoch == branch.trunk) {
    const auto begin = find(gateway, branch.younger);
    if (!begin) return begin.error();
    const Seq first = *begin ? (*begin)->first[index_of(key.event_class)] : Seq{};
    return branch.older == branch.trunk && first > Seq{} && key.sequence >= first ? Side::older
                                                                                  : Side::trunk;
  }
  if (key.epoch == branch.older) return Side::older;
  const SideName name{{gateway, key.epoch}, branch.younger};
  if (const auto known = sides_.find(name); known != sides_.end()) return known->second;
  const auto side = walk(gateway, branch, key.epoch);
  if (side) sides_.emplace(name, *side);
  return side;
}

// From an epoch back to the one where the two lives part.
Result<Lineage::Side> Lineage::walk(std::int64_t gateway, const Branch& branch, Epoch epoch) {
  for (std::size_t step = 0; step < kMostSteps; ++step) {
    if (epoch == branch.younger) return Side::younger;
    if (epoch == branch.older && branch.older != branch.trunk) return Side::older;
    if (epoch.empty() || epoch == branch.trunk) return Side::neither;
    const auto begin = find(gateway, epoch);
    if (!begin) return begin.error();
    if (!*begin) return Side::neither;
    epoch = (*begin)->previous;
  }
  return Side::neither;
}

Result<std::optional<Branch>> Lineage::gone_past(std::int64_t gateway, const EventKey& key) {
  const auto followers = followers_of(gateway, key.epoch);
  if (!followers) return followers.error();
  for (const Follower& follower : **followers) {
    const Seq first = follower.first[index_of(key.event_class)];
    if (first == Seq{} || first > key.sequence) continue;
    return std::optional(Branch{.younger = follower.epoch, .older = key.epoch, .trunk = key.epoch});
  }
  return std::optional<Branch>{};
}

Result<std::vector<Lineage::Follower>*> Lineage::followers_of(std::int64_t gateway,
                                                              const Epoch& epoch) {
  const auto [found, is_new] = followers_.try_emplace({gateway, epoch});
  if (!is_new) return &found->second;
  followers_statement_.bind(1, gateway);
  followers_statement_.bind(2, epoch);
  auto more = followers_statement_.step();
  for (; more && *more; more = followers_statement_.step()) {
    Follower& follower = found->second.emplace_back();
    follower.epoch = followers_statement_.text(0);
    for (std::size_t i = 0; i < kEventClassCount; ++i) {
      follower.first[i] = sequence_in(followers_statement_, 1 + static_cast<int>(i));
    }
  }
  if (!more) return more.error();
  return &found->second;
}

// Whether something of the key's class came of the younger side.
Result<bool> Lineage::younger_has(std::int64_t gateway, const Branch& branch, const EventKey& key) {
  beside_.bind(1, gateway);
  beside_.bind(2, key.epoch);
  beside_.bind(3, static_cast<std::int64_t>(key.event_class));
  auto more = beside_.step();
  for (; more && *more; more = beside_.step()) {
    const auto side = side_of(gateway, branch, {Epoch(beside_.text(0)), key.event_class, Seq{}});
    if (!side) return side.error();
    if (*side != Side::younger) continue;
    beside_.reset();
    return true;
  }
  if (!more) return more.error();
  return false;
}

}  // namespace watchpost::receiver
