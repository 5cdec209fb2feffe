// KeptRows: rows of one kind as they are on disk, and as they will be once what is under way is
// committed. Promise: what is judged upon is the newest; what a failed commit undoes is exactly
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

#include "model/duty.hpp"

namespace watchpost::rules {

// Rows are found by a hash of their name, so that finding that there is none reads no name.
[[nodiscard]] inline std::size_t hash_of(std::string_view name) {
  return std::hash<std::string_view>{}(name);
}

[[nodiscard]] inline std::string_view key_of(const Device& row) {
  return row.id;
}
[[nodiscard]] inline std::string_view key_of(const CommandDone& row) {
  return row.key;
}
// There is one.
[[nodiscard]] inline std::string_view key_of(const Duty& /*row*/) {
  return {};
}

template <class Row>
class KeptRows {
 public:
  using Shared = std::shared_ptr<const Row>;

  // As judged; null: there is none.
  [[nodiscard]] const Row* find(std::string_view key) const {
    const Kept* kept = kept_of(key);
    return kept == nullptr ? nullptr : kept->judged.get();
  }
  [[nodiscard]] Shared shared(std::string_view key) const {
    const Kept* kept = kept_of(key);
    return kept == nullptr ? nullptr : kept->judged;
  }
  [[nodiscard]] const Row* on_disk(std::string_view key) const {
    const Kept* kept = kept_of(key);
    return kept == nullptr ? nullptr : kept->disk.get();
  }
  // As judged, those that are being taken away not counted.
  [[nodiscard]] std::size_t size() const { return size_; }
  // The first one, in no order, as judged; null: there is none.
  template <class Wanted>
  [[nodiscard]] const Row* find_if(const Wanted& wanted) const {
    for (const auto& [hash, kept] : rows_) {
      if (kept.judged && wanted(*kept.judged)) return kept.judged.get();
    }
    return nullptr;
  }

  void put(StepNumber step, const Shared& row) { change({step, row, row}); }
  // The row of the key of `row` is taken away.
  void remove(StepNumber step, const Shared& row) { change({step, row, nullptr}); }
  void restore(const Shared& row) {
    Kept& kept = place(row);
    set_judged(kept, row);
    kept.disk = row;
  }

  // All up to `last` are on disk.
  void committed(StepNumber last) {
    while (!under_way_.empty() && under_way_.front().step <= last) {
      Change& done = under_way_.front();
      Kept& kept = *kept_of(key_of(*done.named));
      kept.disk = std::move(done.row);
      drop_if_empty(done.named);
      under_way_.pop_front();
    }
  }
  // `back` is called with each row as it was judged and as it is on disk; either may be null.
  template <class Back>
  void rolled_back(const Back& back) {
    for (const Change& failed : std::exchange(under_way_, {})) {
      Kept* kept = kept_of(key_of(*failed.named));
      if (kept == nullptr) continue;
      if (kept->judged != kept->disk) back(kept->judged.get(), kept->disk.get());
      set_judged(*kept, kept->disk);
      drop_if_empty(failed.named);
    }
  }

 private:
  struct Kept {
    Shared named;  // some row of this key
    Shared judged;
    Shared disk;
  };
  struct Change {
    StepNumber step;
    Shared named;
    Shared row;
  };

  template <class Rows>
  [[nodiscard]] static auto* kept_in(Rows& rows, std::string_view key) {
    const auto [first, last] = rows.equal_range(hash_of(key));
    for (auto each = first; each != last; ++each) {
      if (key_of(*each->second.named) == key) return &each->second;
    }
    return static_cast<decltype(&first->second)>(nullptr);
  }
  [[nodiscard]] const Kept* kept_of(std::string_view key) const { return kept_in(rows_, key); }
  [[nodiscard]] Kept* kept_of(std::string_view key) { return kept_in(rows_, key); }
  Kept& place(const Shared& named) {
    const std::string_view key = key_of(*named);
    if (Kept* kept = kept_of(key)) return *kept;
    return rows_.emplace(hash_of(key), Kept{named, nullptr, nullptr})->second;
  }
  void change(Change next) {
    Kept& kept = place(next.named);
    if (next.row) kept.named = next.row;
    set_judged(kept, next.row);
    under_way_.push_back(std::move(next));
  }
  void set_judged(Kept& kept, Shared row) {
    if (kept.judged) --size_;
    if (row) ++size_;
    kept.judged = std::move(row);
  }
  void drop_if_empty(const Shared& named) {
    const std::string_view key = key_of(*named);
    const auto [first, last] = rows_.equal_range(hash_of(key));
    for (auto each = first; each != last; ++each) {
      const Kept& kept = each->second;
      if (kept.judged || kept.disk || key_of(*kept.named) != key) continue;
      rows_.erase(each);
      return;
    }
  }

  std::unordered_multimap<std::size_t, Kept> rows_;  // bounded by who puts them in
  std::deque<Change> under_way_;                     // as AlarmBook::under_way_
  std::size_t size_ = 0;
};

}  // namespace watchpost::rules
