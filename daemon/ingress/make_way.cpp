#include "ingress/make_way.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "ingress/connection.hpp"
#include "model/trouble_catalogue.hpp"

namespace watchpost::ingress {
namespace {

// So many connections of one house may be without CONNECT, however few places a port has.
constexpr std::size_t kStrangersOfHouse = 16;

using Count = std::size_t Crowd::House::*;

SteadyTime now_of(Connections& all) {
  return all.around().clock.steady();
}

void tell_of_strangers(Connections& all, const Crowd::House& house, const std::string& from) {
  ++all.totals().refused;
  if (!all.complaints().weigh({.about = from, .line = "strangers"}, now_of(all))) return;
  all.around().log.warning(
      "{} is turned away: {} connections from there have not said who they are (no CONNECT yet). "
      "If that is no device of yours, keep it off the network; else update its program",
      from, house.strangers);
}

void tell_of_full(Connections& all, const MqttAddress& ours) {
  ++all.totals().refused;
  const SteadyTime now = now_of(all);
  const Trouble full =
      all.shut_out().full({.port = ours.port, .most = ours.options.max_connections}, now);
  const auto about = fmt::format("port {}", ours.port);
  if (all.complaints().weigh({.about = about, .line = "full"}, now)) tell(all.around().log, full);
}

// A house gives way to those that have less of what is scarce, and only what is beyond a tenth: its
// newest stranger, or else its newest client.
std::shared_ptr<Connection> one_of_the_fullest(Connections& all, const MqttAddress& ours, Count of,
                                               const Crowd::House& newcomer) {
  const Crowd::House* const fullest = all.crowd()->fullest(of);
  const std::size_t its = fullest == nullptr ? 0 : fullest->*of;
  std::shared_ptr<Connection> least;
  if (its <= ours.options.max_connections / 10 || its <= newcomer.*of + 1) return least;
  for (auto at = all.open().rbegin(); at != all.open().rend(); ++at) {
    const Crowd::Guest& guest = at->second->guest();
    const bool is_here = &at->second->our_address() == &ours && &guest.house() == fullest;
    if (!is_here || guest.has_left()) continue;
    if (guest.is_stranger()) return at->second;
    if (!least) least = at->second;
  }
  return least;
}

}  // namespace

bool make_way(Connections& all, const MqttAddress& ours, const std::string& from) {
  const std::size_t places = ours.options.max_connections;
  const Crowd::House house = all.crowd()->standing_of(from);
  if (house.strangers >= std::max(kStrangersOfHouse, places / 5)) {
    tell_of_strangers(all, house, from);
    return false;
  }
  const bool is_full = ours.connections >= places;
  const bool has_many_strangers = ours.strangers >= std::max(kStrangersOfHouse, places / 2);
  if (!is_full && !has_many_strangers) return true;
  const Count of = is_full ? &Crowd::House::connections : &Crowd::House::strangers;
  const auto least = one_of_the_fullest(all, ours, of, house);
  if (least) {
    least->give_way(
        "is closed, so that others find a place: this port has as many clients as it may have, "
        "and its address has most of them. If that is no device of yours, keep it off the network; "
        "else raise max_connections of this [[listener]]");
  } else if (is_full) {
    tell_of_full(all, ours);
  }
  return least || !is_full;
}

void shed(Connections& all) {
  const Crowd::House* const fullest = all.crowd()->fullest(&Crowd::House::held);
  std::shared_ptr<Connection> largest;
  for (const auto& [id, connection] : all.open()) {
    const Crowd::Guest& guest = connection->guest();
    if (&guest.house() != fullest || guest.has_left()) continue;
    if (!largest || guest.held() > largest->guest().held()) largest = connection;
  }
  if (!largest) return;
  largest->give_way(
      "is closed: too many large packets have begun and do not end, and its address has most of "
      "them. If this lasts, look for a program there that sends without end");
}

void tell_of_given_up(Connections& all) {
  const std::uint64_t count = all.registry().take_given_up();
  if (count == 0) return;
  const auto left_out =
      all.complaints().weigh({.about = "sessions", .line = "given up"}, now_of(all));
  if (!left_out) return;
  all.around().log.warning(
      "{} sessions of absent clients were ended to make room for others: one address keeps more "
      "than a tenth of all. Look for a program there that takes a new client id at each start, and "
      "set a clean session on it",
      count);
}

}  // namespace watchpost::ingress
