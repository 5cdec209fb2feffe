// LocalApi: what the daemon answers on its Unix socket, for the watchpost command and for scripts
// on the box (`curl --unix-socket .../watchpost.sock http://local/v1/status`).
// GET /v1/status: one JSON object; `?devices=all` has more than the devices heard last. GET
// /v1/events: events as they are committed, one JSON text a line, without end; `?from=oldest` or
// `?newest=10` begins with what is stored, in the order of time, `&follow=no` ends with it,
// `&class=alarm` takes one class. GET /v1/export?from=…&to=…: the events of a time range, then a
// line with their count. GET /v1/verify: checks the store, one at a time; lines of progress, then
// the report. Promise: a client that reads slowly delays nobody. The bounds are HttpServer's. I/O
// thread only.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/log.hpp"
#include "base/result.hpp"
#include "spool/log_reader.hpp"
#include "spool/spool.hpp"

namespace boost::asio {
class io_context;
}

namespace watchpost::console {

class HttpServer;

struct LocalApiSources {
  // A JSON object, with all devices or with those heard last.
  std::function<std::string(bool all_devices)> status;
  std::function<std::string(const Record&)> render;  // an event, one line of JSON
  std::filesystem::path database_file{};             // for /v1/verify; empty: not offered
};

class LocalApi {
 public:
  // References outlive the LocalApi. `reader` is its own: a person who reads a day's events does
  // not stand before the forwarding of an alarm.
  struct Neighbours {
    spool::Spool& spool;
    spool::LogReader& reader;
    Log& log;
  };
  LocalApi(boost::asio::io_context& io, Neighbours neighbours, LocalApiSources sources);
  ~LocalApi();

  // Before listen(). `answer`: for a whole request, and for one answer; `follower`: for the reader
  // of a stream to take what is written to it.
  void limit_waits(std::chrono::milliseconds answer, std::chrono::milliseconds follower);
  // Removes a socket file that a killed daemon left; the store's lock says that none is running.
  [[nodiscard]] Result<void> listen(const std::filesystem::path& socket);
  void stop();

 private:
  std::shared_ptr<HttpServer> server_;
};

}  // namespace watchpost::console
