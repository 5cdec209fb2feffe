// Radios: over what devices are heard, which of them fell silent together, and when it is back.
// Promise: what is known of a radio costs a look-up or two for each message; who falls silent is
// compared with the others of its radio once, when it does. A link that is down for a moment is
// none. Bounded: kMostRadios; who comes over another one is heard over none. I/O thread only.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/compact_optional.hpp"
#include "base/compact_text.hpp"
#include "model/absence.hpp"
#include "model/device.hpp"
#include "rules/learned_interval.hpp"
#include "rules/timers.hpp"

namespace watchpost::rules {

// How a message came.
struct CameBy {
  std::string_view topic{};
  std::string_view broker{};  // [[broker]] that brought it; empty: it came to the listener
};

struct Watched;

// What several devices are heard over: the coordinator of a bridge, a network server, a broker.
struct Radio {
  std::string name;   // "zigbee2mqtt"
  std::string about;  // of whom its alarm is: "zigbee2mqtt/bridge"
  bool is_broker = false;
  std::vector<Watched*> members{};
  bool is_down = false;              // by the silence of its devices, or by its link
  bool is_said_down = false;         // by its own word, and nobody was heard since
  std::optional<SteadyTime> fell{};  // when the last of those was heard that fell silent together
  SteadyTime back = SteadyTime::min();  // its devices have their whole time since then
  std::unordered_set<const Watched*> heard_again{};
  std::size_t needed = 0;  // of those, until it is back
  SteadyTime due = SteadyTime::max();
};

// An interval as it is kept of each device; 68 years at most.
using ShortSeconds = std::chrono::duration<std::int32_t>;
[[nodiscard]] constexpr ShortSeconds short_seconds(std::chrono::seconds interval) {
  return ShortSeconds{std::clamp<std::int64_t>(interval.count(), 0, ShortSeconds::max().count())};
}

// There are tens of thousands: its size is what the bench judgement_cost is about.
struct Watched {
  CompactText id;
  SteadyTime heard{};        // or since when it is waited for
  SteadyTime written{};      // when what is being learnt last was
  Timer<SteadyTime> timer;   // when its silence is looked for
  std::uint32_t order = 0;   // in which they came to be known
  bool was_heard = false;    // in this start
  bool was_silent = false;   // before this start, and not heard since
  bool is_off_line = false;  // by its bridge's word, which is an alarm of its own
  CompactOptional<ShortSeconds> fixed{}, entered{};
  ShortSeconds learned{0};
  LearnedInterval gaps{};
  Radio* radio = nullptr;
  Radio* broker = nullptr;

  // 0: it is never silent.
  [[nodiscard]] std::chrono::seconds expected() const {
    return fixed.value_or(entered.value_or(learned));
  }
  [[nodiscard]] bool is_learned() const { return !fixed && !entered && learned.count() > 0; }
};

class Radios {
 public:
  static constexpr std::size_t kMostRadios = 1'000;
  static constexpr std::size_t kLeastTogether = 3;  // devices, that a radio is taken to be down
  static constexpr std::chrono::minutes kLinkPatience{2};

  // True: what it is heard over is known for the first time.
  bool place(Watched& watched, const CameBy& by);
  // It was heard.
  void hear(const Watched& watched, SteadyTime now);
  void leave(Watched& watched);
  void recall(Watched& watched, const Habit& habit);
  // An alarm of it is open at the start.
  struct Down {
    std::string_view about;
    bool by_its_word = false;
    std::size_t affects = 0;
  };
  void recall_down(const Down& down);
  // Whose word it is that the bridge is on or off line; null: of no bridge.
  Radio* bridge_of(const Observation& observation, const CameBy& by);
  static void hear_bridge(Radio& radio, bool is_online, SteadyTime now);
  // Of a [[broker]].
  void link(std::string_view broker, bool is_up, SteadyTime now);

  // Who fell silent with `watched` over `radio`: as many as make it one silence; else 0.
  [[nodiscard]] static std::size_t together(const Radio& radio, const Watched& watched,
                                            SteadyTime now);
  // It was heard shortly before the radio fell.
  [[nodiscard]] static bool is_affected(const Radio& radio, const Watched& watched);
  [[nodiscard]] static Absence absence_of(const Radio& radio);
  static void put_down(Radio& radio, const Watched& first, std::size_t together);

  [[nodiscard]] std::optional<SteadyTime> next_due() const;
  [[nodiscard]] Radio* due(SteadyTime now) const;
  void schedule(Radio& radio, SteadyTime due);

 private:
  Radio* named(std::string_view name, bool is_broker);
  Radio* over(const CameBy& by, const Watched& watched);
  static void join(Watched& watched, Radio* Watched::*which, Radio* radio);

  std::map<std::string, std::unique_ptr<Radio>, std::less<>> radios_;
  std::map<std::string, std::unique_ptr<Radio>, std::less<>> brokers_;
  std::unordered_map<std::string, Radio*> bridges_;  // by the names of their own
  std::vector<Radio*> nested_;                       // whose topics do not tell their names
  std::map<std::pair<SteadyTime, std::string_view>, Radio*> due_;  // by their own names
};

// The levels of a topic that those share who are heard over one radio; empty: none.
[[nodiscard]] std::string_view radio_in(std::string_view topic);

}  // namespace watchpost::rules
