#include "client/paho_session.hpp"

#include <boost/asio/post.hpp>
#include <cstring>
#include <utility>

#include "client/connect_refusal.hpp"
#include "client/paho_values.hpp"
#include "model/trouble_catalogue.hpp"
#include "net/tls_probe.hpp"

namespace watchpost::client {
namespace {

constexpr int kQos = 1;
// The longest time that a callback waits for its owner. Owners give up earlier, by a time of their
// own; this one is for an owner that hangs, so that Paho's other links go on.
constexpr std::chrono::seconds kLongestWait{30};

LinkEnd unreached(Failure failure) {
  return {LinkEnd::How::unreached, 0, std::move(failure)};
}

LinkEnd unreachable(const net::Url& url, int code) {
  return unreached(failure_of(Failure::Kind::unavailable,
                              trouble<TroubleCode::paho_not_reached>(
                                  arg<"url">(url.text()), arg<"code">(std::to_string(code)))));
}

LinkEnd refused_call(const net::Url& url, int code) {
  const char* const why = MQTTAsync_strerror(code);
  return {LinkEnd::How::broken, 0,
          failure_of(Failure::Kind::unavailable,
                     trouble<TroubleCode::paho_call>(arg<"url">(url.text()),
                                                     arg<"why">(why == nullptr ? "" : why),
                                                     arg<"code">(std::to_string(code))))};
}

// A copy of what arrived, for the I/O thread: Paho's own bytes go with the callback.
struct Kept {
  std::string topic, payload, content_type, content_encoding;
  Arrival arrival;

  explicit Kept(const Arrival& from)
      : topic(from.topic),
        payload(from.payload),
        content_type(from.content_type),
        content_encoding(from.content_encoding),
        arrival(from) {}
  [[nodiscard]] Arrival view() const {
    Arrival view = arrival;
    view.topic = topic;
    view.payload = payload;
    view.content_type = content_type;
    view.content_encoding = content_encoding;
    return view;
  }
};

}  // namespace

std::shared_ptr<void> paho_keeper() {
  MQTTAsync keeper = nullptr;
  MQTTAsync_create(&keeper, "tcp://127.0.0.1:1", "watchpost-keeper", MQTTCLIENT_PERSISTENCE_NONE,
                   nullptr);
  return {keeper, [](void* client) {
            MQTTAsync handle = client;
            MQTTAsync_destroy(&handle);
          }};
}

PahoSession::PahoSession(Surroundings around, LinkOptions options, Will will)
    : around_(std::move(around)), options_(std::move(options)), will_(std::move(will)) {}

template <class Report>
void PahoSession::to_io(Report report) {
  boost::asio::post(around_.io, [self = shared_from_this(), report = std::move(report)] {
    if (self->alive_) report(*self);
  });
}

void PahoSession::lose(LinkEnd end) {
  to_io([end = std::move(end)](PahoSession& session) {
    session.alive_ = false;
    session.around_.listener.link_lost(end);
  });
}

void PahoSession::named(const Result<net::NameLookup::Addresses>& found, std::size_t turn) {
  if (found.has_error()) return lose(unreached(found.error()));
  to_io([address = (*found)[turn % found->size()]](PahoSession& session) {
    session.around_.paho.post(
        [self = session.shared_from_this(), address] { self->open(address); });
  });
}

void PahoSession::open(const std::string& address) {
  MQTTAsync_createOptions create = create_options(options_);
  int code = MQTTAsync_createWithOptions(&client_, paho_uri(options_.url, address).c_str(),
                                         options_.client_id.c_str(), MQTTCLIENT_PERSISTENCE_NONE,
                                         nullptr, &create);
  if (code != MQTTASYNC_SUCCESS) return lose(unreachable(options_.url, code));
  if (options_.owner_acknowledges) PahoSocket::listen_to_trace();
  MQTTAsync_setCallbacks(client_, this, &on_connection_lost, &on_message, nullptr);
  MQTTAsync_setDisconnected(client_, this, &on_disconnected);
  PahoConnect connect(options_, will_);
  set_connect_callbacks(connect.options);
  code = MQTTAsync_connect(client_, &connect.options);
  if (code != MQTTASYNC_SUCCESS) lose(unreachable(options_.url, code));
}

void PahoSession::set_connect_callbacks(MQTTAsync_connectOptions& options) {
  options.context = this;
  if (is_v5()) {
    options.onSuccess5 = [](void* session, MQTTAsync_successData5* success) {
      static_cast<PahoSession*>(session)->connected(terms_of(*success));
    };
    options.onFailure5 = [](void* session, MQTTAsync_failureData5* failure) {
      static_cast<PahoSession*>(session)->connect_failed(failure == nullptr ? -1 : failure->code);
    };
  } else {
    options.onSuccess = [](void* session, MQTTAsync_successData* success) {
      static_cast<PahoSession*>(session)->connected(terms_of(*success));
    };
    options.onFailure = [](void* session, MQTTAsync_failureData* failure) {
      static_cast<PahoSession*>(session)->connect_failed(failure == nullptr ? -1 : failure->code);
    };
  }
}

void PahoSession::connected(const LinkTerms& terms) {
  socket_.remember(options_.client_id);
  to_io([terms](PahoSession& session) {
    session.stood_ = true;
    session.around_.listener.connected(terms);
  });
}

void PahoSession::connect_failed(int code) {
  if (code > 0) {
    return lose({LinkEnd::How::refused, static_cast<std::uint8_t>(code),
                 connect_refusal(options_.url.text(), {code, {}}, options_.section)});
  }
  if (!options_.url.tls) return lose(unreachable(options_.url, code));
  // Paho has one number for all that can be wrong with TLS. The probe asks what it is, on Paho's
  // calling thread, because it blocks.
  to_io([](PahoSession& session) {
    session.around_.paho.post([self = session.shared_from_this()] {
      const LinkOptions& options = self->options_;
      self->lose(unreached(net::tls_trouble(
          {options.url, options.tls.ca_file, options.tls.certificate, options.tls.verify_server})));
    });
  });
}

void PahoSession::publish(Publication publication) {
  if (spare_.empty()) spare_.push_back(&sent_.emplace_back(Sent{this, {}}));
  Sent* const sent = spare_.back();
  spare_.pop_back();
  sent->token = publication.token;
  around_.paho.post([self = shared_from_this(), publication = std::move(publication), sent] {
    self->send(publication, *sent);
  });
}

void PahoSession::send(const Publication& publication, Sent& sent) {
  if (client_ == nullptr) return;
  MQTTAsync_message message = MQTTAsync_message_initializer;
  message.payload = const_cast<char*>(publication.payload.data());  // Paho copies it
  message.payloadlen = static_cast<int>(publication.payload.size());
  message.qos = kQos;
  message.retained = publication.retain ? 1 : 0;
  MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
  response.context = &sent;
  if (is_v5()) {
    message.properties = properties_of(publication);
    response.onSuccess5 = [](void* context, MQTTAsync_successData5*) {
      // Paho keeps the code of a success to itself, "no matching subscribers" (0x10) too.
      auto& each = *static_cast<Sent*>(context);
      each.session->answered(each, ReasonCode{0});
    };
    response.onFailure5 = [](void* context, MQTTAsync_failureData5* failure) {
      // A code below that is no answer of the server: the link is going, and says so itself.
      if (failure == nullptr || failure->reasonCode < MQTTREASONCODE_UNSPECIFIED_ERROR) return;
      auto& each = *static_cast<Sent*>(context);
      each.session->answered(each, ReasonCode{static_cast<std::uint8_t>(failure->reasonCode)});
    };
  } else {
    // There is no onFailure: a 3.1.1 server has no answer that refuses.
    response.onSuccess = [](void* context, MQTTAsync_successData*) {
      auto& each = *static_cast<Sent*>(context);
      each.session->answered(each, ReasonCode{0});
    };
  }
  const int code = MQTTAsync_sendMessage(client_, publication.topic.c_str(), &message, &response);
  MQTTProperties_free(&message.properties);
  if (code != MQTTASYNC_SUCCESS) lose(refused_call(options_.url, code));
}

void PahoSession::answered(Sent& sent, ReasonCode code) {
  to_io([&sent, code](PahoSession& session) {
    session.spare_.push_back(&sent);
    session.around_.listener.acknowledged(sent.token, code);
  });
}

void PahoSession::subscribe(const std::vector<std::string>& topics) {
  if (client_ == nullptr) return;
  subscribing_.topics = topics.size();
  std::vector<char*> names;
  for (const std::string& topic : topics) names.push_back(const_cast<char*>(topic.c_str()));
  std::vector<int> qos(topics.size(), kQos);
  std::vector<MQTTSubscribe_options> each(topics.size(), MQTTSubscribe_options_initializer);
  MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
  response.context = &subscribing_;
  if (is_v5()) {
    response.subscribeOptionsCount = static_cast<int>(each.size());
    response.subscribeOptionsList = each.data();
    response.onSuccess5 = [](void* context, MQTTAsync_successData5* granted) {
      static_cast<Subscribing*>(context)->session->subscribed(codes_of(*granted));
    };
    response.onFailure5 = [](void* context, MQTTAsync_failureData5* failure) {
      const bool told =
          failure != nullptr && failure->reasonCode >= MQTTREASONCODE_UNSPECIFIED_ERROR;
      const auto code = static_cast<std::uint8_t>(told ? failure->reasonCode : 0);
      static_cast<Subscribing*>(context)->session->subscribed(
          {told ? ReasonCode{code} : kRefusedSubscribe});
    };
  } else {
    response.onSuccess = [](void* context, MQTTAsync_successData* granted) {
      const auto& asked = *static_cast<Subscribing*>(context);
      asked.session->subscribed(codes_of(*granted, asked.topics));
    };
    response.onFailure = [](void* context, MQTTAsync_failureData*) {
      static_cast<Subscribing*>(context)->session->subscribed({kRefusedSubscribe});
    };
  }
  const int code = MQTTAsync_subscribeMany(client_, static_cast<int>(names.size()), names.data(),
                                           qos.data(), &response);
  if (code != MQTTASYNC_SUCCESS) lose(refused_call(options_.url, code));
}

void PahoSession::subscribed(std::vector<ReasonCode> codes) {
  to_io([codes = std::move(codes)](PahoSession& session) {
    session.around_.listener.subscribed(codes);
  });
}

void PahoSession::on_connection_lost(void* context, char* cause) {
  auto& session = *static_cast<PahoSession*>(context);
  const std::string why = cause == nullptr ? "" : cause;
  // Paho does not say who ended the link; mostly it is the other side.
  const auto url = arg<"url">(session.options_.url.text());
  session.lose({LinkEnd::How::closed, 0,
                failure_of(Failure::Kind::unavailable,
                           why.empty() ? trouble<TroubleCode::link_closed>(url)
                                       : trouble<TroubleCode::link_broken>(url, arg<"why">(why)))});
}

// After the server's DISCONNECT Paho says nothing else of the end.
void PahoSession::on_disconnected(void* context, MQTTProperties* properties, MQTTReasonCodes code) {
  auto& session = *static_cast<PahoSession*>(context);
  const LinkOptions& options = session.options_;
  session.lose({LinkEnd::How::ended, static_cast<std::uint8_t>(code),
                end_by_server(options.url.text(), {code, server_reference_in(properties)},
                              options.section)});
}

int PahoSession::on_message(void* context, char* topic, int length, MQTTAsync_message* message) {
  auto& session = *static_cast<PahoSession*>(context);
  Arrival arrival = arrival_of(*message);
  arrival.topic = {topic, length > 0 ? static_cast<std::size_t>(length) : std::strlen(topic)};
  if (!session.take(arrival)) session.socket_.shut_down(session.options_.url.port);
  MQTTAsync_freeMessage(&message);
  MQTTAsync_free(topic);
  return 1;  // anything else: Paho acknowledges all the same, and calls again
}

bool PahoSession::take(const Arrival& arrival) {
  Kept kept(arrival);
  std::unique_lock lock(mutex_);
  if (options_.owner_acknowledges) {
    if (ended_) return false;
    ++newest_.value;
    kept.arrival.id = newest_;
  }
  to_io([kept = std::move(kept)](PahoSession& session) {
    session.around_.listener.arrived(kept.view());
  });
  if (!options_.owner_acknowledges) return true;
  changed_.wait_for(lock, kLongestWait, [this] { return ended_ || acknowledged_ == newest_; });
  if (acknowledged_ == newest_) return true;
  ended_ = true;  // the messages behind this one come again too, in their order
  return false;
}

void PahoSession::acknowledge(ArrivalId id) {
  {
    const std::lock_guard lock(mutex_);
    if (id == newest_) acknowledged_ = id;
  }
  changed_.notify_all();
}

void PahoSession::close(std::chrono::milliseconds wait) {
  const MQTTAsync_disconnectOptions initial5 = MQTTAsync_disconnectOptions_initializer5;
  const MQTTAsync_disconnectOptions initial3 = MQTTAsync_disconnectOptions_initializer;
  MQTTAsync_disconnectOptions options = is_v5() ? initial5 : initial3;
  options.timeout = static_cast<int>(wait.count());
  options.context = this;
  if (is_v5()) {
    options.onSuccess5 = [](void* session, MQTTAsync_successData5*) {
      static_cast<PahoSession*>(session)->report_disconnected();
    };
    options.onFailure5 = [](void* session, MQTTAsync_failureData5*) {
      static_cast<PahoSession*>(session)->report_disconnected();
    };
  } else {
    options.onSuccess = [](void* session, MQTTAsync_successData*) {
      static_cast<PahoSession*>(session)->report_disconnected();
    };
    options.onFailure = [](void* session, MQTTAsync_failureData*) {
      static_cast<PahoSession*>(session)->report_disconnected();
    };
  }
  // Where Paho refuses the call, the client is not connected any more.
  if (client_ != nullptr && MQTTAsync_disconnect(client_, &options) == MQTTASYNC_SUCCESS) return;
  report_disconnected();
}

void PahoSession::report_disconnected() {
  to_io([](PahoSession& session) {
    session.alive_ = false;
    session.around_.listener.disconnected();
  });
}

void PahoSession::end() {
  alive_ = false;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
}

void PahoSession::release() {
  if (client_ != nullptr) MQTTAsync_destroy(&client_);
}

}  // namespace watchpost::client
