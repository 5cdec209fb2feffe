#include "app/reloader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/asio/post.hpp>
#include <utility>

#include "model/trouble_catalogue.hpp"

namespace watchpost::app {

std::vector<Trouble> ReloadState::troubles() const {
  std::vector<Trouble> all;
  if (not_used) all.push_back(*not_used);
  if (!waiting.empty()) {
    all.push_back(trouble<TroubleCode::config_needs_restart>(
        arg<"keys">(fmt::to_string(fmt::join(waiting, ", ")))));
  }
  return all;
}

Reloader::Reloader(ConfigSource source, Neighbours around)
    : source_(std::move(source)),
      around_(std::move(around)),
      secrets_(link_secrets(around_.config)),
      alive_(std::make_shared<Reloader*>(this)) {}

Reloader::~Reloader() {
  alive_.reset();
}

void Reloader::read_again() {
  if (!source_.read) {
    around_.log.warning(
        "Hangup (SIGHUP) received: there is no configuration file to read again. Start watchpostd "
        "with --config FILE");
    return;
  }
  if (is_reading_) {
    is_wanted_again_ = true;
    return;
  }
  is_reading_ = true;
  around_.log.info("Reading {} again", source_.file.string());
  around_.begun();
  if (!thread_) thread_ = std::make_unique<CallThread>();
  const DecoderTerms terms{
      [&log = around_.log](const Failure& failure) { log.error("{}", failure.sentence()); },
      around_.crash_mark};
  thread_->post([source = source_, running = RunningConfig{around_.config, secrets_}, terms,
                 io = around_.io, weak = std::weak_ptr<Reloader*>(alive_)] {
    auto prepared = std::make_shared<Prepared>(prepare(source, running, terms));
    boost::asio::post(io, [weak, prepared] {
      if (const auto self = weak.lock()) (*self)->finished(std::move(*prepared));
    });
  });
}

void Reloader::finished(Prepared prepared) {
  is_reading_ = false;
  if (prepared) {
    use(std::move(*prepared));
  } else {
    for (const std::string& why : prepared.error().why) around_.log.error("{}", why);
    tell(around_.log, prepared.error().trouble);
    state_.not_used = prepared.error().trouble;
  }
  around_.ended();
  if (std::exchange(is_wanted_again_, false)) read_again();
}

void Reloader::use(NewConfig fresh) {
  around_.config = std::move(fresh.changes.in_use);
  around_.log.set_threshold(around_.config.log.level);
  around_.use_decoders(std::move(fresh.registry));
  around_.listener.use(std::move(fresh.terms));
  ++state_.times;
  state_.at = around_.clock.wall();
  state_.used = std::move(fresh.changes.used);
  state_.waiting = std::move(fresh.changes.waiting);
  state_.not_used.reset();
  tell_of_use();
}

void Reloader::tell_of_use() {
  const std::string used =
      state_.used.empty() ? "no key has changed" : fmt::format("{}", fmt::join(state_.used, ", "));
  around_.log.info(
      "The configuration was read again and is in use, with the password and ACL files: {}", used);
  for (const settings::Words& note : around_.config.notes()) around_.log.info("{}", note.english);
  for (const Trouble& one : state_.troubles()) tell(around_.log, one);
}

}  // namespace watchpost::app
