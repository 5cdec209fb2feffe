// QueueRoom: which messages that wait for subscribers yield, and what the operator is told of it.
// Promise: while a client has more than `client_queue` waiting, or all together more than
// `client_queues`, messages yield: telemetry first, then status, then what makes no event, then
// patrols, alarms last; of a class the oldest, of all clients that with most of the class. Where
// the store lacks room for records, so yield the first three of them. What yields goes in the
// transaction of what came, is counted and told. A commit removes at most kMostRows; the next one
// goes on. Spool thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "model/trouble.hpp"
#include "spool/room/space.hpp"
#include "spool/spool.hpp"
#include "spool/writer/transaction.hpp"

namespace watchpost::spool {

class QueueRoom {
 public:
  static constexpr std::uint64_t kMostRows = 8'192;
  // Clients that are told by name; of further ones only the sum is told.
  static constexpr std::size_t kMostTold = 20;
  static constexpr std::chrono::hours kToldFor{24};

  QueueRoom(const SpaceLimits& limits, Log& log) : limits_(limits.sane()), log_(&log) {}

  void begin();  // a transaction
  // What is over the bounds by what the transaction has written goes.
  [[nodiscard]] Result<void> keep_bounds(Transaction& transaction);
  // The store lacks so many bytes for records. False: nothing here may yield for that.
  [[nodiscard]] Result<bool> give_way(Transaction& transaction, std::uint64_t bytes);
  // The transaction was committed.
  void note(SteadyTime now);

  [[nodiscard]] const std::shared_ptr<const QueueYields>& yields() const { return told_; }

 private:
  enum class For : std::uint8_t { client, all, records };
  using Counts = PerQueueClass<std::uint64_t>;
  struct Told {
    Counts counts{};
    SteadyTime last{};
  };
  struct Wish {
    For reason{};
    QueueClass least = QueueClass::alarm;  // more urgent ones stay
    std::uint64_t bytes = 0;
  };
  struct Yielded {
    std::string client_id;
    For reason{};
    QueueClass queue_class{};
    std::uint64_t messages = 0;
  };
  [[nodiscard]] Result<bool> take_from(Transaction& transaction, const std::string& client_id,
                                       const Wish& wish);
  [[nodiscard]] Result<bool> take_from_largest(Transaction& transaction, const Wish& wish);
  void count(const Yielded& one, SteadyTime now);
  void tell(Told& told, const Yielded& one, SteadyTime now);
  [[nodiscard]] Trouble trouble_of(const std::string& client_id, const Told& told) const;
  [[nodiscard]] Trouble trouble_of(For reason, const Told& told) const;
  void publish();

  SpaceLimits limits_;
  Log* log_;
  std::vector<Yielded> yielded_;  // in this transaction
  std::uint64_t rows_ = 0;        // of it
  std::map<std::string, Told, std::less<>> clients_;
  std::array<Told, 3> together_{};  // by For
  Counts total_{};
  std::shared_ptr<const QueueYields> told_ = std::make_shared<const QueueYields>();
};

}  // namespace watchpost::spool
