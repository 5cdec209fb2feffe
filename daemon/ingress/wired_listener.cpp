#include "ingress/wired_listener.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/invariant.hpp"
#include "base/spawn.hpp"
#include "ingress/open_addresses.hpp"
#include "ingress/wired_connection.hpp"
#include "model/trouble_catalogue.hpp"
#include "net/waits.hpp"

namespace watchpost::ingress {

namespace {

namespace asio = boost::asio;

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
        open_(std::make_shared<OpenAddresses>(around.io, around.log, "stations")),
        all_(std::make_shared<WiredConnections>(around, limits)) {}

  Result<void> start(std::vector<WiredOptions> addresses);
  void stop(std::chrono::milliseconds deadline, std::function<void()> stopped);
  void abandon();
  [[nodiscard]] WiredStatus status() const;

 private:
  static asio::awaitable<void> run_stop(std::shared_ptr<Core> self,
                                        std::chrono::milliseconds deadline,
                                        std::function<void()> stopped);
  void admit(const std::shared_ptr<WiredAddress>& address, std::shared_ptr<net::Stream> stream);

  Surroundings around_;
  std::shared_ptr<OpenAddresses> open_;
  std::shared_ptr<WiredConnections> all_;
  std::vector<std::shared_ptr<WiredAddress>> addresses_;
};

Result<void> WiredListener::Core::start(std::vector<WiredOptions> addresses) {
  WATCHPOST_INVARIANT(addresses_.empty());
  for (WiredOptions& options : addresses) {
    const auto opened = open_->open(wired_place(options));
    if (!opened) {
      addresses_.clear();
      return opened.error();
    }
    auto address = std::make_shared<WiredAddress>();
    address->port = opened->port;
    address->options = std::move(options);
    addresses_.push_back(std::move(address));
  }
  if (addresses_.empty()) return {};
  for (const auto& address : addresses_) {
    around_.log.info("listening for {} on {} port {}", to_string(address->options.protocol),
                     address->options.address, address->port);
  }
  open_->start({[weak = weak_from_this()](std::size_t number, auto stream) {
                  const auto self = weak.lock();
                  if (self) self->admit(self->addresses_[number], std::move(stream));
                },
                [all = all_] { all->tick(); }, all_->limits().tick});
  return {};
}

void WiredListener::Core::admit(const std::shared_ptr<WiredAddress>& address,
                                std::shared_ptr<net::Stream> stream) {
  if (address->connections >= address->options.max_connections && !all_->make_room(*address)) {
    ++all_->totals().refused;
    const Trouble full = all_->book().full(address->options, address->port, around_.clock.steady());
    const auto about = fmt::format("port {}", address->port);
    if (all_->complaints().weigh({.about = about, .line = "full"}, around_.clock.steady())) {
      tell(around_.log, full);
    }
    return;  // the stream closes itself
  }
  std::make_shared<WiredConnection>(std::move(stream), address, all_)->start();
}

void WiredListener::Core::stop(std::chrono::milliseconds deadline, std::function<void()> stopped) {
  spawn(around_.io, run_stop(shared_from_this(), deadline, std::move(stopped)), around_.log,
        "stopping the listener of stations");
}

asio::awaitable<void> WiredListener::Core::run_stop(std::shared_ptr<Core> self,
                                                    std::chrono::milliseconds deadline,
                                                    std::function<void()> stopped) {
  const auto over = std::chrono::steady_clock::now() + deadline;
  const std::function<bool()> all_gone = [all = self->all_] { return all->is_empty(); };
  self->open_->close();
  self->all_->stop_reading();
  self->all_->finish();
  co_await net::wait_until(self->around_.io, all_gone, over);
  self->open_->end();
  self->all_->cut_off();
  if (stopped) stopped();
}

void WiredListener::Core::abandon() {
  open_->end();
  all_->detach();
}

WiredStatus WiredListener::Core::status() const {
  WiredStatus status;
  for (const auto& address : addresses_) {
    status.addresses.push_back(
        {address->options.protocol, address->options.address, address->port, address->connections});
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
