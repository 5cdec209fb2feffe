// Places, and the checks that need several keys at once.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "settings/places.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

std::string path_of(SectionRef section, std::string_view key) {
  return fmt::format("{}[{}].{}", section.section, section.index, key);
}

// sockaddr_un has 108 bytes with the closing NUL (unix(7)).
constexpr std::size_t kLongestSocketPath = 107;

struct Conflict {
  std::string found;
  std::string accepted;
  std::string remedy;
};

class Checks {
 public:
  Checks(const Config& config, const Places& places) : config_(config), places_(places) {}

  std::vector<ConfigMistake> run() {
    check_store();
    check_listeners();
    check_links();
    check_devices();
    return std::move(mistakes_);
  }

 private:
  void add(SectionRef section, std::string_view key, Conflict conflict) {
    const Place place = places_.find(section, key);
    mistakes_.push_back({{},
                         place.line,
                         place.column,
                         fmt::format("{}.{}", section.section, key),
                         std::move(conflict.found),
                         std::move(conflict.accepted),
                         std::move(conflict.remedy)});
  }

  void check_store() {
    const auto& store = config_.store;
    if (store.history > store.quota) {
      add({"store"}, "history",
          {format_size(store.history), "at most the quota, " + format_size(store.quota),
           "Lower history or raise quota"});
    }
    if (config_.local.socket.string().size() > kLongestSocketPath) {
      add({"local"}, "socket",
          {config_.local.socket.string(),
           fmt::format("a path of at most {} bytes", kLongestSocketPath),
           "Set local.socket to a shorter path, as \"/run/watchpost/watchpost.sock\""});
    }
  }

  void check_listeners() {
    for (std::size_t i = 0; i < config_.listeners.size(); ++i) {
      const auto& listener = config_.listeners[i];
      const SectionRef here{"listener", i};
      if (listener.max_packet_size > config_.store.commit_queue) {
        add(here, "max_packet_size",
            {format_size(listener.max_packet_size),
             "at most store.commit_queue, " + format_size(config_.store.commit_queue),
             "Lower it or raise commit_queue"});
      }
      if (!listener.anonymous && listener.password_file.empty()) {
        add(here, "password_file",
            {"nothing", "a file of names and passwords",
             fmt::format("Nobody could connect to {}: name a password_file, or set anonymous = "
                         "true if you trust everybody on that network",
                         listener.address)});
      }
      check_port(here, {listener.address, listener.port});
    }
    check_port({"console"}, {config_.console.address, config_.console.port});
  }

  struct Endpoint {
    std::string address;
    std::uint16_t port;
  };
  static bool overlap(const Endpoint& a, const Endpoint& b) {
    if (a.port != b.port) return false;
    const bool same_family =
        a.address.find(':') == b.address.find(':') ||
        (a.address.find(':') != std::string::npos && b.address.find(':') != std::string::npos);
    const auto any = [](const Endpoint& e) { return e.address == "0.0.0.0" || e.address == "::"; };
    return a.address == b.address || (same_family && (any(a) || any(b)));
  }
  void check_port(SectionRef here, Endpoint endpoint) {
    for (const auto& earlier : endpoints_) {
      if (!overlap(earlier, endpoint)) continue;
      return add(
          here, "port",
          {fmt::format("{} port {}, which another section has", endpoint.address, endpoint.port),
           "an address and port of its own", "Change the port of one of the two"});
    }
    endpoints_.push_back(std::move(endpoint));
  }

  void check_links() {
    for (std::size_t i = 0; i < config_.upstreams.size(); ++i) {
      const auto& upstream = config_.upstreams[i];
      const SectionRef here{"upstream", i};
      check_link(here, upstream.link);
      check_compression(here, upstream);
      check_custody(here, upstream);
      if (upstream.alarm_slots < upstream.window) continue;
      add(here, "alarm_slots",
          {fmt::format("{} with a window of {}", upstream.alarm_slots, upstream.window),
           "less than window", "Raise window or lower alarm_slots"});
    }
    for (std::size_t i = 0; i < config_.brokers.size(); ++i) {
      check_link({"broker", i}, config_.brokers[i].link);
    }
  }

  void check_compression(SectionRef here, const UpstreamConfig& upstream) {
    if (upstream.compression == ContentCoding::none) return;
    const auto name = to_string(upstream.compression);
    if (upstream.link.protocol == MqttVersion::v3_1_1) {
      add(here, "compression",
          {fmt::format("\"{}\" with protocol = \"3.1.1\"", name), "\"none\" with MQTT 3.1.1",
           "MQTT 3.1.1 has no property that tells the receiver: set protocol = \"5\", or "
           "compression = \"none\""});
    }
    if (upstream.batch_events == 1) {
      add(here, "compression",
          {fmt::format("\"{}\" with batch_events = 1", name), "batches",
           "Only batches are compressed: set batch_events, as 100, or compression = \"none\""});
    }
  }

  void check_link(SectionRef here, const LinkConfig& link) {
    // A missing or refused name or URL has its own mistake already.
    if (link.url.host.empty() || link.name.empty()) return;
    const std::string name = fmt::format("{}.{}", here.section, link.name);
    if (!names_.insert({name, here.index}).second) {
      add(here, "name",
          {toml_quoted(link.name) + " a second time", "a name of its own", "Choose another name"});
    }
    const std::string client = link.url.text() + " " + link.client_id;
    if (!clients_.insert({client, here.index}).second) {
      add(here, "client_id",
          {toml_quoted(link.client_id) + " a second time for this server",
           "a Client Identifier of its own", "Two of the same push each other off the server"});
    }
    check_own_listener(here, link);
    check_secrets(here, link);
    check_tls(here, link);
    if (link.reconnect_ceiling < link.reconnect_first) {
      add(here, "reconnect_ceiling",
          {format_duration(link.reconnect_ceiling),
           "at least reconnect_first, " + format_duration(link.reconnect_first),
           "Raise reconnect_ceiling or lower reconnect_first"});
    }
  }

  // Receipts count the numbers of one gateway: for what is passed on, the sender gets them.
  void check_custody(SectionRef here, const UpstreamConfig& upstream) {
    const bool relays = std::any_of(config_.decoders.begin(), config_.decoders.end(),
                                    [](const auto& decoder) { return decoder.use == "relay"; });
    if (!relays || upstream.custody != Custody::receipt) return;
    add(here, "custody",
        {"\"receipt\" in a gateway that relays events of others", "\"broker\"",
         "Each hop vouches for its own: set custody = \"broker\" here"});
  }

  void check_own_listener(SectionRef here, const LinkConfig& link) {
    for (const auto& listener : config_.listeners) {
      const bool same_host = link.url.host == listener.address ||
                             (is_loopback(listener.address) && link.url.host == "localhost");
      if (!same_host || link.url.port != listener.port) continue;
      add(here, "url",
          {link.url.text() + ", which is our own listener", "another server",
           "Change the port of one of the two"});
    }
  }

  void check_secrets(SectionRef here, const LinkConfig& link) {
    if (!link.password.empty() && !link.password_file.empty()) {
      add(here, "password_file",
          {"password and password_file", "one of the two", "Remove password"});
    }
    const bool password = !link.password.empty() || !link.password_file.empty();
    if (password && link.username.empty() && link.protocol == MqttVersion::v3_1_1) {
      add(here, "username",
          {"a password without a username", "both, with MQTT 3.1.1", "Add the key username"});
    }
  }

  void check_tls(SectionRef here, const LinkConfig& link) {
    const std::pair<std::string_view, const std::filesystem::path&> files[] = {
        {"ca_file", link.ca_file}, {"cert_file", link.cert_file}, {"key_file", link.key_file}};
    for (const auto& [key, path] : files) {
      if (path.empty() || link.url.tls) continue;
      add(here, key,
          {fmt::format("{} with {}", key, link.url.text()), "a URL that begins with mqtts://",
           "Without TLS this file would protect nothing"});
    }
    if (link.cert_file.empty() == link.key_file.empty()) return;
    const bool key_missing = link.key_file.empty();
    add(here, key_missing ? "cert_file" : "key_file",
        {"one of cert_file and key_file", "both or neither",
         fmt::format("Add {}", key_missing ? "key_file" : "cert_file")});
  }

  void check_devices() {
    std::map<std::string, std::size_t> ids;
    for (std::size_t i = 0; i < config_.devices.size(); ++i) {
      const auto& id = config_.devices[i].id;
      if (id.empty() || ids.insert({id, i}).second) continue;
      add({"device", i}, "id",
          {toml_quoted(id) + " a second time", "one [[device]] for each id", "Join the two"});
    }
  }

  const Config& config_;
  const Places& places_;
  std::vector<ConfigMistake> mistakes_;
  std::vector<Endpoint> endpoints_;
  std::map<std::string, std::size_t> names_;
  std::map<std::string, std::size_t> clients_;
};

}  // namespace

void Places::put(SectionRef section, std::string_view key, Place place) {
  places_[path_of(section, key)] = place;
}

bool Places::given(SectionRef section, std::string_view key) const {
  return places_.contains(path_of(section, key));
}

Place Places::find(SectionRef section, std::string_view key) const {
  for (const auto& path : {path_of(section, key), path_of(section, "")}) {
    if (const auto at = places_.find(path); at != places_.end()) return at->second;
  }
  return {};
}

std::vector<ConfigMistake> check_config(const Config& config, const Places& places) {
  return Checks(config, places).run();
}

}  // namespace watchpost::settings
