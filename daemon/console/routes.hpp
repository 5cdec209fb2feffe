// Routes: what the local API answers, as a table: path, method, who may ask, what it is for.
// Promise: a path that is not in the table is 404 and names those that are; a method that a path
// does not take is 405 and names the one it takes. tests/unit/console/local_api_test.cpp asks for
// every row. Pure; any thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace watchpost::console {

class Exchange;

// Who may ask. The socket file's permissions (0660) let in root and the group of the service; what
// asks for more comes with the page.
enum class Access : std::uint8_t { group };

// How many may be at it at once.
enum class Bound : std::uint8_t {
  none,       // but the server's own
  followers,  // HttpServer::kMostFollowers: streams that may last
  one,
};

struct Route {
  std::string_view path;
  std::string_view method;
  Access who = Access::group;
  Bound bound = Bound::none;
  std::string_view purpose;  // for the answer to an unknown path
  std::function<boost::asio::awaitable<void>(std::shared_ptr<Exchange>)> answer;
};

struct Found {
  const Route* route = nullptr;  // nothing: `status` and `sentence` are the answer
  unsigned status = 200;
  std::string sentence;
  std::string_view allow;  // with 405: the method it takes
};

// Of the request line (RFC 9112 section 3); the target with its query.
struct RequestLine {
  std::string_view method;
  std::string_view target;
};
[[nodiscard]] Found find_route(std::span<const Route> routes, const RequestLine& asked);
[[nodiscard]] std::string_view path_of(std::string_view target);

}  // namespace watchpost::console
