#include <utility>

#include "client/mqtt_link.hpp"
#include "client/own_link.hpp"
#include "client/paho_link.hpp"

namespace watchpost::client {

std::unique_ptr<MqttLink> make_link(boost::asio::any_io_executor io, MqttLibrary library,
                                    const LinkOptions& options) {
  if (library == MqttLibrary::paho) return std::make_unique<PahoLink>(std::move(io), options);
  return std::make_unique<OwnLink>(std::move(io), options);
}

}  // namespace watchpost::client
