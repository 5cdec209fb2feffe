#include "ingress/oversize_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>

#include "ingress/complaints.hpp"

namespace watchpost::ingress {
namespace {

constexpr std::uint64_t kKiB = 1'024;
constexpr std::uint64_t kMiB = 1'024 * kKiB;
// The largest value that the configuration accepts.
constexpr std::uint64_t kMostConfigured = 16 * kMiB;

// The number of bytes as it is written in the configuration.
std::string size_text(std::uint64_t bytes) {
  if (bytes % kMiB == 0) return fmt::format("{} MiB", bytes / kMiB);
  if (bytes % kKiB == 0) return fmt::format("{} KiB", bytes / kKiB);
  return fmt::format("{} B", bytes);
}

// A limit with some room above `bytes`, because such a packet grows with the number of devices.
std::uint64_t enough_for(std::uint64_t bytes) {
  return std::max(kKiB, std::bit_ceil(bytes + bytes / 4));
}

ListenerStatus::OversizePacket with_times(
    const RecentClients<ListenerStatus::OversizePacket>::Entry& entry) {
  ListenerStatus::OversizePacket packet = entry.what;
  packet.times = entry.times;
  return packet;
}

}  // namespace

Trouble trouble_of(const ListenerStatus::OversizePacket& packet) {
  const auto client = [&] { return arg<"client">(printable(packet.client_id)); };
  const auto address = [&] { return arg<"address">(packet.address); };
  const auto topic = [&] {
    return arg<"topic">(packet.topic.empty() ? std::string("?") : printable(packet.topic));
  };
  const auto size = [&] { return arg<"size">(ByteCount(packet.bytes)); };
  const auto times = [&] { return arg<"times">(packet.times); };
  const auto most = [&] { return arg<"most">(size_text(packet.most)); };
  if (packet.bytes > kMostConfigured) {
    return trouble<TroubleCode::client_packet_beyond_all>(client(), address(), topic(), size(),
                                                          times(), most());
  }
  const auto enough = std::min(enough_for(packet.bytes), kMostConfigured);
  return trouble<TroubleCode::client_packet_too_large>(
      client(), address(), topic(), size(), times(), most(), arg<"enough">(size_text(enough)),
      arg<"port">(std::to_string(packet.port)));
}

Trouble OversizeBook::note(ListenerStatus::OversizePacket packet, SteadyTime now) {
  std::string client_id = packet.client_id;
  const auto& entry = clients_.note(std::move(client_id), std::move(packet), now);
  return trouble_of(with_times(entry));
}

std::vector<ListenerStatus::OversizePacket> OversizeBook::recent(SteadyTime now) const {
  std::vector<ListenerStatus::OversizePacket> packets;
  for (const auto& entry : clients_.recent(now)) packets.push_back(with_times(entry));
  return packets;
}

}  // namespace watchpost::ingress
