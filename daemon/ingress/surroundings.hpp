// Surroundings: what a listener, whatever its protocol, and its connections need of the daemon.
// Promise: all of it outlives the listener. I/O thread only.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "pipeline/intake.hpp"

namespace watchpost::ingress {

struct Surroundings {
  boost::asio::any_io_executor io;
  pipeline::Intake& intake;
  const Clock& clock;
  Log& log;
};

}  // namespace watchpost::ingress
