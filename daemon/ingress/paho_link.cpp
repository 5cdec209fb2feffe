#include "ingress/paho_link.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <charconv>
#include <cstring>
#include <utility>

#include "client/connect_refusal.hpp"
#include "ingress/paho_message.hpp"
#include "model/trouble_catalogue.hpp"
#include "net/tls_probe.hpp"

namespace watchpost::ingress {
namespace {

constexpr int kQos = 1;

// The socket of the last CONNACK that this thread, Paho's receiving one, has read. Paho names it in
// its protocol trace only, which goes through one callback for the process, on the thread that
// reads.
struct Connack {
  std::string client_id;
  int socket = -1;
};
thread_local Connack last_connack;

void read_trace(enum MQTTASYNC_TRACE_LEVELS, char* line) {
  // "<time> <socket> <client id> <- CONNACK rc: <code>"
  const std::string_view text = line == nullptr ? "" : line;
  const auto arrow = text.find(" <- CONNACK rc: ");
  if (arrow == std::string_view::npos) return;
  const auto before_id = text.rfind(' ', arrow - 1);
  const auto before_socket =
      before_id == std::string_view::npos ? before_id : text.rfind(' ', before_id - 1);
  if (before_socket == std::string_view::npos) return;
  last_connack.client_id = text.substr(before_id + 1, arrow - before_id - 1);
  last_connack.socket = -1;
  std::from_chars(text.data() + before_socket + 1, text.data() + before_id, last_connack.socket);
}

// Wherever Paho's trace is not as we know it: every connection of ours to that port goes, the right
// one among them. Others only connect again.
void sever_port(std::uint16_t port) {
  const long limit = ::sysconf(_SC_OPEN_MAX);
  for (int fd = 0; fd < limit; ++fd) {
    sockaddr_storage peer{};
    socklen_t length = sizeof(peer);
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &length) != 0) continue;
    const auto* const v4 = reinterpret_cast<const sockaddr_in*>(&peer);
    const auto* const v6 = reinterpret_cast<const sockaddr_in6*>(&peer);
    const bool same = (peer.ss_family == AF_INET && ntohs(v4->sin_port) == port) ||
                      (peer.ss_family == AF_INET6 && ntohs(v6->sin6_port) == port);
    if (same) ::shutdown(fd, SHUT_RDWR);
  }
}

// Over TLS Paho gets the name, whatever its address: the certificate is compared with it.
std::string paho_uri(const net::Url& url, const std::string& address) {
  net::Url there = url;
  if (!url.tls && !address.empty()) there.host = address;
  const std::string text = there.text();
  return (url.tls ? "ssl" : "tcp") + text.substr(text.find("://"));
}

using client::LinkEnd;

LinkEnd unreached(Failure failure) {
  return {LinkEnd::How::unreached, 0, std::move(failure)};
}

LinkEnd unreachable(const net::Url& url, int code) {
  if (code > 0) {
    return {LinkEnd::How::refused, static_cast<std::uint8_t>(code),
            client::connect_refusal(url.text(), {code, {}}, "broker")};
  }
  return unreached(failure_of(Failure::Kind::unavailable,
                              trouble<TroubleCode::paho_not_reached>(
                                  arg<"url">(url.text()), arg<"code">(std::to_string(code)))));
}

// A client that is never connected: with the last client gone Paho tears its threads down, and a
// client made by another thread at that moment would be lost with them.
std::shared_ptr<void> make_keeper() {
  MQTTAsync keeper = nullptr;
  MQTTAsync_create(&keeper, "tcp://127.0.0.1:1", "watchpost-keeper", MQTTCLIENT_PERSISTENCE_NONE,
                   nullptr);
  return {keeper, [](void* client) {
            MQTTAsync handle = client;
            MQTTAsync_destroy(&handle);
          }};
}

}  // namespace

BrokerReader::PahoCalls::PahoCalls() {
  thread.post([this] { keeper = make_keeper(); });
}

BrokerReader::PahoCalls::~PahoCalls() {
  thread.post([this] { keeper.reset(); });
}

void BrokerReader::PahoLink::open() {
  if (options_.url.is_address()) {
    return paho_.thread.post([self = shared_from_this()] { self->connect({}); });
  }
  paho_.names.ask(options_.url.host,
                  [self = shared_from_this()](const auto& found) { self->named(found); });
}

void BrokerReader::PahoLink::subscribe() {
  paho_.thread.post([self = shared_from_this()] { self->ask_for_topics(); });
}

template <class Report>
void BrokerReader::PahoLink::to_io(Report report) {
  boost::asio::post(io_, [self = shared_from_this(), report = std::move(report)]() mutable {
    if (self->reader_ != nullptr) report(*self->reader_);
  });
}

void BrokerReader::PahoLink::lose(LinkEnd end) {
  to_io([end = std::move(end)](BrokerReader& reader) { reader.lost(end); });
}

MQTTAsync_connectOptions BrokerReader::PahoLink::connect_options() {
  const bool v5 = options_.protocol == MqttVersion::v5;
  const MQTTAsync_connectOptions initial5 = MQTTAsync_connectOptions_initializer5;
  const MQTTAsync_connectOptions initial3 = MQTTAsync_connectOptions_initializer;
  MQTTAsync_connectOptions connect = v5 ? initial5 : initial3;
  connect.MQTTVersion = v5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
  connect.keepAliveInterval = static_cast<int>(options_.keep_alive.count());
  connect.connectTimeout = static_cast<int>(options_.connect_timeout.count());
  connect.automaticReconnect = 0;
  connect.context = this;
  if (!options_.username.empty()) {
    connect.username = options_.username.c_str();
    connect.password = options_.password.c_str();
  }
  if (options_.url.tls) {
    const auto text = [](const std::string& file) { return file.empty() ? nullptr : file.c_str(); };
    tls_.trustStore = text(options_.tls.ca_file);
    tls_.keyStore = text(options_.tls.certificate);
    tls_.privateKey = text(options_.tls.private_key);
    tls_.enableServerCertAuth = tls_.verify = options_.tls.verify_server ? 1 : 0;
    connect.ssl = &tls_;
  }
  if (v5) {
    MQTTProperty expiry{};
    expiry.identifier = MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL;
    expiry.value.integer4 = static_cast<unsigned int>(options_.session_expiry.count());
    MQTTProperties_add(&properties_, &expiry);
    connect.connectProperties = &properties_;
    connect.cleanstart = 0;
    connect.onSuccess5 = [](void* link, auto*) { static_cast<PahoLink*>(link)->on_connected(); };
    connect.onFailure5 = [](void* link, MQTTAsync_failureData5* failure) {
      static_cast<PahoLink*>(link)->on_connect_failure(failure == nullptr ? -1 : failure->code);
    };
  } else {
    connect.cleansession = 0;
    connect.onSuccess = [](void* link, auto*) { static_cast<PahoLink*>(link)->on_connected(); };
    connect.onFailure = [](void* link, MQTTAsync_failureData* failure) {
      static_cast<PahoLink*>(link)->on_connect_failure(failure == nullptr ? -1 : failure->code);
    };
  }
  return connect;
}

void BrokerReader::PahoLink::named(const Result<net::NameLookup::Addresses>& found) {
  if (found.has_error()) return lose(unreached(found.error()));
  to_io([self = shared_from_this(), address = found->front()](BrokerReader& reader) {
    reader.paho_->thread.post([self, address] { self->connect(address); });
  });
}

void BrokerReader::PahoLink::connect(const std::string& address) {
  const bool v5 = options_.protocol == MqttVersion::v5;
  const MQTTAsync_createOptions create5 = MQTTAsync_createOptions_initializer5;
  const MQTTAsync_createOptions create3 = MQTTAsync_createOptions_initializer;
  MQTTAsync_createOptions create = v5 ? create5 : create3;
  int code = MQTTAsync_createWithOptions(&client_, paho_uri(options_.url, address).c_str(),
                                         options_.client_id.c_str(), MQTTCLIENT_PERSISTENCE_NONE,
                                         nullptr, &create);
  if (code != MQTTASYNC_SUCCESS) return lose(unreachable(options_.url, code));
  MQTTAsync_setTraceCallback(&read_trace);
  MQTTAsync_setTraceLevel(MQTTASYNC_TRACE_PROTOCOL);
  MQTTAsync_setCallbacks(client_, this, &on_connection_lost, &on_message, nullptr);
  const MQTTAsync_connectOptions connect = connect_options();
  code = MQTTAsync_connect(client_, &connect);
  MQTTProperties_free(&properties_);
  if (code != MQTTASYNC_SUCCESS) lose(unreachable(options_.url, code));
}

void BrokerReader::PahoLink::on_connected() {
  socket_ = last_connack.client_id == options_.client_id ? last_connack.socket : -1;
  to_io([](BrokerReader& reader) { reader.connected(); });
}

void BrokerReader::PahoLink::on_connect_failure(int code) {
  if (code > 0 || !options_.url.tls) {
    return lose(unreachable(options_.url, code));
  }
  // Paho has one number for all that can be wrong with TLS. Asked where one may wait.
  to_io([self = shared_from_this()](BrokerReader& reader) {
    reader.paho_->thread.post([self] {
      net::TlsQuestion question{self->options_.url, self->options_.tls.ca_file};
      question.verify_server = self->options_.tls.verify_server;
      self->lose(unreached(net::tls_trouble(question)));
    });
  });
}

void BrokerReader::PahoLink::on_connection_lost(void* context, char*) {
  auto& link = *static_cast<PahoLink*>(context);
  std::string refusal;
  {
    const std::lock_guard lock(link.mutex_);
    refusal = link.refusal_;
  }
  if (refusal.empty()) {
    link.lose({LinkEnd::How::closed, 0,
               failure_of(Failure::Kind::unavailable, trouble<TroubleCode::link_closed>(
                                                          arg<"url">(link.options_.url.text())))});
  } else {
    link.to_io([](BrokerReader& reader) { ++reader.status_.refused; });
    link.lose({LinkEnd::How::ours, 0, not_kept(link.options_.url.text(), refusal)});
  }
}

void BrokerReader::PahoLink::ask_for_topics() {
  std::vector<char*> topics;
  for (const auto& topic : options_.topics) topics.push_back(const_cast<char*>(topic.c_str()));
  std::vector<int> qos(topics.size(), kQos);
  std::vector<MQTTSubscribe_options> each(topics.size(), MQTTSubscribe_options_initializer);
  MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
  response.context = this;
  if (options_.protocol == MqttVersion::v5) {
    response.subscribeOptionsCount = static_cast<int>(each.size());
    response.subscribeOptionsList = each.data();
    response.onSuccess5 = [](void* link, MQTTAsync_successData5* granted) {
      const int one = granted->reasonCode;
      std::vector<int> codes(1, one);
      const auto count = static_cast<std::size_t>(granted->alt.sub.reasonCodeCount);
      if (count > 1) {
        codes.assign(granted->alt.sub.reasonCodes, granted->alt.sub.reasonCodes + count);
      }
      static_cast<PahoLink*>(link)->on_subscribed(codes.data(), codes.size());
    };
    response.onFailure5 = [](void* link, MQTTAsync_failureData5* failure) {
      const int code = failure->reasonCode;
      static_cast<PahoLink*>(link)->on_subscribed(&code, 1);
    };
  } else {
    response.onSuccess = [](void* context, MQTTAsync_successData* granted) {
      auto& link = *static_cast<PahoLink*>(context);
      const std::size_t count = link.options_.topics.size();
      link.on_subscribed(count > 1 ? granted->alt.qosList : &granted->alt.qos, count);
    };
    response.onFailure = [](void* link, MQTTAsync_failureData*) {
      const int code = 0x80;
      static_cast<PahoLink*>(link)->on_subscribed(&code, 1);
    };
  }
  const int code = MQTTAsync_subscribeMany(client_, static_cast<int>(topics.size()), topics.data(),
                                           qos.data(), &response);
  if (code != MQTTASYNC_SUCCESS) lose(unreachable(options_.url, code));
}

void BrokerReader::PahoLink::on_subscribed(const int* codes, std::size_t count) {
  std::optional<Failure> failure;
  for (std::size_t i = 0; i < count && i < options_.topics.size(); ++i) {
    if (codes[i] < 0x80) continue;
    failure = refused_topic(options_.url.text(), options_.topics[i], codes[i]);
  }
  to_io([failure](BrokerReader& reader) { reader.subscribed(failure); });
}

int BrokerReader::PahoLink::on_message(void* context, char* topic, int length,
                                       MQTTAsync_message* message) {
  auto& link = *static_cast<PahoLink*>(context);
  const std::size_t size = length > 0 ? static_cast<std::size_t>(length) : std::strlen(topic);
  auto parsed = Topic::parse({topic, size});
  bool kept = true;
  if (!parsed) {
    // The broker breaks the standard. Refused, the message would come again for ever.
    link.to_io([size](BrokerReader& reader) { reader.complain_of_topic(size); });
  } else {
    kept = link.take(message_of(std::move(*parsed), *message, link.options_.name));
  }
  if (!kept) link.sever();
  MQTTAsync_freeMessage(&message);
  MQTTAsync_free(topic);
  return 1;  // anything else: Paho acknowledges all the same, and calls again
}

bool BrokerReader::PahoLink::take(Message message) {
  std::unique_lock lock(mutex_);
  if (ended_ || !refusal_.empty()) return false;
  verdict_ = Verdict::pending;
  const std::uint64_t ticket = ++ticket_;
  boost::asio::post(io_,
                    [self = shared_from_this(), message = std::move(message), ticket]() mutable {
                      if (self->reader_ != nullptr) ++self->reader_->status_.received;
                      self->hand_over(std::move(message), ticket);
                    });
  changed_.wait_for(lock, options_.custody_timeout,
                    [this] { return ended_ || verdict_ != Verdict::pending; });
  const bool kept = verdict_ == Verdict::kept;
  if (!kept && refusal_.empty()) {
    refusal_ = ended_ ? "the daemon stops" : "the store did not answer in time";
  }
  verdict_ = kept ? Verdict::kept : Verdict::refused;
  return kept;
}

bool BrokerReader::PahoLink::is_waiting_for(std::uint64_t ticket) {
  const std::lock_guard lock(mutex_);
  return !ended_ && ticket_ == ticket && verdict_ == Verdict::pending;
}

void BrokerReader::PahoLink::hand_over(Message message, std::uint64_t ticket) {
  // Refused meanwhile: the broker sends it again, and it would be stored twice.
  if (reader_ == nullptr || !is_waiting_for(ticket)) return;
  auto& intake = reader_->around_.intake;
  if (intake.accepting()) {
    CustodyTicket custody{shared_from_this(), ticket};
    intake.submit(std::move(message), {}, std::move(custody));
    return;
  }
  intake.when_accepting([self = shared_from_this(), message = std::move(message),
                         ticket]() mutable { self->hand_over(std::move(message), ticket); });
}

void BrokerReader::PahoLink::settled(std::uint64_t ticket, const Result<void>& outcome) {
  if (reader_ != nullptr) {
    auto& status = reader_->status_;
    status.kept += outcome.has_value() ? 1 : 0;
    if (outcome.has_value()) reader_->reconnect_.reset();
  }
  {
    const std::lock_guard lock(mutex_);
    if (ticket != ticket_ || verdict_ != Verdict::pending) return;
    verdict_ = outcome.has_value() ? Verdict::kept : Verdict::refused;
    if (outcome.has_error()) refusal_ = outcome.error().sentence();
  }
  changed_.notify_all();
}

void BrokerReader::PahoLink::sever() const {
  if (socket_ >= 0) {
    ::shutdown(socket_, SHUT_RDWR);
  } else {
    sever_port(options_.url.port);
  }
}

void BrokerReader::PahoLink::end() {
  reader_ = nullptr;
  paho_.names.forget();
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  paho_.thread.post([self = shared_from_this()] { self->release(); });
}

void BrokerReader::PahoLink::release() {
  if (client_ != nullptr) MQTTAsync_destroy(&client_);
}

}  // namespace watchpost::ingress
