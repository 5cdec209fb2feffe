// StoredWills: the wills on disk, so that a client that was there when the gateway ended, and does
// not come back, is told of all the same.
// Promise: a will that was published, discarded or replaced is forgotten on disk with the next
// commit. After a start its client has kGrace, or its Will Delay Interval where that is longer. A
// will larger than kLargest lives in memory only. Pure; I/O thread; the SessionRegistry's.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "protocol/action.hpp"

namespace watchpost::protocol {

struct PendingWill {
  Message message;
  std::chrono::seconds delay{0};
  std::shared_ptr<const void> room{};  // of a large one; given back with it
};

class StoredWills {
 public:
  // Clients come back within seconds of a restart, and say themselves that they are there.
  static constexpr std::chrono::seconds kGrace{60};
  static constexpr std::size_t kLargest = 4'096;  // bytes of topic, payload and properties

  // Called once, before anybody connects.
  void load(std::span<const WillChange> wills, SteadyTime now);
  // The client has connected with this will, or without one.
  void connected(const std::string& client_id, const PendingWill* will, Actions& actions);
  // Its will was published or discarded.
  void forget(const std::string& client_id, Actions& actions);
  // The same where nothing can be committed now.
  void forget_later(const std::string& client_id) { to_forget_.insert(client_id); }
  // Publishes those whose clients have not come back.
  void on_time(SteadyTime now, Actions& actions);

 private:
  struct Orphan {
    PendingWill will;
    SteadyTime due;
  };
  std::map<std::string, Orphan> orphans_;
  std::set<std::string> on_disk_;  // client ids
  std::set<std::string> to_forget_;
};

}  // namespace watchpost::protocol
