#include "client/connect_refusal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace watchpost::client {
namespace {

struct Row {
  int code;
  std::string_view why;
  std::string_view remedy;
};

constexpr std::string_view kCredentials = "user name or password is wrong, or we may not connect";
constexpr std::string_view kCheckCredentials =
    "Check username and password of this {} with the operator of its broker";
constexpr std::string_view kClientId = "it does not accept our client id";
constexpr std::string_view kOtherClientId = "Set another client_id for this {}";
constexpr std::string_view kVersion = "it does not speak this version of MQTT";
constexpr std::string_view kOtherVersion = "Set protocol of this {} to \"3.1.1\" or to \"5\"";
constexpr std::string_view kBusy = "it is busy or not available";
constexpr std::string_view kNothing = "Nothing to do: it is tried again by itself";
constexpr std::string_view kUnread = "it could not read our CONNECT";
constexpr std::string_view kOtherOrReport =
    "Set protocol of this {} to \"3.1.1\"; if that changes nothing, report it to us";
constexpr std::string_view kMoved = "it has moved";
constexpr std::string_view kAskAddress =
    "Ask its operator for the new address, and set url of this {}";

// MQTT 3.1.1 has the codes 1 to 5, MQTT 5.0 those from 0x80 on.
constexpr std::array kTable{
    Row{1, kVersion, kOtherVersion},
    Row{2, kClientId, kOtherClientId},
    Row{3, kBusy, kNothing},
    Row{4, kCredentials, kCheckCredentials},
    Row{5, kCredentials, kCheckCredentials},
    Row{0x80, "it gives no reason", "Ask the operator of the broker for its log"},
    Row{0x81, kUnread, kOtherOrReport},
    Row{0x82, kUnread, kOtherOrReport},
    Row{0x83, "its own settings do not allow it", "Ask the operator of the broker for its log"},
    Row{0x84, kVersion, kOtherVersion},
    Row{0x85, kClientId, kOtherClientId},
    Row{0x86, kCredentials, kCheckCredentials},
    Row{0x87, kCredentials, kCheckCredentials},
    Row{0x88, kBusy, kNothing},
    Row{0x89, kBusy, kNothing},
    Row{0x8A, "it has banned this gateway", "Ask the operator of the broker to lift the ban"},
    Row{0x8C, "it wants another way to authenticate",
        "Ask the operator of the broker for a user name and a password, or a certificate"},
    Row{0x90, "it does not take the topic of our will",
        "Ask the operator of the broker to allow wp/v1/# for this user"},
    Row{0x95, "our CONNECT is too large for it",
        "Ask the operator of the broker to accept packets of 4 KiB and more"},
    Row{0x97, "its quota for this gateway is used up",
        "Ask the operator of the broker to make room; it is tried again by itself"},
    Row{0x99, "it does not take the text of our will",
        "Ask the operator of the broker to allow JSON on wp/v1/#"},
    Row{0x9A, "it keeps no retained messages, and our will is one",
        "Allow retained messages there (Mosquitto: retain_available true)"},
    Row{0x9B, "it does not take QoS 1", "Allow QoS 1 there (Mosquitto: max_qos 1 or 2)"},
    Row{0x9C, "another server is to be used for now", kAskAddress},
    Row{0x9D, kMoved, kAskAddress},
    Row{0x9F, "too many connect at once", kNothing},
};

constexpr std::string_view kAskLog =
    "Ask the operator of the broker for its log; it is tried again by itself";

// Of DISCONNECT, where more can be said than to ask for the log.
constexpr std::array kEnds{
    Row{0x87, "we may not do what we did there",
        "Ask the operator of the broker which topics this user may use; it is tried again by "
        "itself"},
    Row{0x89, kBusy, kNothing},
    Row{0x8B, "it shuts down", kNothing},
    Row{0x8D, "it has heard nothing from us for too long",
        "Check the network if it does not come back; it is tried again by itself"},
    Row{0x8E, "another client has connected under our client id",
        "Give each box a gateway.id and a client_id of its own; a copied SD card has those of the "
        "first box"},
    Row{0x95, "a packet of ours is too large for it",
        "Ask the operator of the broker to accept larger packets; it is tried again by itself"},
    Row{0x97, "its quota for this gateway is used up",
        "Ask the operator of the broker to make room; it is tried again by itself"},
    Row{0x98, "its operator has ended the connection", kAskLog},
    Row{0x9C, "another server is to be used for now", kAskAddress},
    Row{0x9D, kMoved, kAskAddress},
};

template <std::size_t size>
Row row_of(const std::array<Row, size>& table, int code) {
  const auto known = std::find_if(table.begin(), table.end(),
                                  [code](const Row& each) { return each.code == code; });
  return known != table.end() ? *known : Row{code, "it gives a reason we do not know", kAskLog};
}

// What a server wrote, so that a terminal does not obey it and a line stays a line.
std::string harmless(std::string text) {
  constexpr std::size_t kMostShown = 100;
  if (text.size() > kMostShown) text.resize(kMostShown);
  std::replace_if(
      text.begin(), text.end(), [](char each) { return each < ' ' || each > '~'; }, '?');
  return text;
}

std::string remedy_of(const Row& row, const ServerNo& no, std::string_view section) {
  if (no.reference.empty()) return fmt::format(fmt::runtime(row.remedy), section);
  return fmt::format(
      "It names the server {}: ask its operator whether that is right, and set url "
      "of this {}",
      harmless(no.reference), section);
}

}  // namespace

Failure connect_refusal(const std::string& url, const ServerNo& no, std::string_view section) {
  const Row row = row_of(kTable, no.code);
  return Failure{Failure::Kind::refused,
                 fmt::format("{} refused the connection: {} (0x{:02X})", url, row.why, no.code),
                 remedy_of(row, no, section)};
}

Failure end_by_server(const std::string& url, const ServerNo& no, std::string_view section) {
  const Row row = row_of(kEnds, no.code);
  return Failure{Failure::Kind::unavailable,
                 fmt::format("{} ended the connection: {} (0x{:02X})", url, row.why, no.code),
                 remedy_of(row, no, section)};
}

}  // namespace watchpost::client
