#include "app/port_check.hpp"

#include <boost/asio/io_context.hpp>
#include <ostream>

#include "model/trouble_catalogue.hpp"
#include "net/acceptor.hpp"

namespace watchpost::app {
namespace {

// In one line, because the installation of the package prints it.
settings::Words if_taken(const settings::ListenerConfig& listener) {
  return settings::say(
      "If another program has it, often Mosquitto, and nobody needs that one: sudo systemctl "
      "disable --now mosquitto. Else give [[listener]] another port in /etc/watchpost. Then: sudo "
      "systemctl restart watchpostd (port {} is not served until then)",
      "如果被别的程序（常见的是 Mosquitto）占用，而且没有人需要它：sudo systemctl disable --now "
      "mosquitto。否则请在 /etc/watchpost 中给 [[listener]] 换一个端口。然后：sudo systemctl "
      "restart watchpostd（在此之前端口 {} 不提供服务）",
      listener.port);
}

}  // namespace

bool check_ports(const settings::Config& config, Language language, std::ostream& out) {
  boost::asio::io_context io;
  bool all = true;
  for (const settings::ListenerConfig& listener : config.listeners) {
    const auto opened =
        net::Acceptor::at(io.get_executor(), {.address = listener.address,
                                              .port = listener.port,
                                              .section = "this [[listener]] in watchpost.toml"});
    if (opened) continue;
    all = false;
    Failure failure = opened.error();
    const settings::Words advice = if_taken(listener);
    out << settings::say("Port {} at {} cannot be opened ({}). {}",
                         "{1} 的端口 {0} 打不开（{2}）。{3}", listener.port, listener.address,
                         failure.what.substr(failure.what.rfind(": ") + 2), advice)
               .in(language)
        << "\n";
  }
  return all;
}

}  // namespace watchpost::app
