#include "protocol/passed_on.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace watchpost::protocol {
namespace {

bool goes_along(PropertyId id) {
  return id == PropertyId::payload_format_indicator || id == PropertyId::content_type ||
         id == PropertyId::response_topic || id == PropertyId::correlation_data ||
         id == PropertyId::user_property;
}

}  // namespace

void set_properties(Message& message, const Properties& properties) {
  Properties along;
  for (const Property& one : properties.list()) {
    if (one.id == PropertyId::message_expiry_interval) message.lifetime_s = one.number;
    if (goes_along(one.id)) along.add(one);
  }
  if (along.empty()) return;
  std::string bytes;
  write_properties(bytes, along);
  message.properties = std::make_shared<const std::string>(std::move(bytes));
}

void add_properties(const LocalMessage& publication, SteadyTime now, Publish& publish) {
  if (!publication.properties.empty()) {
    Reader reader(publication.properties);
    publish.properties = read_properties(reader, PacketType::publish);
  }
  const auto left = lifetime_of(publication, now).count();
  if (left == 0) return;
  publish.properties.add(PropertyId::message_expiry_interval, static_cast<std::uint32_t>(left));
}

}  // namespace watchpost::protocol
