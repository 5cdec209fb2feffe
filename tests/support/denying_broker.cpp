#include "support/denying_broker.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <cstdint>
#include <string_view>
#include <vector>

namespace watchpost::test {
namespace {

using boost::asio::ip::tcp;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t kConnect = 0x10;
constexpr std::uint8_t kSubscribe = 0x80;
constexpr std::uint8_t kVersion5 = 5;
constexpr std::size_t kVersionAt = 6;  // in a CONNECT, after the name "MQTT" with its length

struct Packet {
  std::uint8_t type = 0;
  Bytes body;
};

Packet read_packet(tcp::socket& client) {
  const auto byte = [&client] {
    std::array<std::uint8_t, 1> one{};
    boost::asio::read(client, boost::asio::buffer(one));
    return one[0];
  };
  Packet packet;
  packet.type = byte() & 0xF0U;
  std::size_t length = 0;
  for (unsigned shift = 0; shift < 28; shift += 7) {
    const std::uint8_t part = byte();
    length |= static_cast<std::size_t>(part & 0x7FU) << shift;
    if (part < 0x80) break;
  }
  packet.body.resize(length);
  boost::asio::read(client, boost::asio::buffer(packet.body));
  return packet;
}

// A SUBACK with a code for each topic.
Bytes suback(const Bytes& subscribe, bool version5) {
  Bytes codes;
  std::size_t at = 2;                         // after the packet id
  if (version5) at += 1U + subscribe.at(at);  // properties of less than 128 bytes
  while (at < subscribe.size()) {
    const std::size_t length = subscribe.at(at) * 256U + subscribe.at(at + 1);
    const std::string_view topic(reinterpret_cast<const char*>(&subscribe.at(at + 2)), length);
    const std::uint8_t denied = version5 ? 0x87 : 0x80;
    codes.push_back(topic.ends_with("rcpt") ? denied : 1);
    at += 2 + length + 1;  // the options
  }
  Bytes packet{0x90, 0, subscribe.at(0), subscribe.at(1)};
  if (version5) packet.push_back(0);
  packet.insert(packet.end(), codes.begin(), codes.end());
  packet[1] = static_cast<std::uint8_t>(packet.size() - 2);
  return packet;
}

}  // namespace

DenyingBroker::DenyingBroker() : acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}) {
  thread_ = std::thread([this] { serve(); });
}

DenyingBroker::~DenyingBroker() {
  // Ends either wait of the thread: for a client, or for a packet.
  ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
  if (client_.is_open()) ::shutdown(client_.native_handle(), SHUT_RDWR);
  thread_.join();
}

std::string DenyingBroker::url() const {
  return "mqtt://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
}

void DenyingBroker::serve() {
  try {
    acceptor_.accept(client_);
    bool version5 = false;
    while (true) {
      const Packet packet = read_packet(client_);
      if (packet.type == kConnect) {
        version5 = packet.body.at(kVersionAt) == kVersion5;
        const Bytes accepted = version5 ? Bytes{0x20, 3, 0, 0, 0} : Bytes{0x20, 2, 0, 0};
        boost::asio::write(client_, boost::asio::buffer(accepted));
      } else if (packet.type == kSubscribe) {
        boost::asio::write(client_, boost::asio::buffer(suback(packet.body, version5)));
      }
    }
  } catch (const std::exception&) {
    // The client has gone, or the test is over.
  }
}

}  // namespace watchpost::test
