// RowSaver: takes what a salvage found into a new database.
// Promise: a number is only taken once, from the place that is believed most, which must come
// first; the memory it needs grows with the holes between rows, not with the rows. Sessions and
// packet ids are only taken from where SQLite itself would read them: a packet id that was released
// long ago would make the gateway take a new message for a repeat and lose it. Called at start-up,
// by one thread.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "spool/salvage/found_row.hpp"
#include "spool/salvage/store_pages.hpp"
#include "sqlite/database.hpp"

namespace watchpost::spool {

class RowSaver {
 public:
  // What was met on the way, kept or not.
  struct Facts {
    std::optional<FoundStore> store;  // the first found, which is the newest
    PerClass<Seq> highest{};          // any number of a class that is known to have been given
    Epoch newest_epoch;               // of the record with the highest number
    std::uint64_t records = 0;        // rows kept
    PerClass<Seq> last_row{};         // the highest number with a row
    std::vector<Loss> holes;          // ranges without a row between two rows
  };

  struct Options {
    Epoch epoch_1;  // of records of schema 1
    // Records down to this class are kept, of the others only what numbers were given; nothing:
    // none.
    std::optional<EventClass> down_to = EventClass::telemetry;
    std::function<void()> still_at_it;  // called now and then
  };
  // Creates file and schema.
  [[nodiscard]] static Result<RowSaver> create(const std::filesystem::path& file, Options options);

  // True where the row was one of ours. Once writing failed nothing more is taken.
  [[nodiscard]] bool take(const Cell& cell, std::string_view payload,
                          const StorePages::Place& place);
  // Positions, and what depends on all rows being there; then the file is complete, but not synced.
  [[nodiscard]] Result<Facts> finish(const Facts& also);

 private:
  struct Statements {
    PerClass<sqlite::Statement> record;
    sqlite::Statement cursor, session, packet_id, drop, set_aside;
  };

  [[nodiscard]] Result<void> prepare();
  [[nodiscard]] Result<void> keep(const FoundStore& found);
  [[nodiscard]] Result<void> keep(FoundRecord found);
  [[nodiscard]] Result<void> keep(const FoundCursor& found);
  [[nodiscard]] Result<void> keep(const FoundSession& found);
  [[nodiscard]] Result<void> keep(const FoundPacketId& found);
  [[nodiscard]] Result<void> keep(const FoundDrop& found);
  [[nodiscard]] Result<void> keep(const FoundSetAside& found);
  [[nodiscard]] Result<void> remove_dropped();
  [[nodiscard]] Result<void> set_positions(EventClass event_class);
  [[nodiscard]] Result<void> save_store();
  void note_number(EventClass event_class, Seq seq);
  void say_so();  // still at it

  sqlite::Database database_;
  Statements statements_;
  Options options_;
  std::uint64_t rows_ = 0;
  Facts facts_;
  Seq newest_;  // of the record that `newest_epoch` is from
  Result<void> outcome_{};
};

}  // namespace watchpost::spool
