// LocalApi: HTTP over a Unix socket, for the watchpost command and for scripts on the box
// (`curl --unix-socket .../watchpost.sock http://local/v1/status`).
// GET /v1/status: one JSON object. GET /v1/events: events as they are committed, one JSON text a
// line, without end; `?from=oldest` begins with what is still stored. GET /v1/export?from=…&to=…:
// the events of a time range, then a line with their count. GET /v1/verify: checks the store, one
// at a time; lines of progress, then the report. Promise: a client that reads slowly delays nobody:
// each pulls records from the log at its own pace. At most kMostClients at a time, of whom
// kMostFollowers may follow events, so that status is always to be had; who asks nothing, or takes
// nothing of what it asked for, is closed. Who may connect is decided by the socket file's
// permissions (0660). I/O thread only.
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

struct LocalApiSources {
  std::function<std::string()> status;               // a JSON object
  std::function<std::string(const Record&)> render;  // an event, one line of JSON
  std::filesystem::path database_file{};             // for /v1/verify; empty: not offered
};

class LocalApi {
 public:
  static constexpr std::size_t kMostClients = 32;
  static constexpr std::size_t kMostFollowers = 24;
  struct Waits {
    std::chrono::milliseconds request{10'000};  // for the whole request, and for one answer
    // For a follower to take what is written to it: somebody may be reading a page of it.
    std::chrono::milliseconds follower{10 * 60'000};
  };

  // References outlive the LocalApi.
  struct Neighbours {
    spool::Spool& spool;
    spool::LogReader& reader;
    Log& log;
  };
  LocalApi(boost::asio::io_context& io, Neighbours neighbours, LocalApiSources sources);
  ~LocalApi();

  // Before listen().
  void limit_waits(const Waits& waits);
  // Removes a socket file that a killed daemon left; the store's lock says that none is running.
  [[nodiscard]] Result<void> listen(const std::filesystem::path& socket);
  void stop();

 private:
  class Server;
  std::shared_ptr<Server> server_;
};

}  // namespace watchpost::console
