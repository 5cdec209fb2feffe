// PresencePlan: how much of its own state the gateway tells a server, so that its events get there.
// Why: some servers take no retained messages or no will, and say so by refusing the connection, or
// by closing it each time. An alarm must not wait for a courtesy.
// Promise: what the server names (reason codes 0x9A, 0x99, 0x90; Retain Available = 0) is given up
// at once. What it ends the link over, kAgainAndAgain times in a row, is left out of one link; if
// that link is good, it is given up, said once, and tried again after the next good link: only what
// ends that one too stays given up for good, until the program starts anew. If that link is no
// better, it was something else: all is told as before, and the next such try waits for twice as
// many ends. Pure. Used by OwnState, on the I/O thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "client/link_end.hpp"
#include "upstream/presence.hpp"

namespace watchpost::upstream {

class PresencePlan {
 public:
  enum class Part : std::uint8_t { will, retained, presence };
  static constexpr std::size_t kParts = 3;
  static constexpr int kAgainAndAgain = 3;
  static constexpr int kMostDoublings = 5;

  explicit PresencePlan(const StateOffer& wanted) : wanted_(wanted) {}

  // What is said on the present link, or the next one.
  [[nodiscard]] StateOffer offer() const;

  void connected(bool retain_available);
  // The server has taken the state on this link.
  void state_taken();
  // The server has taken something else. True: a part was given up by that.
  bool something_taken() {
    failed_trials_ = 0;
    if (trial_ != Part::presence) return false;
    end_trial();
    return true;
  }
  struct Ended {
    const client::LinkEnd& end;
    bool stood = false;       // the server had accepted the connection
    bool over_state = false;  // the state was under way first, or had been refused on this link
    bool held = false;        // the link was good for as long as it lasted
  };
  void ended(const Ended& link);

  [[nodiscard]] bool is_given_up(Part part) const { return entry(part).given_up; }
  // True: links were no better without, so it is something else that ends them.
  [[nodiscard]] bool is_cleared() const { return failed_trials_ > 0; }
  // A part that was given up since the last call.
  [[nodiscard]] std::optional<Part> take_news();

 private:
  struct Entry {
    bool given_up = false;
    bool certain = false;
    bool told = false;  // as `given_up` says
  };
  struct Blame {
    Part part;
    bool named = false;  // by the server
  };
  [[nodiscard]] Entry& entry(Part part) { return entries_[static_cast<std::size_t>(part)]; }
  [[nodiscard]] const Entry& entry(Part part) const {
    return entries_[static_cast<std::size_t>(part)];
  }
  [[nodiscard]] bool is_left_out(Part part) const;
  [[nodiscard]] std::optional<Blame> blamed(const Ended& link) const;
  void give_up(Part part, bool certain);
  void end_trial();
  void end_probe(Part part);

  StateOffer wanted_;
  std::array<Entry, kParts> entries_{};
  std::optional<Part> trial_;    // left out, to see whether the link is good then
  std::optional<Part> probe_;    // said again, although it was given up
  std::optional<Part> suspect_;  // of the last ends in a row
  int ends_ = 0;                 // so many
  int failed_trials_ = 0;        // since the server has taken anything
};

}  // namespace watchpost::upstream
