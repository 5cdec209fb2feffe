// KeptRows: rows of one kind as they are on disk, and as they will be once what is under way is
// committed. Promise: what is judged upon is the newest; what a failed commit takes back is exactly
// what the disk does not have. I/O thread only.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "model/alarm.hpp"

namespace watchpost::rules {

// Finds a std::string by a std::string_view.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>{}(text);
  }
};

template <class Row>
class KeptRows {
 public:
  using Shared = std::shared_ptr<const Row>;

  // As judged; null: there is none.
  [[nodiscard]] const Row* find(std::string_view key) const {
    const auto found = rows_.find(key);
    return found == rows_.end() ? nullptr : found->second.judged.get();
  }
  [[nodiscard]] Shared shared(std::string_view key) const {
    const auto found = rows_.find(key);
    return found == rows_.end() ? nullptr : found->second.judged;
  }
  [[nodiscard]] const Row* on_disk(std::string_view key) const {
    const auto found = rows_.find(key);
    return found == rows_.end() ? nullptr : found->second.disk.get();
  }
  // As judged, those that are being taken away not counted.
  [[nodiscard]] std::size_t size() const { return size_; }
  // The first one, in no order, as judged; null: there is none.
  template <class Wanted>
  [[nodiscard]] const Row* find_if(const Wanted& wanted) const {
    for (const auto& [key, row] : rows_) {
      if (row.judged && wanted(*row.judged)) return row.judged.get();
    }
    return nullptr;
  }

  // Null takes the row away.
  void put(StepNumber step, const std::string& key, Shared row) {
    set_judged(rows_[key], row);
    under_way_.push_back({step, key, std::move(row)});
  }
  void restore(const std::string& key, const Shared& row) {
    Kept& kept = rows_[key];
    set_judged(kept, row);
    kept.disk = row;
  }

  // All up to `last` are on disk.
  void committed(StepNumber last) {
    while (!under_way_.empty() && under_way_.front().step <= last) {
      Change& change = under_way_.front();
      const auto found = rows_.find(change.key);
      found->second.disk = std::move(change.row);
      if (!found->second.disk && !found->second.judged) rows_.erase(found);
      under_way_.pop_front();
    }
  }
  // `back` is called with each row as it was judged and as it is on disk; either may be null.
  template <class Back>
  void rolled_back(const Back& back) {
    for (const Change& change : std::exchange(under_way_, {})) {
      const auto found = rows_.find(change.key);
      if (found == rows_.end()) continue;
      Kept& kept = found->second;
      if (kept.judged != kept.disk) back(kept.judged.get(), kept.disk.get());
      set_judged(kept, kept.disk);
      if (!kept.judged) rows_.erase(found);
    }
  }

  // Each row on disk.
  template <class See>
  void for_each(const See& see) const {
    for (const auto& [key, row] : rows_) {
      if (row.disk) see(*row.disk);
    }
  }

 private:
  struct Kept {
    Shared judged;
    Shared disk;
  };
  struct Change {
    StepNumber step;
    std::string key;
    Shared row;
  };

  void set_judged(Kept& kept, Shared row) {
    if (kept.judged) --size_;
    if (row) ++size_;
    kept.judged = std::move(row);
  }

  std::unordered_map<std::string, Kept, TextHash, std::equal_to<>> rows_;
  std::deque<Change> under_way_;
  std::size_t size_ = 0;
};

}  // namespace watchpost::rules
