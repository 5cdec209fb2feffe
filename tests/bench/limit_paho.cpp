// watchpost_bench_limit_paho PORT SECONDS: what the Paho C++ client publishes at QoS 1, never more
// outstanding than it may have in flight.
#include <fmt/format.h>
#include <mqtt/async_client.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <mutex>

namespace {

constexpr int kWindow = 100;

class Acknowledged final : public mqtt::callback {
 public:
  void delivery_complete(mqtt::delivery_token_ptr) override {
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

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  using Steady = std::chrono::steady_clock;
  const auto create = mqtt::create_options_builder()
                          .mqtt_version(MQTTVERSION_5)
                          .max_buffered_messages(kWindow + 2)
                          .finalize();
  mqtt::async_client client(fmt::format("tcp://127.0.0.1:{}", argv[1]), "bench-paho", create);
  Acknowledged acknowledged;
  client.set_callback(acknowledged);
  client
      .connect(mqtt::connect_options_builder()
                   .mqtt_version(MQTTVERSION_5)
                   .clean_start(true)
                   .max_inflight(kWindow + 2)
                   .finalize())
      ->wait();
  const std::string payload(200, 'm');
  const std::chrono::duration<double> length(std::atof(argv[2]));
  const auto begun = Steady::now();
  std::uint64_t sent = 0;
  std::uint64_t done = 0;
  while (Steady::now() - begun < length) {
    while (sent - done < kWindow) {
      client.publish("wp/in/water/bench", payload, 1, false);
      ++sent;
    }
    done = acknowledged.wait_for(sent - kWindow + 1);
  }
  done = acknowledged.wait_for(sent);
  const std::chrono::duration<double> took = Steady::now() - begun;
  std::cout << fmt::format(R"({{"puback_per_s":{:.1f},"unacknowledged":{}}})",
                           static_cast<double>(done) / took.count(), sent - done)
            << std::endl;
  client.disconnect()->wait();
  return 0;
}
