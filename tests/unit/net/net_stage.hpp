// NetStage: both ends of a Stream on loopback, over each kind of transport, and certificates for
// them.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "net/acceptor.hpp"
#include "net/connector.hpp"
#include "support/catch.hpp"
#include "support/temp_directory.hpp"

namespace watchpost::net {

using namespace std::chrono_literals;

inline SteadyTime in(std::chrono::milliseconds wait) {
  return std::chrono::steady_clock::now() + wait;
}

// Writes a certificate for one name, which is its own authority, as files.
inline ServerFiles a_certificate(const std::filesystem::path& folder, const std::string& file,
                                 const std::string& alternative = "IP:127.0.0.1") {
  const std::string base = (folder / file).string();
  const std::string command =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "
      "/CN=" +
      file + " -addext subjectAltName=" + alternative + " -keyout " + base + ".key -out " + base +
      ".pem 2>/dev/null";
  REQUIRE(std::system(command.c_str()) == 0);
  return {base + ".pem", base + ".key", {}};
}

struct NetStage {
  boost::asio::io_context io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  support::TempDirectory folder;

  template <class Condition>
  bool run_until(Condition condition, std::chrono::milliseconds patience = 10s) {
    const SteadyTime over = in(patience);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > over) return false;
      io.restart();
      io.run_one_for(20ms);
    }
    return true;
  }
};

}  // namespace watchpost::net
