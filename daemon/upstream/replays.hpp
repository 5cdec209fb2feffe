// Replays: records that are sent once more because the upstream's receiver had confirmed and lost
// them (alarms and patrols: its file was replaced by an older copy), or because a person there has
// asked for a range of them. The box may still keep the records as history, and the street has them
// nowhere else.
// Promise: they are sent again by themselves, one record at a time, behind alarms that are sent for
// the first time; what a receiver has lost at most once in kApart for each class, whatever it asks.
// No cursor moves. A lost link goes on behind the last record that was answered. Pure: the caller
// brings the time. Used by Offers, on the I/O thread.
#pragma once

#include <deque>
#include <optional>

#include "base/clock.hpp"
#include "spool/log_reader.hpp"
#include "upstream/publishing.hpp"

namespace watchpost::upstream {

class Replays {
 public:
  static constexpr std::chrono::hours kApart{1};

  // The receiver has the class up to `has`, and had confirmed `confirmed`.
  struct Lost {
    EventClass event_class;
    Seq has;
    Seq confirmed;
  };
  // True: what lies between is sent again.
  bool ask(const Lost& lost, SteadyTime now);
  // A person asks for it; with what is under way of that class it becomes one range.
  void ask_range(EventClass event_class, SeqRange range);
  void link_lost();

  // A question for the LogReader; its answer goes to `answered`.
  [[nodiscard]] std::optional<spool::ReadRequest> next_read();
  void answered(const spool::ReadRequest& request, const spool::LogReader::Found& answer);
  // The next record to publish, or null. The caller then calls `offered`.
  [[nodiscard]] SharedRecord next();
  void offered(PublishToken token, const Record& record);
  // False for a token that was not offered here.
  bool take_answer(PublishToken token);

  // A class of which all that is still kept has been sent again.
  struct Done {
    EventClass event_class;
    std::uint64_t sent = 0;
    std::uint64_t gone = 0;  // not stored any more
  };
  [[nodiscard]] std::optional<Done> take_done();

 private:
  struct Course {
    Seq next;  // nothing is to be sent while it lies past `last`
    Seq last;
    std::uint64_t sent = 0;
    std::uint64_t all = 0;
    std::optional<SteadyTime> asked_at;
    bool runs = false;
  };
  struct Offer {
    PublishToken token;
    EventClass event_class;
    Seq seq;
    bool is_of_course = true;  // else of a range before this one
  };

  PerClass<Course> courses_{};
  std::deque<SharedRecord> page_;
  std::optional<Offer> offer_;
  bool reading_ = false;
  bool discard_answer_ = false;
};

}  // namespace watchpost::upstream
