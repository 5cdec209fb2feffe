// AttachedClient: which client of the listener is the server of an upstream.
// Promise: a plain value.
#pragma once

#include <string>

namespace watchpost::ingress {

struct AttachedClient {
  std::string client_id;
  std::string user;  // the account with which it must have logged in; empty: any
};

}  // namespace watchpost::ingress
