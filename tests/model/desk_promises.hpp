// DeskPromises: what judgement must never do, J1 to J5 of daemon/README.md, checked on what is
// committed. It knows the promises, not how they are kept: who may end an alarm (J1), who may make
// one quiet (J2), that nothing is ahead of the disk (J3), that one episode is one alarm (J4), that
// a device cannot fill the store (J5). From the committed transitions alone it keeps the list of
// open alarms that a street would have.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/duty_desk.hpp"

namespace watchpost::model {

class DeskPromises {
 public:
  explicit DeskPromises(support::DutyDesk& desk) : desk_(desk) {}

  void committed(const support::DutyDesk::Append& append);
  // After each step of a run.
  void look();
  // Before and after a restart.
  void goes_down();
  void is_back();
  // Everything that waited has failed: what is judged is what is on disk.
  void has_failed();

  [[nodiscard]] const std::vector<std::string>& broken() const { return broken_; }
  [[nodiscard]] std::size_t transitions() const { return transitions_; }

 private:
  struct Seen {
    SharedAlarm row;  // as it was after its last transition or write
    AlarmState state = AlarmState::normal;
    std::optional<ServiceTime> return_written;  // that it is returning
    std::deque<ServiceTime> by_device;  // transitions that a device caused, of the last minute
  };
  // Of one source, in the order in which they were judged.
  struct BeyondWords {
    std::uint64_t first = 0;  // that found no room
    std::uint64_t other = 0;  // the newest that found room or said something else
  };
  void see(const Transition& transition, bool is_by_copy);
  void check_end(const Transition& transition);
  void check_yielding(const std::vector<Transition>& transitions);
  void check_quieter(const Transition& transition, const SharedAlarm& before);
  [[nodiscard]] bool is_radio_told() const;
  void check_copy(const Transition& transition, const Alarm& before);
  void check_rate(const Transition& transition, Seen& seen);
  void check_write(const SharedAlarm& row);
  void see_duty(const SharedDuty& duty, const std::set<std::uint64_t>& sirens);
  void check_list();
  void check_beyond(const support::DutyDesk::Append& append);
  [[nodiscard]] SharedAlarm open_of(const AlarmSource& source) const;
  void check_said(const support::DutyDesk::Word& word);
  void check_sounds(const Alarm& alarm, const support::DutyDesk::Word& word);
  // In a live test of its device or in the scope of a drill, by what is committed.
  [[nodiscard]] bool is_practised(const AlarmSource& source) const;
  void expect(bool holds, const std::string& promise, const Alarm& about);

  support::DutyDesk& desk_;
  std::map<std::uint64_t, Seen> alarms_;
  std::map<std::uint64_t, rules::Tone> heard_;  // before it went down
  std::map<std::uint64_t, SharedAlarm> rows_;
  std::map<std::string, SharedDevice> devices_;  // by facts alone, as the next
  SharedDuty duty_;
  std::map<std::pair<std::string, Kind>, BeyondWords> beyond_;
  std::vector<std::string> broken_;
  std::size_t transitions_ = 0;
  bool was_interrupted_ = true;  // a start or a failure since the last write
};

}  // namespace watchpost::model
