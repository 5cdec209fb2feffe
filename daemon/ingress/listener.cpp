#include "ingress/listener.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <random>
#include <utility>

#include "base/invariant.hpp"
#include "base/spawn.hpp"
#include "ingress/access.hpp"
#include "ingress/connection.hpp"
#include "net/await.hpp"

namespace watchpost::ingress {
namespace {

namespace asio = boost::asio;

using net::kAwait;
// How often stopping looks whether everything is settled.
constexpr std::chrono::milliseconds kStopLook{10};

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
  Core(Surroundings around, ListenerLimits limits)
      : around_(around),
        limits_(limits),
        ticker_(around.context),
        all_(std::make_shared<Connections>(
            Connections::Surroundings{around.context.get_executor(), around.intake, around.clock,
                                      around.log},
            limits, random_seed())),
        checks_(std::make_shared<PasswordChecks>(around.context.get_executor(),
                                                 limits.password_checks)) {}

  Result<void> start(std::vector<ListenerOptions> addresses,
                     std::span<const StoredSession> sessions);
  void stop(std::chrono::milliseconds deadline, std::function<void()> stopped);
  void abandon();
  [[nodiscard]] ListenerStatus status() const;

 private:
  struct Opening {
    net::Acceptor acceptor;
    std::shared_ptr<Entrance> entrance;
  };

  static asio::awaitable<void> accept(std::shared_ptr<Core> self, std::size_t index);
  static asio::awaitable<void> tick(std::shared_ptr<Core> self);
  static asio::awaitable<void> run_stop(std::shared_ptr<Core> self,
                                        std::chrono::milliseconds deadline,
                                        std::function<void()> stopped);
  void admit(const Opening& door, std::shared_ptr<net::Stream> stream);
  void close_doors();

  Surroundings around_;
  ListenerLimits limits_;
  asio::steady_timer ticker_;
  std::shared_ptr<Connections> all_;
  std::shared_ptr<PasswordChecks> checks_;
  std::vector<Opening> doors_;
  bool stopped_ = false;
};

Result<void> Listener::Core::start(std::vector<ListenerOptions> addresses,
                                   std::span<const StoredSession> sessions) {
  WATCHPOST_INVARIANT(doors_.empty());
  for (ListenerOptions& options : addresses) {
    auto acceptor = net::Acceptor::at(around_.context.get_executor(), place_of(options));
    if (!acceptor) {
      doors_.clear();
      return acceptor.error();
    }
    auto entrance = std::make_shared<Entrance>();
    entrance->authenticator = options.authenticator;
    if (!entrance->authenticator) {
      const bool anonymous = options.anonymous.value_or(acceptor->is_loopback());
      entrance->authenticator = std::make_shared<PasswordFile>(
          anonymous ? Anonymous::admitted : Anonymous::refused, options.credentials, checks_);
    }
    entrance->authoriser = options.authoriser;
    if (!entrance->authoriser) entrance->authoriser = std::make_shared<EverybodyMayPublish>();
    entrance->port = acceptor->port();
    entrance->options = std::move(options);
    doors_.push_back(Opening{std::move(*acceptor), std::move(entrance)});
  }
  all_->registry().load(sessions, around_.clock.steady());
  for (std::size_t i = 0; i < doors_.size(); ++i) {
    spawn(around_.context.get_executor(), accept(shared_from_this(), i), around_.log,
          "accepting clients");
    around_.log.info("listening for MQTT on {} port {}", doors_[i].entrance->options.address,
                     doors_[i].entrance->port);
  }
  spawn(around_.context.get_executor(), tick(shared_from_this()), around_.log,
        "watching client timeouts");
  return {};
}

asio::awaitable<void> Listener::Core::accept(std::shared_ptr<Core> self, std::size_t index) {
  asio::steady_timer pause(self->around_.context);
  bool failing = false;
  while (self->doors_[index].acceptor.is_open()) {
    auto [error, stream] = co_await net::accept(self->doors_[index].acceptor);
    if (!error) {
      failing = false;
      self->admit(self->doors_[index], std::move(stream));
      continue;
    }
    if (!self->doors_[index].acceptor.is_open()) break;
    if (!std::exchange(failing, true)) {
      self->around_.log.warning(
          "cannot accept clients: {}. Trying again every second; if it stays, raise the limit of "
          "open files (LimitNOFILE) of the service",
          error.message());
    }
    pause.expires_after(std::chrono::seconds(1));
    co_await pause.async_wait(kAwait);
  }
}

void Listener::Core::admit(const Opening& door, std::shared_ptr<net::Stream> stream) {
  const auto& options = door.entrance->options;
  if (door.entrance->connections >= options.max_connections) {
    ++all_->totals().refused;
    const auto door_name = fmt::format("port {}", door.entrance->port);
    if (all_->complaints().weigh({.about = door_name, .line = "full"}, around_.clock.steady())) {
      around_.log.warning(
          "port {} has {} clients, the most it may have: further ones are closed at once. Raise "
          "`max_connections` of this [[listener]] in watchpost.toml",
          door.entrance->port, options.max_connections);
    }
    return;  // the stream closes itself
  }
  std::make_shared<Connection>(std::move(stream), door.entrance, all_)->start();
}

asio::awaitable<void> Listener::Core::tick(std::shared_ptr<Core> self) {
  while (!self->stopped_) {
    self->ticker_.expires_after(self->limits_.tick);
    co_await self->ticker_.async_wait(kAwait);
    if (!self->stopped_) self->all_->tick();
  }
}

void Listener::Core::close_doors() {
  for (Opening& door : doors_) door.acceptor.close();
}

void Listener::Core::stop(std::chrono::milliseconds deadline, std::function<void()> stopped) {
  spawn(around_.context.get_executor(), run_stop(shared_from_this(), deadline, std::move(stopped)),
        around_.log, "stopping the listener");
}

asio::awaitable<void> Listener::Core::run_stop(std::shared_ptr<Core> self,
                                               std::chrono::milliseconds deadline,
                                               std::function<void()> stopped) {
  asio::steady_timer look(self->around_.context);
  const auto over = std::chrono::steady_clock::now() + deadline;
  const auto in_time = [over] { return std::chrono::steady_clock::now() < over; };
  self->close_doors();
  self->all_->stop_reading();
  while (!self->all_->all_settled() && in_time()) {
    look.expires_after(kStopLook);
    co_await look.async_wait(kAwait);
  }
  self->all_->say_goodbye();
  while (!self->all_->open().empty() && in_time()) {
    look.expires_after(kStopLook);
    co_await look.async_wait(kAwait);
  }
  self->stopped_ = true;
  self->ticker_.cancel();
  self->all_->cut_off();
  if (stopped) stopped();
}

void Listener::Core::abandon() {
  stopped_ = true;
  close_doors();
  ticker_.cancel();
  all_->detach();
  checks_->stop();
}

ListenerStatus Listener::Core::status() const {
  ListenerStatus status;
  for (const Opening& door : doors_) {
    status.addresses.push_back(
        {door.entrance->options.address, door.entrance->port, door.entrance->connections});
  }
  status.totals = all_->totals();
  status.sessions = all_->registry().size();
  status.oversize = all_->oversize().recent(around_.clock.steady());
  status.shut_out = all_->shut_out().troubles(around_.clock.steady());
  for (const auto& [id, connection] : all_->open()) {
    const auto& session = connection->session();
    if (!session.is_connected()) continue;
    ++status.clients_connected;
    if (status.clients.size() == ListenerStatus::kMostClients) continue;
    status.clients.push_back({session.client_id(), connection->peer(),
                              std::string(to_string(session.version())), session.publishes(),
                              session.unsettled()});
  }
  return status;
}

Listener::Listener(Surroundings around, ListenerLimits limits)
    : core_(std::make_shared<Core>(around, limits)) {}

Listener::~Listener() {
  core_->abandon();
}

Result<void> Listener::start(std::vector<ListenerOptions> addresses,
                             std::span<const StoredSession> sessions) {
  return core_->start(std::move(addresses), sessions);
}

void Listener::stop(std::chrono::milliseconds deadline, std::function<void()> stopped) {
  core_->stop(deadline, std::move(stopped));
}

ListenerStatus Listener::status() const {
  return core_->status();
}

}  // namespace watchpost::ingress
