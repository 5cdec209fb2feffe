// WiredConnections: all open connections of wired stations, and what they share.
// I/O thread. Shared by the listener, its connections and through them by tickets not yet settled.
#pragma once

#include <memory>
#include <set>
#include <vector>

#include "ingress/complaints.hpp"
#include "ingress/intake_gate.hpp"
#include "ingress/station_book.hpp"
#include "ingress/surroundings.hpp"
#include "ingress/wired_options.hpp"

namespace watchpost::ingress {

class WiredConnection;

// An open address for wired stations.
struct WiredAddress {
  WiredOptions options;
  std::uint16_t port = 0;  // as bound
  std::size_t connections = 0;
};

class WiredConnections : public std::enable_shared_from_this<WiredConnections> {
 public:
  WiredConnections(Surroundings around, WiredLimits limits);
  WiredConnections(const WiredConnections&) = delete;
  WiredConnections& operator=(const WiredConnections&) = delete;
  ~WiredConnections();

  void add(std::shared_ptr<WiredConnection> connection);
  void remove(const std::shared_ptr<WiredConnection>& connection);
  // Cuts off the connection at this address that is silent longest, those first that never sent a
  // frame. False: none is silent for long enough.
  [[nodiscard]] bool make_room(const WiredAddress& address);
  void tick();
  // False while the intake is full, with a wake-up arranged, or once reading has stopped for good.
  [[nodiscard]] bool may_read() { return gate_.may_read(*this); }
  void stop_reading() { gate_.stop(); }
  void resume_reading();
  [[nodiscard]] bool is_empty() const { return open_.empty(); }
  void finish();
  void cut_off();
  // The listener is gone: cuts off all connections and keeps none alive; a ticket that settles
  // later touches nothing outside.
  void detach();
  [[nodiscard]] bool is_detached() const { return detached_; }

  [[nodiscard]] const Surroundings& around() const { return around_; }
  [[nodiscard]] const WiredLimits& limits() const { return limits_; }
  [[nodiscard]] Complaints& complaints() { return complaints_; }
  [[nodiscard]] StationBook& book() { return book_; }
  [[nodiscard]] const StationBook& book() const { return book_; }
  [[nodiscard]] WiredStatus::Totals& totals() { return totals_; }

 private:
  // A copy, because what is done to a connection may remove it.
  [[nodiscard]] std::vector<std::shared_ptr<WiredConnection>> everyone() const;

  Surroundings around_;
  IntakeGate gate_;
  WiredLimits limits_;
  WiredStatus::Totals totals_;
  Complaints complaints_;
  StationBook book_;
  std::set<std::shared_ptr<WiredConnection>> open_;
  bool detached_ = false;
};

}  // namespace watchpost::ingress
