// Operators read config/watchpost.toml: it must name every key with its limits, and the program
// must accept what it shows.
#include <fmt/format.h>

#include <sstream>

#include "decode/profiles.hpp"
#include "settings/keys.hpp"
#include "settings/values.hpp"
#include "unit/settings/sample.hpp"

using namespace watchpost;
using namespace watchpost::settings;
using namespace watchpost::settings::testing;

namespace {

std::string annotated() {
  std::ifstream in(WATCHPOST_SOURCE_DIR "/config/watchpost.toml", std::ios::binary);
  REQUIRE(in);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

bool is_setting(std::string_view line) {
  if (line.starts_with("#[")) return true;
  const auto name_end = line.find_first_not_of("#abcdefghijklmnopqrstuvwxyz_0123456789");
  return line.starts_with('#') && name_end != line.npos && name_end > 1 &&
         line.substr(name_end).starts_with(" = ");
}

std::string uncommented(const std::string& text) {
  std::istringstream in(text);
  std::string out;
  for (std::string line; std::getline(in, line);) {
    out += is_setting(line) ? line.substr(1) : line;
    out += '\n';
  }
  return out;
}

// The paragraphs of the file (lines between two empty ones) that lie in such a section.
std::vector<std::string> paragraphs(const std::string& text, const Section& section) {
  std::vector<std::string> result;
  std::istringstream in(uncommented(text));
  std::string paragraph;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('[')) inside = line == section.heading();
    paragraph += line + '\n';
    if (!line.empty()) continue;
    if (inside) result.push_back(paragraph);
    paragraph.clear();
  }
  if (inside) result.push_back(paragraph);
  return result;
}

// The limits of a number, a duration or a size as the file writes them; empty for other keys.
std::vector<std::string> limits_as_text(const Key& key, const Slot& slot) {
  if (key.limits.most == 0) return {};
  std::vector<std::string> texts;
  for (const auto limit : {key.limits.least, key.limits.most}) {
    if (std::holds_alternative<std::chrono::milliseconds*>(slot)) {
      texts.push_back(format_duration(std::chrono::milliseconds{static_cast<std::int64_t>(limit)}));
    } else if (std::holds_alternative<ByteCount*>(slot)) {
      texts.push_back(format_size(ByteCount{limit}));
    } else {
      texts.push_back(fmt::format("{}", limit));
    }
  }
  return texts;
}

const std::string* paragraph_of(const std::vector<std::string>& all, const Key& key) {
  for (const auto& paragraph : all) {
    if (paragraph.find(fmt::format("\n{} = ", key.name)) != std::string::npos) return &paragraph;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("the annotated file names every key of every section, with its limits",
          "[settings][unit]") {
  const auto text = annotated();
  Config config;
  for (const Section& section : sections()) {
    const auto all = paragraphs(text, section);
    CAPTURE(section.name);
    CHECK_FALSE(all.empty());
    const auto target = section.add(config);
    for (const Key& key : section.keys) {
      CAPTURE(key.name);
      const auto* paragraph = paragraph_of(all, key);
      REQUIRE(paragraph != nullptr);
      for (const auto& limit : limits_as_text(key, key.slot(target))) {
        CAPTURE(limit);
        CHECK(paragraph->find(limit) != std::string::npos);
      }
    }
  }
}

TEST_CASE("the annotated file as it is installed changes nothing", "[settings][unit]") {
  CHECK(config_of(annotated()) == default_config(surroundings()));
}

TEST_CASE("the annotated file with every setting in effect is accepted and shows the defaults",
          "[settings][unit]") {
  const Folder folder;
  for (const auto* name :
       {"clients.passwd", "street.password", "office.password", "street-ca.pem", "broker-ca.pem",
        "gateway.pem", "gateway.key", "tag_keys.toml", "server.pem", "server.key", "clients-ca.pem",
        "clients.acl", "clients-revoked.pem", "clients.psk", "chat.url", "chat-ca.pem",
        "chat.authorization", "robot.url", "robot.secret"}) {
    folder.write(name, "x\n");
  }
  const auto file = folder.write("watchpost.toml", uncommented(annotated()));
  const auto result = parse_config(file, surroundings());
  if (!result) FAIL(result.error().text());
  const Config& config = *result;

  CHECK(config.gateway.timezone == GatewayConfig{}.timezone);
  CHECK(config.gateway.area == GatewayConfig{}.area);
  CHECK(config.log == LogConfig{});
  CHECK(config.service == ServiceConfig{});
  StoreConfig store;
  store.directory = config.store.directory;
  CHECK(config.store == store);
  ListenerConfig listener;
  listener.password_file = folder.path() / "clients.passwd";
  listener.acl_file = folder.path() / "clients.acl";
  listener.readers = {"homeassistant"};
  listener.tls.cert_file = folder.path() / "server.pem";
  listener.tls.key_file = folder.path() / "server.key";
  listener.tls.ca_file = folder.path() / "clients-ca.pem";
  listener.tls.client_certificates = net::ClientCertificates::required;
  listener.tls.crl_file = folder.path() / "clients-revoked.pem";
  listener.tls.psk_file = folder.path() / "clients.psk";
  CHECK(config.listeners == std::vector{listener});
  UpstreamConfig upstream;
  upstream.link.name = "street";
  upstream.link.url = config.upstreams.at(0).link.url;
  upstream.link.client_id = "watchpost-zhaoxiang-03-street";
  upstream.link.username = "zhaoxiang-03";
  upstream.link.password_file = folder.path() / "street.password";
  upstream.link.ca_file = folder.path() / "street-ca.pem";
  upstream.link.cert_file = folder.path() / "gateway.pem";
  upstream.link.key_file = folder.path() / "gateway.key";
  CHECK(config.upstreams[0] == upstream);
  const auto& broker = config.brokers.at(0);
  CHECK(broker.session_expiry == BrokerConfig{}.session_expiry);
  CHECK(broker.link.keep_alive == LinkConfig{}.keep_alive);
  CHECK(broker.link.reconnect_ceiling == LinkConfig{}.reconnect_ceiling);
}

TEST_CASE("the annotated file lists every profile of a device that a decoder knows",
          "[settings][unit]") {
  const auto text = annotated();
  for (const auto& name : decode::profile_names()) {
    CAPTURE(name);
    CHECK(text.find(name) != std::string::npos);
  }
}
