// Gaps: which numbers will never come: because the gateway gave them up and said so, or because its
// upstream acknowledged them and they did not arrive.
// Promise: every number is noted for the epoch under which it was given, however many epochs a
// notice spans. The receiver's thread.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "receiver/lineage.hpp"
#include "receiver/streams.hpp"
#include "sqlite/database.hpp"

namespace watchpost::receiver {

class Gaps {
 public:
  Gaps(Streams& streams, Lineage& lineage) : streams_(&streams), lineage_(&lineage) {}

  [[nodiscard]] Result<void> prepare(sqlite::Database& database);
  void begin(std::int64_t now) { now_ = now; }

  // What a gateway says that it gave up.
  [[nodiscard]] Result<void> given_up(const Gateway& gateway, const GapNotice& gap);
  // Nothing below the first number that the gateway still sends is on its way any more.
  [[nodiscard]] Result<void> nothing_below_oldest(const Gateway& gateway, EventClass event_class);
  // The stream of an event or a notice that came. Where it is new it begins, and what will never
  // come of it is noted.
  [[nodiscard]] Result<Stream*> stream_for(const Gateway& gateway, const EventKey& key);

 private:
  [[nodiscard]] Result<void> note(Stream& stream, const SeqRange& range, std::string_view reason);
  [[nodiscard]] Result<void> note_for_untold(const Gateway& gateway, const GapNotice& gap);
  [[nodiscard]] Result<std::vector<Epoch>> untold_epochs(const Gateway& gateway,
                                                         EventClass event_class);
  [[nodiscard]] Result<void> inherit(const Gateway& gateway, Stream& stream);
  [[nodiscard]] Result<void> note_missing(Stream& stream, Seq last);
  [[nodiscard]] Result<Seq> lowest_of(const Stream& stream);

  Streams* streams_;
  Lineage* lineage_;
  sqlite::Statement add_gap_, add_missing_, lowest_of_, gaps_of_, untold_;
  std::int64_t now_ = 0;
};

}  // namespace watchpost::receiver
