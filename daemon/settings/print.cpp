// What people read of a configuration: the printed file, mistakes as sentences, notes for the log.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "settings/config_file.hpp"
#include "settings/keys.hpp"
#include "settings/values.hpp"
#include "spool/room/disk.hpp"

namespace watchpost::settings {
namespace {

bool is_secret_set(const Key& key, const Slot& slot) {
  const auto* const* text = std::get_if<std::string*>(&slot);
  return key.form == Form::secret && text != nullptr && !(*text)->empty();
}

std::string print_section(const Section& section, const AnySection& instance) {
  std::string out = fmt::format("\n# {}\n{}\n", section.sentence, section.heading());
  for (const Key& key : section.keys) {
    const Slot slot = key.slot(instance);
    out += fmt::format("# {} Accepted: {}.\n", key.sentence, accepted_by(key, slot));
    if (const auto value = printed(key, slot)) {
      out += fmt::format("{} = {}\n", key.name, *value);
    } else {
      out += fmt::format("# {} {}\n", key.name,
                         is_secret_set(key, slot) ? "is set and not shown" : "is not set");
    }
  }
  return out;
}

}  // namespace

std::string print_config(const Config& config) {
  Config copy = config;
  std::string out = "# The configuration in effect.\n";
  // An empty list must stand before the first heading, and says more than a missing section.
  if (config.listeners.empty()) out += "listener = []\n";
  for (const Section& section : sections()) {
    for (const AnySection& instance : section.all(copy)) out += print_section(section, instance);
  }
  return out;
}

std::string ConfigMistake::sentence() const {
  std::string out = file;
  if (line != 0) out += fmt::format(":{}:{}", line, column);
  if (!key.empty()) out += ": " + key;
  out += fmt::format(": found {}; accepted is {}.", found, accepted);
  if (!remedy.empty()) out += fmt::format(" {}{}", remedy, remedy.ends_with('?') ? "" : ".");
  return out;
}

std::string ConfigMistakes::text() const {
  std::string out;
  for (const auto& mistake : list) out += mistake.sentence() + '\n';
  return out;
}

void throw_exception_from_error(const ConfigMistakes& mistakes, const boost::source_location&) {
  throw StartupError(Failure{Failure::Kind::invalid_input, mistakes.text(),
                             "Correct the configuration and start again"});
}

bool DecoderConfig::is_file() const {
  return use.starts_with('/');
}

std::vector<std::string> Config::notes() const {
  std::vector<std::string> notes;
  if (upstreams.empty()) {
    notes.push_back("no [[upstream]] is configured: events are kept here and forwarded nowhere");
  } else if (std::none_of(upstreams.begin(), upstreams.end(),
                          [](const auto& upstream) { return upstream.required; })) {
    notes.push_back(
        "no [[upstream]] is required: records may be removed before any upstream has them");
  }
  if (listeners.empty() && brokers.empty()) {
    notes.push_back("neither a [[listener]] nor a [[broker]] is configured: nothing can come in");
  }
  if (gateway.area == GatewayConfig{}.area) {
    notes.push_back(
        "gateway.area is not set: events carry 000000000000 in place of the division code");
  }
  for (const auto& listener : listeners) {
    if (!listener.anonymous || is_loopback(listener.address)) continue;
    notes.push_back(
        fmt::format("the listener on {} port {} accepts anybody on that network without a password",
                    listener.address, listener.port));
  }
  const auto note_unverified = [&notes](const LinkConfig& link) {
    if (!link.url.tls || link.tls_verify) return;
    notes.push_back(
        fmt::format("tls_verify is off for {}: anybody on the way can read and change what is sent",
                    link.name));
  };
  for (const auto& upstream : upstreams) note_unverified(upstream.link);
  for (const auto& broker : brokers) note_unverified(broker.link);
  if (auto remark = spool::remark_on_quota(store.directory, store.quota)) {
    notes.push_back(std::move(*remark));
  }
  return notes;
}

Result<std::string> password_of(const LinkConfig& link) {
  if (link.password_file.empty()) return link.password;
  std::ifstream in(link.password_file);
  std::string first_line;
  if (!std::getline(in, first_line)) {
    return Failure{Failure::Kind::environment,
                   fmt::format("no password can be read from {}", link.password_file.string()),
                   "Put the password on its first line and let this user read it"};
  }
  if (first_line.ends_with('\r')) first_line.pop_back();
  return first_line;
}

}  // namespace watchpost::settings
