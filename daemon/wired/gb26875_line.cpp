#include "wired/gb26875_line.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "wired/make_line.hpp"

namespace watchpost::wired {

using namespace gb26875;

namespace {

Time time_of(const ClockReading& now, std::chrono::minutes zone) {
  using namespace std::chrono;
  const auto local = floor<seconds>(now.wall) + zone;
  const auto day = floor<days>(local);
  const year_month_day date(day);
  const hh_mm_ss clock(local - day);
  const auto octet = [](auto number) { return static_cast<std::uint8_t>(number); };
  return {octet(clock.seconds().count()), octet(clock.minutes().count()),
          octet(clock.hours().count()),   octet(unsigned{date.day()}),
          octet(unsigned{date.month()}),  octet(int{date.year()} - 2000)};
}

}  // namespace

std::string Gb26875Line::station() const {
  return source_.empty() ? options_.peer : source_;
}

Steps Gb26875Line::received(std::string_view bytes) {
  Steps steps;
  framer_.feed(bytes);
  while (auto piece = framer_.next()) take(std::move(*piece), steps);
  return steps;
}

Steps Gb26875Line::paused() {
  Steps steps;
  while (auto piece = framer_.next_of_the_rest()) take(std::move(*piece), steps);
  return steps;
}

void Gb26875Line::take(Gb26875Framer::Piece piece, Steps& steps) {
  switch (piece.kind) {
    case Gb26875Framer::Kind::frame: {
      const auto header = Gb26875Frame::header_of(piece.bytes);
      source_ = gb26875_name_of(header->source);
      return hand_over(std::move(piece.bytes), wish_for(header->command), steps);
    }
    case Gb26875Framer::Kind::damaged:
      note_noise(piece.bytes, steps);
      // Kept as it came, and asked for again.
      return hand_over(std::move(piece.bytes), Wish::deny, steps);
    case Gb26875Framer::Kind::noise:
      return note_noise(piece.bytes, steps);
  }
}

// Section 6.5.3 counts a command that is not known among the errors that are denied. We carry out
// no commands of others (1, 4).
Gb26875Line::Wish Gb26875Line::wish_for(std::uint8_t command) {
  constexpr std::uint8_t kFirstOfMaker = 128;
  if (command == send || command >= kFirstOfMaker) return Wish::confirm;
  const bool is_answer = command == confirm || command == answer || command == deny;
  return is_answer ? Wish::none : Wish::deny;
}

void Gb26875Line::hand_over(std::string bytes, Wish wish, Steps& steps) {
  UnderWay message{*Gb26875Frame::header_of(bytes), wish, bytes.size(),
                   std::hash<std::string>{}(bytes)};
  const auto same = [&message](const auto& other) {
    const UnderWay& before = other.second;
    return before.header.serial == message.header.serial && before.size == message.size &&
           before.hash == message.hash;
  };
  const auto before = std::find_if(under_way_.begin(), under_way_.end(), same);
  if (before != under_way_.end()) {
    ++before->second.copies;
    return;
  }
  const TicketNumber ticket = ++last_ticket_;
  under_way_.emplace(ticket, message);
  steps.emplace_back(HandOver{
      ticket, station(), station_topic(ListenerProtocol::gb26875, station()), std::move(bytes)});
}

void Gb26875Line::note_noise(const std::string& bytes, Steps& steps) const {
  // A stretch of noise is one, in however many pieces it was cut.
  if (!steps.empty() && std::holds_alternative<Noise>(steps.back())) {
    auto& before = std::get<Noise>(steps.back());
    before.bytes += bytes.size();
    before.sample.append(bytes, 0, kSample - before.sample.size());
    return;
  }
  steps.emplace_back(Noise{source_, bytes.size(), bytes.substr(0, kSample)});
}

Steps Gb26875Line::settled(TicketNumber ticket, const Result<void>& outcome,
                           const ClockReading& now) {
  Steps steps;
  const auto found = under_way_.find(ticket);
  if (found == under_way_.end()) return steps;
  const UnderWay message = found->second;
  under_way_.erase(found);
  if (message.wish == Wish::none) return steps;
  const bool is_kept = outcome.has_value() && message.wish == Wish::confirm;
  const std::string bytes = answer_to(message, is_kept ? confirm : deny, now);
  for (std::size_t i = 0; i < message.copies; ++i) steps.emplace_back(Send{bytes});
  return steps;
}

std::string Gb26875Line::answer_to(const UnderWay& message, std::uint8_t command,
                                   const ClockReading& now) const {
  Gb26875Frame answer = message.header;
  answer.command = command;
  answer.source = message.header.destination;
  answer.destination = message.header.source;
  if (now.quality != ClockQuality::unset) answer.time = time_of(now, options_.zone);
  return answer.written();
}

}  // namespace watchpost::wired
