#include "cli/setup/street_trial.hpp"

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "client/link_diagnosis.hpp"
#include "model/event_topic.hpp"
#include "model/trouble_catalogue.hpp"

namespace watchpost::cli {
namespace {

using client::LinkEnd;

// "The server does not support the version": CONNACK of 5.0 (section 3.2.2.2), of 3.1.1 (3.2.2.3).
constexpr std::uint8_t kVersion5 = 0x84;
constexpr std::uint8_t kVersion3 = 0x01;

constexpr std::array kClasses{EventClass::alarm, EventClass::patrol, EventClass::status,
                              EventClass::telemetry};

class Trial final : public client::LinkObserver {
 public:
  Trial(const TrialOptions& options, const Gateway& gateway)
      : options_(options),
        link_(client::make_link(io_.get_executor(), MqttLibrary::own, options.link)),
        deadline_(io_) {
    for (const EventClass one : kClasses) {
      topics_.push_back(gateway.topics().event({one, Domain::other, kSetupCheckDevice}));
    }
  }

  StreetAnswer run() {
    link_->observe(*this);
    link_->connect({});
    deadline_.expires_after(options_.most);
    deadline_.async_wait([this](const boost::system::error_code& cancelled) {
      if (!cancelled) give_up();
    });
    io_.run();
    return std::move(answer_);
  }
  [[nodiscard]] bool is_refused_for_version() const { return is_refused_for_version_; }

  void connected(const client::LinkTerms&) override {
    answer_.let_us_in = true;
    is_up_ = true;
    ask_next();
  }
  void link_lost(const LinkEnd& end) override {
    if (is_done_) return;
    if (!std::exchange(is_up_, false)) {
      is_refused_for_version_ =
          end.how == LinkEnd::How::refused && (end.code == kVersion5 || end.code == kVersion3);
      answer_.let_us_in = false;
      answer_.failure = end.failure;
      return end_trial();
    }
    // A server that only ends the link over a topic forbids it too.
    answer_.refused.push_back(topics_[next_++]);
    go_on_anew();
  }
  void acknowledged(client::PublishToken, client::ReasonCode code) override {
    const std::string& topic = topics_[next_++];
    if (static_cast<std::uint8_t>(code) >= 0x80) {
      // Some servers end the link behind a refusal; the next question is not to pay for it.
      answer_.refused.push_back(topic);
      link_->drop();
      is_up_ = false;
      return go_on_anew();
    }
    if (next_ < topics_.size()) return ask_next();
    is_done_ = true;
    link_->disconnect(std::chrono::milliseconds(500));
    // `disconnected` ends it; a server that keeps the connection open does not keep us.
    deadline_.expires_after(std::chrono::seconds(2));
    deadline_.async_wait([this](const boost::system::error_code& cancelled) {
      if (!cancelled) link_->drop();
    });
  }
  void subscribed(std::span<const client::ReasonCode>) override {}
  void arrived(const client::Arrival&) override {}
  void disconnected() override { deadline_.cancel(); }

 private:
  void ask_next() { link_->publish({client::PublishToken{next_}, topics_[next_], {}}); }
  void go_on_anew() {
    if (next_ == topics_.size()) return end_trial();
    link_->connect({});
  }
  void end_trial() {
    is_done_ = true;
    deadline_.cancel();
  }
  void give_up() {
    if (is_done_) return;
    answer_.let_us_in = false;
    answer_.failure =
        in_both(Failure::Kind::unavailable,
                English{"The server did not answer in time", "Try again, or look at its log"},
                Chinese{"服务器没有及时答复", "请重试，或查看服务器的日志"});
    link_->drop();
    end_trial();
  }

  const TrialOptions& options_;
  boost::asio::io_context io_{1};
  std::unique_ptr<client::MqttLink> link_;
  boost::asio::steady_timer deadline_;
  std::vector<std::string> topics_;
  std::size_t next_ = 0;  // the topic that is asked for
  bool is_up_ = false;
  bool is_done_ = false;
  bool is_refused_for_version_ = false;
  StreetAnswer answer_;
};

}  // namespace

StreetAnswer try_street(const TrialOptions& options, const Gateway& gateway) {
  Trial trial(options, gateway);
  StreetAnswer answer = trial.run();
  if (!trial.is_refused_for_version() || options.link.protocol == MqttVersion::v3_1_1) {
    return answer;
  }
  TrialOptions old = options;
  old.link.protocol = MqttVersion::v3_1_1;
  answer = Trial(old, gateway).run();
  answer.is_old_protocol = answer.let_us_in;
  return answer;
}

}  // namespace watchpost::cli
