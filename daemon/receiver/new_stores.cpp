#include "receiver/new_stores.hpp"

#include <algorithm>
#include <utility>

#include "receiver/lineage_statements.hpp"
#include "receiver/received_file.hpp"

namespace watchpost::receiver {
namespace {

constexpr std::int64_t kEveryClass = -1;
// Far more than a box that starts every hour has in a year.
constexpr std::size_t kMostStepsBack = 10'000;

// The epochs that a statement names, which is bound.
Result<std::vector<Epoch>> epochs_in(sqlite::Statement& select) {
  std::vector<Epoch> epochs;
  auto more = select.step();
  for (; more && *more; more = select.step()) epochs.emplace_back(select.text(0));
  if (!more) return more.error();
  return epochs;
}

bool begins_with_one(const PerClass<Seq>& first) {
  return std::all_of(first.begin(), first.end(), [](Seq each) { return each == Seq{1}; });
}

}  // namespace

Result<void> NewStores::prepare(sqlite::Database& database) {
  const sqlite::Database::Wanted wanted[] = {
      {&mark_alone_, sql::kMarkAlone},     {&alone_and_empty_, sql::kAloneAndEmpty},
      {&rename_epoch_, sql::kRenameEpoch}, {&rename_younger_, sql::kRenameYounger},
      {&beside_, sql::kEpochsBeside},      {&with_number_, sql::kEpochsWithNumber},
  };
  return database.prepare_all(wanted);
}

// Numbers go on over all epochs of a store: where every class begins with 1, nothing went before.
Result<std::optional<Branch>> NewStores::begun_anew(std::int64_t gateway, const EpochBegin& begin,
                                                    const Epoch& epoch) {
  if (!begins_with_one(begin.first)) return std::optional<Branch>{};
  const auto root = root_of(gateway, epoch);
  if (!root) return root.error();
  if (root->alone) return std::optional<Branch>{};
  beside_.bind(1, gateway);
  beside_.bind(2, epoch);
  beside_.bind(3, kEveryClass);
  const auto others = epochs_in(beside_);
  if (!others) return others.error();
  for (const Epoch& other : *others) {
    const auto other_root = root_of(gateway, other);
    if (!other_root) return other_root.error();
    if (other_root->epoch == root->epoch) continue;
    const auto known = renamed(gateway, epoch);
    if (!known) return known.error();
    if (*known) return std::optional<Branch>{};
    if (auto marked = mark_alone(gateway, root->epoch, begin.first); !marked) return marked.error();
    return std::optional(Branch{.younger = epoch, .older = other, .trunk = {}});
  }
  return std::optional<Branch>{};
}

// On one line each number was given under one epoch.
Result<std::optional<Branch>> NewStores::given_twice(std::int64_t gateway, const EventKey& key) {
  with_number_.bind(1, gateway);
  with_number_.bind(2, key.epoch);
  with_number_.bind(3, static_cast<std::int64_t>(key.event_class));
  with_number_.bind(4, number_of(key.sequence));
  const auto others = epochs_in(with_number_);
  if (!others) return others.error();
  if (others->empty()) return std::optional<Branch>{};
  const auto root = root_of(gateway, key.epoch);
  if (!root) return root.error();
  if (root->alone) return std::optional<Branch>{};
  for (const Epoch& other : *others) {
    const auto other_root = root_of(gateway, other);
    if (!other_root) return other_root.error();
    // Joined: the gateway told, or will tell, where the two lives part.
    if (other_root->alone || other_root->epoch == root->epoch) continue;
    if (auto marked = mark_alone(gateway, root->epoch, {}); !marked) return marked.error();
    return std::optional(Branch{.younger = key.epoch, .older = other, .trunk = {}});
  }
  return std::optional<Branch>{};
}

// From an epoch back to the one before which nobody told of another.
Result<NewStores::Root> NewStores::root_of(std::int64_t gateway, Epoch epoch) {
  for (std::size_t step = 0; step < kMostStepsBack; ++step) {
    const auto begin = lineage_->find(gateway, epoch);
    if (!begin) return begin.error();
    if (!*begin || (*begin)->previous.empty()) return Root{epoch, *begin && (*begin)->alone};
    epoch = (*begin)->previous;
  }
  return Root{epoch, false};
}

// So that it is noted once, also after a person took note of it and deleted the branch.
Result<void> NewStores::mark_alone(std::int64_t gateway, const Epoch& root,
                                   const PerClass<Seq>& first) {
  mark_alone_.bind(1, gateway);
  mark_alone_.bind(2, root);
  mark_alone_.bind(3, now_);
  for (std::size_t i = 0; i < kEventClassCount; ++i) {
    mark_alone_.bind(4 + static_cast<int>(i), number_of(first[i]));
  }
  lineage_->forget();
  return mark_alone_.run();
}

// A new store that was started several times before its first event is one store: each start
// announces an epoch of its own, and only the last one begins.
Result<bool> NewStores::renamed(std::int64_t gateway, const Epoch& epoch) {
  alone_and_empty_.bind(1, gateway);
  alone_and_empty_.bind(2, epoch);
  const auto found = epochs_in(alone_and_empty_);
  if (!found) return found.error();
  if (found->empty()) return false;
  for (sqlite::Statement* rename : {&rename_epoch_, &rename_younger_}) {
    rename->bind(1, gateway);
    rename->bind(2, found->front());
    rename->bind(3, epoch);
    if (auto done = rename->run(); !done) return done.error();
  }
  lineage_->forget();
  return true;
}

}  // namespace watchpost::receiver
