// The checks that look at several keys together.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "model/event_topics.hpp"
#include "settings/check_attached.hpp"
#include "settings/check_local_traffic.hpp"
#include "settings/check_outputs.hpp"
#include "settings/check_own_ports.hpp"
#include "settings/check_rules.hpp"
#include "settings/check_tls.hpp"
#include "settings/keys.hpp"
#include "settings/places.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

// sockaddr_un has 108 bytes with the closing NUL (unix(7)).
constexpr std::size_t kLongestSocketPath = 107;

class Checks {
 public:
  Checks(const Config& config, const Places& places, const ConfigSurroundings& surroundings)
      : config_(config), places_(places), surroundings_(surroundings) {}

  std::vector<ConfigMistake> run() {
    check_store();
    check_listeners();
    for (PortMistake& each : check_own_ports(config_, places_))
      add(each.section, each.key, {std::move(each.what), std::move(each.next)});
    check_links();
    check_devices();
    for (std::size_t i = 0; i < config_.outputs.size(); ++i)
      add_all({"output", i}, check_output(config_, i, given_in({"output", i})));
    for (std::size_t i = 0; i < config_.escalations.size(); ++i)
      add_all({"escalation", i}, check_escalation(config_, i));
    for (std::size_t i = 0; i < config_.rules.size(); ++i)
      add_all({"rule", i}, check_rule(config_, i, given_in({"rule", i})));
    add_all({"local_traffic"}, check_local_traffic(config_.local_traffic));
    return std::move(mistakes_);
  }

 private:
  struct Saying {
    Words what;
    Words next;
  };
  void add(SectionRef section, std::string_view key, Saying saying) {
    const FilePosition place = places_.find(section, key);
    ConfigMistake mistake;
    mistake.line = place.line;
    mistake.column = place.column;
    mistake.part = place.part;
    mistake.key = fmt::format("{}.{}", section.section, key);
    mistake.what = std::move(saying.what);
    mistake.next = std::move(saying.next);
    mistakes_.push_back(std::move(mistake));
  }

  void add_all(SectionRef section, std::vector<KeyMistake> mistakes) {
    for (KeyMistake& each : mistakes) {
      add(section, each.key, {std::move(each.what), std::move(each.next)});
    }
  }
  [[nodiscard]] std::function<bool(std::string_view)> given_in(SectionRef section) const {
    return [this, section](std::string_view key) { return places_.given(section, key); };
  }

  void check_store() {
    const auto& store = config_.store;
    if (store.history > store.quota) {
      add({"store"}, "history",
          {say("history is {}, more than the quota, {}", "history 是 {}，超过了 quota {}",
               format_size(store.history), format_size(store.quota)),
           say("Lower history or raise quota", "请减小 history 或增大 quota")});
    }
    if (store.reserve.value > store.quota.value / 4) {
      add({"store"}, "reserve",
          {say("reserve is {}, more than a quarter of the quota, {}",
               "reserve 是 {}，超过了 quota {} 的四分之一", format_size(store.reserve),
               format_size(store.quota)),
           say("Lower reserve or raise quota", "请减小 reserve 或增大 quota")});
    }
    if (store.client_queues.value > store.quota.value / 4) {
      add({"store"}, "client_queues",
          {say("client_queues is {}, more than a quarter of the quota, {}",
               "client_queues 是 {}，超过了 quota {} 的四分之一", format_size(store.client_queues),
               format_size(store.quota)),
           say("Lower client_queues or raise quota", "请减小 client_queues 或增大 quota")});
    }
    if (store.client_queue > store.client_queues) {
      add({"store"}, "client_queue",
          {say("client_queue is {}, more than client_queues, {}",
               "client_queue 是 {}，超过了 client_queues {}", format_size(store.client_queue),
               format_size(store.client_queues)),
           say("Lower client_queue or raise client_queues",
               "请减小 client_queue 或增大 client_queues")});
    }
    if (config_.local.socket.string().size() > kLongestSocketPath) {
      add({"local"}, "socket",
          {say("{} is longer than {} bytes", "{} 超过 {} 字节", config_.local.socket.string(),
               kLongestSocketPath),
           say("Set local.socket to a shorter path, as \"/run/watchpost/watchpost.sock\"",
               "请把 local.socket 设为较短的路径，例如 \"/run/watchpost/watchpost.sock\"")});
    }
  }

  void check_packet_size(SectionRef here, const ListenerConfig& listener) {
    if (listener.max_packet_size <= config_.store.commit_queue) return;
    add(here, "max_packet_size",
        {say("a packet of {} (listener.max_packet_size) has no room in store.commit_queue, {}",
             "{} 的报文（listener.max_packet_size）放不进 store.commit_queue（{}）",
             format_size(listener.max_packet_size), format_size(config_.store.commit_queue)),
         say("Lower max_packet_size or raise commit_queue",
             "请减小 max_packet_size 或增大 commit_queue")});
  }

  // Wired stations and WebSocket have no port that everybody knows; stations have none of MQTT's
  // keys.
  void check_protocol(SectionRef here, const ListenerConfig& listener) {
    if (listener.protocol == ListenerProtocol::mqtt) return;
    const auto protocol = to_string(listener.protocol);
    if (!places_.given(here, "port")) {
      add(here, "port",
          {say("a [[listener]] with protocol = \"{}\" needs a port",
               "protocol = \"{}\" 的 [[listener]] 必须写 port", protocol),
           listener.is_mqtt() ? say("Write the port to which the clients are set, as port = 9001",
                                    "请写客户端所设的端口，例如 port = 9001")
                              : say("Write the port to which the stations are set, as port = 5000",
                                    "请写站点所设的端口，例如 port = 5000")});
    }
    ListenerConfig copy = listener;
    for (const Key& key : listener_keys()) {
      if (fits(key, &copy) || !places_.given(here, key.name)) continue;
      add(here, key.name,
          {say("{} is of MQTT and has no meaning with protocol = \"{}\"",
               "{} 只用于 MQTT，protocol = \"{}\" 时不起作用", key.name, protocol),
           say("Remove this key; another [[listener]] may have it",
               "请删掉这个键；可以写在另一段 [[listener]] 里")});
    }
  }
  void check_listeners() {
    for (std::size_t i = 0; i < config_.listeners.size(); ++i) {
      const auto& listener = config_.listeners[i];
      const SectionRef here{"listener", i};
      check_packet_size(here, listener);
      check_protocol(here, listener);
      // A password file that is named and refused was reported as a mistake of its own already.
      if (listener.is_mqtt()) add_all(here, check_listener_tls(listener, given_in(here)));
      if (listener.is_mqtt() && !listener.anonymous && listener.password_file.empty() &&
          !listener.use_identity_as_username && !places_.given(here, "password_file")) {
        add(here, "password_file",
            {say("nobody could connect to {}: there is no file of names and passwords",
                 "没有人能连接 {}：没有用户名和密码的文件", listener.address),
             say("Name a password_file (`watchpost passwd` makes it), or set anonymous = true if "
                 "you "
                 "trust everybody on that network",
                 "请设置 password_file（用 `watchpost passwd` "
                 "生成）；如果信任该网络上的所有人，可设 "
                 "anonymous = true")});
      }
    }
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
          {say("alarm_slots is {}, with a window of {}", "alarm_slots 是 {}，而 window 是 {}",
               upstream.alarm_slots, upstream.window),
           say("It must be less than window: raise window or lower alarm_slots",
               "它必须小于 window：请增大 window 或减小 alarm_slots")});
    }
    for (std::size_t i = 0; i < config_.brokers.size(); ++i) {
      const auto& broker = config_.brokers[i];
      check_link({"broker", i}, broker.link);
      check_own_events({"broker", i}, broker);
    }
  }

  void check_compression(SectionRef here, const UpstreamConfig& upstream) {
    if (upstream.compression == ContentCoding::none) return;
    const auto name = to_string(upstream.compression);
    if (upstream.link.protocol == MqttVersion::v3_1_1) {
      add(here, "compression",
          {say("\"{}\" needs MQTT 5: with protocol = \"3.1.1\" nothing tells the receiver",
               "\"{}\" 需要 MQTT 5：protocol = \"3.1.1\" 时无法告知接收方", name),
           say("Set protocol = \"5\", or compression = \"none\"",
               "请设 protocol = \"5\"，或 compression = \"none\"")});
    }
    if (upstream.batch_events == 1) {
      add(here, "compression",
          {say("only batches are compressed, and batch_events is 1",
               "只压缩批量消息，而 batch_events 是 1"),
           say("Set batch_events, as 100, or compression = \"none\"",
               "请设置 batch_events，例如 100，或 compression = \"none\"")});
    }
  }

  void check_link(SectionRef here, const LinkConfig& link) {
    // A missing or refused name or URL was reported as a mistake of its own already.
    if (link.url.host.empty() || link.name.empty()) return;
    const std::string name = fmt::format("{}.{}", here.section, link.name);
    if (const auto [first, is_first] = names_.insert({name, here}); !is_first) {
      add(here, "name",
          {say("{} has the name {} already, in {}", "{} 已经叫 {}，在{}",
               fmt::format("[[{}]]", here.section), toml_quoted(link.name),
               places_.line_in_words(
                   {places_.find(first->second, "name"), places_.find(here, "name")})),
           say("Choose another name", "请另取名称")});
    }
    const std::string client = link.url.text() + " " + link.client_id;
    if (!clients_.insert({client, here}).second) {
      add(here, "client_id",
          {say("{} stands a second time for this server", "{} 对这台服务器重复使用",
               toml_quoted(link.client_id)),
           say("Two of the same push each other off the server: choose another client_id",
               "两个相同的会互相挤掉线：请另取 client_id")});
    }
    if (link.url.comes_to_us) {
      add_all(here,
              check_attached(link, {here.section == "upstream", may_log_in()}, given_in(here)));
      return;
    }
    check_own_listener(here, link);
    check_secrets(here, link);
    check_tls(here, link);
    if (link.reconnect_ceiling < link.reconnect_first) {
      add(here, "reconnect_ceiling",
          {say("reconnect_ceiling is {}, less than reconnect_first, {}",
               "reconnect_ceiling 是 {}，小于 reconnect_first {}",
               format_duration(link.reconnect_ceiling), format_duration(link.reconnect_first)),
           say("Raise reconnect_ceiling or lower reconnect_first",
               "请增大 reconnect_ceiling 或减小 reconnect_first")});
    }
  }

  // A receipt confirms the sequence numbers of one gateway and goes to the gateway that made the
  // events, so a gateway that relays the events of others would wait for receipts in vain.
  void check_custody(SectionRef here, const UpstreamConfig& upstream) {
    const bool relays = std::any_of(config_.decoders.begin(), config_.decoders.end(),
                                    [](const auto& decoder) { return decoder.use == "relay"; });
    if (!relays || upstream.custody != Custody::receipt) return;
    add(here, "custody",
        {say("\"receipt\" cannot be used in a gateway that relays events of others",
             "转发别的网关的事件时不能用 \"receipt\""),
         say("Each hop vouches for its own: set custody = \"broker\" here",
             "每一段只为自己负责：这里请设 custody = \"broker\"")});
  }

  // Somewhere a client proves a user name.
  [[nodiscard]] bool may_log_in() const {
    return std::any_of(config_.listeners.begin(), config_.listeners.end(), [](const auto& each) {
      return !each.password_file.empty() || each.use_identity_as_username;
    });
  }
  [[nodiscard]] bool is_this_machine(const std::string& host) const {
    const auto& own = surroundings_.own_addresses;
    return host == "localhost" || host == surroundings_.host_name || is_loopback(host) ||
           std::find(own.begin(), own.end(), host) != own.end();
  }
  [[nodiscard]] bool is_own_listener(const MqttUrl& url, const ListenerConfig& listener) const {
    if (url.port != listener.port) return false;
    if (url.host == listener.address) return true;
    if (is_every_network(listener.address)) return is_this_machine(url.host);
    return is_loopback(listener.address) && url.host == "localhost";
  }
  void check_own_listener(SectionRef here, const LinkConfig& link) {
    for (const auto& listener : config_.listeners) {
      if (!is_own_listener(link.url, listener)) continue;
      return add(here, "url",
                 {say("{} is our own [[listener]] ({} port {})",
                      "{} 是本机自己的 [[listener]]（{} 端口 {}）", link.url.text(),
                      listener.address, listener.port),
                  say("Write the address of the other server; where that server runs on this box "
                      "too, give the two different ports",
                      "请写对方服务器的地址；如果对方也在本机，两者要用不同的端口")});
    }
  }

  // If a broker's topics took in what an upstream publishes, our own events would come back as if a
  // sensor had sent them.
  void check_own_events(SectionRef here, const BrokerConfig& broker) {
    for (const auto& upstream : config_.upstreams) {
      if (upstream.link.url.host != broker.link.url.host ||
          upstream.link.url.port != broker.link.url.port) {
        continue;
      }
      const EventTopics topics(TopicTemplate(upstream.topic),
                               {config_.gateway.area, config_.gateway.id});
      const auto own = topics.event({EventClass::alarm, Domain::fire, "device"});
      for (const auto& filter : broker.topics) {
        if (!filter.matches(own)) continue;
        return add(here, "topics",
                   {say("{} also takes what [[upstream]] {} publishes on the same server",
                        "{} 会收到 [[upstream]] {} 发到同一服务器的事件",
                        toml_quoted(filter.text()), upstream.link.name),
                    say("Name the sensors' topics only, as [\"zigbee2mqtt/#\"]",
                        "请只写传感器的主题，例如 [\"zigbee2mqtt/#\"]")});
      }
    }
  }

  void check_secrets(SectionRef here, const LinkConfig& link) {
    if (!link.password.empty() && !link.password_file.empty()) {
      add(here, "password_file",
          {say("password and password_file are both set", "同时设置了 password 和 password_file"),
           say("Remove password", "请删掉 password")});
    }
    const bool password = !link.password.empty() || !link.password_file.empty();
    if (password && link.username.empty() && link.protocol == MqttVersion::v3_1_1) {
      add(here, "username",
          {say("there is a password without a username, which MQTT 3.1.1 does not allow",
               "有密码而没有用户名，MQTT 3.1.1 不允许"),
           say("Add the key username", "请加上键 username")});
    }
  }

  void check_tls(SectionRef here, const LinkConfig& link) {
    const std::pair<std::string_view, const std::filesystem::path&> files[] = {
        {"ca_file", link.ca_file}, {"cert_file", link.cert_file}, {"key_file", link.key_file}};
    for (const auto& [key, path] : files) {
      if (path.empty() || link.url.tls) continue;
      add(here, key,
          {say("{} protects nothing with {}, which is without TLS", "{1} 不用 TLS，{0} 不起作用",
               key, link.url.text()),
           say("Write a URL that begins with mqtts://, or remove this key",
               "请把 URL 写成以 mqtts:// 开头，或删掉这个键")});
    }
    add_all(here, check_key_pair(given_in(here)));
  }

  void check_devices() {
    std::map<std::string, std::size_t> ids;
    for (std::size_t i = 0; i < config_.devices.size(); ++i) {
      add_all({"device", i}, check_water(config_.devices[i].water));
      const auto& id = config_.devices[i].id;
      if (id.empty()) continue;
      const auto [first, is_first] = ids.insert({in_lower_case(id), i});
      if (is_first) continue;
      add({"device", i}, "id",
          {say("{} has a [[device]] already, in {}", "{} 已经有一段 [[device]]，在{}",
               toml_quoted(id),
               places_.line_in_words({places_.find({"device", first->second}, "id"),
                                      places_.find({"device", i}, "id")})),
           say("Join the two", "请合并两段")});
    }
  }

  const Config& config_;
  const Places& places_;
  const ConfigSurroundings& surroundings_;
  std::vector<ConfigMistake> mistakes_;
  std::map<std::string, SectionRef> names_;
  std::map<std::string, SectionRef> clients_;
};

}  // namespace

std::vector<ConfigMistake> check_config(const Config& config, const Places& places,
                                        const ConfigSurroundings& surroundings) {
  return Checks(config, places, surroundings).run();
}

}  // namespace watchpost::settings
