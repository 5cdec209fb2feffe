// Forwarder: decides what one upstream is sent next, and what counts as delivered.
// Promise: a cursor moves only over records that were delivered by the measure of their class's
// custody, were set aside, or never existed (or are of a class this upstream does not want); alarms
// always find a slot; telemetry never starves. Memory is bounded by the window and the prefetch
// bounds, whatever the backlog. Pure: no clock, no thread of its own. Called by Uplink on the I/O
// thread.
//
// Which class goes next: alarm, patrol, status, telemetry in this order. A class that was passed
// over too often while it had records goes first once: patrol after 3 others, status after 7,
// telemetry after 15. So telemetry gets at least one publication in 16. The last `alarm_slots` of
// the window are for alarms.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "model/record.hpp"
#include "spool/log_reader.hpp"
#include "upstream/lane.hpp"
#include "upstream/publishing.hpp"
#include "upstream/upstream_defaults.hpp"

namespace watchpost::upstream {

struct ForwarderOptions {
  PerClass<bool> wanted{true, true, true, true};
  PerClass<Custody> custody{};                  // of a class that is wanted
  PerClass<bool> heard = kDefaultHeardClasses;  // classes that somebody must hear
  Epoch epoch;                                  // the present one of the store
  std::size_t window = kDefaultWindow;          // 1..1000 publications without an acknowledgement
  std::size_t batch_events =
      kDefaultBatchEvents;  // status and telemetry in one publication; 1: no batches
  std::size_t alarm_slots = kDefaultAlarmSlots;  // at most half the window is kept for alarms
  std::size_t prefetch_records = kPrefetchRecords;
  ByteCount prefetch_bytes = kPrefetchBytes;  // for each class; passed by at most one record
};

class Forwarder {
 public:
  struct RecordPlace {
    EventClass event_class;
    Seq seq;                 // the last one, of a batch
    std::size_t events = 1;  // more: a batch
  };
  struct Next {
    PublishToken token;
    SharedRecord record;
  };
  enum class Which : std::uint8_t { any, alarms_only };

  // How far the upstream and the log were as the program started.
  struct Start {
    PerClass<Seq> cursors{};
    PerClass<Seq> heads{};
  };
  Forwarder(const ForwarderOptions& options, const Start& start);

  void committed(const PerClass<Seq>& heads);

  // A question for the LogReader, at most one under way for each class. Its answer goes to
  // `answered`.
  [[nodiscard]] std::optional<spool::ReadRequest> next_read();
  // A failed answer keeps the class from reading until `retry_reads`.
  void answered(EventClass event_class, spool::LogReader::Found answer);
  void retry_reads();

  // The next record to publish, if the window has room for one.
  [[nodiscard]] std::optional<Next> next(Which which = Which::any);
  // Called after `next`, again and again: the record that may join the publication of that one;
  // null where none is ready or the window has no room for it. `join` takes the record.
  [[nodiscard]] const Record* joinable(EventClass event_class) const;
  [[nodiscard]] SharedRecord join(EventClass event_class) { return lane(event_class).join(); }
  // A token for a publication that is no record. Tokens grow, so the smallest one is the oldest.
  [[nodiscard]] PublishToken draw_token() { return PublishToken{++last_token_}; }
  // Returns nothing for tokens of a link that is gone.
  std::optional<RecordPlace> acknowledged(PublishToken token, Hearing hearing = Hearing::somebody);
  // The upstream refused it. A record that it will never take is condemned; any other stays
  // undelivered and its class rests until `retry_refused`, while other classes go on. Then the
  // class begins again at its cursor, so records behind the refused one that were acknowledged
  // meanwhile are sent again under the same id.
  std::optional<RecordPlace> refused(PublishToken token, const Refusal& refusal);
  // The one that was sent first of all that have no answer.
  [[nodiscard]] std::optional<RecordPlace> oldest_unanswered() const;
  void retry_refused();
  // As retry_refused, for classes in which an alarm or a patrol has arrived since they went to
  // rest.
  void retry_untried();
  [[nodiscard]] bool has_untried() const;
  // Everything unacknowledged is sent again from the cursor, in order; a refused class rests on.
  void link_lost();
  // Limits the window until the next call: the upstream's Receive Maximum may be smaller, and what
  // the link carries soon enough may be smaller still.
  struct Window {
    std::size_t publications = 1;
    std::size_t events = 1;
  };
  void limit_window(Window window);

  // Condemned records, receipts and positions belong to the lane of their class.
  [[nodiscard]] std::optional<Lane::Condemned> next_condemned();
  [[nodiscard]] Lane& lane(EventClass event_class) { return lanes_[index_of(event_class)]; }
  [[nodiscard]] const Lane& lane(EventClass event_class) const {
    return lanes_[index_of(event_class)];
  }

  // The cursor of a class, if it has moved since this was last asked.
  [[nodiscard]] std::optional<Seq> take_moved(EventClass event_class);

  [[nodiscard]] Seq cursor(EventClass event_class) const { return lane(event_class).cursor(); }
  // Records between cursor and head that are not delivered; holes in the log count until they are
  // stepped over.
  [[nodiscard]] std::uint64_t backlog(EventClass event_class) const;
  [[nodiscard]] std::size_t in_flight() const;
  [[nodiscard]] bool can_send() const { return choose(Which::any).has_value(); }
  // Everything read has been sent, and the window has room.
  [[nodiscard]] bool is_idle() const { return has_room(EventClass::telemetry) && !can_send(); }
  [[nodiscard]] bool has_failed_read() const;

 private:
  [[nodiscard]] bool is_impatient(EventClass event_class) const;
  [[nodiscard]] std::size_t events_in_flight() const;
  [[nodiscard]] std::size_t open_to_all(std::size_t window) const;
  [[nodiscard]] bool has_event_room(EventClass event_class) const;
  [[nodiscard]] bool has_room(EventClass event_class) const;
  [[nodiscard]] std::optional<EventClass> choose(Which which) const;
  void pass_over(EventClass chosen);

  ForwarderOptions options_;
  std::size_t window_;       // publications
  std::size_t events_;       // in those publications
  std::vector<Lane> lanes_;  // one of each class
  PerClass<std::size_t> passed_over_{};
  std::uint64_t last_token_ = 0;
};

}  // namespace watchpost::upstream
