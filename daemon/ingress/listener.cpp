#include "ingress/listener.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

#include "base/invariant.hpp"
#include "base/spawn.hpp"
#include "ingress/access.hpp"
#include "ingress/attached_link.hpp"
#include "ingress/connection.hpp"
#include "ingress/make_way.hpp"
#include "ingress/open_addresses.hpp"
#include "ingress/port_certificates.hpp"
#include "model/trouble_catalogue.hpp"
#include "net/waits.hpp"

namespace watchpost::ingress {
namespace {

namespace asio = boost::asio;

net::TcpPlace place_of(const ListenerOptions& options) {
  const std::string where_taken = fmt::format(
      "Another program holds this port, often Mosquitto (sudo ss -ltnp sport = :{0} names it). "
      "Set another `port` of this [[listener]] in watchpost.toml and point the sensors to it. "
      "Stop that program only if nothing else needs it: Zigbee2MQTT and others stop with their "
      "Mosquitto. To read what is sent to that Mosquitto, give it a [[broker]] section",
      options.port);
  return {options.address, options.port, "this [[listener]] in watchpost.toml", where_taken};
}

std::uint64_t random_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

}  // namespace

class Listener::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(Surroundings around, QueueReader& queues, ListenerLimits limits)
      : around_(around),
        open_(std::make_shared<OpenAddresses>(around.io, around.log, "clients")),
        all_(std::make_shared<Connections>(around, queues, limits, random_seed())),
        checks_(std::make_shared<GuardedChecks>(around.io, around.clock, limits.password_checks)),
        certificates_(around.clock, around.log, limits.certificate_look) {}

  void on_certificate(std::function<void(pipeline::CertificateWord)> tell) {
    certificates_.on_word(std::move(tell));
  }
  Result<void> start(std::vector<ListenerOptions> addresses, const StoredFacts& facts);
  void stop(std::chrono::milliseconds deadline, std::function<void()> stopped);
  void abandon();
  void use(std::vector<NewTerms> all);
  [[nodiscard]] ListenerStatus status() const;
  [[nodiscard]] const std::shared_ptr<Connections>& connections() const { return all_; }

 private:
  static asio::awaitable<void> run_stop(std::shared_ptr<Core> self,
                                        std::chrono::milliseconds deadline,
                                        std::function<void()> stopped);
  [[nodiscard]] Result<OpenAddresses::Bound> open(const ListenerOptions& options);
  void tick();
  void use(MqttAddress& address, AccessTerms terms);
  void tell_of_guessers();
  [[nodiscard]] std::shared_ptr<MqttAddress> address_of(ListenerOptions options,
                                                        const OpenAddresses::Bound& opened);
  void admit(const std::shared_ptr<MqttAddress>& address, std::shared_ptr<net::Stream> stream);

  Surroundings around_;
  std::shared_ptr<OpenAddresses> open_;
  std::shared_ptr<Connections> all_;
  std::shared_ptr<GuardedChecks> checks_;
  PortCertificates certificates_;
  std::vector<std::shared_ptr<MqttAddress>> addresses_;
};

Result<void> Listener::Core::start(std::vector<ListenerOptions> addresses,
                                   const StoredFacts& facts) {
  WATCHPOST_INVARIANT(addresses_.empty());
  for (ListenerOptions& options : addresses) {
    const auto opened = open(options);
    if (!opened) {
      open_->close();
      addresses_.clear();
      return opened.error();
    }
    addresses_.push_back(address_of(std::move(options), *opened));
  }
  all_->load(facts);
  for (const auto& address : addresses_) {
    around_.log.info("listening for MQTT{}{} on {} port {}",
                     address->options.web_socket ? " over WebSocket" : "",
                     address->options.tls ? " with TLS" : "", address->options.address,
                     address->port);
  }
  open_->start({[weak = weak_from_this()](std::size_t number, auto stream) {
                  const auto self = weak.lock();
                  if (self) self->admit(self->addresses_[number], std::move(stream));
                },
                [weak = weak_from_this()] {
                  const auto self = weak.lock();
                  if (self) self->tick();
                },
                all_->limits().tick});
  return {};
}

Result<OpenAddresses::Bound> Listener::Core::open(const ListenerOptions& options) {
  net::SpokenLayers layers;
  layers.web_socket = options.web_socket;
  if (options.tls) {
    auto certificates = certificates_.load(*options.tls);
    if (!certificates) return certificates.error();
    layers.tls = std::move(*certificates);
  }
  return open_->open(place_of(options), std::move(layers));
}

void Listener::Core::tick() {
  all_->tick();
  certificates_.tick();
  tell_of_guessers();
}

void Listener::Core::tell_of_guessers() {
  const SteadyTime now = around_.clock.steady();
  for (const Trouble& guesser : checks_->troubles(now)) {
    const auto& address = std::get<std::string>(guesser.arguments.front().value);
    // Not the whole sentence is weighed: it holds a count, so it would be new each time.
    const auto line = fmt::format("{} guesses", std::get<std::string>(guesser.arguments[1].value));
    if (all_->complaints().weigh({.about = address, .line = line}, now)) {
      tell(around_.log, guesser);
    }
  }
}

void Listener::Core::use(std::vector<NewTerms> all) {
  all_->denials().forget();
  for (NewTerms& one : all) {
    for (const auto& address : addresses_) {
      const ListenerOptions& options = address->options;
      if (options.port == one.port && options.address == one.address) {
        use(*address, std::move(one.terms));
        break;
      }
    }
  }
}

// Connections that are closed leave the table, so a copy of it is walked.
void Listener::Core::use(MqttAddress& address, AccessTerms terms) {
  const AccessTerms before = address.access->terms();
  address.access->use(std::move(terms));
  const auto open = all_->open();
  for (const auto& [id, connection] : open) {
    const protocol::Identity* const who = connection->session().identity();
    if (&connection->our_address() != &address || who == nullptr) continue;
    if (!address.access->still_admits(*who, before)) connection->not_known_any_more();
  }
}

std::shared_ptr<MqttAddress> Listener::Core::address_of(ListenerOptions options,
                                                        const OpenAddresses::Bound& opened) {
  auto address = std::make_shared<MqttAddress>();
  const bool is_anonymous = options.anonymous.value_or(opened.is_loopback);
  AccessTerms terms{is_anonymous ? Anonymous::admitted : Anonymous::refused, options.credentials,
                    options.rules, options.everybody_reads.value_or(opened.is_loopback),
                    options.readers};
  address->access = std::make_shared<AddressAccess>(
      std::move(terms), AddressAccess::Witness{all_->denials(), around_.clock, opened.port});
  address->authenticator = options.authenticator;
  if (!address->authenticator) {
    address->authenticator = std::make_shared<PasswordFile>(address->access, checks_);
  }
  if (options.certificate_is_user) {
    address->authenticator = std::make_shared<CertificateNames>(std::move(address->authenticator));
  }
  address->authoriser = options.authoriser;
  if (!address->authoriser) address->authoriser = address->access;
  all_->keep(address->authoriser);
  address->port = opened.port;
  address->options = std::move(options);
  return address;
}

void Listener::Core::admit(const std::shared_ptr<MqttAddress>& address,
                           std::shared_ptr<net::Stream> stream) {
  const std::string& peer = stream->peer();
  if (!make_way(*all_, *address, peer.substr(0, peer.rfind(':')))) return;  // it closes itself
  std::make_shared<Connection>(std::move(stream), address, all_)->start();
}

void Listener::Core::stop(std::chrono::milliseconds deadline, std::function<void()> stopped) {
  spawn(around_.io, run_stop(shared_from_this(), deadline, std::move(stopped)), around_.log,
        "stopping the listener");
}

asio::awaitable<void> Listener::Core::run_stop(std::shared_ptr<Core> self,
                                               std::chrono::milliseconds deadline,
                                               std::function<void()> stopped) {
  const auto over = std::chrono::steady_clock::now() + deadline;
  const std::function<bool()> all_settled = [all = self->all_] { return all->all_settled(); };
  const std::function<bool()> all_gone = [all = self->all_] { return all->open().empty(); };
  self->open_->close();
  self->all_->stop_reading();
  co_await net::wait_until(self->around_.io, all_settled, over);
  self->all_->say_goodbye();
  co_await net::wait_until(self->around_.io, all_gone, over);
  self->open_->end();
  self->all_->cut_off();
  self->all_->commit_what_waits();
  if (stopped) stopped();
}

void Listener::Core::abandon() {
  open_->end();
  all_->detach();
  checks_->stop();
}

ListenerStatus Listener::Core::status() const {
  ListenerStatus status;
  for (const auto& address : addresses_) {
    status.addresses.push_back({address->options.address, address->port, address->connections,
                                address->options.web_socket.has_value(),
                                address->options.tls.has_value()});
  }
  status.totals = all_->totals();
  status.sessions = all_->registry().size();
  status.subscriptions = all_->registry().subscriptions().size();
  status.retained = all_->retained().size();
  status.oversize = all_->oversize().recent(around_.clock.steady());
  status.shut_out = all_->shut_out().troubles(around_.clock.steady());
  status.certificates = certificates_.troubles();
  status.access = all_->denials().troubles(around_.clock.steady());
  for (Trouble& guesser : checks_->troubles(around_.clock.steady())) {
    status.access.push_back(std::move(guesser));
  }
  for (const auto& [id, connection] : all_->open()) {
    const auto& session = connection->session();
    if (!session.is_connected()) continue;
    ++status.clients_connected;
    status.left_out += session.left_out();
    if (status.clients.size() == ListenerStatus::kMostClients) continue;
    status.clients.push_back({session.agreement().client_id, connection->peer(),
                              std::string(to_string(session.agreement().version)),
                              session.publishes(), session.unsettled()});
  }
  return status;
}

Listener::Listener(Surroundings around, QueueReader& queues, ListenerLimits limits)
    : core_(std::make_shared<Core>(around, queues, limits)) {}

Listener::~Listener() {
  core_->abandon();
}

void Listener::on_certificate(std::function<void(pipeline::CertificateWord)> tell) {
  core_->on_certificate(std::move(tell));
}

Result<void> Listener::start(std::vector<ListenerOptions> addresses, const StoredFacts& facts) {
  return core_->start(std::move(addresses), facts);
}

void Listener::stop(std::chrono::milliseconds deadline, std::function<void()> stopped) {
  core_->stop(deadline, std::move(stopped));
}

std::unique_ptr<client::MqttLink> Listener::attach(AttachedClient client) {
  return std::make_unique<AttachedLink>(core_->connections(), std::move(client));
}

bool Listener::tell_clients(const SharedLocalMessage& message) {
  const bool is_heard = are_listening(message->topic);
  core_->connections()->intake().tell(message);
  return is_heard;
}

bool Listener::are_listening(const std::string& topic) {
  const auto parsed = Topic::parse(topic);
  WATCHPOST_INVARIANT(parsed.has_value());
  const auto matches = core_->connections()->registry().subscriptions().match(*parsed, {});
  return std::any_of(matches.begin(), matches.end(),
                     [](const auto& match) { return match.session->connection.has_value(); });
}

void Listener::use(std::vector<NewTerms> all) {
  core_->use(std::move(all));
}

ListenerStatus Listener::status() const {
  return core_->status();
}

}  // namespace watchpost::ingress
