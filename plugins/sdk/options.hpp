// sdk::Options: what a decoder is opened with: its own options and the site's device table.
// Promise: parse() refuses what the host would not send; look-ups ignore the case of device ids,
// since EUIs and MAC addresses are written both ways. Built once, in open(); read in decode().
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::sdk {

struct Device {
  std::string id;
  std::string profile;  // empty: none was given
  boost::json::object options;
};

class Options {
 public:
  // Throws std::invalid_argument with a sentence.
  [[nodiscard]] static Options parse(std::string_view json);

  [[nodiscard]] const boost::json::object& own() const { return own_; }
  // What stands in for an option that is not there.
  struct Fallback {
    std::string_view text;
    explicit Fallback(std::string_view words) : text(words) {}
  };
  [[nodiscard]] std::string text(std::string_view key, Fallback fallback) const;
  // Throws std::invalid_argument that names the first option not in `known`.
  void refuse_unknown(std::initializer_list<std::string_view> known) const;
  // The topic filters that this decoder is bound to.
  [[nodiscard]] const std::vector<std::string>& topics() const { return topics_; }
  // Of NTAG 424 DNA tags; the host gives them to the decoder of tag readers only.
  [[nodiscard]] const boost::json::array& tag_keys() const { return tag_keys_; }
  [[nodiscard]] int zone_minutes() const { return zone_minutes_; }
  [[nodiscard]] const Device* device(std::string_view id) const;

 private:
  boost::json::object own_;
  boost::json::array tag_keys_;
  std::vector<std::string> topics_;
  int zone_minutes_ = 480;
  std::map<std::string, Device, std::less<>> devices_;  // by lower-case id
};

}  // namespace watchpost::sdk
