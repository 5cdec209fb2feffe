// AlarmBook: the open alarms, those closed within the last minutes and those told late within the
// last day, found by number, by device, by place and by when something is due.
// Promise: each row is known as it is on disk and as it was judged since; a failed commit undoes
// the latter, and with it what was heard since. One alarm at most is open for a source. I/O thread
// only.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/kept_rows.hpp"
#include "rules/life_cycle.hpp"
#include "rules/signal.hpp"

namespace watchpost::rules {

// What an open alarm has heard since its row was written: repeats write no row each.
struct Heard {
  std::uint64_t count = 1;
  Stamp last{};
  std::optional<double> peak{};
  std::optional<ServiceTime> came_back{};  // the condition, within this alarm
  std::optional<ServiceTime> returning{};  // see Alarm::returning_since
  ServiceTime written{};                   // when its row last was
  // When a row last said that it is returning.
  std::optional<ServiceTime> return_written{};
};

class AlarmBook {
 public:
  // Kept after they were closed, for links; and those that were told late, so that a late episode
  // is one entry. What is open is bounded by who opens it (JudgementOptions::most_alarms).
  static constexpr std::size_t kMostClosed = 2'000;
  static constexpr std::size_t kMostLate = 1'000;

  explicit AlarmBook(const Policies& policies) : policies_(policies) {}

  // As judged; null: there is none.
  [[nodiscard]] SharedAlarm find(std::uint64_t count) const;
  [[nodiscard]] SharedAlarm on_disk(std::uint64_t count) const;
  // Of the source of `signal`: the open one, else null.
  [[nodiscard]] SharedAlarm open_of(const Signal& signal) const;
  // The newest of the source that was open and is closed.
  [[nodiscard]] SharedAlarm closed_of(const Signal& signal) const;
  // Open or closed.
  [[nodiscard]] std::vector<std::uint64_t> of_device(std::string_view device) const;
  [[nodiscard]] const std::vector<std::uint64_t>& of_place(std::string_view place) const;
  // False: there is none. Reads no name, for it is asked for each message.
  [[nodiscard]] bool may_have(std::string_view device) const {
    return by_device_.contains(hash_of(device));
  }
  // Since when the first alarm waits for somebody of whom that is not on disk yet; nothing: none.
  [[nodiscard]] std::optional<ServiceTime> first_unheard() const;
  // Rows of the device that are not on disk yet.
  [[nodiscard]] bool is_under_way(std::string_view device) const;
  [[nodiscard]] Heard& heard(std::uint64_t count) { return slots_.at(count).heard; }
  [[nodiscard]] const Heard& heard(std::uint64_t count) const { return slots_.at(count).heard; }

  [[nodiscard]] std::uint64_t next_count() const { return given_ + 1; }
  [[nodiscard]] std::size_t open() const { return open_; }
  // Entries that were told after the fact, and are still kept here.
  [[nodiscard]] std::size_t late() const { return late_; }
  // The oldest open fault; 0: there is none.
  [[nodiscard]] std::uint64_t oldest_fault() const;
  // Raised in a test or a drill, and open.
  [[nodiscard]] const std::set<std::uint64_t>& practice() const { return practice_; }
  // When the next timer is due, and whose; nothing: never.
  [[nodiscard]] std::optional<std::pair<ServiceTime, std::uint64_t>> next_due() const;

  struct Kept {
    SharedAlarm row;
    std::string_view place{};       // of its device, for a new alarm
    const Heard* before = nullptr;  // what was heard of it before the step, where that changed it
  };
  void put(StepNumber step, Kept kept);
  void restore(Kept kept, ServiceTime now);
  // The alarms of `device` are at its place from now on.
  void move(const Device& device);
  // The greatest count that was ever given.
  void recall_count(std::uint64_t count);
  // After `heard` changed.
  void schedule(std::uint64_t count);
  // A closed one, whose time to be linked is over; later, while something of it is under way.
  void forget(std::uint64_t count, ServiceTime now);

  // `records`: of the messages that the steps up to `last` judged.
  void committed(StepNumber last, const std::vector<Evidence>& records);
  void rolled_back();

  // Each row on disk, open or closed.
  template <class See>
  void for_each(const See& see) const {
    for (const auto& [count, slot] : slots_) {
      if (slot.disk) see(slot.disk);
    }
  }

 private:
  struct Slot {
    SharedAlarm judged;
    SharedAlarm disk;
    Heard heard;
    const std::string* place = nullptr;  // in by_place_
    ServiceTime due = ServiceTime::max();
    std::uint32_t under_way = 0;
  };
  struct Change {
    StepNumber step;
    std::uint64_t count;
    SharedAlarm row;
    Heard before;  // the step: what was heard of it until then
  };
  [[nodiscard]] static const Alarm& row_of(const Slot& slot) {
    return slot.judged ? *slot.judged : *slot.disk;
  }
  template <class See>
  void for_each_of(std::string_view device, const See& see) const;
  Slot& slot_for(const Kept& kept);
  void move(Slot& slot, std::uint64_t count, std::string_view place);
  void index(const Alarm& alarm, bool add);
  void set_judged(Slot& slot, std::uint64_t count, SharedAlarm row);
  void forget_oldest();
  void erase(std::uint64_t count);
  void schedule(Slot& slot, std::uint64_t count);

  const Policies& policies_;
  // One for each alarm; so are the entries of all indexes.
  std::unordered_map<std::uint64_t, Slot> slots_;
  std::unordered_map<std::size_t, std::vector<std::uint64_t>> by_device_;  // by hash_of its name
  std::map<std::string, std::vector<std::uint64_t>, std::less<>> by_place_;
  std::set<std::pair<ServiceTime, std::uint64_t>> due_;
  std::set<std::uint64_t> faults_, practice_, closed_;  // as judged
  // Each is a fact of an append, and the bytes of those that wait for their commit are bounded
  // (spool.hpp, accepting()).
  std::deque<Change> under_way_;
  std::size_t open_ = 0, late_ = 0;
  std::uint64_t given_ = 0, given_on_disk_ = 0;
};

}  // namespace watchpost::rules
