#include "ingress/crowd.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <iterator>
#include <utility>
#include <vector>

#include "accounts/guess_brake.hpp"

namespace watchpost::ingress {

Crowd::Guest::Guest(std::shared_ptr<Crowd> crowd, const std::string& address)
    : crowd_(std::move(crowd)) {
  std::string name = accounts::house_of(address);
  house_ = &crowd_->houses_.try_emplace(name, House{name}).first->second;
  ++house_->guests;
  ++house_->connections;
  ++house_->strangers;
}

Crowd::Guest::~Guest() {
  leave();
  house_->under_way -= under_way_;
  house_->bytes_under_way -= bytes_under_way_;
  // A guest that waits is alive, so nothing waits here any more.
  if (--house_->guests == 0) crowd_->houses_.erase(std::string(house_->name));
}

void Crowd::Guest::leave() {
  if (has_left_) return;
  was_let_in();
  (void)holds(0);
  has_left_ = true;
  --house_->connections;
}

void Crowd::Guest::was_let_in() {
  if (std::exchange(is_stranger_, false)) --house_->strangers;
}

bool Crowd::Guest::holds(std::size_t bytes) {
  if (has_left_) return true;
  house_->held += bytes - held_;
  crowd_->held_ += bytes - held_;
  held_ = bytes;
  return crowd_->held_ <= kMostHeld;
}

void Crowd::Guest::handed_over(std::size_t bytes) {
  ++under_way_;
  bytes_under_way_ += bytes;
  ++house_->under_way;
  house_->bytes_under_way += bytes;
}

void Crowd::Guest::settled(std::size_t bytes) {
  if (bytes == 0) return;
  --under_way_;
  bytes_under_way_ -= bytes;
  --house_->under_way;
  house_->bytes_under_way -= bytes;
  crowd_->less_under_way(*house_);
}

bool Crowd::may_hand_over(const House& house) const {
  const bool has_much =
      house.under_way >= kMostUnderWay || house.bytes_under_way >= kMostBytesUnderWay;
  return !has_much || houses_.size() == 1;
}

// Not for each one that becomes free: all who wait would come for one place.
void Crowd::less_under_way(House& house) {
  if (house.blocked.empty()) return;
  if (house.under_way > kMostUnderWay / 2 || house.bytes_under_way > kMostBytesUnderWay / 2) return;
  for (net::Once<>& piece : std::exchange(house.blocked, {})) wait(house, std::move(piece));
}

Crowd::House Crowd::standing_of(const std::string& address) const {
  const std::string name = accounts::house_of(address);
  const auto found = houses_.find(name);
  if (found == houses_.end()) return House{name};
  return {name, found->second.connections, found->second.strangers};
}

const Crowd::House* Crowd::fullest(std::size_t House::*of) const {
  const auto most =
      std::max_element(houses_.begin(), houses_.end(),
                       [of](const auto& a, const auto& b) { return a.second.*of < b.second.*of; });
  return most == houses_.end() ? nullptr : &most->second;
}

// A mark goes to the end of all that is ready; when it comes up (next), everything else has had its
// turn. It goes when half of a turn is over, or where one begins after a pause: not for each
// message.
bool Crowd::may_go_on(SteadyTime now) {
  if (std::exchange(is_its_turn_, false)) return true;
  if (is_serving_) return now - began_ < kSlice;
  if (!line_.empty()) return false;
  const bool is_new = now - began_ >= kSlice && !is_posted_;
  if (is_new) began_ = now;
  if (is_new || now - began_ >= kSlice / 2) post_next();
  return now - began_ < kSlice;
}

void Crowd::wait(House& house, net::Once<> piece) {
  if (house.waiting.empty()) line_.push_back(&house);
  house.waiting.push_back(std::move(piece));
  post_next();
}

void Crowd::post_next() {
  if (std::exchange(is_posted_, true)) return;
  boost::asio::post(io_, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self) self->next();
  });
}

void Crowd::next() {
  began_ = clock_.steady();
  if (line_.empty()) {
    is_posted_ = false;
    return;
  }
  is_serving_ = true;
  do {
    House& house = *line_.front();
    line_.pop_front();
    net::Once<> piece = std::move(house.waiting.front());
    house.waiting.pop_front();
    if (!house.waiting.empty()) line_.push_back(&house);
    is_its_turn_ = true;
    piece();
  } while (!line_.empty() && clock_.steady() - began_ < kSlice);
  is_serving_ = is_its_turn_ = is_posted_ = false;
  post_next();
}

// What waits owns connections, whose end changes the houses.
void Crowd::abandon() {
  std::vector<net::Once<>> gone;
  for (auto& [name, house] : houses_) {
    std::move(house.waiting.begin(), house.waiting.end(), std::back_inserter(gone));
    house.waiting.clear();
    std::move(house.blocked.begin(), house.blocked.end(), std::back_inserter(gone));
    house.blocked.clear();
  }
  line_.clear();
}

}  // namespace watchpost::ingress
