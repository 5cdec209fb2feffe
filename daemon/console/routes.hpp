// Routes: the table of what the local API answers: path, method, who may ask, and a purpose in
// words.
// Promise: a path that is not in the table is answered with 404 and the list of paths; a method
// that a path does not take is answered with 405 and the method it takes.
// tests/unit/console/local_api_test.cpp asks for every row. Pure; any thread.
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

// Who may ask. `group`: the permissions of the socket file (0660) let in root and the group of the
// service; a stricter access comes with the web page. `network`: whoever reaches the port; nothing
// there speaks of a household.
enum class Access : std::uint8_t { group, network };

// How many clients may use a route at once.
enum class Bound : std::uint8_t {
  none,       // only the server's own bound
  followers,  // HttpServer::kMostFollowers, for streams that may last
  writers,    // HttpServer::kMostWriters, for those that wait for the disk
  one,
};

struct Route {
  std::string_view path;
  std::string_view method;
  Access who = Access::group;
  Bound bound = Bound::none;
  std::string_view purpose;  // shown in the answer to an unknown path
  std::function<boost::asio::awaitable<void>(std::shared_ptr<Exchange>)> answer;
};

struct Found {
  const Route* route = nullptr;  // null: `status` and `sentence` are the answer
  unsigned status = 200;
  std::string sentence;
  std::string_view allow;  // with 405: the method that the path takes
};

// Of the request line (RFC 9112 section 3); the target with its query.
struct RequestLine {
  std::string_view method;
  std::string_view target;
};
[[nodiscard]] Found find_route(std::span<const Route> routes, const RequestLine& asked);
[[nodiscard]] std::string_view path_of(std::string_view target);

}  // namespace watchpost::console
