// ListenerOptions and ListenerStatus: what is set and what is seen of the listeners.
// Promise: each setting has a default and stated bounds; config checks the bounds.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/strong.hpp"
#include "ingress/tick.hpp"
#include "model/trouble.hpp"
#include "net/certificates.hpp"
#include "net/web_socket_request.hpp"
#include "protocol/authenticator.hpp"
#include "protocol/authoriser.hpp"
#include "protocol/session_options.hpp"

namespace watchpost::accounts {
class AccessRules;
class Credentials;
}  // namespace watchpost::accounts

namespace watchpost::ingress {

// One address to listen on.
struct ListenerOptions {
  std::string address = "127.0.0.1";  // IPv4 or IPv6; "::" takes IPv6 only
  std::uint16_t port = 1883;          // 0 = any free one, for tests
  // True: clients without a user name are admitted. Unset: on loopback addresses only.
  std::optional<bool> anonymous;
  std::shared_ptr<const accounts::Credentials> credentials;  // null: no user is known
  // Null: everybody may publish, and `everybody_reads` and `readers` say who reads what.
  std::shared_ptr<const accounts::AccessRules> rules{};
  std::optional<bool> everybody_reads{};  // unset: on loopback addresses only
  std::set<std::string, std::less<>> readers{};
  std::optional<net::ServerFiles> tls{};              // nothing: without TLS
  std::optional<net::WebSocketOptions> web_socket{};  // nothing: without WebSocket
  // True: a client's certificate is its user name and needs no password beside it.
  bool certificate_is_user = false;
  // Who is let in, and what they may do. Null: the members above say it.
  std::shared_ptr<protocol::Authenticator> authenticator;
  std::shared_ptr<const protocol::Authoriser> authoriser;
  // Further clients are closed at once. 1 .. 100000.
  std::size_t max_connections = 5'000;
  // Bytes of answers that a client may leave unread; with more it is closed. 4096 .. 16 MiB.
  std::size_t max_unread = 64 * 1024;
  protocol::SessionOptions session;
};

// Checks of passwords, which are made on threads of their own: see password_checks.hpp.
struct PasswordCheckLimits {
  // One check at a time: it uses a whole core, and the small boxes have two.
  std::size_t at_once = 1;
  // A check of mosquitto_passwd's usual 101 rounds takes 0.1 ms: after a restart all clients of a
  // full listener may ask at once.
  std::size_t most_waiting = 5'000;
  ByteCount most_held{4U << 20U};  // memory of the checks that wait
};

// What all addresses share.
struct ListenerLimits {
  PasswordCheckLimits password_checks;
  std::size_t max_sessions = 10'000;
  // As told on $SYS/broker/version.
  std::string version = "Watchpost";
  // How often keep alives, timeouts and expiries are looked at.
  std::chrono::milliseconds tick = kTick;
  // The longest time for one write to a client, and for the client to close after our last word.
  std::chrono::milliseconds write_timeout{30'000};
  std::chrono::milliseconds close_wait{1'000};
  // How often the files of certificates are looked at.
  std::chrono::milliseconds certificate_look{5'000};
};

struct ListenerStatus {
  // The longest list of clients; `clients_connected` counts all of them.
  static constexpr std::size_t kMostClients = 200;

  struct Address {
    std::string address;
    std::uint16_t port = 0;
    std::size_t connections = 0;
    bool web_socket = false;
    bool tls = false;
  };
  struct Totals {
    std::uint64_t accepted = 0;       // connections
    std::uint64_t refused = 0;        // by CONNACK, or for want of room
    std::uint64_t malformed = 0;      // closed for breaking the protocol
    std::uint64_t messages = 0;       // handed over
    std::uint64_t messages_sent = 0;  // to clients
    std::uint64_t packets_received = 0;
    std::uint64_t packets_sent = 0;
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_sent = 0;
  };
  struct Client {
    std::string client_id;
    std::string peer;  // address:port
    std::string version;
    std::uint64_t messages = 0;
    std::size_t unsettled = 0;
  };
  // The last packet of a client that was larger than `max_packet_size`.
  struct OversizePacket {
    std::string client_id;   // empty: it came before CONNECT
    std::string address;     // of the client, without its port
    std::uint16_t port = 0;  // our own, which tells the [[listener]]
    std::string topic;       // empty where it could not be read
    std::uint64_t bytes = 0;
    std::uint64_t most = 0;
    std::uint64_t times = 0;  // such packets of this client
  };
  std::vector<Address> addresses;
  Totals totals;
  std::size_t sessions = 0;  // with and without a connection
  std::size_t subscriptions = 0;
  std::size_t retained = 0;  // topics that have a retained message
  // Messages for connected clients that were left out because they do not keep up or do not take
  // packets so large.
  std::uint64_t left_out = 0;
  std::size_t clients_connected = 0;
  std::vector<Client> clients;
  std::vector<OversizePacket> oversize;  // of the last day
  std::vector<Trouble> shut_out;         // clients that are not let in, again and again
  std::vector<Trouble> certificates;     // of ours, that end soon or are not used
  std::vector<Trouble> access;           // what clients may not do and wanted to; guessing
};

}  // namespace watchpost::ingress
