// Wiring: each section of the configuration as the options of the module that it is for.
// Promise: says nothing twice: a module's own defaults hold where the configuration has no key. The
// Failures are files named in the configuration that cannot be read.
// At start-up.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "client/mqtt_link.hpp"
#include "decode/registry.hpp"
#include "ingress/broker_reader.hpp"
#include "ingress/listener_options.hpp"
#include "settings/config.hpp"
#include "settings/decoding.hpp"
#include "spool/sqlite_spool.hpp"
#include "upstream/uplink.hpp"

namespace watchpost::app {

[[nodiscard]] spool::SpoolOptions spool_options(const settings::Config& config);
[[nodiscard]] Result<std::vector<ingress::ListenerOptions>> listener_options(
    const settings::Config& config);
[[nodiscard]] upstream::UplinkOptions uplink_options(const settings::UpstreamConfig& config);
[[nodiscard]] Result<client::LinkOptions> publisher_options(const settings::UpstreamConfig& config);
[[nodiscard]] Result<ingress::BrokerReaderOptions> broker_reader_options(
    const settings::BrokerConfig& config);

}  // namespace watchpost::app
