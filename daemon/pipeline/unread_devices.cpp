#include "pipeline/unread_devices.hpp"

#include <algorithm>
#include <utility>

namespace watchpost::pipeline {
namespace {

using Code = TroubleCode;

constexpr std::size_t kMostNamed = 5;

// "tele/yard" of "tele/yard/STATE": other topics of the same device lie beside it.
std::string_view place_of(std::string_view topic) {
  const auto last = topic.rfind('/');
  return last == std::string_view::npos || last == 0 ? topic : topic.substr(0, last);
}

std::string label(std::string_view device, std::string_view name) {
  if (name.empty()) return std::string(device);
  return std::string(name).append(" (").append(device).append(")");
}

Trouble cause_of(const UnreadDevices::Entry& entry) {
  if (entry.decoder.empty() && entry.why.empty()) {
    return trouble<Code::not_read_topic>(arg<"topic">(entry.topic));
  }
  return trouble<Code::not_read_payload>(arg<"sender">(label(entry.sender, entry.name)),
                                         arg<"topic">(entry.topic), arg<"why">(entry.why));
}

Trouble trouble_for(std::uint64_t count, std::string names, Trouble cause) {
  return trouble<Code::devices_not_read>(arg<"devices">(count), arg<"names">(std::move(names)))
      .because(std::move(cause));
}

std::string_view sender_of(const UnreadDevices::Message& message) {
  return message.device.empty() ? place_of(message.topic) : message.device;
}

UnreadDevices::Entry entry_of(const UnreadDevices::Message& message, SteadyTime now = {}) {
  UnreadDevices::Entry entry;
  entry.at = now;
  entry.sender = sender_of(message);
  entry.name = message.name;
  entry.topic = message.topic;
  entry.decoder = message.decoder;
  entry.why = message.why;
  entry.is_device = !message.device.empty();
  return entry;
}

// No name of a device has a line end in it.
std::string key_of(std::string_view sender, std::string_view part) {
  std::string key(sender);
  if (!part.empty()) key.append("\n").append(part);
  return key;
}

bool is_told(const UnreadDevices::Entry& entry, SteadyTime now) {
  return !entry.is_read || (entry.is_device && now - entry.at < UnreadDevices::kToldFor);
}

}  // namespace

bool UnreadDevices::unread(const Message& message, SteadyTime now) {
  const std::string key = key_of(sender_of(message), message.part);
  const auto known = entries_.find(key);
  if (known == entries_.end()) {
    if (!make_room()) {
      ++unnamed_;
      return false;
    }
    entries_.emplace(key, entry_of(message, now));
    ++open_;
    return true;
  }
  Entry& entry = known->second;
  // A place of which something was read has a decoder; what else lies there is no device's alarm.
  if (entry.is_read && !entry.is_device) return false;
  if (entry.is_read) ++open_;
  entry = entry_of(message, now);
  return false;
}

void UnreadDevices::read(const Sender& sender) {
  if (open_ == 0) return;
  mark_read(sender.device);
  mark_read(place_of(sender.topic));
}

// Several parts of one device stand side by side, and are one device.
std::uint64_t UnreadDevices::count(SteadyTime now) const {
  std::uint64_t devices = 0;
  const std::string* last = nullptr;
  for (const auto& [key, entry] : entries_) {
    if (!is_told(entry, now)) continue;
    if (last == nullptr || *last != entry.sender) ++devices;
    last = &entry.sender;
  }
  return devices;
}

std::optional<Trouble> UnreadDevices::trouble(SteadyTime now) const {
  const std::uint64_t all = count(now);
  if (all == 0) return std::nullopt;
  std::string names;
  std::size_t named = 0;
  const Entry* first = nullptr;
  const Entry* last = nullptr;
  for (const auto& [key, entry] : entries_) {
    if (!is_told(entry, now)) continue;
    if (first == nullptr) first = &entry;
    if (last != nullptr && last->sender == entry.sender) continue;
    last = &entry;
    if (named++ == kMostNamed) break;
    names.append(names.empty() ? "" : ", ").append(label(entry.sender, entry.name));
  }
  if (all > kMostNamed || unnamed_ > 0) names += ", …";
  return trouble_for(all, std::move(names), cause_of(*first));
}

Trouble UnreadDevices::trouble_of(const Message& message) {
  const Entry entry = entry_of(message);
  return trouble_for(1, label(entry.sender, entry.name), cause_of(entry));
}

void UnreadDevices::understood(const Part& part) {
  if (open_ > 0) mark_read(key_of(part.device, part.kind));
}

void UnreadDevices::mark_read(std::string_view sender) {
  const auto known = entries_.find(sender);
  if (known == entries_.end() || std::exchange(known->second.is_read, true)) return;
  --open_;
}

// One that is read meanwhile gives up its place.
bool UnreadDevices::make_room() {
  if (entries_.size() < kMost) return true;
  const auto read = std::find_if(entries_.begin(), entries_.end(),
                                 [](const auto& entry) { return entry.second.is_read; });
  if (read == entries_.end()) return false;
  entries_.erase(read);
  return true;
}

}  // namespace watchpost::pipeline
