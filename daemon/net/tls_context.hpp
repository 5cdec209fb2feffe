// tls_context: OpenSSL's settings for one role, made of files.
// Promise: a Failure names the file and what to do. TLS 1.2 and later. Used by net/ only.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "base/result.hpp"
#include "model/mqtt_link.hpp"
#include "net/certificates.hpp"

namespace watchpost::net {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

[[nodiscard]] Result<TlsContext> client_context(const TlsFiles& files);
[[nodiscard]] Result<TlsContext> server_context(const ServerFiles& files);

}  // namespace watchpost::net
