// Packets and failures with which tests of the session begin.
#pragma once

#include "base/result.hpp"
#include "protocol/packet.hpp"

namespace watchpost::protocol::testing {

inline Connect a_connect(Version version = Version::v5, std::string_view client_id = "sensor") {
  Connect connect;
  connect.version = version;
  connect.client_id = client_id;
  connect.keep_alive = 60;
  return connect;
}

// A session that outlives its connection.
inline Connect a_lasting_connect(Version version = Version::v5) {
  Connect connect = a_connect(version);
  connect.clean_start = false;
  if (version == Version::v5) connect.properties.add(PropertyId::session_expiry_interval, 3600);
  return connect;
}

inline Publish a_publish(Qos qos, std::uint16_t id) {
  Publish publish;
  publish.qos = qos;
  publish.topic = "wp/in/fire/smoke";
  publish.packet_id = PacketId(id);
  publish.payload = "1";
  return publish;
}

inline Failure disk_full() {
  return {Failure::Kind::unavailable, "the disk is full", "Free some"};
}

}  // namespace watchpost::protocol::testing
