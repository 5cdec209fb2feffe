#include "support/denying_broker.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <cstdint>
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
        const std::uint8_t high = packet.body.at(0);
        const std::uint8_t low = packet.body.at(1);
        const Bytes denied =
            version5 ? Bytes{0x90, 4, high, low, 0, 0x87} : Bytes{0x90, 3, high, low, 0x80};
        boost::asio::write(client_, boost::asio::buffer(denied));
      }
    }
  } catch (const std::exception&) {
    // The client has gone, or the test is over.
  }
}

}  // namespace watchpost::test
