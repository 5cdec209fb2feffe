// What the publisher contract is asked of: the fake, Paho and our own client, each with its broker.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <functional>
#include <iterator>
#include <set>
#include <vector>

#include "support/catch.hpp"
#include "support/denying_broker.hpp"
#include "support/fake_publisher.hpp"
#include "support/mosquitto_process.hpp"
#include "upstream/asio_publisher.hpp"
#include "upstream/paho_publisher.hpp"

namespace watchpost::upstream {

using namespace std::chrono_literals;
using upstream_test::FakeBroker;
using upstream_test::FakePublisher;

inline constexpr auto kPatience = 20s;
inline constexpr const char* kPassword = "open-sesame";

// A broker and publishers for it.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual std::unique_ptr<Publisher> publisher(const std::string& password) = 0;
  virtual void start() = 0;
  virtual void freeze() = 0;
  virtual void kill(Publisher& publisher) = 0;
  // The properties of the retained message there: "<content type>|<content encoding>".
  virtual std::string properties_at(const std::string& topic) = 0;
  boost::asio::io_context io;

 private:
  // The I/O thread sleeps for events; without work it would not.
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io.get_executor()};
};

class FakeSubject final : public Subject {
 public:
  std::unique_ptr<Publisher> publisher(const std::string& password) override {
    broker_.password = kPassword;
    return std::make_unique<FakePublisher>(io, broker_, password);
  }
  void start() override { broker_.up = broker_.answers = true; }
  void freeze() override { broker_.answers = false; }
  void kill(Publisher& publisher) override {
    broker_.up = false;
    dynamic_cast<FakePublisher&>(publisher).lose({Failure::Kind::unavailable, "killed", "Wait"});
  }
  std::string properties_at(const std::string& topic) override {
    const auto& all = broker_.received;
    const auto found = std::find_if(
        all.begin(), all.end(), [&topic](const Publication& each) { return each.topic == topic; });
    if (found == all.end()) return "nothing";
    return found->content_type + "|" + found->content_encoding;
  }

 private:
  FakeBroker broker_;
};

enum class Client { paho, own };

inline std::unique_ptr<Publisher> publisher_of(Client client, boost::asio::io_context& io,
                                               const PublisherOptions& options) {
  if (client == Client::paho) return std::make_unique<PahoPublisher>(io.get_executor(), options);
  return std::make_unique<AsioPublisher>(io.get_executor(), options);
}

// A real publisher and a real broker.
struct Kind {
  const char* name;
  Client client;
  MqttVersion protocol;
  bool tls;
};
inline constexpr Kind kKinds[] = {{"Paho, MQTT 5", Client::paho, MqttVersion::v5, false},
                                  {"Paho, MQTT 3.1.1", Client::paho, MqttVersion::v3_1_1, false},
                                  {"Paho, MQTT 5, TLS", Client::paho, MqttVersion::v5, true},
                                  {"own, MQTT 5", Client::own, MqttVersion::v5, false},
                                  {"own, MQTT 3.1.1", Client::own, MqttVersion::v3_1_1, false},
                                  {"own, MQTT 5, TLS", Client::own, MqttVersion::v5, true},
                                  {"own, MQTT 3.1.1, TLS", Client::own, MqttVersion::v3_1_1, true}};

class RealSubject final : public Subject {
 public:
  explicit RealSubject(const Kind& kind)
      : kind_(kind),
        broker_({"max_inflight_messages 1000\n", "gateway", kPassword,
                 kind.tls ? "IP:127.0.0.1" : ""}) {}
  std::unique_ptr<Publisher> publisher(const std::string& password) override {
    PublisherOptions options;
    options.url = net::Url::parse(broker_.url()).value();
    options.protocol = kind_.protocol;
    options.client_id = "contract";
    options.username = "gateway";
    options.password = password;
    options.tls.ca_file = broker_.ca_file();
    return publisher_of(kind_.client, io, options);
  }
  void start() override { broker_.start(); }
  void freeze() override { broker_.freeze(); }
  void kill(Publisher&) override { broker_.kill(); }
  std::string properties_at(const std::string& topic) override {
    const std::string command = "mosquitto_sub -V 5 -h 127.0.0.1 -p " +
                                std::to_string(broker_.port()) + " -u gateway -P " + kPassword +
                                " -t " + topic + " -C 1 -W 10 -F '%C|%P'";
    const std::unique_ptr<FILE, int (*)(FILE*)> child(popen(command.c_str(), "r"), &pclose);
    std::string text(200, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), child.get()));
    while (text.ends_with('\n')) text.pop_back();
    // How mosquitto_sub writes a User Property.
    constexpr std::string_view kName = "content-encoding:";
    if (const auto at = text.find(kName); at != std::string::npos) text.erase(at, kName.size());
    return text;
  }

 private:
  Kind kind_;
  test::MosquittoProcess broker_;
};

inline std::unique_ptr<Subject> subject(int number) {
  if (number < 0) return std::make_unique<FakeSubject>();
  return std::make_unique<RealSubject>(kKinds[number]);
}

}  // namespace watchpost::upstream
