// Street: subscribes at the upstream broker as the street's server does.
// Promise: events count from subscribed() on; the street comes back by itself, to the same session.
// I/O thread only; must live until the io_context has stopped.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/url.hpp"

namespace boost::asio {
class io_context;
}

namespace watchpost::simulator {

struct StreetOptions {
  net::Url url;
  std::string filter;
  std::string client_id;
};
// Reads "mqtt://host:port", "mqtt://[::1]:1883" or "mqtt://host".
[[nodiscard]] Result<StreetOptions> street_from(std::string_view url);

class Street {
 public:
  using Arrival = std::function<void(std::string_view event)>;

  Street(boost::asio::io_context& io, const StreetOptions& options, Arrival arrival);
  ~Street();
  Street(const Street&) = delete;
  Street& operator=(const Street&) = delete;

  void start();
  void leave();
  [[nodiscard]] bool subscribed() const;
  [[nodiscard]] const std::string& last_trouble() const;

 private:
  class Subscriber;
  std::unique_ptr<Subscriber> subscriber_;
};

}  // namespace watchpost::simulator
