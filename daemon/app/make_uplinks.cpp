#include "app/make_uplinks.hpp"

#include <utility>

#include "app/wiring.hpp"
#include "client/mqtt_link.hpp"

namespace watchpost::app {

upstream::EventContext event_context(const settings::Config& config, const Epoch& epoch,
                                     const TopicTemplate& topics) {
  return {Gateway::from({config.gateway.id, config.gateway.area, topics}).value(), epoch,
          upstream::RawPolicy::always};
}

std::vector<std::unique_ptr<upstream::Uplink>> make_uplinks(
    const settings::Config& config, const upstream::UplinkSurroundings& around,
    ingress::Listener& listener) {
  std::vector<std::unique_ptr<upstream::Uplink>> uplinks;
  for (const settings::UpstreamConfig& upstream : config.upstreams) {
    auto context = event_context(config, around.spool.epoch(), TopicTemplate(upstream.topic));
    context.raw = upstream.raw;
    auto link = upstream.link.url.comes_to_us
                    ? listener.attach({upstream.link.client_id, upstream.link.username})
                    : client::make_link(around.io, upstream.link.client,
                                        upstream_link_options(upstream).value());
    uplinks.push_back(std::make_unique<upstream::Uplink>(around, uplink_options(upstream),
                                                         std::move(context), std::move(link)));
  }
  return uplinks;
}

}  // namespace watchpost::app
