// shared_key_name: the identity whose key a connection's client has shown to know.
// Why: OpenSSL keeps it for TLS 1.2 only. Used by net/ only; I/O thread.
#pragma once

#include <openssl/ssl.h>

#include <string>

namespace watchpost::net {

// From now on the identity is kept in `name`, which outlives the handshake. What it says holds once
// the handshake has succeeded.
void keep_shared_key_name(SSL& connection, std::string& name);
// While the handshake looks for the key.
void set_shared_key_name(SSL& connection, const std::string& identity);

}  // namespace watchpost::net
