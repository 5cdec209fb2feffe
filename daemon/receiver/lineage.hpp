// Lineage: which epoch of a gateway goes on behind which, and where two go on behind the same one.
// Promise: an epoch's beginning is known as its gateway told it, or as it was taken from what the
// gateway said when it connected, which the gateway's own word replaces. Two lives of one gateway
// that both grow are noticed when the older one grows, once. Memory: a cache of the file, which its
// owner empties. The receiver's thread.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "receiver/event.hpp"
#include "sqlite/database.hpp"

namespace watchpost::receiver {

// Where an epoch begins.
struct EpochBegin {
  Epoch previous;  // empty: nothing went before it, or nobody said
  PerClass<Seq> first{};
  bool told = false;  // by the gateway's own event
  // Noted: the store that began with it goes on with no other one of this gateway.
  bool alone = false;
};

// Two epochs that both go on behind `trunk`; or `younger` goes on behind a copy of which nobody can
// tell whether it was the newest (`older` is `trunk` then); or `younger` is of a store that does
// not go on with the one of `older` (no `trunk`).
struct Branch {
  Epoch younger;
  Epoch older;  // `trunk` itself, where that one had more numbers than the younger began with
  Epoch trunk;
  bool both_grow = false;
  // Told by an audit: the last number that came of the older one; 0: none. What it acknowledged
  // after these and had not sent, nobody can know.
  PerClass<Seq> known_to{};
};

class Lineage {
 public:
  [[nodiscard]] Result<void> prepare(sqlite::Database& database);
  // The time of what is learnt from now on.
  void begin(std::int64_t now) { now_ = now; }
  void forget();
  [[nodiscard]] std::size_t cached() const {
    return begins_.size() + followers_.size() + sides_.size();
  }

  [[nodiscard]] Result<std::optional<EpochBegin>> find(std::int64_t gateway, const Epoch& epoch);
  // From the key's epoch on: the one that gave the key's number. Of two that go on behind one, the
  // younger: that is the life which speaks now.
  [[nodiscard]] Result<Epoch> epoch_of(std::int64_t gateway, const EventKey& key);
  // Whether the gateway said where an epoch begins, or it was taken to begin there.
  enum class Source : std::uint8_t { told, taken };
  // What is told replaces what was taken; nothing replaces what was told.
  [[nodiscard]] Result<void> learn(std::int64_t gateway, const EpochNotice& notice, Source source);

  // The epoch that already went on where `notice` says that its own begins, or may have, since a
  // backup was put back; nothing: none did.
  [[nodiscard]] Result<std::optional<Branch>> branch_of(std::int64_t gateway,
                                                        const EpochNotice& notice);
  // The epoch behind the key's one that began with this number or before it.
  [[nodiscard]] Result<std::optional<Branch>> gone_past(std::int64_t gateway, const EventKey& key);
  // False: it was kept before.
  [[nodiscard]] Result<bool> keep(std::int64_t gateway, const Branch& branch);
  // Two lives of it are known to grow side by side.
  [[nodiscard]] Result<bool> has_two_boxes(std::int64_t gateway);
  // A number came beyond all that were known of its stream, of a gateway that has branches: the
  // branch whose older side just grew, if that was not known. What the older side had not sent when
  // the younger one began comes behind that one's events of more urgent classes, never of its own.
  [[nodiscard]] Result<std::optional<Branch>> grew(std::int64_t gateway, const EventKey& key);

 private:
  // Far more than a box that starts every hour has in a year.
  static constexpr std::size_t kMostSteps = 10'000;

  enum class Side { trunk, older, younger, neither };
  using Name = std::pair<std::int64_t, Epoch>;
  using SideName = std::pair<Name, Epoch>;

  [[nodiscard]] Result<bool> has_gone_past(std::int64_t gateway, const EpochNotice& notice);
  [[nodiscard]] Result<Side> side_of(std::int64_t gateway, const Branch& branch,
                                     const EventKey& key);
  [[nodiscard]] Result<Side> walk(std::int64_t gateway, const Branch& branch, Epoch epoch);
  [[nodiscard]] Result<bool> younger_has(std::int64_t gateway, const Branch& branch,
                                         const EventKey& key);
  struct Follower {
    Epoch epoch;
    PerClass<Seq> first{};
  };
  [[nodiscard]] Result<std::vector<Follower>*> followers_of(std::int64_t gateway,
                                                            const Epoch& epoch);
  [[nodiscard]] Result<std::vector<Branch>*> branches_of(std::int64_t gateway);

  sqlite::Statement find_, save_, sibling_, highest_, add_branch_, branches_statement_, set_grew_,
      next_, followers_statement_, beside_;
  std::map<Name, std::optional<EpochBegin>> begins_;
  std::map<std::int64_t, std::vector<Branch>> branches_;
  std::map<Name, std::vector<Follower>> followers_;
  std::map<SideName, Side> sides_;  // of an epoch, by the younger epoch of the branch
  std::int64_t now_ = 0;
};

}  // namespace watchpost::receiver
