// watchpost_bench_limit_paho PORT SECONDS: how much the Paho C client publishes at QoS 1 with a
// full window.
#include <MQTTAsync.h>
#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <string>

namespace {

constexpr int kWindow = 100;

class Count {
 public:
  void up() {
    {
      const std::lock_guard lock(mutex_);
      ++count_;
    }
    changed_.notify_one();
  }
  std::uint64_t wait_for(std::uint64_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(10), [&] { return count_ >= count; });
    return count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t count_ = 0;
};

void count_one(void* count, MQTTAsync_successData5*) {
  static_cast<Count*>(count)->up();
}

int drop_message(void*, char* topic, int, MQTTAsync_message* message) {
  MQTTAsync_freeMessage(&message);
  MQTTAsync_free(topic);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  using Steady = std::chrono::steady_clock;
  MQTTAsync client = nullptr;
  MQTTAsync_createOptions create = MQTTAsync_createOptions_initializer5;
  create.maxBufferedMessages = kWindow + 2;
  MQTTAsync_createWithOptions(&client, fmt::format("tcp://127.0.0.1:{}", argv[1]).c_str(),
                              "bench-paho", MQTTCLIENT_PERSISTENCE_NONE, nullptr, &create);
  MQTTAsync_setCallbacks(client, nullptr, nullptr, &drop_message, nullptr);
  Count connected;
  MQTTAsync_connectOptions connect = MQTTAsync_connectOptions_initializer5;
  connect.maxInflight = kWindow + 2;
  connect.context = &connected;
  connect.onSuccess5 = &count_one;
  MQTTAsync_connect(client, &connect);
  if (connected.wait_for(1) != 1) return 1;

  Count acknowledged;
  std::string payload(200, 'm');
  MQTTAsync_message message = MQTTAsync_message_initializer;
  message.payload = payload.data();
  message.payloadlen = static_cast<int>(payload.size());
  message.qos = 1;
  const std::chrono::duration<double> length(std::atof(argv[2]));
  const auto begun = Steady::now();
  std::uint64_t sent = 0;
  std::uint64_t done = 0;
  while (Steady::now() - begun < length) {
    while (sent - done < kWindow) {
      MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
      response.context = &acknowledged;
      response.onSuccess5 = &count_one;
      MQTTAsync_sendMessage(client, "wp/in/water/bench", &message, &response);
      ++sent;
    }
    done = acknowledged.wait_for(sent - kWindow + 1);
  }
  done = acknowledged.wait_for(sent);
  const std::chrono::duration<double> took = Steady::now() - begun;
  std::cout << fmt::format(R"({{"puback_per_s":{:.1f},"unacknowledged":{}}})",
                           static_cast<double>(done) / took.count(), sent - done)
            << std::endl;
  MQTTAsync_destroy(&client);
  return 0;
}
