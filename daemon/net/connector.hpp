// Connector: makes a Stream to a server: looks its name up, connects, and shakes hands over TLS.
// Promise: each `connect` answers exactly once, by its deadline at the latest and never from inside
// the call, unless `cancel` came first: then it does not answer. A failure says which step failed
// and what to do. Of several addresses of a name, one that does not answer is not tried twice in a
// row. TLS speaks to nobody but the host of the url, unless verifying is switched off. Certificates
// are read anew for each attempt. I/O thread only.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "base/result.hpp"
#include "model/mqtt_link.hpp"
#include "net/connect_trouble.hpp"
#include "net/stream.hpp"
#include "net/url.hpp"

namespace watchpost::net {

struct Destination {
  Url url;
  TlsFiles tls;
};

class Connector {
 public:
  // Gets a stream, which has no deadline any more, or null and the trouble.
  using Done = Once<std::shared_ptr<Stream>, ConnectTrouble>;

  Connector(boost::asio::any_io_executor io, Destination destination);
  ~Connector();  // as cancel()
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;

  // Ends an earlier attempt, which then does not answer.
  void connect(SteadyTime deadline, Done done);
  void cancel();
  // The server was reached, but gave no answer: the next attempt begins with the next address.
  void try_next_address();

 private:
  class Attempt;
  struct Memory;

  boost::asio::any_io_executor io_;
  std::shared_ptr<Memory> memory_;
  std::shared_ptr<Attempt> attempt_;
};

}  // namespace watchpost::net
