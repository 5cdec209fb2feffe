// Timers: who is due when, the earliest first; who is due at one time goes by an order of its own.
// Promise: each takes a pointer here and a Timer in the item; setting one costs the logarithm of
// how many there are, and allocates only where there were never so many. An item stays where it is
// in memory, and its timer is set to kNever before it goes. I/O thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace watchpost::rules {

// In the item; changed by Timers alone.
template <class Time>
struct Timer {
  static constexpr Time kNever = Time::max();
  Time due = kNever;
  std::uint32_t place = 0;  // among the timers, while it is due
};

// kTimer and kOrder are members of Item: its Timer, and what no other item has.
template <class Item, auto kTimer, auto kOrder>
class Timers {
 public:
  template <class Time>
  void set(Item& item, Time due) {
    auto& timer = item.*kTimer;
    if (timer.due == due) return;
    const bool was_set = timer.due != timer.kNever;
    timer.due = due;
    if (due == timer.kNever) return remove(timer.place);
    if (!was_set) {
      timer.place = static_cast<std::uint32_t>(heap_.size());
      heap_.push_back(&item);
    }
    settle(timer.place);
  }
  // Null: nobody is ever due.
  [[nodiscard]] Item* first() const { return heap_.empty() ? nullptr : heap_.front(); }

 private:
  [[nodiscard]] bool is_before(std::size_t a, std::size_t b) const {
    const Item& one = *heap_[a];
    const Item& other = *heap_[b];
    return std::pair((one.*kTimer).due, one.*kOrder) <
           std::pair((other.*kTimer).due, other.*kOrder);
  }
  void put(Item* item, std::size_t place) {
    heap_[place] = item;
    (item->*kTimer).place = static_cast<std::uint32_t>(place);
  }
  void exchange(std::size_t a, std::size_t b) {
    Item* const first = heap_[a];
    put(heap_[b], a);
    put(first, b);
  }
  void remove(std::size_t place) {
    Item* const last = heap_.back();
    heap_.pop_back();
    if (place == heap_.size()) return;
    put(last, place);
    settle(place);
  }
  // All but the one at `place` are in order.
  void settle(std::size_t place) {
    for (; place > 0 && is_before(place, (place - 1) / 2); place = (place - 1) / 2)
      exchange(place, (place - 1) / 2);
    for (std::size_t child = 2 * place + 1; child < heap_.size(); child = 2 * place + 1) {
      if (child + 1 < heap_.size() && is_before(child + 1, child)) ++child;
      if (!is_before(child, place)) return;
      exchange(child, place);
      place = child;
    }
  }

  std::vector<Item*> heap_;  // each is before those at twice its place and 1, and 2
};

}  // namespace watchpost::rules
