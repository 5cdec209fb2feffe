#include "app/port_check.hpp"

#include <boost/asio/io_context.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "model/trouble_catalogue.hpp"
#include "net/acceptor.hpp"

namespace watchpost::app {
namespace {

struct AskedPort {
  std::string section;  // "[[listener]]"
  std::string address;
  std::uint16_t port = 0;
};

std::vector<AskedPort> asked_ports(const settings::Config& config) {
  std::vector<AskedPort> all;
  for (const auto& one : config.listeners) all.push_back({"[[listener]]", one.address, one.port});
  const auto& metrics = config.metrics;
  if (metrics.port != 0) all.push_back({"[metrics]", metrics.address, metrics.port});
  return all;
}

// In one line, because the installation of the package prints it.
settings::Words if_taken(const AskedPort& asked) {
  return settings::say(
      "If another program has it, often Mosquitto, and nobody needs that one: sudo systemctl "
      "disable --now mosquitto. Else give {} another port in /etc/watchpost. Then: sudo "
      "systemctl restart watchpostd (port {} is not served until then)",
      "如果被别的程序（常见的是 Mosquitto）占用，而且没有人需要它：sudo systemctl disable --now "
      "mosquitto。否则请在 /etc/watchpost 中给 {} 换一个端口。然后：sudo systemctl "
      "restart watchpostd（在此之前端口 {} 不提供服务）",
      asked.section, asked.port);
}

}  // namespace

bool check_ports(const settings::Config& config, Language language, std::ostream& out) {
  boost::asio::io_context io;
  bool all = true;
  for (const AskedPort& asked : asked_ports(config)) {
    const auto opened =
        net::Acceptor::at(io.get_executor(), {.address = asked.address,
                                              .port = asked.port,
                                              .section = asked.section + " in watchpost.toml"});
    if (opened) continue;
    all = false;
    const Failure& failure = opened.error();
    out << settings::say("Port {} at {} cannot be opened ({}). {}",
                         "{1} 的端口 {0} 打不开（{2}）。{3}", asked.port, asked.address,
                         failure.what.substr(failure.what.rfind(": ") + 2), if_taken(asked))
               .in(language)
        << "\n";
  }
  return all;
}

}  // namespace watchpost::app
