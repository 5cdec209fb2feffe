#include "wired/sl651_line.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "wired/make_line.hpp"

namespace watchpost::wired {
namespace {

constexpr std::uint8_t kKeepAlive = 0x2f;  // has no answer (section 6.6.4.2)
// A concentrator may bring several messages at a time.
constexpr std::size_t kMostMessages = 16;

// YYMMDDHHmmSS (section 6.6.2.5).
std::string digits_of(WallTime time, std::chrono::minutes zone) {
  using namespace std::chrono;
  return fmt::format(
      "{:%y%m%d%H%M%S}",
      fmt::gmtime(system_clock::to_time_t(time_point_cast<system_clock::duration>(time + zone))));
}

}  // namespace

Steps Sl651Line::received(std::string_view bytes) {
  Steps steps;
  framer_.feed(bytes);
  while (auto piece = framer_.next()) take(std::move(*piece), steps);
  return steps;
}

Steps Sl651Line::paused() {
  Steps steps;
  while (auto piece = framer_.next_of_the_rest()) take(std::move(*piece), steps);
  std::vector<std::uint64_t> open;
  for (auto& [id, message] : messages_) {
    message.paused();
    open.push_back(id);
  }
  for (const auto id : open) go_on(id, now_, steps);
  return steps;
}

void Sl651Line::take(Sl651Framer::Piece piece, Steps& steps) {
  if (piece.kind != Sl651Framer::Kind::frame) {
    steps.emplace_back(Noise{station_, piece.bytes.size(), piece.bytes.substr(0, kSample)});
    if (piece.kind == Sl651Framer::Kind::noise) return;
    // Kept as it came. It has no answer, so that it comes again.
    const auto& station = station_.empty() ? options_.peer : station_;
    return hand_over({.station = station, .bytes = std::move(piece.bytes)}, {}, steps);
  }
  UnderWay facts;
  facts.opening = sl651_opening(piece.frame);
  facts.is_answered = is_answered(piece.frame);
  if (facts.is_answered && piece.frame.packet) facts.message = message_of(piece.frame);
  facts.header = std::move(piece.frame);
  facts.header.body.clear();
  if (!facts.header.down) station_ = facts.header.station;
  const auto station = facts.header.station;
  hand_over({.station = station, .bytes = std::move(piece.bytes)}, std::move(facts), steps);
}

bool Sl651Line::is_answered(const Sl651Frame& frame) const {
  return !frame.down && frame.function != kKeepAlive &&
         options_.sl651->of(frame.station).mode != Sl651Mode::m1;
}

void Sl651Line::hand_over(Received message, UnderWay facts, Steps& steps) {
  const auto ticket = ++last_ticket_;
  under_way_.emplace(ticket, std::move(facts));
  steps.emplace_back(HandOver{ticket, message.station,
                              station_topic(ListenerProtocol::sl651, message.station),
                              std::move(message.bytes)});
}

// The message that a packet belongs to, which may be a new one.
std::uint64_t Sl651Line::message_of(const Sl651Frame& frame) {
  const auto same_place = [&frame](const auto& entry) {
    const auto& header = entry.second.header();
    return header.station == frame.station && header.function == frame.function;
  };
  auto found = std::find_if(messages_.begin(), messages_.end(), same_place);
  if (found != messages_.end() && !found->second.takes(frame)) {
    messages_.erase(found);
    found = messages_.end();
  }
  if (found == messages_.end()) {
    if (messages_.size() == kMostMessages) messages_.erase(messages_.begin());
    found = messages_.emplace(++last_message_, Sl651Packets(frame)).first;
  }
  found->second.came(frame);
  return found->first;
}

Steps Sl651Line::settled(TicketNumber ticket, const Result<void>& outcome,
                         const ClockReading& now) {
  Steps steps;
  now_ = now;
  const auto found = under_way_.find(ticket);
  if (found == under_way_.end()) return steps;
  const UnderWay frame = std::move(found->second);
  under_way_.erase(found);
  if (frame.message != 0) {
    const auto message = messages_.find(frame.message);
    if (message == messages_.end()) return steps;
    message->second.settled(frame.header.packet->number, outcome);
    go_on(frame.message, now, steps);
  } else if (frame.is_answered && outcome.has_value()) {
    auto header = frame.header;
    header.ending = frame.header.ending == sl651::kEtb ? sl651::kAck : last_ending(header.station);
    steps.emplace_back(answer(std::move(header), frame.opening, now));
  }
  return steps;
}

void Sl651Line::go_on(std::uint64_t message, const ClockReading& now, Steps& steps) {
  const auto found = messages_.find(message);
  const auto next = found->second.next();
  if (next == Sl651Packets::Next::wait) return;
  auto header = found->second.header();
  const auto total = found->second.total();
  if (next == Sl651Packets::Next::ask) {
    header.packet = Sl651Packet{total, found->second.missing()};
    header.ending = sl651::kNak;
    steps.emplace_back(answer(std::move(header), found->second.opening(), now));
    return;
  }
  if (next == Sl651Packets::Next::confirm) {
    header.packet = Sl651Packet{total, total};
    header.ending = last_ending(header.station);
    steps.emplace_back(answer(std::move(header), found->second.opening(), now));
  }
  messages_.erase(found);
}

// A header that came up, sent down with its own serial number; 0 where it has none.
Send Sl651Line::answer(Sl651Frame header, const std::optional<Sl651Opening>& opening,
                       const ClockReading& now) const {
  const bool echo = now.quality == ClockQuality::unset && opening.has_value();
  header.down = true;
  Sl651Opening ours;
  if (opening) ours.serial = opening->serial;
  ours.time = echo ? opening->time : digits_of(now.wall, options_.zone);
  header.body = sl651_opening_bytes(ours, header);
  return {to_bytes(header)};
}

char Sl651Line::last_ending(std::string_view station) const {
  const bool stays = options_.sl651->of(station).ending == Sl651Ending::esc;
  return stays ? sl651::kEsc : sl651::kEot;
}

}  // namespace watchpost::wired
