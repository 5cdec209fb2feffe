// Sl651Line: one connection over which stations of SL 651-2014 report; a concentrator brings
// several.
// Promise: what a station sent is confirmed after its commit, under its own serial, and not at all
// where it was not kept: the station then sends it again (section 6.3.1.2 b). A message in packets
// is confirmed once, when all of it is kept; a missing packet is asked for again at most twice. A
// keep-alive, and a station in mode M1, is never answered. Answers carry our time, or the station's
// own while our clock is not set. Pure; one thread.
#pragma once

#include <map>

#include "wired/line.hpp"
#include "wired/sl651_framer.hpp"
#include "wired/sl651_packets.hpp"

namespace watchpost::wired {

class Sl651Line final : public Line {
 public:
  explicit Sl651Line(LineOptions options) : options_(std::move(options)) {}

  [[nodiscard]] Steps received(std::string_view bytes) override;
  [[nodiscard]] Steps settled(TicketNumber ticket, const Result<void>& outcome,
                              const ClockReading& now) override;
  [[nodiscard]] Steps paused() override;
  [[nodiscard]] std::size_t under_way() const override { return under_way_.size(); }
  // A message whose packets are not all there counts too.
  [[nodiscard]] std::size_t unfinished() const override {
    return framer_.unfinished() + messages_.size();
  }

 private:
  struct UnderWay {
    Sl651Frame header;  // without body
    std::optional<Sl651Opening> opening;
    bool is_answered = false;
    std::uint64_t message = 0;  // of messages_; 0: not in packets
  };

  void take(Sl651Framer::Piece piece, Steps& steps);
  struct Received {
    std::string station;
    std::string bytes;
  };
  void hand_over(Received message, UnderWay facts, Steps& steps);
  [[nodiscard]] bool is_answered(const Sl651Frame& frame) const;
  [[nodiscard]] std::uint64_t message_of(const Sl651Frame& frame);
  void go_on(std::uint64_t message, const ClockReading& now, Steps& steps);
  [[nodiscard]] Send answer(Sl651Frame header, const std::optional<Sl651Opening>& opening,
                            const ClockReading& now) const;
  [[nodiscard]] char last_ending(std::string_view station) const;

  LineOptions options_;
  Sl651Framer framer_;
  std::string station_;  // of the last whole frame
  std::map<TicketNumber, UnderWay> under_way_;
  std::map<std::uint64_t, Sl651Packets> messages_;
  ClockReading now_;  // of the last outcome
  TicketNumber last_ticket_;
  std::uint64_t last_message_ = 0;
};

}  // namespace watchpost::wired
