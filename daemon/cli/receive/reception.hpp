// Reception: takes messages from the broker to the store, and sends receipts back.
// Promise: a PUBACK leaves only after the commit that holds its message, in the order of arrival. A
// commit takes all messages that came while the one before ran; a failed commit is tried again, and
// no message is read meanwhile. Memory: at most kMostBytes and the bytes of one read.
// Made and run on the main thread, which is the I/O thread; the store is used on a thread of its
// own.
#pragma once

#include <memory>

#include "base/log.hpp"
#include "client/mqtt_client.hpp"
#include "receiver/store.hpp"

namespace watchpost::cli::receive {

struct ReceptionOptions {
  client::MqttClientOptions connection;
  std::string topic;
  bool receipts = true;
};

class Reception {
 public:
  static constexpr std::size_t kMostBytes = 16UL * 1'024 * 1'024;

  Reception(const ReceptionOptions& options, receiver::Store store, Log& log);
  ~Reception();
  Reception(const Reception&) = delete;
  Reception& operator=(const Reception&) = delete;

  // Runs until SIGTERM or SIGINT; returns the exit code.
  [[nodiscard]] int run();

 private:
  class Work;
  std::unique_ptr<Work> work_;
};

}  // namespace watchpost::cli::receive
