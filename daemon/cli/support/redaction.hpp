// Redaction: takes the names of a village's people and devices out of a text, and puts the same
// stand-in for the same name everywhere, so that a stranger can follow one device through it.
// Promise: a name that was told is in no text afterwards, in whatever case it was written; what is
// inside another name goes with the longer one. Pure.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::cli {

class Redaction {
 public:
  // Nothing happens for an empty name. A name of one or two bytes stands for itself only between
  // quotation marks: as a word it is everywhere.
  void hide(std::string_view name);
  // Every device, place, client, station, address and topic of a status, and names beside them.
  void hide_names_of(const boost::json::value& status);
  [[nodiscard]] std::string of(std::string_view text) const;
  [[nodiscard]] std::size_t count() const { return stand_ins_.size(); }

 private:
  std::map<std::string, std::string, std::less<>> stand_ins_;  // in lower case: what stands for it
};

}  // namespace watchpost::cli
