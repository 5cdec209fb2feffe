// Spool: where messages become durable, and where forwarding reads them again.
// Promise (DESIGN promise 1): an Append is settled with success only after the SQLite transaction
// that holds all of it was committed with synchronous=FULL. A batch is what arrived while the last
// commit ran; there is no timer. A failed commit settles every append of its batch with a Failure.
// Called from the I/O thread only; settles and observers run there too.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/strong.hpp"
#include "model/custody.hpp"
#include "model/record.hpp"
#include "model/session_change.hpp"

namespace watchpost::spool {

// Everything one message causes: committed together or not at all.
struct Append {
  std::vector<Record> records;  // `seq` is given at commit
  std::vector<SessionChange> sessions;
  CustodyTicket ticket;
};

// The newest committed record of each class.
struct Heads {
  PerClass<Seq> newest{};
};

// What `watchpost status` shows of the spool.
struct SpoolStatus {
  Epoch epoch;
  Heads heads;
  PerClass<Seq> oldest{};  // first record still stored; 0 when the log is empty
  ByteCount waiting;       // handed over, not yet committed
  ByteCount store_size;    // database and WAL on disk
  std::uint64_t commits = 0;
  std::uint64_t committed_records = 0;
  std::uint64_t failed_commits = 0;
  std::string last_failure;  // empty once a message was kept after it
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

  // Everything up to `settled` has been acknowledged by `upstream`. Saved with the next commit, or
  // by itself soon after when nothing arrives. Moving backwards is ignored.
  virtual void advance(const std::string& upstream, EventClass event_class, Seq settled) = 0;
  // The cursor as it was when the store was opened, or as advanced since.
  [[nodiscard]] virtual Seq cursor(const std::string& upstream, EventClass event_class) const = 0;

  [[nodiscard]] virtual const Epoch& epoch() const = 0;
  [[nodiscard]] virtual Heads heads() const = 0;
  // `observer` runs after each commit that added records, for the life of the spool.
  virtual void on_committed(std::function<void(const Heads&)> observer) = 0;

  [[nodiscard]] virtual SpoolStatus status() const = 0;
  // Sessions as they were when the store was opened.
  [[nodiscard]] virtual const std::vector<StoredSession>& stored_sessions() const = 0;
};

}  // namespace watchpost::spool
