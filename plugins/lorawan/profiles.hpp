// Profiles: which codec reads a device's bytes.
// Promise: in this order: the device table, by one of the device's two names; the option "profiles"
// (device profile name -> codec); the network server's tag "watchpost_profile"; the network
// server's name of the device profile, where it names one model of ours without doubt. The last two
// are flagged, so that people see who said it. Options are checked at start-up; pure after it.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "lorawan/codec.hpp"
#include "sdk/options.hpp"

namespace watchpost::lorawan {

// A device as its network server names it; what is not said is empty.
struct Sender {
  std::string_view device;  // what it is called from here on: the dev EUI
  std::string_view other;   // a second name that the device table may use
  std::string_view tag;     // "watchpost_profile"
  std::string_view profile_name;
  std::string_view name;  // what people call it there: "SOS button 3"
};

class Profiles {
 public:
  // Throws std::invalid_argument where the option "profiles" names no codec.
  explicit Profiles(const sdk::Options& options);

  struct Choice {
    Codec codec = nullptr;
    std::string_view flag;  // who said it, where it was not the site
    std::string why;        // there is none
  };
  [[nodiscard]] Choice choose(const Sender& sender) const;
  // The site's own mapping is to read the device's bytes.
  [[nodiscard]] bool has_mapping(const Sender& sender) const;
  // The site's own entry for one of the two names; nothing where it has none.
  [[nodiscard]] const sdk::Device* entry(const Sender& sender) const;

 private:
  sdk::Options options_;
  std::map<std::string, Codec, std::less<>> named_;  // of the option
};

// "no payload codec is called ..." with the names that are as near as a slip of the keyboard.
[[nodiscard]] std::string no_codec_called(std::string_view profile);
// The codec whose model `text` names: "Milesight EM310-UDL (EU868)". Nothing where it is in doubt.
[[nodiscard]] Codec codec_in(std::string_view text);

}  // namespace watchpost::lorawan
