// Crowd: how the clients of a listener share its places, its time and the memory of packets that
// have not come whole, house by house: an address is a house, of IPv6 the first 64 bits.
// Why: one device, or one abuser, opens as many connections as it likes; if connections took turns,
// its thousand would have a thousand turns for one of everybody else's.
// Promise: work goes on at once while there is time in this turn of the I/O thread; what is left
// over waits in line, in which each house has one turn after the other, and between two turns
// everything runs that was ready: after two slices at the latest. Bounded by the connections. I/O
// thread only.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "net/once.hpp"

namespace watchpost::ingress {

class Crowd : public std::enable_shared_from_this<Crowd> {
 public:
  // How long the clients are served before everything else has its turn.
  static constexpr std::chrono::milliseconds kSlice{2};
  // Bytes of packets that have not come whole, of all clients together.
  static constexpr std::size_t kMostHeld = 64U << 20U;

  // What one house may have under way to the disk while there are others: so much is committed in
  // some ten milliseconds, and no alarm of another house waits for more. One message always may.
  static constexpr std::size_t kMostUnderWay = 500;
  static constexpr std::size_t kMostBytesUnderWay = 512U << 10U;

  struct House {
    std::string name;
    std::size_t connections = 0;
    std::size_t strangers = 0;  // of them: not let in yet
    std::size_t held = 0;       // bytes of packets that have not come whole
    std::size_t guests = 0;     // connections, with those that are about to end
    std::size_t under_way = 0;  // messages that are not committed yet
    std::size_t bytes_under_way = 0;
    std::deque<net::Once<>> waiting{};
    std::vector<net::Once<>> blocked{};  // until what is under way has become less
  };

  // A connection's part in it, from accepting it to its end.
  class Guest {
   public:
    Guest(std::shared_ptr<Crowd> crowd, const std::string& address);
    Guest(const Guest&) = delete;
    Guest& operator=(const Guest&) = delete;
    ~Guest();

    [[nodiscard]] const House& house() const { return *house_; }
    [[nodiscard]] bool is_stranger() const { return is_stranger_; }
    void was_let_in();
    // Its connection is cut off: it counts no longer.
    void leave();
    [[nodiscard]] bool has_left() const { return has_left_; }
    // It holds this many bytes now. False: all of them together hold too many.
    [[nodiscard]] bool holds(std::size_t bytes);
    [[nodiscard]] std::size_t held() const { return held_; }
    [[nodiscard]] bool may_go_on(SteadyTime now) const { return crowd_->may_go_on(now); }
    // It handed a message over, and was told the outcome; 0 bytes: it was of no message.
    void handed_over(std::size_t bytes);
    void settled(std::size_t bytes);
    [[nodiscard]] bool may_hand_over() const { return crowd_->may_hand_over(*house_); }
    void wait_to_hand_over(net::Once<> piece) { house_->blocked.push_back(std::move(piece)); }
    void wait(net::Once<> piece) { crowd_->wait(*house_, std::move(piece)); }

   private:
    std::shared_ptr<Crowd> crowd_;
    House* house_;
    bool is_stranger_ = true;
    bool has_left_ = false;
    std::size_t under_way_ = 0;        // its part of what its house has under way
    std::size_t bytes_under_way_ = 0;  // the same
    std::size_t held_ = 0;
  };

  Crowd(boost::asio::any_io_executor io, const Clock& clock) : io_(std::move(io)), clock_(clock) {}

  // The house of an address; its counts are 0 where nobody of it is here.
  [[nodiscard]] House standing_of(const std::string& address) const;
  // The house with the most of something; null where nobody is here.
  [[nodiscard]] const House* fullest(std::size_t House::*of) const;
  // Nobody waits any longer: what waited is destroyed.
  void abandon();

 private:
  [[nodiscard]] bool may_go_on(SteadyTime now);
  [[nodiscard]] bool may_hand_over(const House& house) const;
  void less_under_way(House& house);
  void wait(House& house, net::Once<> piece);
  void post_next();
  void next();

  boost::asio::any_io_executor io_;
  const Clock& clock_;
  std::map<std::string, House, std::less<>> houses_;
  std::deque<House*> line_;  // those that have something waiting, each once
  std::size_t held_ = 0;
  SteadyTime began_{};        // this turn
  bool is_posted_ = false;    // the mark that ends it is on its way
  bool is_serving_ = false;   // somebody from the line is being served
  bool is_its_turn_ = false;  // and has done nothing yet
};

}  // namespace watchpost::ingress
