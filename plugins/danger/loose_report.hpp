// LooseReport: a message of which nobody told us the form, rewritten so that the grammar can read
// it: {"type":"smoke","value":1} becomes {"smoke":1}, also where the value is in an object that
// only holds others ({"service_id":"smoke","properties":{"alarm":1}}); {"alarmContent":"..."}
// becomes an event; a text that is JSON itself becomes what it says; long texts are left out, and
// so is a number other than 0 and 1 under the name of a danger. Promise: only the names of such
// pairs, and words of an event that nobody knows, are not as in the message; of two members of one
// name neither hides the other. Pure.
#pragma once

#include <string>

#include "danger/object_meaning.hpp"
#include "danger/topic_meaning.hpp"
#include "sdk/json.hpp"

namespace watchpost::danger {

// Where in the message something stands.
struct PlaceInReport {
  int depth = 0;  // how many objects and lists are around it
  // The danger that a neighbour of what holds it names, for a value that nothing in it says more
  // about; empty: none.
  std::string about{};
  bool is_alarm = false;  // what holds it is called an alarm: {"alarm":{"type":"fall"}}
  bool is_event = false;  // what holds it is called an event: {"event":{"code":"SmokeAlarm"}}
  bool is_thing = false;  // it tells what something is: {"device":{"type":"smoke alarm"}}
  bool is_told = false;   // of a message that is an alarm: {"cmd":"alarm","data":{"type":"smoke"}}
  bool is_over = false;   // of a message that is the end of one: {"message_type":"eliminate"}
};

class LooseReport {
 public:
  // `object` outlives the report.
  // `place`: of the object, where others hold it.
  explicit LooseReport(const sdk::json::object& object, const PlaceInReport& place = {})
      : object_(object) {
    members_ = prepared(object, place);
  }

  // {"state":"ON"} on ".../smoke": the topic says of what, where the message itself does not.
  void name_by(const TopicMeaning& topic);
  // On "event/smoke_alarm" the message itself is the event, unless it says how it is; after
  // name_by.
  void tell_event(const TopicMeaning& topic);
  [[nodiscard]] ObjectMeaning read() const { return meaning_of_object(members_); }
  [[nodiscard]] const sdk::json::object& object() const { return object_; }
  // A sentence about a number that is measured; empty where there is none.
  [[nodiscard]] const std::string& measured() const { return measured_; }

 private:
  [[nodiscard]] bool names_a_danger() const;
  void tell_posted_events();
  void tell_panel();
  sdk::json::object prepared(const sdk::json::object& object, const PlaceInReport& place);
  void put(const std::string& name, const sdk::json::value& value, sdk::json::object& out,
           const PlaceInReport& place = {});
  static void tell_what_happened(const sdk::json::object& object, sdk::json::object& out);
  void put_object(const std::string& name, const sdk::json::object& object, sdk::json::object& out,
                  const PlaceInReport& place);
  void put_list(const std::string& name, const sdk::json::array& list, sdk::json::object& out,
                const PlaceInReport& place);

  const sdk::json::object& object_;
  sdk::json::object members_;
  std::string measured_;
};

}  // namespace watchpost::danger
