// Mirrors: the open alarms of the villages below this street, as their own events tell them.
// Promise: nothing is judged a second time, and nothing sounds: the newest event of an alarm is
// what is shown, in whatever order they come; one that was closed does not open again by an older
// event. A village that has not been heard since the start, or said that it is gone, is not
// connected, and its alarms stay as they were last told. Bounded: what finds no room is counted.
// Pure. I/O thread.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "villages/mirror.hpp"

namespace watchpost::villages {

struct Village {
  std::string prefix;
  bool connected = false;
  WallTime heard{};
  std::map<AlarmNumber, Mirror> alarms{};  // closed ones too, see Mirrors
  std::size_t open = 0;
};

// In the order in which this gateway lists its own: what nobody has taken first, of that the worst,
// of those the newest. They live as long as the village stays as it is.
[[nodiscard]] std::vector<const Mirror*> open_alarms(const Village& village);

class Mirrors {
 public:
  static constexpr std::size_t kMostVillages = 2'000;
  static constexpr std::size_t kMostOpen = 10'000;
  // So many that were closed are remembered, the newest, against events that come late.
  static constexpr std::size_t kMostClosed = 5'000;

  enum class Source { live, log };
  void hear(const VillageWord& word, WallTime at, Source source);

  // Null: it was never heard.
  [[nodiscard]] const Village* find(std::string_view gateway) const;
  // By its number; without an epoch the newest of that count. Null: it is not known.
  [[nodiscard]] const Mirror* find(const Village& village, AlarmNumber number) const;
  void for_each(const std::function<void(const std::string& gateway, const Village&)>& see) const;
  [[nodiscard]] std::size_t open() const { return open_; }
  [[nodiscard]] std::size_t beyond() const { return beyond_; }

 private:
  void put(const std::string& gateway, Village& village, const Mirror& mirror);
  void forget_closed();

  struct Closed {
    std::string gateway;
    AlarmNumber number;
  };
  std::map<std::string, Village, std::less<>> villages_;
  std::deque<Closed> closed_;
  std::size_t open_ = 0;
  std::size_t beyond_ = 0;
};

}  // namespace watchpost::villages
