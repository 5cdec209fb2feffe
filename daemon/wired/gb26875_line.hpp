// Gb26875Line: one connection of a user information transmission device (GB/T 26875.3-2011).
// Promise: a message that was sent to us is confirmed (command 3) after its commit, and denied
// (command 6) where it was not kept or is damaged, always under its own serial; the device sends
// what is denied again (section 6.5). A frame that comes again before its outcome is handed over
// once and answered each time. Answers carry our time, or the device's own while our clock is not
// set. Pure; one thread.
#pragma once

#include <map>

#include "wired/gb26875_frame.hpp"
#include "wired/line.hpp"

namespace watchpost::wired {

class Gb26875Line final : public Line {
 public:
  explicit Gb26875Line(LineOptions options) : options_(std::move(options)) {}

  [[nodiscard]] Steps received(std::string_view bytes) override;
  [[nodiscard]] Steps settled(TicketNumber ticket, const Result<void>& outcome,
                              const ClockReading& now) override;
  [[nodiscard]] Steps paused() override;
  [[nodiscard]] std::size_t under_way() const override { return under_way_.size(); }
  [[nodiscard]] std::size_t unfinished() const override { return framer_.unfinished(); }

 private:
  enum class Wish : std::uint8_t { none, confirm, deny };  // the answer after the commit
  struct UnderWay {
    Gb26875Frame header;  // without data
    Wish wish = Wish::none;
    std::size_t size = 0;
    std::size_t hash = 0;  // of the whole frame
    std::size_t copies = 1;
  };

  void take(Gb26875Framer::Piece piece, Steps& steps);
  void hand_over(std::string bytes, Wish wish, Steps& steps);
  void note_noise(const std::string& bytes, Steps& steps) const;
  [[nodiscard]] static Wish wish_for(std::uint8_t command);
  [[nodiscard]] std::string answer_to(const UnderWay& message, std::uint8_t command,
                                      const ClockReading& now) const;
  [[nodiscard]] std::string station() const;

  LineOptions options_;
  Gb26875Framer framer_;
  std::string source_;  // of the last whole frame; empty where it had none
  std::map<TicketNumber, UnderWay> under_way_;
  TicketNumber last_ticket_;
};

}  // namespace watchpost::wired
