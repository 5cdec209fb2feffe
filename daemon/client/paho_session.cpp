#include "client/paho_session.hpp"

#include <boost/asio/post.hpp>
#include <optional>
#include <utility>

#include "client/connect_refusal.hpp"
#include "client/paho_values.hpp"
#include "model/trouble_catalogue.hpp"
#include "net/tls_probe.hpp"

namespace watchpost::client {
namespace {

constexpr int kSubscribedQos = 1;
// MQTT 5.0 section 2.4; also the only refusal of a 3.1.1 SUBACK (section 3.9.3).
constexpr ReasonCode kRefusedSubscribe{0x80};
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
  return {LinkEnd::How::broken, 0,
          failure_of(Failure::Kind::unavailable,
                     trouble<TroubleCode::paho_call>(arg<"url">(url.text()),
                                                     arg<"why">(mqtt::exception::error_str(code)),
                                                     arg<"code">(std::to_string(code))))};
}

// Paho's code, where it did not take the call.
template <class Call>
std::optional<int> not_taken(Call call) {
  try {
    call();
    return std::nullopt;
  } catch (const mqtt::exception& failed) {
    return failed.get_return_code();
  }
}

// A publication on its way. Paho's token keeps it, and it keeps our token for the answer.
struct Sent {
  PublishToken token;
  mqtt::message message;
};

}  // namespace

std::shared_ptr<void> paho_keeper() {
  std::shared_ptr<void> keeper;
  static_cast<void>(not_taken([&keeper] {
    keeper = std::make_shared<mqtt::async_client>("tcp://127.0.0.1:1", "watchpost-keeper");
  }));
  return keeper;
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
  const auto code = not_taken([this, &address] {
    client_ = std::make_unique<mqtt::async_client>(paho_uri(options_.url, address),
                                                   options_.client_id, create_options(options_));
    PahoSocket::listen_to_trace();
    client_->set_connection_lost_handler([this](const auto& why) { connection_lost(why); });
    client_->set_disconnected_handler([this](const auto& properties, int reason) {
      ended_by_server(server_reference_in(properties), reason);
    });
    client_->set_message_callback([this](const auto& message) {
      if (!take(*message)) socket_.shut_down(options_.url.port);
    });
    mqtt::connect_options connect;
    set_up(connect, options_, will_);
    client_->connect(connect, nullptr, *this);
  });
  if (code) lose(unreachable(options_.url, *code));
}

void PahoSession::on_success(const mqtt::token& done) {
  switch (done.get_type()) {
    case mqtt::token::CONNECT:
      return connected(terms_of(done.get_connect_response()));
    case mqtt::token::PUBLISH:
      // Paho keeps the code of a success to itself, "no matching subscribers" (0x10) too.
      return answered(*static_cast<PublishToken*>(done.get_user_context()), ReasonCode{0});
    case mqtt::token::SUBSCRIBE:
      return granted(*static_cast<ReasonCode*>(done.get_user_context()),
                     grant_of(done, options_.protocol));
    default:
      return report_disconnected();
  }
}

void PahoSession::on_failure(const mqtt::token& failed) {
  const auto refusal = refusal_of(failed);
  switch (failed.get_type()) {
    case mqtt::token::CONNECT:
      return connect_failed(failed.get_return_code());
    case mqtt::token::PUBLISH:
      // Without the server's word the link is going, and says so itself.
      if (refusal) answered(*static_cast<PublishToken*>(failed.get_user_context()), *refusal);
      return;
    case mqtt::token::SUBSCRIBE:
      return granted(*static_cast<ReasonCode*>(failed.get_user_context()),
                     refusal.value_or(kRefusedSubscribe));
    default:
      return report_disconnected();
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
    return lose(
        {LinkEnd::How::refused, static_cast<std::uint8_t>(code),
         connect_refusal(options_.url.text(), {code, {}}, ConfigSection{options_.section})});
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
  around_.paho.post([self = shared_from_this(), publication = std::move(publication)]() mutable {
    self->send(std::move(publication));
  });
}

void PahoSession::send(Publication publication) {
  if (!client_) return;
  const PublishToken token = publication.token;
  const auto sent =
      std::make_shared<Sent>(Sent{token, message_of(std::move(publication), options_.protocol)});
  const auto code = not_taken([this, &sent] {
    client_->publish(mqtt::const_message_ptr(sent, &sent->message), &sent->token, *this);
  });
  if (code) lose(refused_call(options_.url, *code));
}

void PahoSession::answered(PublishToken token, ReasonCode code) {
  to_io(
      [token, code](PahoSession& session) { session.around_.listener.acknowledged(token, code); });
}

// One by one: of several topics asked for at once the wrapper tells nothing where the first is
// refused.
void PahoSession::subscribe(const std::vector<std::string>& topics) {
  if (!client_) return;
  grants_.resize(topics.size());
  unanswered_ = topics.size();
  const auto code = not_taken([this, &topics] {
    for (std::size_t i = 0; i < topics.size(); ++i) {
      client_->subscribe(topics[i], kSubscribedQos, &grants_[i], *this);
    }
  });
  if (code) lose(refused_call(options_.url, *code));
}

void PahoSession::granted(ReasonCode& place, ReasonCode code) {
  to_io([&place, code](PahoSession& session) {
    place = code;
    if (--session.unanswered_ == 0) session.around_.listener.subscribed(session.grants_);
  });
}

// Paho knows more of an end than it tells: that a ping had no answer stands in its trace only, and
// that the network broke, or the other side closed the link, nowhere.
void PahoSession::connection_lost(const std::string& why) {
  const auto url = arg<"url">(options_.url.text());
  const auto told = [this](LinkEnd::How how, Trouble trouble) {
    lose({how, 0, failure_of(Failure::Kind::unavailable, std::move(trouble))});
  };
  if (PahoSocket::had_no_ping_answer(options_.client_id)) {
    return told(LinkEnd::How::silent, trouble<TroubleCode::link_no_ping_answer>(url));
  }
  if (!why.empty()) {
    return told(LinkEnd::How::broken, trouble<TroubleCode::link_broken>(url, arg<"why">(why)));
  }
  told(LinkEnd::How::unsaid, trouble<TroubleCode::paho_link_ended>(url));
}

// After the server's DISCONNECT Paho says nothing else of the end.
void PahoSession::ended_by_server(const std::string& reference, int code) {
  lose({LinkEnd::How::ended, static_cast<std::uint8_t>(code),
        end_by_server(options_.url.text(), {code, reference}, ConfigSection{options_.section})});
}

bool PahoSession::take(const mqtt::message& message) {
  std::unique_lock lock(mutex_);
  if (options_.owner_acknowledges) {
    if (ended_) return false;
    ++newest_.value;
  }
  to_io([kept = Kept(message), id = newest_](PahoSession& session) {
    session.around_.listener.arrived(kept.arrival(id));
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
  const auto code = not_taken([this, wait] {
    if (client_) client_->disconnect(static_cast<int>(wait.count()), nullptr, *this);
  });
  // Where Paho does not take the call, the client is not connected any more.
  if (code || !client_) report_disconnected();
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
  client_.reset();
}

}  // namespace watchpost::client
