// DeviceReport: what one message says of one device, put together from its entities.
// Promise: of several entities about one danger the worst counts, also where each speaks on a topic
// of its own; a danger whose template or value is not understood is `unknown`, flagged
// "not_understood" and named in a sentence; what an entity did not say is neither alarm nor
// all-clear. I/O thread, inside decode().
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "danger/facts.hpp"
#include "danger/findings.hpp"
#include "home_assistant/catalogue.hpp"
#include "sdk/observation.hpp"
#include "sdk/options.hpp"
#include "sdk/tag_uid.hpp"

namespace watchpost::home_assistant {

class DeviceReport {
 public:
  DeviceReport(const Catalogue& catalogue, const sdk::Options& options, std::string_view device);

  // What `entity`, which speaks on the topic of the message, says in it.
  // `parsed`: the payload as JSON; null where it is none.
  void add(Entity& entity, std::string_view payload, const sdk::json::value* parsed);

  // Its observations without a device; valid as long as this and the catalogue.
  std::deque<sdk::Observation>& finish();
  [[nodiscard]] const std::string& unread() const { return unread_; }

 private:
  void binary(Entity& entity, sdk::json::value value);
  void flag(std::string_view device_class, bool on);
  void sensor(Entity& entity, const sdk::json::value& value);
  void press(const Entity& entity, std::string_view word);
  void tag(const sdk::json::value& value);
  void danger(Entity& entity, const sdk::json::value& value);
  void not_readable(const Entity& entity);
  [[nodiscard]] std::string name_of(const Entity& entity) const;
  void place(const Entity& entity, const std::string& name, const sdk::json::value& value);
  void add_conditions();

  const Catalogue& catalogue_;
  const sdk::Options& options_;
  std::string device_;
  std::string device_name_;
  sdk::json::object state_;
  danger::DeviceFacts facts_;
  std::vector<std::string> touched_;   // names in state_ that this message said
  std::vector<const Entity*> placed_;  // in state_
  sdk::Observation readings_;
  bool has_flags_ = false;
  danger::Findings findings_;
  std::deque<sdk::Observation> observations_;
  std::string unread_;
};

}  // namespace watchpost::home_assistant
