// UplinkSurroundings: what an Uplink works with; all of it outlives the uplink.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <random>

#include "base/log.hpp"
#include "model/command.hpp"
#include "spool/log_reader.hpp"
#include "spool/spool.hpp"

namespace watchpost::upstream {

struct UplinkSurroundings {
  boost::asio::any_io_executor io;
  const Clock& clock;
  Log& log;
  spool::Spool& spool;
  spool::LogReader& reader;
  std::mt19937_64& random;
  // Has a command done; `told` is called once, with success only after the commit. May be null.
  using Told = std::function<void(const CommandResult&)>;
  std::function<void(const Command&, Told told)> obey{};
};

}  // namespace watchpost::upstream
