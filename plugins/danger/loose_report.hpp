// LooseReport: one report of one device of which nobody told us the form, made such that the
// grammar can read it: a pair of members that say of what and how becomes one, prose is left out,
// and so is a measured number under the name of a danger. Promise: what the grammar reads of it
// stands in the message, but for the names of pairs. Pure.
#pragma once

#include <string>

#include "danger/object_meaning.hpp"
#include "danger/topic_meaning.hpp"
#include "sdk/json.hpp"

namespace watchpost::danger {

class LooseReport {
 public:
  explicit LooseReport(const sdk::json::object& object) { members_ = prepared(object, 0); }

  // {"state":"ON"} on ".../smoke": the topic says of what, where the message itself does not.
  void name_by(const TopicMeaning& topic);
  [[nodiscard]] ObjectMeaning read() const { return meaning_of_object(members_); }
  // A sentence about a number that is measured; empty where there is none.
  [[nodiscard]] const std::string& measured() const { return measured_; }

 private:
  [[nodiscard]] bool names_one() const;
  sdk::json::object prepared(const sdk::json::object& object, int depth);
  void put(const std::string& name, const sdk::json::value& value, sdk::json::object& out,
           int depth = 0);
  void put_object(const std::string& name, const sdk::json::object& object, sdk::json::object& out,
                  int depth);

  sdk::json::object members_;
  std::string measured_;
};

}  // namespace watchpost::danger
