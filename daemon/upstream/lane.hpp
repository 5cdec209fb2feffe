// Lane: one class on its way to one upstream: what was read, is under way, and counts as delivered.
// Promise: the cursor moves only over records that were delivered, by the measure of the class's
// custody (the broker's acknowledgement, or the receiver's receipt), were set aside with a copy on
// disk, or never existed. Where `must_be_heard`, an acknowledgement that says "no matching
// subscribers" delivers nothing: records behind it are sent, but the cursor stays before it until
// it is heard. Memory is bounded: read ahead by the prefetch bounds, under way by `most_sent`,
// unconfirmed by `most_unconfirmed`. Pure. Used by Forwarder, on the I/O thread.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <set>
#include <vector>

#include "spool/log_reader.hpp"
#include "upstream/batching.hpp"
#include "upstream/confirmation.hpp"
#include "upstream/lane_options.hpp"
#include "upstream/read_ahead.hpp"
#include "upstream/refusal.hpp"
#include "upstream/sent_loads.hpp"
#include "upstream/unheard_seqs.hpp"

namespace watchpost::upstream {

class Lane {
 public:
  // A record that the upstream will never take, by its place.
  struct Condemned {
    EventClass event_class;
    Seq seq;
    ReasonCode code;
  };

  using Start = Confirmation::Start;
  Lane(LaneOptions options, Start start);

  void committed(Seq head);
  [[nodiscard]] std::optional<spool::ReadRequest> next_read();
  void answered(spool::LogReader::Found answer);
  void retry_reads() { read_ahead_.retry(); }

  [[nodiscard]] bool has_ready() const { return !read_ahead_.empty(); }
  [[nodiscard]] bool may_send() const;
  [[nodiscard]] SharedRecord send(PublishToken token);
  // The next record, if it may join the publication that was sent last, of at most `most` events.
  [[nodiscard]] const Record* joinable(std::size_t most) const;
  [[nodiscard]] SharedRecord join();

  // Returns nothing for tokens that are not of this lane or were answered already.
  std::optional<Load> acknowledged(PublishToken token, Hearing hearing = Hearing::somebody);
  // A refused batch condemns nothing: its records are sent again, each by itself.
  std::optional<Load> refused(PublishToken token, const Refusal& refusal);
  // Gives each condemned record once. The owner then calls pass_set_aside or cannot_set_aside,
  // unless the record is condemned no more by then.
  [[nodiscard]] std::optional<Condemned> next_condemned();
  [[nodiscard]] bool is_condemned(Seq seq) { return sent_.condemned_with(seq) != sent_.end(); }
  void pass_set_aside(Seq seq);    // a copy is kept, or the record is gone
  void cannot_set_aside(Seq seq);  // there is no room for a copy: the class rests

  [[nodiscard]] bool rests() const { return rests_; }
  // True: a record has arrived since the class went to rest.
  [[nodiscard]] bool has_untried() const { return rests_ && head_ > rested_at_; }
  // Once what is under way has been answered, all is sent again from the cursor.
  void begin_again();
  // Records that are under way now go by themselves if they are sent again.
  void doubt_batches() { batching_.failed(sent_.empty() ? accepted_ : sent_.newest().last); }
  // Nothing is under way any more; a resting class rests on.
  void link_lost();

  [[nodiscard]] bool must_be_heard() const { return options_.must_be_heard; }
  [[nodiscard]] const UnheardSeqs& unheard() const { return unheard_; }
  // An unheard record was offered again and somebody heard it, or it is stored no more.
  void heard(Seq seq);
  // All up to here was acknowledged, heard or not.
  [[nodiscard]] Seq accepted() const { return accepted_; }

  Confirmation::Belief hear(const Receipt& receipt);
  [[nodiscard]] Seq head_at_start() const { return confirmation_.head_at_start(); }
  // True once after the cursor went over a record that never comes: the receiver cannot know that.
  [[nodiscard]] bool take_stepped_aside() { return confirmation_.take_stepped_aside(); }
  // True: records were acknowledged by the broker and have no receipt.
  [[nodiscard]] bool has_unconfirmed() const { return by_receipt() && accepted_ > cursor_; }
  // While the receiver is silent only a few records are sent, to see whether it has come back.
  void limit_unconfirmed(std::size_t most) { most_unconfirmed_ = most; }

  [[nodiscard]] bool wanted() const { return options_.wanted; }
  [[nodiscard]] Seq cursor() const { return cursor_; }
  [[nodiscard]] std::optional<Seq> take_moved();
  // The records after `after` are not delivered, nor are `more` records before it: records past one
  // that nobody heard may be delivered already, so the cursor is not the measure.
  struct Undelivered {
    Seq after;
    std::uint64_t more = 0;
  };
  [[nodiscard]] Undelivered undelivered() const;
  [[nodiscard]] std::uint64_t backlog() const;
  [[nodiscard]] std::size_t waiting() const { return sent_.waiting(); }  // publications
  [[nodiscard]] std::size_t waiting_events() const { return sent_.waiting_events(); }
  [[nodiscard]] std::optional<Load> oldest_unanswered() const { return sent_.oldest_unanswered(); }
  [[nodiscard]] bool read_failed() const { return read_ahead_.failed(); }

  // How far records are sent ahead of the receipts.
  static constexpr std::size_t kMostUnconfirmed = 20'000;
  static constexpr std::size_t kMostAside = 1'000;

 private:
  [[nodiscard]] bool may_go_ahead() const;
  [[nodiscard]] SharedRecord take_ready();
  [[nodiscard]] bool by_receipt() const { return options_.custody == Custody::receipt; }
  void judge(SentLoads::Position sent);
  void condemn(SentLoads::Sent& sent);
  void rest(SentLoads::Sent& sent);
  void advance();
  void advance_accepted();
  void advance_confirmed();
  void rewind();
  void rewind_if_wanted();

  LaneOptions options_;
  Confirmation confirmation_;
  ReadAhead read_ahead_;
  SentLoads sent_;
  Batching batching_;
  UnheardSeqs unheard_;
  std::size_t most_unconfirmed_ = kMostUnconfirmed;
  Seq head_;
  Seq accepted_;  // all up to here was acknowledged by the broker
  Seq cursor_;
  Seq reported_;   // cursor as last taken
  Seq rested_at_;  // the head when the class went to rest
  std::deque<Condemned> condemned_;
  // Set aside behind a record that waits, where no receipts are asked for: the upstream need not
  // refuse them again after a rewind. Past kMostAside it does.
  std::set<Seq> aside_;
  bool rests_ = false;
  bool rewind_wanted_ = false;
  bool hurried_ = false;  // a record was sent again at once, and nothing went through since
};

}  // namespace watchpost::upstream
