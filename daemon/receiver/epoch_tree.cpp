#include "receiver/epoch_tree.hpp"

#include <utility>

namespace watchpost::receiver {

void EpochTree::add(const Epoch& epoch, Begin begin) {
  if (!begin.previous.empty()) followers_[begin.previous].push_back(epoch);
  begins_.insert_or_assign(epoch, std::move(begin));
}

const EpochTree::Begin* EpochTree::find(const Epoch& epoch) const {
  const auto found = begins_.find(epoch);
  return found == begins_.end() || found->second.previous.empty() ? nullptr : &found->second;
}

bool EpochTree::apart(const Pair& pair) const {
  const auto& [epoch, later] = pair;
  std::set<Epoch> passed{later};
  Epoch later_root = later;
  // Epochs that somebody wrote in a circle end the way as an unknown one does.
  for (const Begin* begin = find(later); begin != nullptr; begin = find(begin->previous)) {
    if (begin->previous == epoch) return false;
    if (!passed.insert(begin->previous).second) return false;
    later_root = begin->previous;
  }
  std::size_t steps = 0;
  Epoch root = epoch;
  for (const Begin* begin = find(epoch); begin != nullptr; begin = find(begin->previous)) {
    if (passed.count(begin->previous) > 0) return true;
    if (++steps > begins_.size()) return false;
    root = begin->previous;
  }
  return passed.count(root) == 0 && (stands_alone(root) || stands_alone(later_root));
}

bool EpochTree::stands_alone(const Epoch& epoch) const {
  const auto found = begins_.find(epoch);
  return found != begins_.end() && found->second.alone;
}

std::set<Epoch> EpochTree::line_of(const Epoch& epoch) const {
  std::set<Epoch> line{epoch};
  std::vector<Epoch> open{epoch};
  while (!open.empty()) {
    const auto followers = followers_.find(open.back());
    open.pop_back();
    if (followers == followers_.end()) continue;
    for (const Epoch& follower : followers->second) {
      if (line.insert(follower).second) open.push_back(follower);
    }
  }
  return line;
}

std::map<Epoch, PerClass<Seq>> EpochTree::before(const Epoch& present) const {
  std::map<Epoch, PerClass<Seq>> before;
  for (const Begin* begin = find(present); begin != nullptr; begin = find(begin->previous)) {
    if (!before.emplace(begin->previous, begin->first).second) break;
  }
  return before;
}

}  // namespace watchpost::receiver
