#include "support/mosquitto_process.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "support/free_port.hpp"
#include "support/wait_until.hpp"

namespace watchpost::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

bool accepts(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(port);
  const bool accepted = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  ::close(fd);
  return accepted;
}

void run(const std::string& command) {
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

}  // namespace

MosquittoProcess::MosquittoProcess(Options options)
    : options_(std::move(options)), port_(free_port()) {
  std::string name = (std::filesystem::temp_directory_path() / "watchpost-broker-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  write_config();
}

MosquittoProcess::~MosquittoProcess() {
  end(SIGKILL);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void MosquittoProcess::write_config() const {
  std::ofstream config(folder_ / "mosquitto.conf");
  config << "listener " << port_ << " 127.0.0.1\n"
         << "log_dest file " << (folder_ / "log").string() << "\nlog_type all\n"
         << "persistence_location " << folder_.string() << "/\n";
  // Without this line a Mosquitto that root starts would become the user mosquitto, who may not
  // write in this folder.
  if (::geteuid() == 0) config << "user root\n";
  if (options_.user.empty()) {
    config << "allow_anonymous true\n";
  } else {
    const auto file = (folder_ / "passwords").string();
    run("mosquitto_passwd -b -c " + file + " " + options_.user + " " + options_.password);
    config << "allow_anonymous false\npassword_file " << file << "\n";
  }
  if (!options_.tls_name.empty()) {
    const auto key = (folder_ / "broker.key").string();
    run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "
        "/CN=broker -addext subjectAltName=" +
        options_.tls_name + " -keyout " + key + " -out " + ca_file() + " 2>/dev/null");
    config << "certfile " << ca_file() << "\nkeyfile " << key << "\n";
  }
  config << options_.extra_config;
}

void MosquittoProcess::start() {
  using namespace std::chrono_literals;
  pid_ = ::fork();
  if (pid_ == 0) {
    // The broker is killed when the test ends, also when the test itself is killed.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const std::string path = std::string(std::getenv("PATH")) + ":/usr/sbin:/usr/local/sbin";
    ::setenv("PATH", path.c_str(), 1);
    const std::string config = (folder_ / "mosquitto.conf").string();
    ::execlp("mosquitto", "mosquitto", "-c", config.c_str(), nullptr);
    ::_exit(127);
  }
  if (!support::wait_until([this] { return accepts(port_); }, 10s)) {
    throw std::runtime_error("Mosquitto does not listen: " + log_text());
  }
}

void MosquittoProcess::end(int signal) {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGCONT);
  ::kill(pid_, signal);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void MosquittoProcess::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);  // SIGKILL works also while the process is frozen
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}
void MosquittoProcess::terminate() {
  end(SIGTERM);
}
void MosquittoProcess::freeze() {
  ::kill(pid_, SIGSTOP);
}
void MosquittoProcess::thaw() {
  ::kill(pid_, SIGCONT);
}

std::string MosquittoProcess::url() const {
  return (options_.tls_name.empty() ? "mqtt" : "mqtts") + std::string("://127.0.0.1:") +
         std::to_string(port_);
}

std::string MosquittoProcess::log_text() const {
  std::ifstream file(folder_ / "log");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace watchpost::test
