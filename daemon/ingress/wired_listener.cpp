#include "ingress/wired_listener.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "base/invariant.hpp"
#include "base/spawn.hpp"
#include "ingress/wired_connection.hpp"
#include "model/trouble_catalogue.hpp"
#include "net/await.hpp"

namespace watchpost::ingress {

namespace {

namespace asio = boost::asio;
using net::kAwait;

// How often stopping looks whether everything is settled.
constexpr std::chrono::milliseconds kWiredStopLook{10};

net::TcpPlace wired_place(const WiredOptions& options) {
  const std::string where_taken = fmt::format(
      "Another program holds this port (sudo ss -ltnp sport = :{0} names it). Set another `port` "
      "of this [[listener]] in watchpost.toml and point the stations to it",
      options.port);
  return {options.address, options.port, "this [[listener]] in watchpost.toml", where_taken};
}

}  // namespace

class WiredListener::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(Surroundings around, WiredLimits limits)
      : around_(around),
        limits_(limits),
        ticker_(around.context),
        all_(std::make_shared<WiredConnections>(
            WiredConnections::Surroundings{around.context.get_executor(), around.intake,
                                           around.clock, around.log},
            limits)) {}

  Result<void> start(std::vector<WiredOptions> addresses);
  void stop(std::chrono::milliseconds deadline, std::function<void()> stopped);
  void abandon();
  [[nodiscard]] WiredStatus status() const;

 private:
  struct Opening {
    net::Acceptor acceptor;
    std::shared_ptr<WiredDoor> door;
  };

  static asio::awaitable<void> accept(std::shared_ptr<Core> self, std::size_t index);
  static asio::awaitable<void> tick(std::shared_ptr<Core> self);
  static asio::awaitable<void> run_stop(std::shared_ptr<Core> self,
                                        std::chrono::milliseconds deadline,
                                        std::function<void()> stopped);
  void admit(const std::shared_ptr<WiredDoor>& door, std::shared_ptr<net::Stream> stream);
  void close_doors();

  Surroundings around_;
  WiredLimits limits_;
  asio::steady_timer ticker_;
  std::shared_ptr<WiredConnections> all_;
  std::vector<Opening> doors_;
  bool stopped_ = false;
};

Result<void> WiredListener::Core::start(std::vector<WiredOptions> addresses) {
  WATCHPOST_INVARIANT(doors_.empty());
  for (WiredOptions& options : addresses) {
    auto acceptor = net::Acceptor::at(around_.context.get_executor(), wired_place(options));
    if (!acceptor) {
      doors_.clear();
      return acceptor.error();
    }
    auto door = std::make_shared<WiredDoor>();
    door->port = acceptor->port();
    door->options = std::move(options);
    doors_.push_back(Opening{std::move(*acceptor), std::move(door)});
  }
  for (std::size_t i = 0; i < doors_.size(); ++i) {
    const WiredDoor& door = *doors_[i].door;
    spawn(around_.context.get_executor(), accept(shared_from_this(), i), around_.log,
          "accepting stations");
    around_.log.info("listening for {} on {} port {}", to_string(door.options.protocol),
                     door.options.address, door.port);
  }
  if (doors_.empty()) return {};
  spawn(around_.context.get_executor(), tick(shared_from_this()), around_.log,
        "watching station timeouts");
  return {};
}

asio::awaitable<void> WiredListener::Core::accept(std::shared_ptr<Core> self, std::size_t index) {
  asio::steady_timer pause(self->around_.context);
  bool failing = false;
  while (self->doors_[index].acceptor.is_open()) {
    auto [error, stream] = co_await net::accept(self->doors_[index].acceptor);
    if (!error) {
      failing = false;
      self->admit(self->doors_[index].door, std::move(stream));
      continue;
    }
    if (!self->doors_[index].acceptor.is_open()) break;
    if (!std::exchange(failing, true)) {
      self->around_.log.warning(
          "cannot accept stations: {}. Trying again every second; if it stays, raise the limit of "
          "open files (LimitNOFILE) of the service",
          error.message());
    }
    pause.expires_after(std::chrono::seconds(1));
    co_await pause.async_wait(kAwait);
  }
}

void WiredListener::Core::admit(const std::shared_ptr<WiredDoor>& door,
                                std::shared_ptr<net::Stream> stream) {
  if (door->connections >= door->options.max_connections && !all_->make_room(*door)) {
    ++all_->totals().refused;
    const Trouble full = all_->book().full(door->options, door->port, around_.clock.steady());
    const auto about = fmt::format("port {}", door->port);
    if (all_->complaints().weigh({.about = about, .line = "full"}, around_.clock.steady())) {
      tell(around_.log, full);
    }
    return;  // the stream closes itself
  }
  std::make_shared<WiredConnection>(std::move(stream), door, all_)->start();
}

asio::awaitable<void> WiredListener::Core::tick(std::shared_ptr<Core> self) {
  while (!self->stopped_) {
    self->ticker_.expires_after(self->limits_.tick);
    co_await self->ticker_.async_wait(kAwait);
    if (!self->stopped_) self->all_->tick();
  }
}

void WiredListener::Core::close_doors() {
  for (Opening& opening : doors_) opening.acceptor.close();
}

void WiredListener::Core::stop(std::chrono::milliseconds deadline, std::function<void()> stopped) {
  spawn(around_.context.get_executor(), run_stop(shared_from_this(), deadline, std::move(stopped)),
        around_.log, "stopping the listener of stations");
}

asio::awaitable<void> WiredListener::Core::run_stop(std::shared_ptr<Core> self,
                                                    std::chrono::milliseconds deadline,
                                                    std::function<void()> stopped) {
  asio::steady_timer look(self->around_.context);
  const auto over = std::chrono::steady_clock::now() + deadline;
  self->close_doors();
  self->all_->stop_reading();
  self->all_->finish();
  while (!self->all_->is_empty() && std::chrono::steady_clock::now() < over) {
    look.expires_after(kWiredStopLook);
    co_await look.async_wait(kAwait);
  }
  self->stopped_ = true;
  self->ticker_.cancel();
  self->all_->cut_off();
  if (stopped) stopped();
}

void WiredListener::Core::abandon() {
  stopped_ = true;
  close_doors();
  ticker_.cancel();
  all_->detach();
}

WiredStatus WiredListener::Core::status() const {
  WiredStatus status;
  for (const Opening& opening : doors_) {
    const WiredDoor& door = *opening.door;
    status.addresses.push_back(
        {door.options.protocol, door.options.address, door.port, door.connections});
  }
  status.stations = all_->book().stations();
  status.troubles = all_->book().troubles(around_.clock.steady());
  status.totals = all_->totals();
  return status;
}

WiredListener::WiredListener(Surroundings around, WiredLimits limits)
    : core_(std::make_shared<Core>(around, limits)) {}

WiredListener::~WiredListener() {
  core_->abandon();
}

Result<void> WiredListener::start(std::vector<WiredOptions> addresses) {
  return core_->start(std::move(addresses));
}

void WiredListener::stop(std::chrono::milliseconds deadline, std::function<void()> stopped) {
  core_->stop(deadline, std::move(stopped));
}

WiredStatus WiredListener::status() const {
  return core_->status();
}

}  // namespace watchpost::ingress
