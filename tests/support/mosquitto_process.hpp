// MosquittoProcess: starts a real Mosquitto on a free loopback port, with its files in a folder of
// its own; the destructor ends it by its process id. The system's broker is never touched.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace watchpost::test {

class MosquittoProcess {
 public:
  struct Options {
    std::string extra_config;  // lines that are added to the configuration
    std::string user;          // with a password: anonymous clients are refused
    std::string password;
    std::string tls_name{};  // "IP:127.0.0.1", "DNS:other.example": TLS, certificate for it
  };

  explicit MosquittoProcess(Options options);
  MosquittoProcess() : MosquittoProcess(Options{}) {}
  ~MosquittoProcess();
  MosquittoProcess(const MosquittoProcess&) = delete;
  MosquittoProcess& operator=(const MosquittoProcess&) = delete;

  void start();      // waits until it accepts connections; fails the process otherwise
  void kill();       // SIGKILL; waits for the end of the process
  void terminate();  // SIGTERM, so that the broker saves its state; waits
  void freeze();     // SIGSTOP: connections stay, but get no answers
  void thaw();
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url() const;
  // The authority that clients must trust, where tls_name is set.
  [[nodiscard]] std::string ca_file() const { return (folder_ / "broker.pem").string(); }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::string log_text() const;

 private:
  void end(int signal);
  void write_config() const;

  Options options_;
  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace watchpost::test
