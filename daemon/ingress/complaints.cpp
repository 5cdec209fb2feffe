#include "ingress/complaints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace watchpost::ingress {

std::optional<std::uint64_t> Complaints::weigh(const Complaint& complaint, SteadyTime now) {
  const std::string_view line = complaint.line;
  if (!addresses_.contains(complaint.about)) make_room(now);
  const auto [at, is_new] = addresses_.try_emplace(std::string(complaint.about));
  Said& said = at->second;
  std::uint64_t left_out = 0;
  if (is_new || now - said.since >= kRest) {
    left_out = std::exchange(said.left_out, 0);
    said.since = now;
    said.lines.clear();
  }
  if (said.lines.size() == kMostLines || said.lines.contains(line)) {
    ++said.left_out;
    return std::nullopt;
  }
  said.lines.emplace(line);
  return left_out;
}

void Complaints::make_room(SteadyTime now) {
  if (addresses_.size() < kMostAddresses) return;
  std::erase_if(addresses_, [now](const auto& one) { return now - one.second.since >= kRest; });
  if (addresses_.size() < kMostAddresses) return;
  const auto earlier = [](const auto& a, const auto& b) { return a.second.since < b.second.since; };
  addresses_.erase(std::min_element(addresses_.begin(), addresses_.end(), earlier));
}

std::string printable(std::string_view text) {
  constexpr std::size_t kLongest = 100;
  std::string out;
  for (const char c : text.substr(0, kLongest)) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x20 || octet == 0x7F) {
      out += fmt::format("\\x{:02x}", octet);
    } else {
      out.push_back(c);
    }
  }
  if (text.size() > kLongest) out += "...";
  return out;
}

}  // namespace watchpost::ingress
