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

bool Crowd::may_go_on() {
  const SteadyTime now = clock_.steady();
  if (!is_begun_) {
    began_ = now;
    post_next();
    return true;
  }
  if (std::exchange(is_its_turn_, false)) return true;
  return (is_serving_ || line_.empty()) && now - began_ < kSlice;
}

void Crowd::wait(House& house, net::Once<> piece) {
  if (house.waiting.empty()) line_.push_back(&house);
  house.waiting.push_back(std::move(piece));
  if (!is_begun_) post_next();
}

void Crowd::post_next() {
  is_begun_ = true;
  boost::asio::post(io_, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self) self->next();
  });
}

void Crowd::next() {
  if (line_.empty()) {
    is_begun_ = false;
    return;
  }
  began_ = clock_.steady();
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
  is_serving_ = is_its_turn_ = false;
  post_next();
}

// What waits owns connections, whose end changes the houses.
void Crowd::abandon() {
  std::vector<net::Once<>> gone;
  for (auto& [name, house] : houses_) {
    std::move(house.waiting.begin(), house.waiting.end(), std::back_inserter(gone));
    house.waiting.clear();
  }
  line_.clear();
}

}  // namespace watchpost::ingress
