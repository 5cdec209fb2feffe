// Writer: the one SQLite connection that writes, and what a commit is.
// Promise (DESIGN promise 1): commit() succeeds only after COMMIT returned with synchronous=FULL
// for everything in the batch but appends whose `refusal` it set; on failure nothing of the batch
// is in the store's logs as far as this process goes on, and the database was reopened and read
// again before the next commit. Spool thread only, except open().
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "spool/queue/batch.hpp"
#include "spool/room/shortage.hpp"
#include "spool/room/space.hpp"
#include "spool/salvage/row_saver.hpp"
#include "spool/tables/gateway_record.hpp"
#include "spool/tables/prepared.hpp"
#include "spool/writer/checkpointer.hpp"
#include "spool/writer/store_directory.hpp"
#include "spool/writer/witness.hpp"
#include "spool/writer/writer_options.hpp"
#include "sqlite/database.hpp"

namespace watchpost::spool {

class Writer {
 public:
  [[nodiscard]] static Result<Writer> open(WriterOptions options, Log& log);

  [[nodiscard]] Result<void> commit(Batch& batch);
  // Work that must not delay an acknowledgement: moving the WAL into the database.
  void after_commit();
  [[nodiscard]] Checkpointer& checkpointer() const { return *checkpointer_; }
  // Settled records past `history` go, a small step at a time; false when there is nothing to do.
  [[nodiscard]] bool remove_some();
  // Everything into the database file, so that the next start need not read a WAL.
  void close();
  // The store is damaged: its files are left as they are and the next start salvages them.
  void give_up(const Failure& damage);
  // Nothing is committed any more: all of the daemon must begin anew, with another epoch.
  [[nodiscard]] bool has_given_up() const { return has_given_up_; }

  [[nodiscard]] const Epoch& epoch() const { return epoch_; }
  [[nodiscard]] const PerClass<Seq>& first() const { return first_; }
  [[nodiscard]] const PerClass<LogExtent>& logs() const { return logs_; }
  [[nodiscard]] const Cursors& cursors() const { return cursors_; }
  [[nodiscard]] const std::vector<StoredSession>& sessions() const { return sessions_; }
  [[nodiscard]] const PerClass<std::uint64_t>& dropped() const { return dropped_; }
  [[nodiscard]] const PerClass<std::uint64_t>& refused() const { return shortage_.refusals(); }
  [[nodiscard]] const SetAsideCounts& set_aside() const { return set_aside_; }
  [[nodiscard]] const Salvage& salvage() const { return salvage_; }
  [[nodiscard]] const std::string& no_room() const { return shortage_.sentence(); }
  // Asks the filesystem whether a shortage is over. True once, when it is.
  bool look_for_room();
  [[nodiscard]] ByteCount store_size() const { return used_; }
  [[nodiscard]] const SpaceLimits& space() const { return options_.space; }
  [[nodiscard]] const std::filesystem::path& database_file() const { return file_; }

 private:
  Writer(WriterOptions options, Log& log, StoreDirectory directory);
  [[nodiscard]] Result<void> open_or_salvage();
  [[nodiscard]] Result<void> salvage(const std::string& why, const std::string& reason);
  [[nodiscard]] Result<void> begin_salvaged(const RowSaver::Facts& found, const std::string& why);
  [[nodiscard]] Result<void> open_database();
  [[nodiscard]] Result<void> make_recovered_durable();
  [[nodiscard]] Result<void> migrate();
  [[nodiscard]] Result<void> create_schema();
  [[nodiscard]] Result<void> limit_size();
  [[nodiscard]] Result<void> load();
  [[nodiscard]] Result<void> load_store();
  [[nodiscard]] Result<void> load_log(EventClass event_class);
  [[nodiscard]] Result<void> load_holes(EventClass event_class, LogExtent& log);
  [[nodiscard]] Result<void> load_cursors();
  [[nodiscard]] Result<void> load_dropped();
  [[nodiscard]] Result<void> load_set_aside();
  [[nodiscard]] Result<void> load_sessions();
  [[nodiscard]] Result<void> begin_epoch(NewEpoch change, const std::vector<Loss>& losses);

  [[nodiscard]] Result<void> insert(Record& record);
  [[nodiscard]] Result<void> account_for_relayed(EventClass event_class);
  [[nodiscard]] Result<void> write(Append& append);
  [[nodiscard]] Result<void> write(const SessionChange& change);
  [[nodiscard]] Result<void> write(const std::vector<CursorMove>& moves);
  [[nodiscard]] Result<void> write(const SetAsideCopy& copy);
  [[nodiscard]] Result<void> write(const TakeBack& taken);
  [[nodiscard]] Result<void> write(const Loss& loss);
  [[nodiscard]] Result<void> write(const Drop& drop);
  [[nodiscard]] Result<void> write_drops();
  [[nodiscard]] Result<void> save_store();
  [[nodiscard]] Result<void> note_drop(Drop drop);
  [[nodiscard]] Result<void> cut_to_epoch(Drop& drop);
  [[nodiscard]] Result<void> remove(const Removal& removal);
  void apply(const std::vector<CursorMove>& moves);
  void refresh_settled();
  [[nodiscard]] Result<void> make_space(const Batch& batch);
  enum class Yield : std::uint8_t { settled, all };
  [[nodiscard]] Result<void> make_room(const std::function<std::uint64_t()>& missing, Yield which);
  [[nodiscard]] Result<void> admit(Batch& batch);
  [[nodiscard]] Result<void> trim_history(std::uint64_t budget);
  [[nodiscard]] Result<void> measure();
  void note_room(const Batch& batch);
  [[nodiscard]] Result<void> write(Batch& batch);
  [[nodiscard]] Result<void> write_transaction(Batch& batch);
  [[nodiscard]] Result<void> write_as_it_can(Batch& batch);
  [[nodiscard]] Result<void> write_urgent_alone(Batch& batch);
  [[nodiscard]] Failure no_room_for(EventClass event_class, Shortage::Cause cause);
  [[nodiscard]] Failure fail(Batch& batch, const Failure& why);
  [[nodiscard]] Failure refuse(Batch& batch, const std::function<bool(const Append&)>& which);
  [[nodiscard]] Result<void> reopen();
  [[nodiscard]] Failure give_up_replaced();
  [[nodiscard]] Result<void> catch_up(const Notes& notes);
  void testify();
  void recover_from(const Failure& failure);
  void close_database();
  void note_failure(const Failure& failure);
  void note_success(const Batch& batch);

  WriterOptions options_;
  Log* log_;
  StoreDirectory directory_;
  std::filesystem::path file_;
  sqlite::Database database_;
  Prepared statements_;
  std::unique_ptr<Checkpointer> checkpointer_;
  Witness witness_;
  bool is_open_ = false, has_given_up_ = false;
  std::uint64_t page_size_ = 4096;
  Epoch epoch_;
  PerClass<Seq> first_{};
  PerClass<LogExtent> logs_{};
  Cursors cursors_;
  std::vector<StoredSession> sessions_;
  PerClass<std::uint64_t> dropped_{};
  SetAsideCounts set_aside_;
  std::uint64_t last_set_aside_ = 0;  // no id twice: it may be asked to be taken back late
  Salvage salvage_;
  ByteCount used_, free_;    // pages in use, and pages of the file that hold nothing
  std::vector<Drop> drops_;  // of the transaction under way
  std::size_t drops_written_ = 0;
  bool disk_is_low_ = false, is_squeezed_ = false;  // ... and was full for this batch already
  Shortage shortage_;
  Shortage::Cause refusal_cause_{};  // of what was refused last
  std::string failing_;              // the remedy last logged: one line, not one for each batch
};

}  // namespace watchpost::spool
