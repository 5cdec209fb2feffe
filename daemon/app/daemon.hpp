// Daemon: owns every module, in layer order; a lower layer is made first and destroyed
// last.
// Promise: run() returns after SIGTERM, SIGINT or SIGQUIT within the stop deadline, with every
// acknowledgement that was due sent and every cursor saved. It also returns soon after the store
// was found damaged; the caller then makes a new Daemon, which salvages the store. A module that
// cannot start throws StartupError.
// Made and run on the main thread, which is the I/O thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <random>
#include <vector>

#include "app/registry_decoder.hpp"
#include "app/reloader.hpp"
#include "app/service_notifier.hpp"
#include "app/sirens.hpp"
#include "app/status_report.hpp"
#include "app/village_desk.hpp"
#include "app/watchdog.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "console/local_api.hpp"
#include "console/metrics_port.hpp"
#include "decode/registry.hpp"
#include "ingress/broker_reader.hpp"
#include "ingress/listener.hpp"
#include "ingress/wired_listener.hpp"
#include "net/harmless_signals.hpp"
#include "pipeline/pipeline.hpp"
#include "settings/config.hpp"
#include "spool/reader/sqlite_log_reader.hpp"
#include "spool/reader/sqlite_queue_reader.hpp"
#include "spool/sqlite_spool.hpp"
#include "upstream/uplink.hpp"

namespace watchpost::app {

class Daemon {
 public:
  // `lost`: what the Daemon before this one in the process lost with its store.
  // `config`: what is in use; a reload from `source` changes it. Both outlive the Daemon.
  struct Setup {
    settings::Config& config;
    const ConfigSource& source;
  };
  Daemon(Setup setup, Log& log, std::optional<LostStore> lost = std::nullopt);
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;
  ~Daemon();

  enum class Ending { stopped, begin_anew };
  [[nodiscard]] Ending run();
  // After run(): what was lost with a store that vanished, in this process so far.
  [[nodiscard]] const std::optional<LostStore>& lost_store() const { return lost_store_; }

  // All mistakes that --check-config can find beyond the file itself: in decoders, mappings and
  // passwords.
  [[nodiscard]] static std::vector<Failure> check(const settings::Config& config);

 private:
  [[nodiscard]] static std::unique_ptr<RegistryDecoder> make_decoder(const settings::Config& config,
                                                                     Log& log);
  void connect_parts();
  void make_links();
  void grant_commands();
  void start();
  void stop_for(int signal);
  void begin_anew(spool::GivenUp why);
  void note_lost_store();
  void begin_stop(SteadyDuration deadline);
  void way_in_stopped();
  void uplink_stopped();
  void tell_status();
  void watch_clock();
  [[nodiscard]] std::vector<Trouble> sensor_troubles(const ClockReading& now) const;
  [[nodiscard]] Snapshot snapshot() const;
  [[nodiscard]] std::string render(const Record& record) const;

  settings::Config& config_;
  Log& log_;
  SystemClock clock_;
  SteadyTime started_at_;
  std::mt19937_64 random_;
  boost::asio::io_context io_;
  std::unique_ptr<RegistryDecoder> decoder_;
  std::unique_ptr<spool::SqliteSpool> spool_;
  spool::SqliteLogReader reader_;
  spool::RecentFirstReader recent_first_;
  spool::SqliteLogReader people_reader_;  // used by the local API only
  spool::SqliteQueueReader queue_reader_;
  pipeline::Pipeline pipeline_;
  ingress::Listener listener_;
  ingress::WiredListener wired_;
  std::vector<std::unique_ptr<ingress::BrokerReader>> brokers_;
  Sirens sirens_;
  VillageDesk villages_;
  upstream::EventContext event_context_;
  std::vector<std::unique_ptr<upstream::Uplink>> uplinks_;
  console::LocalApi local_api_;
  console::MetricsPort metrics_;
  ServiceNotifier notifier_;
  std::string told_state_;  // the state that the service manager was told last
  int quiet_looks_ = 0;     // looks at the status since then
  Watchdog watchdog_;
  boost::asio::signal_set signals_;  // the signals that stop the daemon
  net::HarmlessSignals harmless_signals_;
  Reloader reloader_;
  boost::asio::steady_timer status_timer_;
  boost::asio::steady_timer clock_timer_;
  boost::asio::steady_timer stop_timer_;
  SteadyTime stop_by_{};
  bool is_stopping_ = false;
  std::optional<LostStore> lost_store_;
  Ending ending_ = Ending::stopped;
  std::size_t ways_in_running_ = 0;
  std::size_t uplinks_running_ = 0;
};

}  // namespace watchpost::app
