// What a broker reader needs in tests: a fake intake, and a journal on disk in place of a spool.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <random>
#include <string>

#include "ingress/broker_reader.hpp"
#include "support/fake_intake.hpp"
#include "support/recording_log.hpp"

namespace watchpost::test {

// A file with one payload a line; a line is on disk before the call returns.
class Journal {
 public:
  explicit Journal(const std::string& path)
      : fd_(::open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600)) {}
  ~Journal() { ::close(fd_); }
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  [[nodiscard]] bool commit(const std::string& line) const {
    const std::string text = line + "\n";
    const auto size = static_cast<ssize_t>(text.size());
    return ::write(fd_, text.data(), text.size()) == size && ::fdatasync(fd_) == 0;
  }

 private:
  int fd_;
};

struct Speaking {
  MqttLibrary client;
  MqttVersion protocol;
};

struct ReaderStage {
  boost::asio::io_context io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  support::FakeIntake intake;
  SystemClock clock;
  support::RecordingLog log;
  std::mt19937_64 random{11};

  [[nodiscard]] ingress::BrokerReader::Surroundings around() {
    return {io.get_executor(), intake, clock, log, random};
  }
  [[nodiscard]] static ingress::BrokerReaderOptions options(const std::string& url,
                                                            const Speaking& speaking) {
    ingress::BrokerReaderOptions options;
    options.name = "office";
    options.link.url = net::Url::parse(url).value();
    options.topics = {"z/#", "other/+"};
    options.link.protocol = speaking.protocol;
    options.client = speaking.client;
    options.link.client_id = "watchpost-reader";
    options.link.session_expiry = std::chrono::hours{1};
    options.reconnect = {std::chrono::milliseconds{50}, std::chrono::milliseconds{200}};
    return options;
  }
  template <class Condition>
  [[nodiscard]] bool run_until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      io.run_one_for(std::chrono::milliseconds{20});
    }
    return true;
  }
};

}  // namespace watchpost::test
