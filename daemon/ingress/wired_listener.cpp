#include "ingress/wired_listener.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/invariant.hpp"
#include "base/spawn.hpp"
#include "ingress/accepting.hpp"
#include "ingress/wired_connection.hpp"
#include "model/trouble_catalogue.hpp"

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
        accepting_(std::make_shared<Accepting>(around.io, around.log, "stations")),
        all_(std::make_shared<WiredConnections>(around, limits)) {}

  Result<void> start(std::vector<WiredOptions> addresses);
  void stop(std::chrono::milliseconds deadline, std::function<void()> stopped);
  void abandon();
  [[nodiscard]] WiredStatus status() const;

 private:
  static asio::awaitable<void> run_stop(std::shared_ptr<Core> self,
                                        std::chrono::milliseconds deadline,
                                        std::function<void()> stopped);
  void admit(const std::shared_ptr<WiredDoor>& door, std::shared_ptr<net::Stream> stream);

  Surroundings around_;
  std::shared_ptr<Accepting> accepting_;
  std::shared_ptr<WiredConnections> all_;
  std::vector<std::shared_ptr<WiredDoor>> doors_;
};

Result<void> WiredListener::Core::start(std::vector<WiredOptions> addresses) {
  WATCHPOST_INVARIANT(doors_.empty());
  for (WiredOptions& options : addresses) {
    const auto opened = accepting_->open(wired_place(options));
    if (!opened) {
      doors_.clear();
      return opened.error();
    }
    auto door = std::make_shared<WiredDoor>();
    door->port = opened->port;
    door->options = std::move(options);
    doors_.push_back(std::move(door));
  }
  if (doors_.empty()) return {};
  for (const auto& door : doors_) {
    around_.log.info("listening for {} on {} port {}", to_string(door->options.protocol),
                     door->options.address, door->port);
  }
  accepting_->start({[weak = weak_from_this()](std::size_t address, auto stream) {
                       const auto self = weak.lock();
                       if (self) self->admit(self->doors_[address], std::move(stream));
                     },
                     [all = all_] { all->tick(); }, all_->limits().tick});
  return {};
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

void WiredListener::Core::stop(std::chrono::milliseconds deadline, std::function<void()> stopped) {
  spawn(around_.io, run_stop(shared_from_this(), deadline, std::move(stopped)), around_.log,
        "stopping the listener of stations");
}

asio::awaitable<void> WiredListener::Core::run_stop(std::shared_ptr<Core> self,
                                                    std::chrono::milliseconds deadline,
                                                    std::function<void()> stopped) {
  const auto over = std::chrono::steady_clock::now() + deadline;
  const std::function<bool()> all_gone = [all = self->all_] { return all->is_empty(); };
  self->accepting_->close();
  self->all_->stop_reading();
  self->all_->finish();
  co_await Accepting::wait_until(self->around_.io, all_gone, over);
  self->accepting_->end();
  self->all_->cut_off();
  if (stopped) stopped();
}

void WiredListener::Core::abandon() {
  accepting_->end();
  all_->detach();
}

WiredStatus WiredListener::Core::status() const {
  WiredStatus status;
  for (const auto& door : doors_) {
    status.addresses.push_back(
        {door->options.protocol, door->options.address, door->port, door->connections});
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
