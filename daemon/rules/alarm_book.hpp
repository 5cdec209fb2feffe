// AlarmBook: the open alarms, those closed within the last minutes and those told late within the
// last day, found by number, by device, by place and by when something is due.
// Promise: each row is known as it is on disk and as it was judged since; a failed commit undoes
// the latter, and with it what was heard since. One alarm at most is open for a source. I/O thread
// only.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/due.hpp"
#include "rules/kept_rows.hpp"
#include "rules/life_cycle.hpp"
#include "rules/signal.hpp"
#include "rules/timers.hpp"

namespace watchpost::rules {

class AlarmBook {
 public:
  // Kept after they were closed, for links; and those that were told late, so that a late episode
  // is one entry. What is open is bounded by who opens it (JudgementOptions::most_alarms).
  static constexpr std::size_t kMostClosed = 2'000;
  static constexpr std::size_t kMostLate = 1'000;

  AlarmBook(const Policies& policies, const EscalationRules& escalations)
      : policies_(policies), escalations_(escalations) {}

  // As judged; null: there is none.
  [[nodiscard]] SharedAlarm find(AlarmSerial serial) const;
  [[nodiscard]] SharedAlarm on_disk(AlarmSerial serial) const;
  // Of the source of `signal`: the open one, else null.
  [[nodiscard]] SharedAlarm open_of(const Signal& signal) const;
  // The newest of the source that was open and is closed.
  [[nodiscard]] SharedAlarm closed_of(const Signal& signal) const;
  // Open or closed, the oldest first.
  [[nodiscard]] std::vector<AlarmSerial> of_device(std::string_view device) const;
  [[nodiscard]] const std::vector<AlarmSerial>& of_place(std::string_view place) const;
  // False: there is none. Reads no name, for it is asked for each message.
  [[nodiscard]] bool may_have(std::string_view device) const {
    return by_device_.contains(hash_of(device));
  }
  // Since when the first alarm waits for somebody that does not sound by what is on disk, and will
  // once it is; nothing: none.
  using Sounds = std::function<bool(const Alarm&)>;
  [[nodiscard]] std::optional<ServiceTime> first_unheard(const Sounds& sounds) const;
  // Rows of the device that are not on disk yet.
  [[nodiscard]] bool is_under_way(std::string_view device) const;
  [[nodiscard]] SaidAgain& said_again(AlarmSerial serial) { return slots_.at(serial).said; }
  [[nodiscard]] const SaidAgain& said_again(AlarmSerial serial) const {
    return slots_.at(serial).said;
  }

  [[nodiscard]] AlarmSerial next_serial() const { return given_.next(); }
  [[nodiscard]] std::size_t open() const { return open_; }
  // Entries that were told after the fact, and are still kept here.
  [[nodiscard]] std::size_t late() const { return late_; }
  // The oldest open fault; 0: there is none.
  [[nodiscard]] AlarmSerial oldest_fault() const;
  // Raised in a test or a drill, and open.
  [[nodiscard]] const std::set<AlarmSerial>& practice() const { return practice_; }
  // When the next timer is due, and whose; nothing: never.
  [[nodiscard]] std::optional<std::pair<ServiceTime, AlarmSerial>> next_due() const;

  struct Kept {
    SharedAlarm row;
    std::string_view place{};  // of its device, for a new alarm
    // What was heard of it before the step, where that changed it.
    const SaidAgain* before = nullptr;
  };
  void put(StepNumber step, Kept kept);
  void restore(Kept kept, ServiceTime now);
  // The alarms of `device` are at its place from now on.
  void move(const Device& device);
  // The greatest serial that was ever given.
  void recall_serial(AlarmSerial serial);
  // After `said` changed.
  void schedule(AlarmSerial serial);
  // After the rules of escalation changed.
  void schedule_all();
  // What time does to it next, as judged.
  [[nodiscard]] Due due(AlarmSerial serial) const { return due_of(slots_.at(serial)); }
  // A closed one, whose time to be linked is over; later, while something of it is under way.
  void forget(AlarmSerial serial, ServiceTime now);

  // `records`: of the messages that the steps up to `last` judged.
  void committed(StepNumber last, const std::vector<Evidence>& records);
  void rolled_back();

  // Each row on disk, open or closed.
  template <class See>
  void for_each(const See& see) const {
    for (const auto& [serial, slot] : slots_) {
      if (slot.disk) see(slot.disk);
    }
  }

 private:
  struct Slot {
    SharedAlarm judged;
    SharedAlarm disk;
    SaidAgain said;
    const std::string* place = nullptr;  // in by_place_
    AlarmSerial serial;
    Timer<ServiceTime> timer;
    std::uint32_t under_way = 0;
  };
  struct Change {
    StepNumber step;
    AlarmSerial serial;
    SharedAlarm row;
    SaidAgain before;  // the step: what was heard of it until then
  };
  [[nodiscard]] static const Alarm& row_of(const Slot& slot) {
    return slot.judged ? *slot.judged : *slot.disk;
  }
  template <class See>
  void for_each_of(std::string_view device, const See& see) const;
  Slot& slot_for(const Kept& kept);
  void move(Slot& slot, std::string_view place);
  void index(const Alarm& alarm, bool add);
  void set_judged(Slot& slot, SharedAlarm row);
  void forget_oldest();
  void erase(AlarmSerial serial);
  void schedule(Slot& slot);
  [[nodiscard]] Due due_of(const Slot& slot) const;

  const Policies& policies_;
  const EscalationRules& escalations_;
  // One for each alarm; so are the entries of all indexes.
  std::unordered_map<AlarmSerial, Slot> slots_;
  std::unordered_multimap<std::size_t, AlarmSerial> by_device_;  // by hash_of its name
  std::map<std::string, std::vector<AlarmSerial>, std::less<>> by_place_;
  Timers<Slot, &Slot::timer, &Slot::serial> timers_;
  std::set<AlarmSerial> faults_, practice_, closed_;  // as judged
  // Each is a fact of an append, and the bytes of those that wait for their commit are bounded
  // (spool.hpp, accepting()).
  std::deque<Change> under_way_;
  std::size_t open_ = 0, late_ = 0;
  AlarmSerial given_, given_on_disk_;
};

}  // namespace watchpost::rules
