// connect_refusal: what a server's "no" to our CONNECT, or its DISCONNECT, means for the operator.
// Promise: the one table of CONNACK codes, of MQTT 5.0 (section 3.2.2.2) and of 3.1.1 (section
// 3.2.2.3), and the one of DISCONNECT (section 3.14.2.1). Every code, also one that nobody knows,
// has a sentence of the catalogue. Whatever the code, the connection is tried again by itself: each
// refusal can be cured on the other side. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace watchpost::client {

struct ServerNo {
  int code = 0;           // above 0
  std::string reference;  // the server to use instead (MQTT 5.0 section 4.11); may be empty
};

// The section of the configuration to which the remedies send the operator.
struct ConfigSection {
  std::string_view name = "upstream";
};
[[nodiscard]] Failure connect_refusal(const std::string& url, const ServerNo& no,
                                      ConfigSection section = {});
[[nodiscard]] Failure end_by_server(const std::string& url, const ServerNo& no,
                                    ConfigSection section = {});

}  // namespace watchpost::client
