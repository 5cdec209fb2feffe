#include "net/connector.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <utility>

#include "net/name_lookup.hpp"
#include "net/peer_name.hpp"
#include "net/tls_probe.hpp"
#include "net/tls_stream.hpp"

namespace watchpost::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

}  // namespace

// What stays from one attempt to the next.
struct Connector::Memory {
  explicit Memory(Destination to) : destination(std::move(to)), names(destination.url.host) {}
  Destination destination;
  NameLookup names;
  std::size_t turn = 0;  // which of several addresses is next
};

// One connect. It lives until its last step has ended; after `cancel` it gives no answer.
class Connector::Attempt : public std::enable_shared_from_this<Attempt> {
 public:
  Attempt(asio::any_io_executor io, std::shared_ptr<Memory> memory, Done done)
      : io_(std::move(io)),
        memory_(std::move(memory)),
        done_(std::move(done)),
        socket_(io_),
        timer_(io_) {}

  // Calls `function`, unless the attempt is over by then.
  template <class Function>
  auto still(Function function) {
    return [self = shared_from_this(), function](const auto&... result) {
      if (!self->is_over_) function(*self, result...);
    };
  }

  void start(SteadyTime deadline) {
    begun_ = std::chrono::steady_clock::now();
    timer_.expires_at(deadline);
    timer_.async_wait(still([](Attempt& self, const Error& error) {
      if (!error) self.too_late();
    }));
    const Url& url = memory_->destination.url;
    if (url.is_address()) return join(url.host);
    // The lookup answers on a thread of its own, which may do nothing but post.
    memory_->names.ask(
        [io = io_, then = still([](Attempt& self, const auto& found) { self.named(found); })](
            const auto& found) { asio::post(io, [then, found]() mutable { then(found); }); });
  }

  void cancel() {
    is_over_ = is_mute_ = true;
    memory_->names.forget();
    close();
  }

 private:
  void named(const Result<NameLookup::Addresses>& found) {
    if (!found) return fail(name_trouble(found.error()));
    join((*found)[memory_->turn % found->size()]);
  }

  void join(const std::string& address) {
    Error error;
    const auto parsed = asio::ip::make_address(address, error);
    if (error) return fail(tcp_trouble(memory_->destination.url, error));
    const tcp::endpoint endpoint(parsed, memory_->destination.url.port);
    socket_.async_connect(Socket::endpoint_type(endpoint),
                          still([](Attempt& self, const Error& failed) { self.joined(failed); }));
  }

  void joined(const Error& error) {
    if (error) return fail(tcp_trouble(memory_->destination.url, error));
    Error ignored;  // a socket that takes no option still carries bytes
    socket_.set_option(tcp::no_delay(true), ignored);
    std::string peer = peer_name(socket_);
    const Destination& to = memory_->destination;
    if (!to.url.tls) {
      return succeed(std::make_shared<SocketStream>(std::move(socket_), std::move(peer)));
    }
    auto context = client_context(to.tls);
    if (!context) return fail(files_trouble(context.error()));
    tls_ = std::make_shared<TlsStream>(std::move(socket_), std::move(peer), std::move(*context),
                                       TlsStream::Role::client);
    tls_->expect(to.url.host);
    tls_->shake_hands(
        still([](Attempt& self, const Error& failed, std::size_t) { self.shaken(failed); }));
  }

  void shaken(const Error& error) {
    if (!error) return succeed(std::exchange(tls_, nullptr));
    const Url& url = memory_->destination.url;
    const long verdict = tls_->verdict();
    if (verdict != 0) return fail(certificate_trouble(certificate_failure(url, verdict)));
    if (tls_->has_seen_certificate()) {
      const std::string& own = memory_->destination.tls.certificate;
      return fail(certificate_trouble(ended_after_certificate(url, own)));
    }
    fail(handshake_trouble(url, error));
  }

  void too_late() {
    const auto waited = std::chrono::steady_clock::now() - begun_;
    fail(
        silent_trouble(memory_->destination.url, std::chrono::round<std::chrono::seconds>(waited)));
  }

  void succeed(std::shared_ptr<Stream> stream) {
    is_over_ = true;
    timer_.cancel();
    done_(std::move(stream), {});
  }

  // This may happen inside `connect`, so the answer is posted.
  void fail(ConnectTrouble trouble) {
    if (std::exchange(is_over_, true)) return;
    ++memory_->turn;
    memory_->names.forget();
    close();
    asio::post(io_, [self = shared_from_this(), trouble = std::move(trouble)]() mutable {
      if (!self->is_mute_) self->done_(nullptr, std::move(trouble));
    });
  }

  void close() {
    timer_.cancel();
    Error ignored;  // closed is closed
    socket_.close(ignored);
    if (tls_) tls_->close();
  }

  asio::any_io_executor io_;
  std::shared_ptr<Memory> memory_;
  Done done_;
  Socket socket_;
  asio::steady_timer timer_;
  std::shared_ptr<TlsStream> tls_;
  SteadyTime begun_;
  bool is_over_ = false;
  bool is_mute_ = false;
};

Connector::Connector(asio::any_io_executor io, Destination destination)
    : io_(std::move(io)), memory_(std::make_shared<Memory>(std::move(destination))) {}

Connector::~Connector() {
  cancel();
}

void Connector::connect(SteadyTime deadline, Done done) {
  cancel();
  attempt_ = std::make_shared<Attempt>(io_, memory_, std::move(done));
  attempt_->start(deadline);
}

void Connector::cancel() {
  if (attempt_) attempt_->cancel();
  attempt_.reset();
}

void Connector::try_next_address() {
  ++memory_->turn;
}

}  // namespace watchpost::net
