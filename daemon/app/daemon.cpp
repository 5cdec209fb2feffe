#include "app/daemon.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <csignal>
#include <cstring>

#include "app/duty_api.hpp"
#include "app/make_uplinks.hpp"
#include "app/metrics.hpp"
#include "app/site.hpp"
#include "app/status_words.hpp"
#include "app/wiring.hpp"
#include "model/trouble_catalogue.hpp"

namespace watchpost::app {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A change of a state or a trouble is reported within a second; numbers that changed are reported
// less often.
constexpr seconds kStatusEvery{1};
constexpr int kNumbersEvery = 5;
constexpr seconds kStartingNeeds{60};
constexpr seconds kClockEvery{1};
constexpr seconds kAnewWithin{2};

constexpr net::SignalAdvice kSignalAdvice{
    .program = "watchpostd",
    .hangup = "the configuration is read again when the daemon has started",
    .stop = "sudo systemctl stop watchpostd"};

spool::Post post_to(boost::asio::io_context& io) {
  return [&io](std::function<void()> work) { boost::asio::post(io, std::move(work)); };
}

// A salvage may take longer than the unit waits for a start, so each step of it asks the service
// manager for more time.
spool::SpoolOptions opening(spool::SpoolOptions options) {
  options.writer.still_opening = [] {
    ServiceNotifier::still_starting(kStartingNeeds, "saving what can be read of a damaged store");
  };
  return options;
}

std::string_view why_anew(spool::GivenUp why) {
  switch (why) {
    case spool::GivenUp::damaged:
      return "saving what can be read of a damaged store";
    case spool::GivenUp::replaced:
      return "beginning anew with the store that is there now";
    case spool::GivenUp::doubtful:
      return "reading the store again: the disk kept what it had reported as failed";
    case spool::GivenUp::unsynced:
      return "moving the whole WAL again: the disk had failed to keep a part of it";
  }
  return {};
}

ingress::ListenerLimits listener_limits() {
  ingress::ListenerLimits limits;
  limits.version = "Watchpost " WATCHPOST_VERSION;
  return limits;
}

}  // namespace

std::unique_ptr<RegistryDecoder> Daemon::make_decoder(const settings::Config& config, Log& log) {
  auto options = registry_options(config);
  options.on_fault = [&log](const Failure& failure) { log.error("{}", failure.sentence()); };
  options.crash_mark =
      std::make_shared<decode::CrashMark>(config.store.directory / "plugin-at-work");
  options.crash_mark->open();
  return std::make_unique<RegistryDecoder>(decode::Registry::build(options).value(),
                                           options.crash_mark);
}

Daemon::Daemon(Setup setup, Log& log, std::optional<LostStore> lost)
    : config_(setup.config),
      log_(log),
      started_at_(clock_.steady()),
      random_(std::random_device{}()),
      io_(1),
      decoder_(make_decoder(config_, log)),
      spool_(spool::SqliteSpool::open(opening(spool_options(config_)), post_to(io_), log).value()),
      reader_(spool_->database_file(), post_to(io_), log),
      recent_first_(spool_->recent(), reader_),
      people_reader_(spool_->database_file(), post_to(io_), log),
      queue_reader_(spool_->database_file(), post_to(io_), log),
      pipeline_(*decoder_, *spool_, clock_),
      listener_({io_.get_executor(), pipeline_, clock_, log}, queue_reader_, listener_limits()),
      wired_({io_.get_executor(), pipeline_, clock_, log}),
      sirens_({io_, clock_, log, random_, listener_, pipeline_}, config_),
      villages_({io_, clock_, log, *spool_, people_reader_, listener_, pipeline_},
                event_context(config_, {}).gateway.id()),
      event_context_(event_context(config_, spool_->epoch())),
      local_api_(io_, {*spool_, people_reader_, log},
                 {[this](bool all) {
                    return status_json(snapshot(), all ? Devices::all : Devices::recent);
                  },
                  [this](const Record& record) { return render(record); }, spool_->database_file(),
                  duty_sources({pipeline_, clock_, villages_})}),
      metrics_(io_, log, [this] { return metrics_text(snapshot()); }),
      watchdog_(io_, *spool_, notifier_, log),
      signals_(io_, SIGTERM, SIGINT, SIGQUIT),
      harmless_signals_(io_, clock_, log),
      reloader_(setup.source,
                {io_.get_executor(), clock_, log, config_, listener_,
                 [this](decode::Registry registry) {
                   decoder_->use(std::move(registry));
                   use_site(config_, pipeline_);
                   sirens_.use(config_);
                   grant_commands();
                   pipeline_.watch_silence();
                   note_unknown_devices(config_, pipeline_, log_);
                 },
                 [this] { notifier_.reloading(); },
                 [this] { notifier_.ready(status_line(snapshot())); }, decoder_->mark()}),
      status_timer_(io_),
      clock_timer_(io_),
      stop_timer_(io_),
      lost_store_(lost) {
  connect_parts();
  make_links();
}

// What one part says, another is to do.
void Daemon::connect_parts() {
  listener_.on_certificate(
      [this](pipeline::CertificateWord word) { pipeline_.say(std::move(word)); });
  pipeline_.on_message([this](const Message& message) {
    sirens_.heard(message);
    villages_.heard(message);
  });
  pipeline_.on_unread([this](const Trouble& unread) {
    log_.warning("{}", sentence_of(unread, Language::english));
  });
  pipeline_.on_clock([this](const pipeline::ClockWord& word) {
    const bool is_good = word.reason == pipeline::ClockWord::Reason::synced;
    log_.write(is_good ? LogLevel::info : LogLevel::warning, pipeline::sentence_of(word));
  });
  for (spool::SqliteLogReader* reader : {&reader_, &people_reader_}) {
    reader->on_lost([this](EventClass event_class, SeqRange numbers) {
      spool_->report_lost(event_class, numbers);
    });
    reader->on_damage([this](const Failure& damage) { spool_->report_damage(damage); });
  }
  queue_reader_.on_damage([this](const Failure& damage) { spool_->report_damage(damage); });
  spool_->on_given_up([this](spool::GivenUp why) { begin_anew(why); });
}

void Daemon::make_links() {
  for (const settings::BrokerConfig& broker : config_.brokers) {
    brokers_.push_back(std::make_unique<ingress::BrokerReader>(
        ingress::BrokerReader::Surroundings{io_.get_executor(), pipeline_, clock_, log_, random_},
        broker_reader_options(broker).value()));
  }
  uplinks_ = make_uplinks(config_,
                          {io_.get_executor(), clock_, log_, *spool_, recent_first_, random_,
                           [this](const Command& command, upstream::UplinkSurroundings::Told told) {
                             obey(command, std::move(told), {pipeline_, clock_, villages_});
                           }},
                          listener_);
}

// As the configuration says that is in use; the uplinks stand in its order.
void Daemon::grant_commands() {
  for (std::size_t i = 0; i < uplinks_.size(); ++i)
    uplinks_[i]->grant(config_.upstreams[i].commands);
}

// The readers of brokers go first (see BrokerReader), once no link waits to acknowledge.
Daemon::~Daemon() {
  pipeline_.on_message({});  // the listener may still hand over the will of a client
  for (const auto& uplink : uplinks_) uplink->abandon_link();
  brokers_.clear();
}

std::vector<Failure> Daemon::check(const settings::Config& config) {
  std::vector<Failure> failures;
  const auto note = [&failures](const auto& result) {
    if (!result) failures.push_back(result.error());
  };
  note(decode::Registry::build(registry_options(config)));
  for (const settings::ListenerConfig& listener : config.listeners) {
    settings::Config one;
    one.listeners.push_back(listener);
    const auto options = listener_options(one);
    note(options);
    if (options && !options->empty()) note(somebody_may_connect(options->front()));
  }
  note(Gateway::from({config.gateway.id, config.gateway.area}));
  for (const settings::UpstreamConfig& upstream : config.upstreams) {
    note(upstream_link_options(upstream));
  }
  for (const settings::BrokerConfig& broker : config.brokers) note(broker_reader_options(broker));
  for (const settings::OutputConfig& output : config.outputs) {
    if (output.kind == settings::OutputKind::webhook) note(webhook_options(output));
  }
  return failures;
}

Daemon::Ending Daemon::run() {
  start();
  io_.run();
  spool_->stop();
  log_.info("{}", ending_ == Ending::stopped ? "Stopped" : "Beginning anew");
  return ending_;
}

void Daemon::start() {
  log_.info("Watchpost {} starts as {} with store {} (epoch {})", WATCHPOST_VERSION,
            config_.gateway.id, config_.store.directory.string(), spool_->epoch());
  for (const settings::Words& note : config_.notes()) log_.info("{}", note.english);
  for (const Trouble& standing : standing_troubles(config_)) tell(log_, standing);
  // The store's folder is there now, in which the mark of a crash lies.
  decoder_->mark()->open();
  for (const Trouble& crashed : decoder_->troubles()) tell(log_, crashed);
  signals_.async_wait([this](const boost::system::error_code& error, int signal) {
    if (!error) stop_for(signal);
  });
  harmless_signals_.start(kSignalAdvice, [this] {
    if (!is_stopping_) reloader_.read_again();
  });
  decoder_->recall(spool_->stored_facts().remembered);
  pipeline_.recall(spool_->stored_facts().remembered);
  use_site(config_, pipeline_);
  pipeline_.judge_on(spool_->stored_facts().judgement, judgement_options(config_, spool_->epoch()));
  recall_for_rules(spool_->database_file(), pipeline_, log_);
  note_unknown_devices(config_, pipeline_, log_);
  // The clock is watched before any message can arrive, because it stamps the messages; and after
  // judgement knows its alarms, because it drives their timers.
  watch_clock();
  // The local API listens first, so that a client that can reach the listener can also ask for the
  // status.
  local_api_.listen(config_.local.socket).value();
  metrics_.listen(metrics_place(config_)).value();
  const auto ways_in = listener_options(config_).value();
  for (const ingress::ListenerOptions& way : ways_in) {
    if (const auto open = somebody_may_connect(way); !open) {
      log_.warning("{}", open.error().sentence());
    }
  }
  listener_.start(ways_in, spool_->stored_facts()).value();
  wired_.start(wired_options(config_)).value();
  for (const auto& broker : brokers_) broker->start();
  sirens_.start();
  villages_.start();
  for (const auto& uplink : uplinks_) uplink->start();
  watchdog_.start();
  notifier_.ready(status_line(snapshot()));
  tell_status();
}

void Daemon::tell_status() {
  const Snapshot now = snapshot();
  std::string state = state_line(now);
  if (state != told_state_ || ++quiet_looks_ >= kNumbersEvery) {
    notifier_.status(status_line(now));
    told_state_ = std::move(state);
    quiet_looks_ = 0;
  }
  status_timer_.expires_after(kStatusEvery);
  status_timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) tell_status();
  });
}

void Daemon::watch_clock() {
  for (const auto& broker : brokers_) {
    const ingress::BrokerStatus status = broker->status();
    if (!is_stopping_) pipeline_.link(status.name, status.state == ingress::BrokerState::reading);
  }
  pipeline_.look_after_news();
  sirens_.look();
  clock_timer_.expires_after(kClockEvery);
  clock_timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) watch_clock();
  });
}

void Daemon::stop_for(int signal) {
  log_.info("{} received: stopping", ::strsignal(signal));
  notifier_.stopping("stopping");
  ending_ = Ending::stopped;
  if (!is_stopping_) begin_stop(config_.service.stop_deadline);
}

// A store that was given up commits and reads nothing any more, so the stop waits only kAnewWithin.
void Daemon::begin_anew(spool::GivenUp why) {
  if (is_stopping_) return;
  if (why == spool::GivenUp::replaced) note_lost_store();
  ending_ = Ending::begin_anew;
  notifier_.status(std::string(why_anew(why)));
  begin_stop(std::min<SteadyDuration>(config_.service.stop_deadline, kAnewWithin));
}

// Each upstream may wait for other records: the one that lacks most says how many there are.
void Daemon::note_lost_store() {
  LostStore most;
  for (const auto& uplink : uplinks_) {
    const upstream::UplinkStatus status = uplink->status();
    most.events = std::max(most.events, backlog_of(status));
    most.alarms = std::max(most.alarms, status.backlog[index_of(EventClass::alarm)]);
  }
  const LostStore before = lost_store_.value_or(LostStore{});
  lost_store_ = LostStore{before.events + most.events, before.alarms + most.alarms};
  tell(log_, trouble<TroubleCode::store_vanished>(arg<"folder">(config_.store.directory.string()),
                                                  arg<"events">(lost_store_->events),
                                                  arg<"alarms">(lost_store_->alarms)));
}

// Stops the ways in first, so that the messages which they took are committed and acknowledged;
// then the uplinks, which may use the rest of the deadline; the spool goes last, in run().
void Daemon::begin_stop(SteadyDuration deadline) {
  is_stopping_ = true;
  stop_by_ = clock_.steady() + deadline;
  stop_timer_.expires_at(stop_by_);
  stop_timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    log_.warning(
        "The stop deadline passed before everything was sent; the rest goes on after the next "
        "start, nothing acknowledged is lost");
    io_.stop();
  });
  for (const auto& broker : brokers_) broker->stop();
  const auto half = duration_cast<milliseconds>(deadline) / 2;
  ways_in_running_ = 2;
  listener_.stop(half, [this] { way_in_stopped(); });
  wired_.stop(half, [this] { way_in_stopped(); });
}

void Daemon::way_in_stopped() {
  if (--ways_in_running_ > 0) return;
  uplinks_running_ = uplinks_.size() + 1;
  // The uplinks get half a second less than is left, so that they end before stop_timer_ ends the
  // run.
  const auto left = duration_cast<milliseconds>(stop_by_ - clock_.steady()) - milliseconds{500};
  for (const auto& uplink : uplinks_) {
    uplink->stop(std::max(left, milliseconds{0}), [this] { uplink_stopped(); });
  }
  uplink_stopped();
}

void Daemon::uplink_stopped() {
  if (--uplinks_running_ > 0) return;
  sirens_.stop();
  villages_.stop();
  local_api_.stop();
  metrics_.stop();
  watchdog_.stop();
  io_.stop();
}

}  // namespace watchpost::app
