#include "app/new_config.hpp"

#include <fmt/format.h>

#include <utility>

#include "app/daemon.hpp"
#include "app/wiring.hpp"
#include "settings/decoding.hpp"

namespace watchpost::app {
namespace {

Trouble at(std::string place) {
  return trouble<TroubleCode::file_mistake>(arg<"place">(std::move(place)));
}

NotUsed not_used(const ConfigSource& source, Trouble cause, std::vector<std::string> why) {
  return {trouble<TroubleCode::config_not_used>(arg<"file">(source.file.string()))
              .because(std::move(cause)),
          std::move(why)};
}

NotUsed not_used(const ConfigSource& source, const settings::ConfigMistakes& mistakes) {
  std::vector<std::string> why;
  for (const auto& mistake : mistakes.list) why.push_back(mistake.sentence());
  std::string place = source.file.string();
  if (!mistakes.list.empty() && mistakes.list.front().line != 0) {
    place = fmt::format("{}:{}", mistakes.list.front().file, mistakes.list.front().line);
  }
  return not_used(source, at(std::move(place)), std::move(why));
}

NotUsed not_used(const ConfigSource& source, const std::vector<Failure>& failures) {
  std::vector<std::string> why;
  for (const Failure& failure : failures) why.push_back(failure.sentence());
  const Failure& first = failures.front();
  return not_used(source, first.trouble ? *first.trouble : at(source.file.string()),
                  std::move(why));
}

// A file of a secret whose content is another one while its path is the same.
void add_changed_secrets(const LinkSecrets& before, const settings::Config& wanted,
                         std::vector<std::string>& waiting) {
  for (const auto& [key, secret] : link_secrets(wanted)) {
    const auto found = before.find(key);
    if (found == before.end() || found->second == secret) continue;
    const std::string& prefix = key;
    const bool is_told = std::any_of(waiting.begin(), waiting.end(), [&prefix](const auto& one) {
      return one.starts_with(prefix);
    });
    if (!is_told) waiting.push_back(key + "_file (its content)");
  }
}

}  // namespace

LinkSecrets link_secrets(const settings::Config& config) {
  LinkSecrets secrets;
  const auto add = [&secrets](std::string_view kind, const settings::LinkConfig& link) {
    if (auto secret = settings::password_of(link)) {
      secrets.emplace(fmt::format("{} {}: password", kind, link.name), std::move(*secret));
    }
  };
  for (const auto& upstream : config.upstreams) add("upstream", upstream.link);
  for (const auto& broker : config.brokers) add("broker", broker.link);
  for (const settings::OutputConfig& one : config.outputs) {
    const auto add_file = [&](std::string_view key, const std::filesystem::path& file) {
      if (file.empty()) return;
      if (auto line = settings::first_line_of(file))
        secrets.emplace(fmt::format("output {}: {}", one.name, key), std::move(*line));
    };
    add_file("url", one.url_file);
    add_file("authorization", one.authorization_file);
    add_file("secret", one.secret_file);
  }
  return secrets;
}

Prepared prepare(const ConfigSource& source, const RunningConfig& running,
                 const DecoderTerms& decoders) {
  const auto wanted = source.read();
  if (!wanted) return not_used(source, wanted.error());
  auto failures = Daemon::check(*wanted);
  if (!failures.empty()) return not_used(source, failures);
  ConfigChanges changes = changes_in({running.config, *wanted});
  add_changed_secrets(running.secrets, *wanted, changes.waiting);

  std::vector<ingress::Listener::NewTerms> terms;
  for (const auto& listener : changes.in_use.listeners) {
    if (!listener.is_mqtt()) continue;
    auto one = access_terms(listener);
    if (one) {
      terms.push_back({listener.address, listener.port, std::move(*one)});
    } else {
      failures.push_back(one.error());
    }
  }
  auto options = settings::registry_options(changes.in_use);
  options.on_fault = decoders.on_fault;
  options.crash_mark = decoders.crash_mark;
  auto registry = decode::Registry::build(options);
  if (!registry) failures.push_back(registry.error());
  if (!failures.empty()) return not_used(source, failures);
  return NewConfig{std::move(changes), std::move(terms), std::move(*registry)};
}

}  // namespace watchpost::app
