// Streams: what the receiver knows of gateways and of their streams (gateway, epoch, class), and
// how it is read back from the file.
// Promise: a cache of the file; what was changed is written by save(), in the same transaction.
// References stay good until forget(). The receiver's thread.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "receiver/lineage.hpp"
#include "receiver/progress.hpp"
#include "sqlite/database.hpp"

namespace watchpost::receiver {

// Tell the gateway: all of this stream up to `sequence` is stored.
struct Receipt {
  std::string prefix;
  Epoch epoch;
  EventClass event_class = EventClass::telemetry;
  Seq sequence;
  bool resend = false;  // what came after it may have been missed
};

struct Gateway {
  std::int64_t id = 0;
  std::string source;
  std::string prefix;
  std::string state;
  Epoch epoch;             // the present one, as the gateway says
  Epoch previous;          // the one before it of which something came
  PerClass<Seq> first{};   // where it begins; 0: not said
  PerClass<Seq> oldest{};  // the first number that will still be sent; 0: not said
  std::int64_t state_since = 0;
  std::int64_t last_event_at = 0;
  bool has_branches = false;
  bool touched = false;
};

struct Stream {
  std::int64_t id = 0;
  std::string prefix;  // of its gateway's topics
  Epoch epoch;
  EventClass event_class = EventClass::telemetry;
  Seq begins{1};
  Seq highest;
  std::uint64_t received = 0;
  std::uint64_t repeats = 0;
  Progress progress;
  bool is_changed = false;  // and not written yet
  bool wants_receipt = false;
  void touch() { is_changed = wants_receipt = true; }
};

class Streams {
 public:
  explicit Streams(Lineage& lineage) : lineage_(&lineage) {}

  [[nodiscard]] Result<void> prepare(sqlite::Database& database);
  void forget();
  // Too much is cached: forget() between two transactions.
  [[nodiscard]] bool is_large() const;
  void begin(std::int64_t now) { now_ = now; }

  [[nodiscard]] Result<Gateway*> gateway_of(const ReadMessage& message);
  // Begins it where it is new.
  [[nodiscard]] Result<Stream*> stream_of(const Gateway& gateway, const Epoch& epoch,
                                          EventClass event_class);
  // Nothing where nothing of it has come yet.
  [[nodiscard]] Result<Stream*> known(const Gateway& gateway, const Epoch& epoch,
                                      EventClass event_class);
  // Those that wait for a number below one that came. What was changed is written first.
  [[nodiscard]] Result<std::vector<Epoch>> open_epochs(const Gateway& gateway,
                                                       EventClass event_class);
  // The newest of a class of which something is stored without a hole; nothing: none is.
  [[nodiscard]] Result<Stream*> newest(const Gateway& gateway, EventClass event_class);
  // Writes what was changed; a receipt for each stream that was touched.
  [[nodiscard]] Result<void> save(std::vector<Receipt>& receipts);

 private:
  static constexpr std::size_t kMostCached = 20'000;

  struct StreamKey {
    std::int64_t gateway = 0;
    EventClass event_class = EventClass::telemetry;
    Epoch epoch;
    auto operator<=>(const StreamKey&) const = default;
  };

  [[nodiscard]] Result<bool> find(const StreamKey& key, Stream& stream);
  [[nodiscard]] Result<void> begin_stream(const Gateway& gateway, Stream& stream);
  [[nodiscard]] Result<void> rebuild(Stream& stream);
  [[nodiscard]] Result<void> write_changed();
  [[nodiscard]] Result<void> save(Gateway& gateway);
  [[nodiscard]] Result<void> save(Stream& stream);

  Lineage* lineage_;
  sqlite::Statement find_gateway_, add_gateway_, save_gateway_, find_stream_, add_stream_;
  sqlite::Statement save_stream_, open_epochs_, newest_, gaps_of_, missing_of_, sequences_after_;
  std::map<std::string, Gateway, std::less<>> gateways_;  // by source
  std::map<StreamKey, Stream> streams_;
  std::int64_t now_ = 0;
};

}  // namespace watchpost::receiver
