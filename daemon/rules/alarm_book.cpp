#include "rules/alarm_book.hpp"

#include <algorithm>
#include <utility>

#include "rules/due.hpp"

namespace watchpost::rules {
namespace {

bool is_of(const Alarm& alarm, const Signal& signal) {
  const AlarmSource& source = alarm.source;
  return source.condition == signal.condition && source.kind == signal.kind &&
         source.rule == signal.rule;
}

void remove_from(std::vector<AlarmSerial>& list, AlarmSerial serial) {
  list.erase(std::remove(list.begin(), list.end(), serial), list.end());
}

using Records = std::map<StepNumber, Evidence>;

// The row with the numbers that `records` give to its evidence; itself where they give none.
SharedAlarm numbered(const SharedAlarm& row, const Records& records) {
  std::shared_ptr<Alarm> changed;
  for (std::size_t i = 0; i < row->evidence.size(); ++i) {
    if (row->evidence[i].sequence.value != 0) continue;
    const auto record = records.find(row->evidence[i].step);
    if (record == records.end()) continue;
    if (!changed) changed = std::make_shared<Alarm>(*row);
    changed->evidence[i] = record->second;
  }
  if (changed) return changed;
  return row;
}

}  // namespace

SharedAlarm AlarmBook::find(AlarmSerial serial) const {
  const auto found = slots_.find(serial);
  return found == slots_.end() ? nullptr : found->second.judged;
}

SharedAlarm AlarmBook::on_disk(AlarmSerial serial) const {
  const auto found = slots_.find(serial);
  return found == slots_.end() ? nullptr : found->second.disk;
}

// Names that have one hash are told apart here.
template <class See>
void AlarmBook::for_each_of(std::string_view device, const See& see) const {
  const auto [first, last] = by_device_.equal_range(hash_of(device));
  for (auto each = first; each != last; ++each) {
    const Slot& slot = slots_.at(each->second);
    if (row_of(slot).source.device == device) see(slot);
  }
}

std::vector<AlarmSerial> AlarmBook::of_device(std::string_view device) const {
  std::vector<AlarmSerial> serials;
  for_each_of(device, [&serials](const Slot& slot) { serials.push_back(slot.serial); });
  std::sort(serials.begin(), serials.end());
  return serials;
}

const std::vector<AlarmSerial>& AlarmBook::of_place(std::string_view place) const {
  static const std::vector<AlarmSerial> kNone;
  const auto found = by_place_.find(place);
  return found == by_place_.end() ? kNone : found->second;
}

bool AlarmBook::is_under_way(std::string_view device) const {
  bool any = false;
  for_each_of(device, [&any](const Slot& slot) { any = any || slot.under_way > 0; });
  return any;
}

std::optional<ServiceTime> AlarmBook::first_unheard(const Sounds& sounds) const {
  std::optional<ServiceTime> first;
  for (const Change& change : under_way_) {
    const SharedAlarm& disk = slots_.at(change.serial).disk;
    const ServiceTime since = change.row->waiting_since;
    const bool is_heard = disk && disk->waiting_since == since && sounds(*disk);
    if (!is_heard && sounds(*change.row) && (!first || since < *first)) first = since;
  }
  return first;
}

SharedAlarm AlarmBook::open_of(const Signal& signal) const {
  SharedAlarm found;
  for_each_of(signal.device, [&](const Slot& slot) {
    const SharedAlarm& row = slot.judged;
    if (row && row->is_open() && is_of(*row, signal)) found = row;
  });
  return found;
}

SharedAlarm AlarmBook::closed_of(const Signal& signal) const {
  SharedAlarm newest;
  for_each_of(signal.device, [&](const Slot& slot) {
    const SharedAlarm& row = slot.judged;
    if (!row || row->life != Life::closed || row->marks.history || !is_of(*row, signal)) return;
    if (!newest || newest->number.serial < slot.serial) newest = row;
  });
  return newest;
}

AlarmSerial AlarmBook::oldest_fault() const {
  return faults_.empty() ? AlarmSerial{} : *faults_.begin();
}

std::optional<std::pair<ServiceTime, AlarmSerial>> AlarmBook::next_due() const {
  const Slot* const first = timers_.first();
  if (first == nullptr) return std::nullopt;
  return std::pair(first->timer.due, first->serial);
}

AlarmBook::Slot& AlarmBook::slot_for(const Kept& kept) {
  const AlarmSerial serial = kept.row->number.serial;
  const auto [found, is_new] = slots_.try_emplace(serial);
  Slot& slot = found->second;
  if (!is_new) return slot;
  slot.serial = serial;
  slot.said.count = kept.row->count;
  slot.said.last = kept.row->times.last;
  slot.said.peak = kept.row->peak;
  slot.said.returning = kept.row->returning_since;
  by_device_.emplace(hash_of(kept.row->source.device), serial);
  move(slot, kept.place);
  return slot;
}

void AlarmBook::move(Slot& slot, std::string_view place) {
  if (slot.place != nullptr) {
    const auto left = by_place_.find(*slot.place);
    slot.place = nullptr;
    remove_from(left->second, slot.serial);
    if (left->second.empty()) by_place_.erase(left);
  }
  if (place.empty()) return;
  const auto reached = by_place_.try_emplace(std::string(place)).first;
  reached->second.push_back(slot.serial);
  slot.place = &reached->first;
}

void AlarmBook::move(const Device& device) {
  for (const AlarmSerial serial : of_device(device.id)) {
    Slot& slot = slots_.at(serial);
    move(slot, device.place);
    // Rules of escalation may choose by place.
    schedule(slot);
  }
}

void AlarmBook::put(StepNumber step, Kept kept) {
  const AlarmSerial serial = kept.row->number.serial;
  Slot& slot = slot_for(kept);
  given_ = std::max(given_, serial);
  ++slot.under_way;
  under_way_.push_back({step, serial, kept.row, kept.before ? *kept.before : slot.said});
  slot.said.written = kept.row->times.changed.service;
  if (kept.row->returning_since) slot.said.return_written = slot.said.written;
  set_judged(slot, std::move(kept.row));
}

void AlarmBook::restore(Kept kept, ServiceTime now) {
  const AlarmSerial serial = kept.row->number.serial;
  Slot& slot = slot_for(kept);
  slot.disk = kept.row;
  slot.said.written = now;
  recall_serial(serial);
  set_judged(slot, std::move(kept.row));
}

void AlarmBook::recall_serial(AlarmSerial serial) {
  given_on_disk_ = std::max(given_on_disk_, serial);
  given_ = std::max(given_, serial);
}

void AlarmBook::index(const Alarm& alarm, bool add) {
  const auto put_in = [&alarm, add](std::set<AlarmSerial>& list) {
    if (add) {
      list.insert(alarm.number.serial);
    } else {
      list.erase(alarm.number.serial);
    }
  };
  const std::size_t one = add ? 1 : std::size_t{0} - 1;
  if (alarm.marks.history) late_ += one;
  if (alarm.life == Life::closed && !alarm.marks.history) put_in(closed_);
  if (!alarm.is_open()) return;
  open_ += one;
  if (policies_.of(alarm.source).event_class == EventClass::status) put_in(faults_);
  if (alarm.marks.practice()) put_in(practice_);
}

// The indexes follow what was judged.
void AlarmBook::set_judged(Slot& slot, SharedAlarm row) {
  if (slot.judged) index(*slot.judged, false);
  if (row) index(*row, true);
  slot.judged = std::move(row);
  schedule(slot);
}

// Not what is still under way, which may have to be opened again.
void AlarmBook::forget_oldest() {
  while (closed_.size() > kMostClosed) {
    const AlarmSerial oldest = *closed_.begin();
    if (slots_.at(oldest).under_way > 0) return;
    erase(oldest);
  }
}

Due AlarmBook::due_of(const Slot& slot) const {
  const Alarm& alarm = *slot.judged;
  const AlarmPolicy& policy = policies_.of(alarm.source);
  const std::string_view place = slot.place == nullptr ? std::string_view{} : *slot.place;
  return rules::due_of(alarm, slot.said, policy,
                       rule_for(escalations_, {alarm, place, is_emergency(policy)}));
}

void AlarmBook::schedule_all() {
  for (auto& [serial, slot] : slots_) schedule(slot);
}

void AlarmBook::schedule(AlarmSerial serial) {
  schedule(slots_.at(serial));
}

void AlarmBook::schedule(Slot& slot) {
  timers_.set(slot, slot.judged ? due_of(slot).at : ServiceTime::max());
}

void AlarmBook::forget(AlarmSerial serial, ServiceTime now) {
  Slot& slot = slots_.at(serial);
  if (slot.under_way == 0) return erase(serial);
  timers_.set(slot, now + kCountRest);
}

void AlarmBook::erase(AlarmSerial serial) {
  Slot& slot = slots_.at(serial);
  const auto [first, last] = by_device_.equal_range(hash_of(row_of(slot).source.device));
  by_device_.erase(
      std::find_if(first, last, [serial](const auto& each) { return each.second == serial; }));
  move(slot, {});
  set_judged(slot, nullptr);
  slots_.erase(serial);
}

void AlarmBook::committed(StepNumber last, const std::vector<Evidence>& records) {
  Records by_step;
  for (const Evidence& record : records) by_step[record.step] = record;
  // Rows that are still under way name them too, and what is judged next goes by the newest.
  for (Change& change : under_way_) {
    SharedAlarm row = numbered(change.row, by_step);
    if (row == change.row) continue;
    Slot& slot = slots_.at(change.serial);
    if (slot.judged == change.row) slot.judged = row;
    change.row = std::move(row);
  }
  while (!under_way_.empty() && under_way_.front().step <= last) {
    Change& change = under_way_.front();
    Slot& slot = slots_.at(change.serial);
    slot.disk = std::move(change.row);
    --slot.under_way;
    given_on_disk_ = std::max(given_on_disk_, change.serial);
    under_way_.pop_front();
  }
  forget_oldest();
}

void AlarmBook::rolled_back() {
  const auto failed = std::exchange(under_way_, {});
  // What was heard of an alarm since the first that failed has failed with it.
  for (auto change = failed.rbegin(); change != failed.rend(); ++change)
    slots_.at(change->serial).said = change->before;
  for (const Change& change : failed) {
    const auto found = slots_.find(change.serial);
    if (found == slots_.end()) continue;
    Slot& slot = found->second;
    slot.under_way = 0;
    if (slot.disk) {
      set_judged(slot, slot.disk);
    } else {
      erase(change.serial);
    }
  }
  given_ = given_on_disk_;
}

}  // namespace watchpost::rules
