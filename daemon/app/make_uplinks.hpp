// make_uplinks: an Uplink for each [[upstream]], in their order, with its link.
// Promise: the configuration was checked (Daemon::check). Called at start-up.
#pragma once

#include <memory>
#include <vector>

#include "ingress/listener.hpp"
#include "settings/config.hpp"
#include "upstream/uplink.hpp"

namespace watchpost::app {

// How events are written, in the contract's form of topics unless another is given.
[[nodiscard]] upstream::EventContext event_context(const settings::Config& config,
                                                   const Epoch& epoch,
                                                   const TopicTemplate& topics = TopicTemplate());
// `listener`: for upstreams whose server comes to us.
[[nodiscard]] std::vector<std::unique_ptr<upstream::Uplink>> make_uplinks(
    const settings::Config& config, const upstream::UplinkSurroundings& around,
    ingress::Listener& listener);

}  // namespace watchpost::app
