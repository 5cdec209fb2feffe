// The subjects of the contract of links: the fake, Paho and our own client, each with its broker.
#pragma once

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <cstdio>
#include <iterator>

#include "link_stage.hpp"
#include "support/fake_link.hpp"
#include "support/mosquitto_process.hpp"

namespace watchpost::client {

using upstream_test::FakeBroker;
using upstream_test::FakeLink;

inline constexpr const char* kPassword = "open-sesame";

// A broker and links to it.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual std::unique_ptr<MqttLink> link(const std::string& password) = 0;
  virtual void start() = 0;
  virtual void freeze() = 0;
  virtual void kill(MqttLink& link) = 0;
  // The properties of the retained message on `topic`: "<content type>|<content encoding>".
  virtual std::string properties_at(const std::string& topic) = 0;

  [[nodiscard]] Linked linked(const std::string& password = kPassword) {
    return Linked(link(password));
  }
  boost::asio::io_context io;

 private:
  // Keeps the I/O thread waiting for events; without work it would return.
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io.get_executor()};
};

class FakeSubject final : public Subject {
 public:
  std::unique_ptr<MqttLink> link(const std::string& password) override {
    broker_.password = kPassword;
    return std::make_unique<FakeLink>(io, broker_, password);
  }
  void start() override { broker_.up = broker_.answers = true; }
  void freeze() override { broker_.answers = false; }
  void kill(MqttLink& link) override {
    broker_.up = false;
    dynamic_cast<FakeLink&>(link).lose({Failure::Kind::unavailable, "killed", "Wait"});
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

// A kind of real link with its real broker.
struct Kind {
  const char* name;
  MqttLibrary library;
  MqttVersion protocol;
  bool tls;
};
inline constexpr Kind kKinds[] = {
    {"Paho, MQTT 5", MqttLibrary::paho, MqttVersion::v5, false},
    {"Paho, MQTT 3.1.1", MqttLibrary::paho, MqttVersion::v3_1_1, false},
    {"Paho, MQTT 5, TLS", MqttLibrary::paho, MqttVersion::v5, true},
    {"own, MQTT 5", MqttLibrary::own, MqttVersion::v5, false},
    {"own, MQTT 3.1.1", MqttLibrary::own, MqttVersion::v3_1_1, false},
    {"own, MQTT 5, TLS", MqttLibrary::own, MqttVersion::v5, true},
    {"own, MQTT 3.1.1, TLS", MqttLibrary::own, MqttVersion::v3_1_1, true}};

// What a link can say of an end for which the server gave no reason.
inline LinkEnd::How end_without_a_word(const Kind& kind) {
  return kind.library == MqttLibrary::own ? LinkEnd::How::closed : LinkEnd::How::unsaid;
}

class RealSubject final : public Subject {
 public:
  explicit RealSubject(const Kind& kind, const std::string& more = {})
      : kind_(kind),
        broker_({"max_inflight_messages 1000\n" + more, "gateway", kPassword,
                 kind.tls ? "IP:127.0.0.1" : ""}) {}

  [[nodiscard]] LinkOptions options(const std::string& client_id = "contract") const {
    LinkOptions options;
    options.url = net::Url::parse(broker_.url()).value();
    options.protocol = kind_.protocol;
    options.client_id = client_id;
    options.username = "gateway";
    options.password = kPassword;
    options.tls.ca_file = broker_.ca_file();
    return options;
  }
  [[nodiscard]] Linked with(const LinkOptions& options) {
    return Linked(make_link(io.get_executor(), kind_.library, options));
  }
  std::unique_ptr<MqttLink> link(const std::string& password) override {
    auto wanted = options();
    wanted.password = password;
    return make_link(io.get_executor(), kind_.library, wanted);
  }
  void start() override { broker_.start(); }
  void freeze() override { broker_.freeze(); }
  void kill(MqttLink&) override { broker_.kill(); }
  std::string properties_at(const std::string& topic) override {
    const std::string command = "mosquitto_sub -V 5 -h 127.0.0.1 -p " +
                                std::to_string(broker_.port()) + " -u gateway -P " + kPassword +
                                " -t " + topic + " -C 1 -W 10 -F '%C|%P'";
    const std::unique_ptr<FILE, int (*)(FILE*)> child(popen(command.c_str(), "r"), &pclose);
    std::string text(200, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), child.get()));
    while (text.ends_with('\n')) text.pop_back();
    // mosquitto_sub writes this in front of the value of the User Property.
    constexpr std::string_view kName = "content-encoding:";
    if (const auto at = text.find(kName); at != std::string::npos) text.erase(at, kName.size());
    return text;
  }
  // How often the log of the broker has `line`.
  [[nodiscard]] std::size_t noted(const std::string& line) const {
    const std::string text = broker_.log_text();
    std::size_t count = 0;
    for (auto at = text.find(line); at != std::string::npos; at = text.find(line, at + 1)) ++count;
    return count;
  }
  [[nodiscard]] std::size_t acknowledged_by(const std::string& client_id) const {
    return noted("Received PUBACK from " + client_id);
  }

 private:
  Kind kind_;
  test::MosquittoProcess broker_;
};

inline std::unique_ptr<Subject> subject(int number) {
  if (number < 0) return std::make_unique<FakeSubject>();
  return std::make_unique<RealSubject>(kKinds[number]);
}

inline constexpr int kAllKinds = static_cast<int>(std::size(kKinds));

}  // namespace watchpost::client
