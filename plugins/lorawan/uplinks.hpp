// Uplinks: what becomes of an uplink, whatever the network server's envelope looks like.
// Promise: a mapping of the site's gets the bytes of a device that has one as its profile, and the
// link's readings stand beside it. Else our own codec reads the device's bytes; without one the
// server's decoding is read by meaning and flagged "by_server", and so it is where our codec finds
// the bytes malformed while the server's decoding speaks of an alarm: a wrong silence costs more.
// There a press is a call for help where the server calls device or profile a button for help.
// Without bytes the device lives. Used inside decode(), on the daemon's I/O thread.
#pragma once

#include <optional>
#include <string_view>

#include "lorawan/profiles.hpp"
#include "sdk/decoder.hpp"
#include "sdk/json.hpp"

namespace watchpost::lorawan {

struct Envelope {
  Sender sender;
  std::optional<std::int64_t> time{};
  watchpost_time_source time_source = WATCHPOST_TIME_NETWORK;
  std::string_view data{};  // base64
  int port = 0;
  double counter = 0;
  std::optional<double> rssi{};
  std::optional<double> snr{};
  std::optional<double> battery{};  // percent, as the network server was told by the device
  const sdk::json::object* decoded = nullptr;  // by the server
  bool simulated = false;                      // by somebody at the network server: a test
};

class Uplinks {
 public:
  // Options: profiles = {}, low_battery_percent = 20.
  explicit Uplinks(const sdk::Options& options)
      : profiles_(options),
        low_battery_(sdk::number_at(options.own(), "low_battery_percent").value_or(20)) {}

  sdk::Verdict read(const Envelope& envelope, sdk::Sink& sink) const;
  // Sets who it is from and when, and hands it on.
  static sdk::Verdict emit(sdk::Observation& observation, const Envelope& envelope,
                           sdk::Sink& sink);

 private:
  // Reads the server's decoding by meaning; `refused`: why our codec did not, then only an alarm
  // counts. False: there is none that says anything.
  bool by_server(const Envelope& envelope, std::string_view refused, sdk::Sink& sink) const;
  [[nodiscard]] bool hand_over(const Envelope& envelope, std::string_view bytes,
                               sdk::Sink& sink) const;
  void finish(const Envelope& envelope, sdk::Observation& observation, sdk::Sink& sink) const;

  Profiles profiles_;
  double low_battery_;
};

}  // namespace watchpost::lorawan
