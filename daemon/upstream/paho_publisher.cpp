#include "upstream/paho_publisher.hpp"

#include <fmt/format.h>
#include <mqtt/async_client.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstdint>
#include <utility>

#include "base/invariant.hpp"
#include "client/connect_refusal.hpp"
#include "model/trouble_catalogue.hpp"
#include "net/tls_probe.hpp"
#include "upstream/paho_values.hpp"

namespace watchpost::upstream {
namespace {

constexpr int kQos = 1;
// Above what is ever outstanding: at its own limit Paho's send thread sleeps for up to a second.
constexpr std::size_t kSpare = 2;

// Paho's names for the schemes of our configuration. Over TLS Paho gets the name, whatever its
// address: the certificate is compared with it.
std::string paho_uri(const net::Url& url, const std::string& address) {
  net::Url there = url;
  if (!url.tls && !address.empty()) there.host = address;
  const std::string text = there.text();
  return (url.tls ? "ssl" : "tcp") + text.substr(text.find("://"));
}

mqtt::create_options create_options_for(const PublisherOptions& options) {
  return mqtt::create_options_builder()
      .mqtt_version(options.protocol == MqttVersion::v5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1)
      .send_while_disconnected(false)
      .max_buffered_messages(static_cast<int>(options.max_outstanding + kSpare))
      .finalize();
}

mqtt::ssl_options tls_options_for(const TlsFiles& tls) {
  mqtt::ssl_options_builder builder;
  if (!tls.ca_file.empty()) builder.trust_store(tls.ca_file);
  if (!tls.certificate.empty()) builder.key_store(tls.certificate);
  if (!tls.private_key.empty()) builder.private_key(tls.private_key);
  builder.enable_server_cert_auth(tls.verify_server);
  builder.verify(tls.verify_server);
  return builder.finalize();
}

mqtt::connect_options connect_options_for(const PublisherOptions& options, const Will& will) {
  mqtt::connect_options_builder builder;
  if (options.protocol == MqttVersion::v5) {
    builder.mqtt_version(MQTTVERSION_5).clean_start(options.clean_start);
  } else {
    builder.mqtt_version(MQTTVERSION_3_1_1).clean_session(options.clean_start);
  }
  builder.keep_alive_interval(options.keep_alive)
      .connect_timeout(options.connect_timeout)
      .max_inflight(static_cast<int>(options.max_outstanding + kSpare))
      .automatic_reconnect(false);
  if (!options.username.empty()) builder.user_name(options.username).password(options.password);
  if (!will.topic.empty()) {
    builder.will(mqtt::will_options(will.topic, will.payload, kQos, true));
  }
  if (options.url.tls) builder.ssl(tls_options_for(options.tls));
  return builder.finalize();
}

using client::LinkEnd;

LinkEnd unreached(Failure failure) {
  return {LinkEnd::How::unreached, 0, std::move(failure)};
}

LinkEnd unreachable(const net::Url& url, int code) {
  return unreached(failure_of(Failure::Kind::unavailable,
                              trouble<TroubleCode::paho_not_reached>(
                                  arg<"url">(url.text()), arg<"code">(std::to_string(code)))));
}

LinkEnd translated(const net::Url& url, const mqtt::exception& error) {
  return {LinkEnd::How::broken, 0,
          failure_of(Failure::Kind::unavailable,
                     trouble<TroubleCode::paho_call>(
                         arg<"url">(url.text()), arg<"why">(error.what()),
                         arg<"code">(std::to_string(error.get_return_code()))))};
}

}  // namespace

// A client that is never connected: with the last client gone Paho tears its threads down, and a
// client made by another thread at that moment would be lost with them.
struct PahoPublisher::Keeper {
  mqtt::async_client client{"tcp://127.0.0.1:1", "watchpost-keeper"};
};

// One connection, from connect to its end. `client` is touched by Paho's calling thread only,
// `alive` by the I/O thread only; the callbacks of Paho's own threads do nothing but post.
class PahoPublisher::Link final : public mqtt::callback,
                                  public mqtt::iaction_listener,
                                  public std::enable_shared_from_this<Link> {
 public:
  Link(PahoPublisher& owner, PublisherEvents& events)
      : io_(owner.io_),
        paho_(owner.paho_),
        events_(events),
        url_(owner.options_.url),
        protocol_(owner.options_.protocol),
        question_{url_, owner.options_.tls.ca_file, owner.options_.tls.verify_server} {}

  void end() { alive_ = false; }
  // Whether it ever was a connection; I/O thread.
  [[nodiscard]] bool stood() const { return stood_; }

  // On the thread of the lookup. Paho is asked only where the name is known: it would look it up
  // with the lock held that all its clients need.
  void named(const Result<net::NameLookup::Addresses>& found, std::size_t turn, const Will& will,
             const PublisherOptions& options) {
    if (found.has_error()) return lose(unreached(found.error()));
    const std::string address = (*found)[turn % found->size()];
    to_io([address, will, options](Link& link) {
      link.paho_.post([self = link.shared_from_this(), address, will, options] {
        self->open(options, will, address);
      });
    });
  }

  void open(const PublisherOptions& options, const Will& will, const std::string& address) {
    try {
      client_ = std::make_unique<mqtt::async_client>(
          paho_uri(options.url, address), options.client_id, create_options_for(options));
      client_->set_callback(*this);
      client_->connect(connect_options_for(options, will), nullptr, *this);
    } catch (const mqtt::exception& error) {
      lose(translated(url_, error));
    } catch (const std::exception& error) {
      lose(unreached(failure_of(
          Failure::Kind::invalid_input,
          trouble<TroubleCode::paho_settings>(arg<"url">(url_.text()), arg<"why">(error.what())))));
    }
  }

  void expect(PublishToken token) { newest_ = std::max(newest_, token); }

  void send(Publication publication) {
    if (!client_) return;
    try {
      // The token travels as the user context; where a pointer is narrower, `widened` restores it.
      auto message = mqtt::make_message(std::move(publication.topic),
                                        std::move(publication.payload), kQos, publication.retain);
      if (protocol_ == MqttVersion::v5) message->set_properties(properties_of(publication));
      const auto context = static_cast<std::uintptr_t>(publication.token.value);
      client_->publish(std::move(message), reinterpret_cast<void*>(context), *this);
    } catch (const mqtt::exception& error) {
      lose(translated(url_, error));
    }
  }

  void subscribe(const std::string& topic) {
    if (!client_) return;
    try {
      client_->subscribe(topic, kQos, nullptr, *this);
    } catch (const mqtt::exception& error) {
      lose(translated(url_, error));
    }
  }

  void close(std::chrono::milliseconds wait) {
    if (!client_) return to_io([](Link& link) { link.report_disconnected(); });
    try {
      client_->disconnect(static_cast<int>(wait.count()), nullptr, *this);
    } catch (const mqtt::exception&) {
      to_io([](Link& link) { link.report_disconnected(); });  // not connected any more
    }
  }

  // Waits for callbacks under way; none comes afterwards.
  void release() { client_.reset(); }

  void lose(LinkEnd end) {
    to_io([end = std::move(end)](Link& link) {
      if (!std::exchange(link.alive_, false)) return;
      link.events_.link_lost(end);
    });
  }

 private:
  template <class Report>
  void to_io(Report report) {
    boost::asio::post(io_, [self = shared_from_this(), report = std::move(report)] {
      if (self->alive_) report(*self);
    });
  }

  void report_disconnected() {
    alive_ = false;
    events_.disconnected();
  }

  void connected(const std::string&) override {}  // the connect token says more
  void delivery_complete(mqtt::delivery_token_ptr) override {}
  void connection_lost(const std::string& cause) override {
    // Paho does not say who ended it; mostly it is the other side.
    const auto url = arg<"url">(url_.text());
    lose({LinkEnd::How::closed, 0,
          failure_of(Failure::Kind::unavailable,
                     cause.empty() ? trouble<TroubleCode::link_closed>(url)
                                   : trouble<TroubleCode::link_broken>(url, arg<"why">(cause)))});
  }
  void message_arrived(mqtt::const_message_ptr message) override {
    to_io([message = std::move(message)](Link& link) {
      link.events_.message_arrived(message->get_topic(), message->get_payload_str());
    });
  }

  void on_success(const mqtt::token& token) override {
    switch (token.get_type()) {
      case mqtt::token::Type::CONNECT:
        // The wrapper reports a connect twice: by the token and again by its "connected" callback.
        if (std::exchange(connect_reported_, true)) return;
        to_io([terms = terms_of(token)](Link& link) {
          link.stood_ = true;
          link.events_.connected(terms);
        });
        return;
      case mqtt::token::Type::PUBLISH:
        // Paho keeps the code of a success to itself, "no matching subscribers" (0x10) too.
        return report(token, ReasonCode{0});
      case mqtt::token::Type::DISCONNECT:
        return to_io([](Link& link) { link.report_disconnected(); });
      case mqtt::token::Type::SUBSCRIBE:
        return report_subscribed(granted(token));
      case mqtt::token::Type::UNSUBSCRIBE:
        return;
    }
  }

  void on_failure(const mqtt::token& token) override {
    switch (token.get_type()) {
      case mqtt::token::Type::CONNECT:
        return connect_failed(token.get_return_code());
      case mqtt::token::Type::PUBLISH: {
        // Anything else is no answer of the broker (0, or the wrapper's own number for 3.1.1): the
        // link is going, and says so itself.
        const int code = token.get_reason_code();
        if (code >= 0x80 && code < mqtt::MQTTPP_V3_CODE) {
          report(token, ReasonCode{static_cast<std::uint8_t>(code)});
        }
        return;
      }
      case mqtt::token::Type::DISCONNECT:
        return to_io([](Link& link) { link.report_disconnected(); });
      case mqtt::token::Type::SUBSCRIBE: {
        // A 3.1.1 broker has one number for every refusal, which the wrapper does not pass on.
        const int code = token.get_reason_code();
        const bool told = code >= kRefusedSubscribe && code < mqtt::MQTTPP_V3_CODE;
        return report_subscribed(told ? code : kRefusedSubscribe);
      }
      case mqtt::token::Type::UNSUBSCRIBE:
        return;
    }
  }

  void connect_failed(int code) {
    if (code > 0) {
      return lose({LinkEnd::How::refused, static_cast<std::uint8_t>(code),
                   client::connect_refusal(url_.text(), {code, {}})});
    }
    if (!url_.tls) return lose(unreachable(url_, code));
    // Paho has one number for all that can be wrong with TLS. Asked where one may wait.
    to_io([](Link& link) {
      link.paho_.post([self = link.shared_from_this()] {
        self->lose(unreached(net::tls_trouble(self->question_)));
      });
    });
  }

  void report_subscribed(int code) {
    to_io([code = ReasonCode{static_cast<std::uint8_t>(code)}](Link& link) {
      link.events_.subscribed(code);
    });
  }

  void report(const mqtt::token& token, ReasonCode code) {
    const auto context = reinterpret_cast<std::uintptr_t>(token.get_user_context());
    to_io([context, code](Link& link) { link.events_.acknowledged(link.widened(context), code); });
  }

  // The token whose lower bits are `context`: less than 2^32 are ever outstanding.
  [[nodiscard]] PublishToken widened(std::uintptr_t context) const {
    if constexpr (sizeof(context) < sizeof(newest_.value)) {
      const auto age = static_cast<std::uint32_t>(newest_.value - context);
      return PublishToken{newest_.value - age};
    }
    return PublishToken{context};
  }

  boost::asio::any_io_executor io_;
  CallThread& paho_;  // I/O thread only, while alive_
  PublisherEvents& events_;
  net::Url url_;
  MqttVersion protocol_;
  net::TlsQuestion question_;
  bool alive_ = true;  // I/O thread only, as are stood_ and newest_
  bool stood_ = false;
  PublishToken newest_;            // the largest token handed over
  bool connect_reported_ = false;  // Paho's receiving thread only
  std::unique_ptr<mqtt::async_client> client_;
};

PahoPublisher::PahoPublisher(boost::asio::any_io_executor io, PublisherOptions options)
    : io_(std::move(io)), options_(std::move(options)) {
  paho_.post([this] { keeper_ = std::make_shared<Keeper>(); });
}

PahoPublisher::~PahoPublisher() {
  drop();
  paho_.post([this] { keeper_.reset(); });
}

void PahoPublisher::observe(PublisherEvents& events) {
  events_ = &events;
}

void PahoPublisher::connect(const Will& will) {
  WATCHPOST_INVARIANT(events_ != nullptr);
  drop();
  link_ = std::make_shared<Link>(*this, *events_);
  if (options_.url.is_address()) {
    return paho_.post([link = link_, options = options_, will] { link->open(options, will, {}); });
  }
  names_.ask(options_.url.host,
             [link = link_, options = options_, will, turn = turn_](const auto& found) {
               link->named(found, turn, will, options);
             });
}

void PahoPublisher::publish(Publication publication) {
  WATCHPOST_INVARIANT(link_ != nullptr);
  link_->expect(publication.token);
  paho_.post([link = link_, publication = std::move(publication)] { link->send(publication); });
}

void PahoPublisher::subscribe(const std::string& topic) {
  WATCHPOST_INVARIANT(link_ != nullptr);
  paho_.post([link = link_, topic] { link->subscribe(topic); });
}

void PahoPublisher::disconnect(std::chrono::milliseconds wait) {
  WATCHPOST_INVARIANT(link_ != nullptr);
  paho_.post([link = link_, wait] { link->close(wait); });
}

void PahoPublisher::drop() {
  if (!link_) return;
  names_.forget();
  // Where a name has several addresses, one that does not answer is not tried twice in a row.
  if (!link_->stood()) ++turn_;
  link_->end();
  paho_.post([link = std::exchange(link_, nullptr)] { link->release(); });
}

}  // namespace watchpost::upstream
