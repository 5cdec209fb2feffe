#include "ingress/closing_words.hpp"

#include <fmt/format.h>

#include <string_view>

#include "ingress/handshake_words.hpp"
#include "model/trouble_catalogue.hpp"
#include "protocol/session_options.hpp"

namespace watchpost::ingress {
namespace {

using protocol::Close;
using protocol::ReasonCode;
using protocol::Refusal;

constexpr std::string_view kReload = "have the service read it (sudo systemctl reload watchpostd)";

std::string words_for(Refusal refusal, const AddressNames& address) {
  const std::string_view file = address.password_file;
  switch (refusal) {
    case Refusal::no_user_name:
      return fmt::format(
          "is refused: it gave no user name, and this listener wants one. Set user name and "
          "password on the device; or, if everybody on its network may send, set anonymous = true "
          "in the [[listener]] of port {} in watchpost.toml and reload the service",
          address.port);
    case Refusal::unknown_user:
      return fmt::format(
          "is refused: no such user is in the password file {}. Correct the user name on the "
          "device; or add the user (sudo watchpost passwd {} NAME) and {}",
          file, file, kReload);
    case Refusal::wrong_password:
      return fmt::format(
          "is refused: its password is wrong. Correct it on the device; or set it anew (sudo "
          "watchpost passwd {} NAME) and {}",
          file, kReload);
    case Refusal::busy:
      return "is refused: too many clients wait for the check of their passwords. It tries again "
             "by itself; if this lasts, look in the lines above for an address that connects again "
             "and again, and switch that device off";
    case Refusal::slowed:
      return "is refused: too many wrong passwords came from its address just now. It may try "
             "again in some seconds";
  }
  return {};
}

// What to do about a client that was not let in.
std::string_view remedy_for_refused(ReasonCode code) {
  switch (code) {
    case ReasonCode::unsupported_protocol_version:
      return "Set the device to MQTT 3.1.1 or 5";
    case ReasonCode::client_identifier_not_valid:
      static_assert(protocol::SessionOptions{}.longest_client_id == 256);
      return "Give the device a client id of 1 to 256 bytes; a Chinese character takes three";
    case ReasonCode::bad_authentication_method:
      return "Set the device to log in by user name and password";
    case ReasonCode::quota_exceeded:
      return "The box remembers absent clients until session_expiry_max has passed: set a clean "
             "session on devices that take a new client id at each start, or lower that key of "
             "this [[listener]]";
    case ReasonCode::server_busy:
      return "The box is overloaded; the device tries again by itself. If this lasts, run "
             "`watchpost "
             "status`";
    case ReasonCode::server_unavailable:
      return "The device tries again by itself; `watchpost status` says what is wrong with the "
             "store";
    default:
      return "Check the device's MQTT settings";
  }
}

// What to do about a client that was let in and closed later.
std::string_view remedy_for_closed(ReasonCode code) {
  switch (code) {
    case ReasonCode::keep_alive_timeout:
      return ". It lost power or its network, or its keep alive is shorter than its pauses";
    case ReasonCode::session_taken_over:
      return ". If these are two devices, they throw each other out again and again: give each a "
             "client id of its own";
    case ReasonCode::packet_identifier_in_use:
      return ". The MQTT program of the device is faulty: update it";
    default:
      return "";
  }
}

}  // namespace

Trouble cause_of(const Close& close, const AddressNames& address) {
  if (close.refusal == Refusal::no_user_name) {
    return trouble<TroubleCode::client_no_user_name>(arg<"port">(std::to_string(address.port)));
  }
  if (close.refusal == Refusal::unknown_user) {
    return trouble<TroubleCode::client_unknown_user>(arg<"file">(address.password_file));
  }
  if (close.refusal == Refusal::wrong_password) {
    return trouble<TroubleCode::client_wrong_password>(arg<"file">(address.password_file));
  }
  if (close.code == ReasonCode::unsupported_protocol_version) {
    return trouble<TroubleCode::client_old_protocol>();
  }
  const auto stranger =
      cause_of(close.stranger.value_or(protocol::Stranger::unknown), address.port);
  return stranger.value_or(trouble<TroubleCode::see_log>());
}

ClosingWords words_for(const Trouble& why) {
  return {LogLevel::warning, "is closed: " + sentence_of(why, Language::english)};
}

ClosingWords words_for(const Close& close, const AddressNames& address) {
  if (close.refusal) return {LogLevel::warning, words_for(*close.refusal, address)};
  if (const auto why =
          cause_of(close.stranger.value_or(protocol::Stranger::unknown), address.port)) {
    return words_for(*why);
  }
  if (close.malformed) {
    return {
        LogLevel::warning,
        fmt::format("is closed: {} ({}). This is not MQTT as the standard has it: check server, "
                    "port, protocol version and firmware of the device",
                    close.why, to_string(close.code))};
  }
  if (close.refused) {
    return {LogLevel::warning,
            fmt::format("is refused: {}. {}", close.why, remedy_for_refused(close.code))};
  }
  const LogLevel level = is_failure(close.code) ? LogLevel::info : LogLevel::debug;
  return {level, fmt::format("is closed: {}{}", close.why, remedy_for_closed(close.code))};
}

}  // namespace watchpost::ingress
