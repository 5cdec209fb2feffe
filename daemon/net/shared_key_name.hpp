// shared_key_name: the identity whose key a connection's client has shown to know.
// Why: OpenSSL keeps it for TLS 1.2 only. Used by net/ only; I/O thread.
#pragma once

#include <openssl/ssl.h>

#include <string>

namespace watchpost::net {

// While the handshake looks for the key; what it says holds once the handshake has succeeded.
void set_shared_key_name(SSL& connection, const std::string& identity);
// Empty: none.
[[nodiscard]] std::string shared_key_name(const SSL& connection);

}  // namespace watchpost::net
