#include "wired/gst9000_line.hpp"

#include <utility>

#include "wired/make_line.hpp"

namespace watchpost::wired {

Steps Gst9000Line::received(std::string_view bytes) {
  Steps steps;
  cutter_.feed(bytes);
  while (auto record = cutter_.next()) hand_over(std::move(*record), steps);
  return steps;
}

Steps Gst9000Line::paused() {
  Steps steps;
  std::vector<std::string> again;
  for (auto found = records_.begin(); unkept_ != 0 && found != records_.end();) {
    const auto record = found++;
    if (!record->second.is_unkept) continue;
    again.push_back(std::move(record->second.bytes));
    records_.erase(record);
    --unkept_;
  }
  for (auto& record : again) hand_over(std::move(record), steps);
  while (auto record = cutter_.next_of_the_rest()) hand_over(std::move(*record), steps);
  return steps;
}

Steps Gst9000Line::settled(TicketNumber ticket, const Result<void>& outcome,
                           const ClockReading& /*now*/) {
  const auto found = records_.find(ticket);
  if (found == records_.end()) return {};
  if (outcome) {
    records_.erase(found);
  } else {
    found->second.is_unkept = true;
    ++unkept_;
  }
  return {};
}

void Gst9000Line::hand_over(std::string record, Steps& steps) {
  const auto ticket = ++last_ticket_;
  records_.emplace(ticket, Record{record});
  steps.emplace_back(HandOver{ticket, options_.peer,
                              station_topic(ListenerProtocol::gst9000, options_.peer),
                              std::move(record)});
}

}  // namespace watchpost::wired
