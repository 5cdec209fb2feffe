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

void remove_from(std::vector<std::uint64_t>& list, std::uint64_t count) {
  list.erase(std::remove(list.begin(), list.end(), count), list.end());
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

SharedAlarm AlarmBook::find(std::uint64_t count) const {
  const auto found = slots_.find(count);
  return found == slots_.end() ? nullptr : found->second.judged;
}

SharedAlarm AlarmBook::on_disk(std::uint64_t count) const {
  const auto found = slots_.find(count);
  return found == slots_.end() ? nullptr : found->second.disk;
}

// Names that have one hash are told apart here.
template <class See>
void AlarmBook::for_each_of(std::string_view device, const See& see) const {
  const auto found = by_device_.find(hash_of(device));
  if (found == by_device_.end()) return;
  for (const std::uint64_t count : found->second) {
    const Slot& slot = slots_.at(count);
    if (row_of(slot).source.device == device) see(count, slot);
  }
}

std::vector<std::uint64_t> AlarmBook::of_device(std::string_view device) const {
  std::vector<std::uint64_t> counts;
  for_each_of(device, [&counts](std::uint64_t count, const Slot&) { counts.push_back(count); });
  return counts;
}

const std::vector<std::uint64_t>& AlarmBook::of_place(std::string_view place) const {
  static const std::vector<std::uint64_t> kNone;
  const auto found = by_place_.find(place);
  return found == by_place_.end() ? kNone : found->second;
}

bool AlarmBook::is_under_way(std::string_view device) const {
  bool any = false;
  for_each_of(device, [&any](std::uint64_t, const Slot& slot) { any = any || slot.under_way > 0; });
  return any;
}

std::optional<ServiceTime> AlarmBook::first_unheard() const {
  std::optional<ServiceTime> first;
  for (const Change& change : under_way_) {
    const SharedAlarm& disk = slots_.at(change.count).disk;
    const ServiceTime since = change.row->waiting_since;
    const bool is_heard = disk && disk->waiting_since == since;
    if (!is_heard && (!first || since < *first)) first = since;
  }
  return first;
}

SharedAlarm AlarmBook::open_of(const Signal& signal) const {
  SharedAlarm found;
  for_each_of(signal.device, [&](std::uint64_t, const Slot& slot) {
    const SharedAlarm& row = slot.judged;
    if (row && row->is_open() && is_of(*row, signal)) found = row;
  });
  return found;
}

SharedAlarm AlarmBook::closed_of(const Signal& signal) const {
  SharedAlarm newest;
  for_each_of(signal.device, [&](std::uint64_t count, const Slot& slot) {
    const SharedAlarm& row = slot.judged;
    if (!row || row->life != Life::closed || row->marks.history || !is_of(*row, signal)) return;
    if (!newest || newest->number.count < count) newest = row;
  });
  return newest;
}

std::uint64_t AlarmBook::oldest_fault() const {
  return faults_.empty() ? 0 : *faults_.begin();
}

std::optional<std::pair<ServiceTime, std::uint64_t>> AlarmBook::next_due() const {
  if (due_.empty()) return std::nullopt;
  return *due_.begin();
}

AlarmBook::Slot& AlarmBook::slot_for(const Kept& kept) {
  const std::uint64_t count = kept.row->number.count;
  const auto [found, is_new] = slots_.try_emplace(count);
  Slot& slot = found->second;
  if (!is_new) return slot;
  slot.heard.count = kept.row->count;
  slot.heard.last = kept.row->times.last;
  slot.heard.peak = kept.row->peak;
  slot.heard.returning = kept.row->returning_since;
  by_device_[hash_of(kept.row->source.device)].push_back(count);
  move(slot, count, kept.place);
  return slot;
}

void AlarmBook::move(Slot& slot, std::uint64_t count, std::string_view place) {
  if (slot.place != nullptr) {
    const auto left = by_place_.find(*slot.place);
    slot.place = nullptr;
    remove_from(left->second, count);
    if (left->second.empty()) by_place_.erase(left);
  }
  if (place.empty()) return;
  const auto reached = by_place_.try_emplace(std::string(place)).first;
  reached->second.push_back(count);
  slot.place = &reached->first;
}

void AlarmBook::move(const Device& device) {
  for (const std::uint64_t count : of_device(device.id))
    move(slots_.at(count), count, device.place);
}

void AlarmBook::put(StepNumber step, Kept kept) {
  const std::uint64_t count = kept.row->number.count;
  Slot& slot = slot_for(kept);
  given_ = std::max(given_, count);
  ++slot.under_way;
  under_way_.push_back({step, count, kept.row, kept.before ? *kept.before : slot.heard});
  slot.heard.written = kept.row->times.changed.service;
  if (kept.row->returning_since) slot.heard.return_written = slot.heard.written;
  set_judged(slot, count, std::move(kept.row));
}

void AlarmBook::restore(Kept kept, ServiceTime now) {
  const std::uint64_t count = kept.row->number.count;
  Slot& slot = slot_for(kept);
  slot.disk = kept.row;
  slot.heard.written = now;
  recall_count(count);
  set_judged(slot, count, std::move(kept.row));
}

void AlarmBook::recall_count(std::uint64_t count) {
  given_on_disk_ = std::max(given_on_disk_, count);
  given_ = std::max(given_, count);
}

void AlarmBook::index(const Alarm& alarm, bool add) {
  const auto put_in = [&alarm, add](std::set<std::uint64_t>& list) {
    if (add) {
      list.insert(alarm.number.count);
    } else {
      list.erase(alarm.number.count);
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
void AlarmBook::set_judged(Slot& slot, std::uint64_t count, SharedAlarm row) {
  if (slot.judged) index(*slot.judged, false);
  if (row) index(*row, true);
  slot.judged = std::move(row);
  schedule(slot, count);
}

// Not what is still under way, which may have to be opened again.
void AlarmBook::forget_oldest() {
  while (closed_.size() > kMostClosed) {
    const std::uint64_t oldest = *closed_.begin();
    if (slots_.at(oldest).under_way > 0) return;
    erase(oldest);
  }
}

void AlarmBook::schedule(std::uint64_t count) {
  schedule(slots_.at(count), count);
}

void AlarmBook::schedule(Slot& slot, std::uint64_t count) {
  if (slot.due != ServiceTime::max()) due_.erase({slot.due, count});
  slot.due = slot.judged ? due_of(*slot.judged, slot.heard, policies_.of(slot.judged->source)).at
                         : ServiceTime::max();
  if (slot.due != ServiceTime::max()) due_.emplace(slot.due, count);
}

void AlarmBook::forget(std::uint64_t count, ServiceTime now) {
  Slot& slot = slots_.at(count);
  if (slot.under_way == 0) return erase(count);
  due_.erase({slot.due, count});
  slot.due = now + kCountRest;
  due_.emplace(slot.due, count);
}

void AlarmBook::erase(std::uint64_t count) {
  Slot& slot = slots_.at(count);
  const auto of_device = by_device_.find(hash_of(row_of(slot).source.device));
  remove_from(of_device->second, count);
  if (of_device->second.empty()) by_device_.erase(of_device);
  move(slot, count, {});
  set_judged(slot, count, nullptr);
  slots_.erase(count);
}

void AlarmBook::committed(StepNumber last, const std::vector<Evidence>& records) {
  Records by_step;
  for (const Evidence& record : records) by_step[record.step] = record;
  // Rows that are still under way name them too, and what is judged next goes by the newest.
  for (Change& change : under_way_) {
    SharedAlarm row = numbered(change.row, by_step);
    if (row == change.row) continue;
    Slot& slot = slots_.at(change.count);
    if (slot.judged == change.row) slot.judged = row;
    change.row = std::move(row);
  }
  while (!under_way_.empty() && under_way_.front().step <= last) {
    Change& change = under_way_.front();
    Slot& slot = slots_.at(change.count);
    slot.disk = std::move(change.row);
    --slot.under_way;
    given_on_disk_ = std::max(given_on_disk_, change.count);
    under_way_.pop_front();
  }
  forget_oldest();
}

void AlarmBook::rolled_back() {
  const auto failed = std::exchange(under_way_, {});
  // What was heard of an alarm since the first that failed has failed with it.
  for (auto change = failed.rbegin(); change != failed.rend(); ++change)
    slots_.at(change->count).heard = change->before;
  for (const Change& change : failed) {
    const auto found = slots_.find(change.count);
    if (found == slots_.end()) continue;
    Slot& slot = found->second;
    slot.under_way = 0;
    if (slot.disk) {
      set_judged(slot, change.count, slot.disk);
    } else {
      erase(change.count);
    }
  }
  given_ = given_on_disk_;
}

}  // namespace watchpost::rules
