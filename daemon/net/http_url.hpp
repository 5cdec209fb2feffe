// HttpUrl: where an HTTP service is and what is asked for there: http://host:port/path?query, or
// https:// for TLS. Promise: what is read has nothing in it that would break a request; any other
// text is refused without being repeated, since it may hold a key. Plain values; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/url.hpp"

namespace watchpost::net {

struct HttpUrl {
  Url server;
  std::string host;          // for the header Host: with the port, where it is not the usual one
  std::string target = "/";  // path and query, as they are written

  [[nodiscard]] static Result<HttpUrl> parse(std::string_view text);
};

}  // namespace watchpost::net
