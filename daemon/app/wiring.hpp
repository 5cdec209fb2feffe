// Wiring: turns each section of the configuration into the options of the module that it is for.
// Promise: no default is repeated here: a module's own default holds where the configuration has no
// key. A Failure names a file of the configuration that cannot be read.
// Called at start-up.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "client/mqtt_link.hpp"
#include "decode/registry.hpp"
#include "ingress/access.hpp"
#include "ingress/broker_reader.hpp"
#include "ingress/listener_options.hpp"
#include "ingress/wired_options.hpp"
#include "net/acceptor.hpp"
#include "outputs/messengers.hpp"
#include "outputs/outputs.hpp"
#include "outputs/webhook.hpp"
#include "rules/judgement.hpp"
#include "settings/config.hpp"
#include "settings/decoding.hpp"
#include "spool/sqlite_spool.hpp"
#include "upstream/uplink.hpp"

namespace watchpost::app {

[[nodiscard]] spool::SpoolOptions spool_options(const settings::Config& config);
[[nodiscard]] Result<std::vector<ingress::ListenerOptions>> listener_options(
    const settings::Config& config);
// Who is let in at one of them and what they may do: the password file and the ACL file, read now.
[[nodiscard]] Result<ingress::AccessTerms> access_terms(const settings::ListenerConfig& listener);
// Of the listeners that do not speak MQTT.
[[nodiscard]] std::vector<ingress::WiredOptions> wired_options(const settings::Config& config);
// A Failure where nobody could: without anonymous clients, and with a file that names no user.
[[nodiscard]] Result<void> somebody_may_connect(const ingress::ListenerOptions& listener);
[[nodiscard]] upstream::UplinkOptions uplink_options(const settings::UpstreamConfig& config);
[[nodiscard]] Result<client::LinkOptions> upstream_link_options(
    const settings::UpstreamConfig& config);
[[nodiscard]] Result<ingress::BrokerReaderOptions> broker_reader_options(
    const settings::BrokerConfig& config);
[[nodiscard]] std::vector<outputs::OutputOptions> output_options(const settings::Config& config);
// Of the outputs that are no sirens. A Failure names a file that cannot be read.
[[nodiscard]] Result<outputs::WebhookOptions> webhook_options(const settings::OutputConfig& config);
[[nodiscard]] std::vector<outputs::Messengers::Options> messenger_options(
    const settings::Config& config, const outputs::Messengers::Surroundings& around);
[[nodiscard]] std::vector<std::string> output_names(const settings::Config& config);
[[nodiscard]] std::vector<outputs::CallTerms> call_terms(const settings::Config& config);
[[nodiscard]] EscalationRules escalation_rules(const settings::Config& config);
[[nodiscard]] rules::JudgementOptions judgement_options(const settings::Config& config,
                                                        const Epoch& epoch);
// How the broker is reached to tell sirens behind it: as a client of its own.
[[nodiscard]] Result<outputs::Outputs::Broker> output_broker(const settings::BrokerConfig& config);

[[nodiscard]] net::TcpPlace metrics_place(const settings::Config& config);

}  // namespace watchpost::app
