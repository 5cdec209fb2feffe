#include "model/crash_outcome.hpp"

#include <array>

namespace watchpost::model {
namespace {

using Fates = std::vector<Outcome::Fate>;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t limit) {
    state_ = mix(state_, 7);
    return state_ % limit;
  }

 private:
  std::uint64_t state_;
};

std::size_t sectors_of(const DiskOp& op) {
  const auto first = static_cast<std::size_t>(op.offset) / CrashDisk::kSector;
  const auto last =
      (static_cast<std::size_t>(op.offset) + op.bytes.size() - 1) / CrashDisk::kSector;
  return last - first + 1;
}

bool can_tear(const DiskOp& op) {
  return op.kind == DiskOp::Kind::write && sectors_of(op) > 1;
}

// At least one sector reaches the disk and at least one does not: all and nothing are outcomes of
// their own.
std::vector<bool> tear(const DiskOp& op, Dice& dice) {
  std::vector<bool> reached(sectors_of(op));
  const std::size_t count = reached.size();
  if (dice.below(2) == 0) {
    const auto whole = 1 + dice.below(count - 1);
    for (std::size_t i = 0; i < whole; ++i) reached[i] = true;
    return reached;
  }
  for (std::size_t i = 0; i < count; ++i) reached[i] = dice.below(2) == 0;
  const auto one = dice.below(count);
  reached[one] = true;
  reached[(one + 1) % count] = false;
  return reached;
}

// The file system journals names and sizes, so these changes come in their order. A write that
// follows a lost change of name or size is lost too.
Fates reorder(const std::deque<DiskOp>& pending, Dice& dice) {
  Fates fates(pending.size());
  // The share of kept writes goes from few to most: an image with one write missing tells as much
  // as one with a single write.
  const auto share = 1 + dice.below(9);
  bool is_behind_lost = false;
  for (std::size_t i = 0; i < pending.size(); ++i) {
    Outcome::Fate& fate = fates[i];
    fate.kept = !is_behind_lost && dice.below(10) < share;
    if (pending[i].kind != DiskOp::Kind::write) {
      is_behind_lost = is_behind_lost || !fate.kept;
    } else if (fate.kept && can_tear(pending[i]) && dice.below(6) == 0) {
      fate.sectors = tear(pending[i], dice);
    }
  }
  return fates;
}

bool is_plain(const Outcome& outcome) {
  bool any_kept = false;
  bool any_lost = false;
  for (const Fates& fates : outcome.fates) {
    for (const Outcome::Fate& fate : fates) {
      if (!fate.sectors.empty()) return false;
      any_kept = any_kept || fate.kept;
      any_lost = any_lost || !fate.kept;
    }
  }
  return !(any_kept && any_lost);
}

}  // namespace

std::string_view to_string(CrashVariant variant) {
  constexpr std::array<std::string_view, 4> kNames{"kept", "lost", "torn", "reordered"};
  return kNames[static_cast<std::size_t>(variant)];
}

std::optional<Outcome> choose_outcome(const CrashDisk& disk, CrashVariant variant,
                                      std::uint64_t seed) {
  if (variant != CrashVariant::kept && !disk.has_pending()) return std::nullopt;
  Dice dice(seed);
  Outcome outcome;
  for (const auto file : support::kStoreFiles) {
    const auto& pending = disk.pending(file);
    Fates& fates = outcome.fates[static_cast<std::size_t>(file)];
    fates.resize(pending.size());
    if (variant == CrashVariant::lost) {
      for (Outcome::Fate& fate : fates) fate.kept = false;
    } else if (variant == CrashVariant::reordered) {
      fates = reorder(pending, dice);
    }
  }
  if (variant == CrashVariant::torn) {
    const auto last = disk.last_write();
    if (!last || !can_tear(disk.pending(*last).back())) return std::nullopt;
    outcome.fates[static_cast<std::size_t>(*last)].back().sectors =
        tear(disk.pending(*last).back(), dice);
  }
  if (variant == CrashVariant::reordered && is_plain(outcome)) return std::nullopt;
  return outcome;
}

}  // namespace watchpost::model
