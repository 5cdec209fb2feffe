// Spool: where messages become durable, and where forwarding reads them again.
// Promise 1: an Append is settled once, and with success only after the SQLite
// transaction that holds all of it was committed with synchronous=FULL. Two queues wait for
// commits: what carries an alarm, a patrol check-in or a fact goes with the next commit; the rest
// may wait for company up to `linger`, and is overtaken meanwhile. Within a queue appends are
// committed and settled in the order in which they were handed over; between the queues nothing is
// promised. A failed commit settles every append of its group with a Failure; where only room is
// lacking, the low classes alone are refused. An append with nothing in it waits for no commit and
// keeps no order. Called from the I/O thread only; authors, tickets and
// observers are told there too, never from inside the call that hands over.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/strong.hpp"
#include "model/queue_class.hpp"
#include "model/record.hpp"
#include "model/seq_range.hpp"
#include "model/trouble.hpp"
#include "spool/alarms_saved.hpp"
#include "spool/append.hpp"

namespace watchpost::spool {

// Why nothing is committed any more until the daemon has begun anew.
enum class GivenUp : std::uint8_t {
  damaged,   // the files are
  replaced,  // they are gone, or others than those the store began with
  doubtful,  // what was judged in a commit that failed is on disk all the same
  unsynced,  // the disk failed to keep pages that SQLite takes for moved into the database
};

// The newest committed record of each class.
struct Heads {
  PerClass<Seq> newest{};
};

// How many records of one upstream are set aside: it refused them for good, the store keeps copies.
struct SetAsideCount {
  PerClass<std::uint64_t> records{};
  ByteCount bytes;
  [[nodiscard]] std::uint64_t total() const {
    return std::accumulate(records.begin(), records.end(), std::uint64_t{0});
  }
};
using SetAsideCounts = std::map<std::string, SetAsideCount>;

// Messages that waited for subscribers and went for want of room.
struct QueueYields {
  PerQueueClass<std::uint64_t> messages{};  // since the start
  std::vector<Trouble> troubles;            // of the last day
};

// What was saved and lost when a damaged store was opened; all 0 and empty where it was sound.
struct Salvage {
  std::uint64_t saved = 0;      // rows kept under their old ids
  std::uint64_t lost = 0;       // numbers known to be missing
  std::filesystem::path aside;  // where the damaged files are
  std::string reason;           // "damage", "lost_commits"; empty: nothing was wrong
  AlarmsSaved alarms{};
};

// What `watchpost status` shows of the spool.
struct SpoolStatus {
  Epoch epoch;
  PerClass<Seq> first{};  // where this epoch begins
  Heads heads;
  PerClass<Seq> oldest{};  // first record still stored; 0 when the log is empty
  // Where the relayed records at the end of the log begin; 0 where our own is the newest.
  PerClass<Seq> relayed{};
  ByteCount waiting;     // handed over, not yet committed
  ByteCount store_size;  // of the database, without its free pages
  PerClass<ByteCount> bytes{};
  PerClass<std::uint64_t> dropped{};  // numbers in the drop ledger
  PerClass<std::uint64_t> refused{};  // messages there was no room for, since the start
  SetAsideCounts set_aside;
  std::uint64_t queued = 0;  // messages that wait for subscribers
  ByteCount queued_bytes;
  std::shared_ptr<const QueueYields> yielded;  // null: none yet
  Salvage salvage;
  DamagedFacts damaged_facts;  // found when the store was opened
  // How long the room lasts if no upstream takes anything; nothing before an hour's rate is known.
  std::optional<double> days_left;
  std::uint64_t commits = 0;
  std::uint64_t committed_records = 0;
  std::uint64_t failed_commits = 0;
  std::optional<Trouble> last_failure;  // none once a message was kept after it
  std::optional<Trouble> no_room;       // what is refused or dropped now for want of room
  std::chrono::microseconds last_commit_took{0};
  SteadyTime last_commit_at{};  // the last one that succeeded
};

class Spool {
 public:
  virtual ~Spool() = default;

  virtual void append(Append append) = 0;
  // False while the bytes waiting for a commit are over the bound: stop reading sockets.
  [[nodiscard]] virtual bool accepting() const = 0;
  // Called once, when accepting() turns true again. At most a few thousand may wait.
  virtual void when_accepting(std::function<void()> resume) = 0;

  // Everything up to `cursor` is delivered to `upstream`. Saved with a later commit, at the latest
  // `SpoolOptions::cursor_rest` (5 s) after the first move that is not saved (`CommitQueue::take`
  // says with which); until then a crash sends it again. Moving backwards is ignored.
  virtual void advance(const std::string& upstream, EventClass event_class, Seq cursor) = 0;
  // The cursor as it was when the store was opened, or as advanced since.
  [[nodiscard]] virtual Seq cursor(const std::string& upstream, EventClass event_class) const = 0;

  // The upstream refused this record for good: a copy is kept with a commit within about a second,
  // and a cursor that is advanced past it later is saved with that commit or after it. False, and
  // nothing happens, where this upstream has as many set aside as are kept.
  [[nodiscard]] virtual bool set_aside(const std::string& upstream, const Record& record,
                                       std::uint8_t reason_code) = 0;
  // The upstream took the record after all. `set_aside_id`: as LogReader::read_set_aside told it.
  virtual void take_back(const std::string& upstream, std::uint64_t set_aside_id) = 0;
  // A reader found the numbers missing or damaged. What was neither delivered nor dropped on
  // purpose goes into the drop ledger, and an event says so upstream.
  virtual void report_lost(EventClass event_class, SeqRange numbers) = 0;

  [[nodiscard]] virtual const Epoch& epoch() const = 0;
  [[nodiscard]] virtual Heads heads() const = 0;
  // How many committed records of the class past `after` are stored. What was dropped or lost does
  // not count, so for the cursor of an upstream this is its backlog. What an upstream that is not
  // required missed of numbers lost before the start still counts until it has passed them.
  [[nodiscard]] virtual std::uint64_t stored_after(EventClass event_class, Seq after) const = 0;
  // `observer` runs after each commit that added records, for the life of the spool.
  virtual void on_committed(std::function<void(const Heads&)> observer) = 0;

  [[nodiscard]] virtual SpoolStatus status() const = 0;
  // Facts as they were when the store was opened.
  [[nodiscard]] virtual const StoredFacts& stored_facts() const = 0;
};

}  // namespace watchpost::spool
