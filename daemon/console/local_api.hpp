// LocalApi: what the daemon answers on its Unix socket, for the watchpost command and for scripts
// on the box (`curl --unix-socket .../watchpost.sock http://local/v1/status`).
// GET /v1/status: one JSON object; `?devices=all` has all devices, not only those heard last. GET
// /v1/events: events as they are committed, one JSON text a line, without end; `?from=oldest` or
// `?newest=10` begins with stored events, in the order of time, `&follow=no` ends after them,
// `&class=alarm` takes one class. GET /v1/export?from=…&to=…: the events of a time range, then a
// line with their count. GET /v1/verify: checks the store, one check at a time; lines of progress,
// then the report. What people on duty see and do: duty_routes.hpp.
// Promise: a client that reads slowly delays nobody. The bounds are HttpServer's. I/O thread only.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/log.hpp"
#include "base/result.hpp"
#include "console/duty_routes.hpp"
#include "spool/log_reader.hpp"
#include "spool/spool.hpp"

namespace boost::asio {
class io_context;
}

namespace watchpost::console {

class HttpServer;

struct LocalApiSources {
  // Makes the status as a JSON object, with all devices or with those heard last.
  std::function<std::string(bool all_devices)> status;
  std::function<std::string(const Record&)> render;  // makes one line of JSON of an event
  std::filesystem::path database_file{};             // for /v1/verify; empty: not offered
  DutySources duty{};                                // empty: not offered
};

class LocalApi {
 public:
  // The references outlive the LocalApi. `reader` is used by nobody else, so that a person who
  // reads a day's events does not delay the forwarding of an alarm.
  struct Neighbours {
    spool::Spool& spool;
    spool::LogReader& reader;
    Log& log;
  };
  LocalApi(boost::asio::io_context& io, Neighbours neighbours, LocalApiSources sources);
  ~LocalApi();

  struct Waits {
    std::chrono::milliseconds answer;    // for a whole request, and for one answer
    std::chrono::milliseconds follower;  // for the reader of a stream to take what is written
  };
  // Called before listen().
  void limit_waits(const Waits& most);
  // Removes a socket file that a killed daemon left: the store's lock proves that no other daemon
  // runs.
  [[nodiscard]] Result<void> listen(const std::filesystem::path& socket);
  void stop();

 private:
  std::shared_ptr<HttpServer> server_;
};

}  // namespace watchpost::console
