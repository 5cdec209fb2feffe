#include "net/acceptor.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <string_view>
#include <utility>

#include "net/peer_name.hpp"
#include "net/tls_stream.hpp"
#include "net/turns.hpp"
#include "net/web_socket_stream.hpp"

namespace watchpost::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Generic = asio::generic::stream_protocol;

constexpr mode_t kForUserAndGroup = 0660;

// The heading alone, "[[listener]]" of "this [[listener]] in watchpost.toml", for the Chinese.
std::string_view heading_of(std::string_view section) {
  const auto first = section.find('[');
  const auto last = section.rfind(']');
  if (first == std::string_view::npos || last == std::string_view::npos) return section;
  return section.substr(first, last - first + 1);
}

Failure cannot_listen(const TcpPlace& place, const Error& error) {
  const auto heading = heading_of(place.section);
  std::string remedy = fmt::format("Change `address` or `port` of {}", place.section);
  std::string chinese = fmt::format("请修改 {} 的 `address` 或 `port`", heading);
  if (error == asio::error::address_in_use) {
    chinese += "：该端口已被别的程序占用";
    if (!place.where_taken.empty()) remedy = place.where_taken;
  } else if (error == asio::error::access_denied) {
    remedy = fmt::format("Ports below 1024 need a privilege: set `port` of {} to 1024 or more",
                         place.section);
    chinese = fmt::format("1024 以下的端口需要特权：请把 {} 的 `port` 设为 1024 或更大", heading);
  } else if (error == boost::system::errc::address_not_available) {
    remedy = fmt::format(
        "This box has no such address (`ip address` shows those that it has): correct `address` of "
        "{}, or write \"0.0.0.0\" for every network",
        place.section);
    chinese = fmt::format(
        "本机没有这个地址（`ip address` 显示现有的地址）：请改正 {} 的 `address`，或写 \"0.0.0.0\" "
        "表示"
        "所有网络",
        heading);
  }
  return in_both(Failure::Kind::environment,
                 English{fmt::format("cannot listen on {} port {}: {}", place.address, place.port,
                                     error.message()),
                         std::move(remedy)},
                 Chinese{fmt::format("无法在 {} 端口 {} 上监听（系统信息：{}）", place.address,
                                     place.port, error.message()),
                         std::move(chinese)});
}

Failure cannot_listen(const SocketFile& file, const std::string& why) {
  return {Failure::Kind::environment,
          fmt::format("The local socket {} cannot be opened: {}", file.path.string(), why),
          file.remedy};
}

// Sets the options of a socket: small answers leave at once, and a peer that vanished is noticed
// also where its protocol is silent, after a minute and three questions 20 s apart.
void prepare(Socket& socket) {
  using Number = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPIDLE>;
  using Interval = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPINTVL>;
  using Count = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPCNT>;
  Error ignored;  // a socket that takes no option is still served
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  socket.set_option(Number(60), ignored);
  socket.set_option(Interval(20), ignored);
  socket.set_option(Count(3), ignored);
}

}  // namespace

class Acceptor::Socket : public std::enable_shared_from_this<Socket> {
 public:
  Socket(const Executor& io, SpokenLayers layers)
      : acceptor(io), layers_(std::move(layers)), turns_(std::make_shared<Turns>(io)) {}

  void accept(Taken taken) {
    acceptor.async_accept([self = shared_from_this(), taken = std::move(taken)](
                              const Error& error, net::Socket socket) mutable {
      if (error) return taken(error, nullptr);
      taken(error, self->stream_on(std::move(socket)));
    });
  }

  asio::basic_socket_acceptor<Generic> acceptor;
  std::uint16_t port = 0;
  bool is_loopback = true;

 private:
  std::shared_ptr<Stream> stream_on(net::Socket socket) {
    std::string peer = peer_name(socket);
    if (port == 0) return std::make_shared<SocketStream>(std::move(socket), std::move(peer));
    prepare(socket);
    std::shared_ptr<Stream> stream = lowest_on(std::move(socket), std::move(peer));
    if (!layers_.web_socket) return stream;
    return std::make_shared<WebSocketStream>(acceptor.get_executor(), std::move(stream),
                                             *layers_.web_socket);
  }

  std::shared_ptr<Stream> lowest_on(net::Socket socket, std::string peer) {
    if (!layers_.tls) return std::make_shared<SocketStream>(std::move(socket), std::move(peer));
    auto stream = std::make_shared<TlsStream>(std::move(socket), std::move(peer),
                                              layers_.tls->context(), TlsStream::Role::server);
    stream->take_turns(turns_);
    return stream;
  }

  SpokenLayers layers_;
  std::shared_ptr<Turns> turns_;
};

Result<Acceptor> Acceptor::at(const Executor& io, const TcpPlace& place, SpokenLayers layers) {
  Error error;
  const auto address = asio::ip::make_address(place.address, error);
  if (error) {
    return in_both(
        Failure::Kind::invalid_input,
        English{fmt::format("\"{}\" is not an IPv4 or IPv6 address", place.address),
                fmt::format("Set `address` of {}, for example to 0.0.0.0", place.section)},
        Chinese{fmt::format("“{}”不是 IPv4 或 IPv6 地址", place.address),
                fmt::format("请设置 {} 的 `address`，例如 0.0.0.0", place.section)});
  }
  auto socket = std::make_shared<Socket>(io, std::move(layers));
  auto& acceptor = socket->acceptor;
  const tcp::endpoint endpoint(address, place.port);
  acceptor.open(Generic(endpoint.protocol()), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  // An IPv6 socket takes IPv6 only, so that 0.0.0.0 and :: can both be listed.
  if (!error && address.is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor.bind(Generic::endpoint(endpoint), error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return cannot_listen(place, error);
  socket->port = port_of(acceptor.local_endpoint());
  socket->is_loopback = address.is_loopback();
  return Acceptor(std::move(socket));
}

Result<Acceptor> Acceptor::at(const Executor& io, const SocketFile& file) {
  using Local = asio::local::stream_protocol;
  const std::string name = file.path.string();
  auto socket = std::make_shared<Socket>(io, SpokenLayers());
  auto& acceptor = socket->acceptor;
  Error error;
  if (name.size() >= sizeof(sockaddr_un::sun_path)) {
    return cannot_listen(file, "its path is longer than 107 bytes");
  }
  std::error_code ignored;  // there is no such file, or binding fails and says why
  if (std::filesystem::is_socket(file.path, ignored)) std::filesystem::remove(file.path, ignored);
  acceptor.open(Generic(Local()), error);
  if (!error) acceptor.bind(Generic::endpoint(Local::endpoint(name)), error);
  if (!error && ::chmod(name.c_str(), kForUserAndGroup) != 0) {
    error = Error(errno, boost::system::system_category());
  }
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return cannot_listen(file, error.message());
  return Acceptor(std::move(socket));
}

Acceptor::Acceptor(std::shared_ptr<Socket> socket) : socket_(std::move(socket)) {}
Acceptor::Acceptor(Acceptor&&) noexcept = default;
Acceptor& Acceptor::operator=(Acceptor&&) noexcept = default;
Acceptor::~Acceptor() {
  if (socket_) close();
}

void Acceptor::accept(Taken taken) {
  socket_->accept(std::move(taken));
}

void Acceptor::close() {
  Error ignored;  // closed is closed
  socket_->acceptor.close(ignored);
}

bool Acceptor::is_open() const {
  return socket_->acceptor.is_open();
}

std::uint16_t Acceptor::port() const {
  return socket_->port;
}

bool Acceptor::is_loopback() const {
  return socket_->is_loopback;
}

}  // namespace watchpost::net
