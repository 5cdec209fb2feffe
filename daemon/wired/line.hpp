// Line: the life of one connection of a wired station: its bytes become messages, and what became
// of a message becomes an answer. Promise: an answer that says "kept" is given only by `settled`
// with success (promise 1). A line never gives up on its bytes: what is no frame is told as
// Noise, and reading goes on at the next start of a frame. It holds at most one unfinished frame
// and the facts of the frames under way. No I/O, no clock; one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/strong.hpp"
#include "model/sl651_modes.hpp"

namespace watchpost::wired {

// A message for the intake. The topic is `<protocol>/<station>`, see station_topic().
struct HandOver {
  TicketNumber ticket;  // never 0, never the same twice on a line
  std::string station;  // who speaks
  std::string topic;
  std::string payload;  // the frame as it came
};
struct Send {
  std::string bytes;
};
// Bytes that are no frame, or a frame that is damaged.
struct Noise {
  std::string station;      // who spoke last on this line; empty: nobody yet
  std::uint64_t bytes = 0;  // how many
  std::string sample;       // the first of them, kSample at most
};
struct Close {
  Failure why;
};
using Step = std::variant<HandOver, Send, Noise, Close>;
using Steps = std::vector<Step>;

class Line {
 public:
  static constexpr std::size_t kSample = 32;
  // Past so many frames without an outcome nothing is read from the station.
  static constexpr std::size_t kMostUnderWay = 64;

  Line() = default;
  virtual ~Line() = default;
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  // What came, in pieces of any size.
  [[nodiscard]] virtual Steps received(std::string_view bytes) = 0;
  // What became of the message of this ticket. `now` is for answers that carry a time.
  [[nodiscard]] virtual Steps settled(TicketNumber ticket, const Result<void>& outcome,
                                      const ClockReading& now) = 0;
  // Nothing came for a while, or nothing comes any more: what is unfinished stays unfinished.
  // Called again after every further pause while anything is unfinished.
  [[nodiscard]] virtual Steps paused() = 0;
  // Messages without an outcome.
  [[nodiscard]] virtual std::size_t under_way() const = 0;
  // Bytes of a frame that is not whole yet, and whatever else waits for a pause.
  [[nodiscard]] virtual std::size_t unfinished() const = 0;
  // The peer sends nothing again: its silence is no reason to close, and what was not kept waits
  // here for the next pause, also at the end of the connection.
  [[nodiscard]] virtual bool is_mute() const { return false; }

  [[nodiscard]] bool may_read() const { return under_way() < kMostUnderWay; }
};

struct LineOptions {
  std::string peer;                // the station's address without its port
  std::chrono::minutes zone{480};  // east of UTC, for times without a zone
  std::shared_ptr<const Sl651Answering> sl651 = std::make_shared<const Sl651Answering>();
};

}  // namespace watchpost::wired
