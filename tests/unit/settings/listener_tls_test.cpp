// [[listener]] with TLS, and with WebSocket.
#include "unit/settings/sample.hpp"

using namespace watchpost;
using namespace watchpost::settings;
using namespace watchpost::settings::testing;

namespace {

// A listener with a certificate, whose files are there.
struct TlsFolder : Folder {
  TlsFolder() {
    for (const auto* name : {"server.pem", "server.key", "ca.pem", "users"}) write(name, "x\n");
  }
  [[nodiscard]] ParsedConfig read(const std::string& keys) const {
    const std::string own = "[[listener]]\ncert_file = \"server.pem\"\nkey_file = \"server.key\"\n";
    return parse_config_text(ConfigText{own + keys}, path() / "watchpost.toml", surroundings());
  }
  [[nodiscard]] ListenerConfig listener(const std::string& keys) const {
    const auto config = read(keys);
    if (!config) FAIL(config.error().text());
    return config->listeners.at(0);
  }
  [[nodiscard]] std::string mistaken_key(const std::string& keys) const {
    const auto config = read(keys);
    REQUIRE(config.has_error());
    REQUIRE(config.error().list.size() == 1);
    CHECK_FALSE(config.error().list[0].next.chinese.empty());
    return config.error().list[0].key;
  }
};

}  // namespace

TEST_CASE("a listener with a certificate has the port of MQTT over TLS unless it names one",
          "[settings][unit]") {
  const TlsFolder folder;
  CHECK(folder.listener("").has_tls());
  CHECK(folder.listener("").port == 8883);
  CHECK(folder.listener("port = 1883\n").port == 1883);
  CHECK(folder.listener("").tls.cert_file == folder.path() / "server.pem");
  CHECK_FALSE(config_of("[[listener]]\n").listeners[0].has_tls());
}

TEST_CASE("clients' certificates are required where an authority is named, unless optional is said",
          "[settings][unit]") {
  const TlsFolder folder;
  const std::string ca = "ca_file = \"ca.pem\"\n";
  CHECK_FALSE(folder.listener(ca).tls.client_certificates.has_value());
  CHECK(folder.listener(ca + "client_certificates = \"optional\"\n").tls.client_certificates ==
        net::ClientCertificates::optional);
  // Whoever shows one needs no password.
  CHECK(folder.listener(ca + "anonymous = false\nuse_identity_as_username = true\n")
            .use_identity_as_username);
}

TEST_CASE("a key that promises protection and gives none is a mistake", "[settings][unit]") {
  const TlsFolder folder;
  CHECK(folder.mistaken_key("client_certificates = \"required\"\n") ==
        "listener.client_certificates");
  CHECK(folder.mistaken_key("use_identity_as_username = true\n") ==
        "listener.use_identity_as_username");
  CHECK(folder.mistaken_key("ca_file = \"ca.pem\"\nanonymous = false\n") ==
        "listener.password_file");
  const auto alone = [&](const std::string& keys) {
    const auto config = parse_config_text(ConfigText{"[[listener]]\n" + keys},
                                          folder.path() / "w.toml", surroundings());
    REQUIRE(config.has_error());
    return config.error().list.at(0).key;
  };
  CHECK(alone("ca_file = \"ca.pem\"\n") == "listener.ca_file");
  CHECK(alone("cert_file = \"server.pem\"\n") == "listener.cert_file");
  CHECK(alone("key_file = \"server.key\"\n") == "listener.key_file");
  CHECK(alone("cert_file = \"absent.pem\"\nkey_file = \"server.key\"\n") == "listener.cert_file");
  // Wired stations speak no TLS.
  CHECK(folder.read("protocol = \"gb26875\"\nport = 5000\n").has_error());
}

TEST_CASE("a listener of WebSocket is one of MQTT, needs a port and has a path",
          "[settings][unit]") {
  const auto config = config_of("[[listener]]\nprotocol = \"websocket\"\nport = 9001\n");
  CHECK(config.listeners[0].is_mqtt());
  CHECK(config.listeners[0].protocol == ListenerProtocol::websocket);
  CHECK(config.listeners[0].websocket_path == "/mqtt");
  CHECK(config_of(print_config(config)) == config);
  const auto mistake = mistake_of("[[listener]]\nprotocol = \"websocket\"\n");
  CHECK(mistake.key == "listener.port");
  CHECK(mistake.next.english.find("9001") != std::string::npos);
  for (const std::string path : {"mqtt", "/a b", "/x?y", "/x#y", ""}) {
    CAPTURE(path);
    CHECK(mistake_of("[[listener]]\nprotocol = \"websocket\"\nport = 9001\nwebsocket_path = \"" +
                     path + "\"\n")
              .key == "listener.websocket_path");
  }
}

TEST_CASE("where every client shows a certificate, nobody is told that anybody may connect",
          "[settings][unit]") {
  const TlsFolder folder;
  const std::string open = "address = \"0.0.0.0\"\nanonymous = true\n";
  CHECK(mentions(folder.read(open).value().notes(), "without a password"));
  CHECK_FALSE(
      mentions(folder.read(open + "ca_file = \"ca.pem\"\n").value().notes(), "without a password"));
}
