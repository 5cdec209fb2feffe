// Ports that two sections want, hosts that are no addresses, and words that mean another value.
#include <fmt/format.h>

#include "unit/settings/rows.hpp"

using namespace watchpost;
using namespace watchpost::settings;
using namespace watchpost::settings::testing;

TEST_CASE("a port that [metrics] and a listener want is told with both places",
          "[settings][unit]") {
  check_row({"as the listener's default",
             "[[listener]]\naddress = \"0.0.0.0\"\nanonymous = true\n[metrics]\nport = 1883\n",
             5,
             {"[[listener]] in line 1 has 0.0.0.0 port 1883 already", "Change the port"},
             {"第 1 行", "端口 1883"}});
  check_row({"one address in two spellings",
             "[[listener]]\naddress = \"::1\"\nport = 5000\nprotocol = \"gb26875\"\n"
             "[metrics]\naddress = \"0:0:0:0:0:0:0:1\"\nport = 5000\n",
             7,
             {"[[listener]] in line 3 has ::1 port 5000 already"},
             {"第 3 行"}});
  CHECK(mistakes_of("[[listener]]\naddress = \"127.0.0.2\"\n[metrics]\nport = 1883\n").empty());
  CHECK(mistakes_of("[[listener]]\naddress = \"::1\"\n[metrics]\nport = 1883\n").empty());
}

TEST_CASE("a host that ends in a number and is no address is refused in every url",
          "[settings][unit]") {
  for (const std::string_view host :
       {"192.168.1.300", "192.168.1", "10.0.0.1.2", "256.1.1.1:1883"}) {
    CAPTURE(host);
    for (const std::string_view section : {"upstream", "broker"}) {
      const auto mistake =
          mistake_of(fmt::format("[[{}]]\nname = \"a\"\nurl = \"mqtt://{}\"\n{}", section, host,
                                 section == "broker" ? "topics = [\"a/#\"]\n" : ""));
      CHECK(mistake.line == 3);
      CHECK(mistake.next.english.find("four numbers from 0 to 255") != std::string::npos);
    }
    const auto hook = mistake_of(fmt::format(
        "[[output]]\nname = \"a\"\nkind = \"webhook\"\nurl = \"http://{}/key\"\n", host));
    CHECK(hook.line == 4);
    CHECK(hook.sentence().find("key") == std::string::npos);
    CHECK(hook.next.chinese.find("0 到 255") != std::string::npos);
  }
  for (const std::string_view host : {"192.168.1.30", "street1.lan", "box5", "[::1]:1883"}) {
    CAPTURE(host);
    CHECK(mistakes_of(fmt::format("[[upstream]]\nname = \"a\"\nurl = \"mqtt://{}\"\n", host))
              .empty());
  }
}

TEST_CASE("a word that people write for a value is advised as what it means", "[settings][unit]") {
  struct Wanted {
    std::string_view section;
    std::string_view written;
    std::string_view english;
  };
  const Wanted rows[] = {
      {"upstream", "protocol = \"4\"", "Write \"3.1.1\""},
      {"upstream", "protocol = \"v3\"", "Write \"3.1.1\""},
      {"upstream", "protocol = 4", "Write \"3.1.1\""},
      {"upstream", "protocol = \"mqtt5\"", "Write \"5\""},
      {"upstream", "protocol = \"MQTT v5\"", "Write \"5\""},
      {"upstream", "protocol = \"mqtts\"", "mqtts:// in the url"},
      {"upstream", "raw = \"yes\"", "Write \"always\""},
      {"upstream", "presence = \"not retained\"", "Write \"plain\""},
      {"upstream", "compression = \"gzip\"", "\"deflate\" or \"zstd\""},
      {"listener", "protocol = \"mqtts\"", "cert_file and key_file"},
      {"listener", "protocol = \"tls\"", "cert_file and key_file"},
      {"listener", "protocol = \"wss\"", "Write \"websocket\", and for TLS name cert_file"},
      {"listener", "protocol = \"mqtt5\"", "Write \"mqtt\""},
      {"listener", "protocol = \"ws\"", "Write \"websocket\""},
  };
  for (const Wanted& row : rows) {
    CAPTURE(row.section, row.written);
    const std::string text =
        row.section == "listener"
            ? fmt::format("[[listener]]\n{}\nport = 5000\n", row.written)
            : fmt::format("[[upstream]]\nname = \"a\"\nurl = \"mqtt://s\"\n{}\n", row.written);
    const auto mistake = mistake_of(text);
    INFO(mistake.sentence());
    CHECK(mistake.next.english.find(row.english) != std::string::npos);
    CHECK(mistake.next.english.find("Did you mean") == std::string::npos);
    CHECK_FALSE(mistake.next.chinese.empty());
  }
  const auto contrary =
      mistake_of("[[upstream]]\nname = \"a\"\nurl = \"mqtt://s\"\nraw = \"decoded\"\n");
  CHECK(contrary.next.english.find("\"undecoded\"") == std::string::npos);
}
