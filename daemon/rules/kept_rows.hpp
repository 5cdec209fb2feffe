// KeptRows: rows of one kind as they are on disk, and as they will be once what is under way is
// committed. Promise: what is judged upon is the newest; what a failed commit undoes is exactly
// what the disk does not have. I/O thread only.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
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
    const auto row = place_in(rows_, key);
    return row == rows_.end() ? nullptr : row->second.get();
  }
  [[nodiscard]] Shared shared(std::string_view key) const {
    const auto row = place_in(rows_, key);
    return row == rows_.end() ? nullptr : row->second;
  }
  [[nodiscard]] const Row* on_disk(std::string_view key) const {
    const auto waits = waiting_.find(key);
    return waits == waiting_.end() ? find(key) : waits->second.disk.get();
  }
  // As judged, those that are being taken away not counted.
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  // The first one, in no order, as judged; null: there is none.
  template <class Wanted>
  [[nodiscard]] const Row* find_if(const Wanted& wanted) const {
    for (const auto& [hash, row] : rows_) {
      if (wanted(*row)) return row.get();
    }
    return nullptr;
  }

  void put(StepNumber step, const Shared& row) { change({step, row, row}); }
  // The row of the key of `row` is taken away.
  void remove(StepNumber step, const Shared& row) { change({step, row, nullptr}); }
  void restore(const Shared& row) { set_judged(key_of(*row), row); }

  // All up to `last` are on disk.
  void committed(StepNumber last) {
    while (!under_way_.empty() && under_way_.front().step <= last) {
      Change& done = under_way_.front();
      const auto waits = waiting_.find(key_of(*done.named));
      waits->second.disk = std::move(done.row);
      if (--waits->second.changes == 0) waiting_.erase(waits);
      under_way_.pop_front();
    }
  }
  // `back` is called with each row as it was judged and as it is on disk; either may be null.
  template <class Back>
  void rolled_back(const Back& back) {
    for (const Change& failed : std::exchange(under_way_, {})) {
      const std::string_view key = key_of(*failed.named);
      const auto waits = waiting_.find(key);
      if (waits == waiting_.end()) continue;
      const Shared disk = std::move(waits->second.disk);
      waiting_.erase(waits);
      const Shared judged = shared(key);
      if (judged != disk) back(judged.get(), disk.get());
      set_judged(key, disk);
    }
  }

 private:
  struct Change {
    StepNumber step;
    Shared named;  // a row of its key
    Shared row;
  };
  struct Waiting {
    Shared disk;              // null: there is none
    std::size_t changes = 0;  // under way
  };

  template <class Rows>
  [[nodiscard]] static auto place_in(Rows& rows, std::string_view key) {
    const auto [first, last] = rows.equal_range(hash_of(key));
    for (auto each = first; each != last; ++each) {
      if (key_of(*each->second) == key) return each;
    }
    return rows.end();
  }
  void change(Change next) {
    const std::string_view key = key_of(*next.named);
    const auto [waits, is_first] = waiting_.try_emplace(std::string(key));
    if (is_first) waits->second.disk = shared(key);
    ++waits->second.changes;
    set_judged(key, next.row);
    under_way_.push_back(std::move(next));
  }
  void set_judged(std::string_view key, const Shared& row) {
    const auto before = place_in(rows_, key);
    if (before == rows_.end()) {
      if (row) rows_.emplace(hash_of(key), row);
    } else if (row) {
      before->second = row;
    } else {
      rows_.erase(before);
    }
  }

  // As judged; bounded by who puts them in. Most are on disk as they are here.
  std::unordered_multimap<std::size_t, Shared> rows_;
  std::map<std::string, Waiting, std::less<>> waiting_;  // those of which a change is under way
  std::deque<Change> under_way_;                         // as AlarmBook::under_way_
};

}  // namespace watchpost::rules
