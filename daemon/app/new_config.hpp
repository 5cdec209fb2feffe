// prepare: reads the configuration again and makes all that is needed to use it.
// Promise: nothing of the running daemon is touched; what is prepared can be used without failing.
// Where anything cannot be used, nothing is prepared, and the trouble names file and line. May take
// long (thousands of devices): called on a thread of its own.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/config_changes.hpp"
#include "decode/registry.hpp"
#include "ingress/listener.hpp"
#include "model/trouble.hpp"
#include "settings/config_file.hpp"

namespace watchpost::app {

// Where the configuration comes from.
struct ConfigSource {
  std::filesystem::path file;                      // empty: there is none, the defaults hold
  std::function<settings::ParsedConfig()> read{};  // any thread
};

// What may stand in files of its own, as passwords of upstreams and urls of outputs; by "upstream
// NAME: password".
using LinkSecrets = std::map<std::string, std::string>;
[[nodiscard]] LinkSecrets link_secrets(const settings::Config& config);

struct NewConfig {
  ConfigChanges changes;
  std::vector<ingress::Listener::NewTerms> terms;
  decode::Registry registry;
};
struct NotUsed {
  Trouble trouble;
  std::vector<std::string> why;  // sentences for the log
};
using Prepared = boost::system::result<NewConfig, NotUsed>;

struct RunningConfig {
  settings::Config config;
  LinkSecrets secrets;
};
// What the new decoders are opened with, beside the configuration.
struct DecoderTerms {
  std::function<void(const Failure&)> on_fault;
  std::shared_ptr<decode::CrashMark> crash_mark;
};
[[nodiscard]] Prepared prepare(const ConfigSource& source, const RunningConfig& running,
                               const DecoderTerms& decoders);

}  // namespace watchpost::app
