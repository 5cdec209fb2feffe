// FakeLink: a link without a network, and FakeBroker, to which it talks. FakeLink
// passes the same contract as the real links (tests/contract/link_contract_test.cpp), except
// `owner_acknowledges`.
// I/O thread only.
#pragma once

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/invariant.hpp"
#include "client/connect_refusal.hpp"
#include "model/trouble_catalogue.hpp"
#include "support/fake_server.hpp"
#include "upstream/publishing.hpp"

namespace watchpost::upstream_test {

using namespace watchpost::upstream;

class FakeLink final : public client::MqttLink {
 public:
  FakeLink(boost::asio::io_context& io, FakeBroker& broker, std::string password = {})
      : io_(io), broker_(broker), password_(std::move(password)) {}

  void observe(client::LinkObserver& events) override { events_ = &events; }

  void connect(const Will& will) override {
    drop();
    link_ = std::make_shared<bool>(true);
    ++broker_.connects;
    broker_.subscriptions.clear();
    broker_.wills.push_back(will);
    if (!broker_.up) {
      lose(failure_of(Failure::Kind::unavailable,
                      trouble<TroubleCode::link_port_closed>(arg<"url">("mqtt://fake"),
                                                             arg<"port">(std::uint64_t{1883}),
                                                             arg<"why">("Connection refused"))),
           client::LinkEnd::How::unreached);
    } else if (password_ != broker_.password) {
      lose(client::connect_refusal("mqtt://fake", {0x86, {}}), client::LinkEnd::How::refused,
           kNotAuthorized);
    } else if (broker_.answers) {
      accept();
    }
  }
  void publish(Publication publication) override {
    WATCHPOST_INVARIANT(link_ != nullptr);
    const PublishToken token = publication.token;
    if (!broker_.up) return;
    const auto& subscribed = broker_.subscriptions;
    if (std::find(subscribed.begin(), subscribed.end(), publication.topic) != subscribed.end()) {
      arrive(publication.topic, publication.payload);
    }
    if (broker_.answers) acknowledge(token, broker_.judge(publication));
    broker_.received.push_back(std::move(publication));
  }
  void subscribe(const std::vector<std::string>& topics) override {
    WATCHPOST_INVARIANT(link_ != nullptr);
    std::vector<ReasonCode> codes;
    for (const std::string& topic : topics) {
      const bool allowed = topic != broker_.denied;
      if (allowed) broker_.subscriptions.push_back(topic);
      codes.push_back(ReasonCode{allowed ? kGranted : kDenied});
    }
    if (!broker_.up || !broker_.answers) return;
    later([this, codes = std::move(codes)] { events_->subscribed(codes); });
  }
  void acknowledge(client::ArrivalId id) override { broker_.settled.push_back(id.value); }
  void hold(bool) override {}
  void disconnect(std::chrono::milliseconds) override {
    ++broker_.goodbyes;
    later([this] {
      *link_ = false;
      events_->disconnected();
    });
  }
  void drop() override {
    if (link_) *link_ = false;
    link_.reset();
  }
  void leave() override { drop(); }

  void accept() {
    later([this, terms = broker_.terms] { events_->connected(terms); });
  }
  void acknowledge(PublishToken token, ReasonCode code = ReasonCode{0}) {
    later([this, token, code] { events_->acknowledged(token, code); });
  }
  void arrive(std::string topic, std::string payload) {
    arrive(std::move(topic), std::move(payload), {});
  }
  // What else came with it.
  struct With {
    bool retain = false;
    std::string response_topic{};
    std::string correlation_data{};
  };
  void arrive(std::string topic, std::string payload, With with) {
    later([this, topic = std::move(topic), payload = std::move(payload), with = std::move(with)] {
      client::Arrival arrival{client::ArrivalId{++broker_.arrivals}, topic, payload,
                              Qos::at_least_once, with.retain};
      arrival.response_topic = with.response_topic;
      arrival.correlation_data = with.correlation_data;
      events_->arrived(arrival);
    });
  }
  void lose(Failure why, client::LinkEnd::How how = client::LinkEnd::How::broken,
            std::uint8_t code = 0) {
    later([this, end = client::LinkEnd{how, code, std::move(why)}] {
      *link_ = false;
      events_->link_lost(end);
    });
  }

 private:
  static constexpr std::uint8_t kGranted = 1;
  static constexpr std::uint8_t kDenied = 0x87;
  static constexpr std::uint8_t kNotAuthorized = 0x87;

  template <class Event>
  void later(Event event) {
    boost::asio::post(io_, [link = link_, event = std::move(event)] {
      if (link && *link) event();
    });
  }

  boost::asio::io_context& io_;
  FakeBroker& broker_;
  std::string password_;
  client::LinkObserver* events_ = nullptr;
  std::shared_ptr<bool> link_;
};

}  // namespace watchpost::upstream_test
