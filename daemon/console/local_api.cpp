#include "console/local_api.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "base/spawn.hpp"
#include "console/check_json.hpp"
#include "console/event_query.hpp"
#include "console/live_check.hpp"

namespace watchpost::console {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Socket = asio::local::stream_protocol::socket;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kRecordsPerRead = 256;
// Of the log; as events with their raw bytes escaped it may be several times as much.
constexpr ByteCount kBytesPerRead{128U << 10U};

// A read of the log as something to await. The answer arrives on the I/O thread.
using ReadAnswer = std::shared_ptr<spool::LogReader::Found>;

asio::awaitable<ReadAnswer> read_log(spool::LogReader& reader, spool::ReadRequest request) {
  auto executor = co_await asio::this_coro::executor;
  // Never expires by itself: the reader answers every question, or the daemon is gone.
  auto answered =
      std::make_shared<asio::steady_timer>(executor, asio::steady_timer::time_point::max());
  auto answer = std::make_shared<ReadAnswer>();
  spool::LogReader::Answer keep = [answered, answer](spool::LogReader::Found records) {
    *answer = std::make_shared<spool::LogReader::Found>(std::move(records));
    answered->cancel();
  };
  reader.read(request, std::move(keep));
  if (!*answer) co_await answered->async_wait(kAwait);
  co_return *answer;
}

bool is_get(const http::request<http::string_body>& request, std::string_view target) {
  return request.method() == http::verb::get && request.target().starts_with(target);
}

bool is_for_events(const http::request<http::string_body>& request) {
  return is_get(request, "/v1/events") || is_get(request, "/v1/export");
}

constexpr std::string_view kStreamBegins =
    "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n";

http::response<http::string_body> response_of(http::status status, std::string body) {
  http::response<http::string_body> response{status, 11};
  response.set(http::field::content_type, "application/json");
  response.body() = std::move(body);
  response.prepare_payload();
  response.keep_alive(false);
  return response;
}

http::response<http::string_body> refusal_of(const Failure& failure) {
  return response_of(http::status::bad_request,
                     boost::json::serialize(boost::json::object{{"error", failure.sentence()}}));
}

}  // namespace

class LocalApi::Server : public std::enable_shared_from_this<LocalApi::Server> {
 public:
  Server(asio::io_context& io, Neighbours neighbours, LocalApiSources sources)
      : io_(io),
        spool_(neighbours.spool),
        reader_(neighbours.reader),
        log_(neighbours.log),
        sources_(std::move(sources)),
        acceptor_(io) {}

  Result<void> listen(const std::filesystem::path& path);
  void limit_waits(const Waits& waits) { waits_ = waits; }
  void stop();
  void committed();

 private:
  struct Client {
    explicit Client(Socket accepted)
        : socket(std::move(accepted)),
          news(socket.get_executor()),
          deadline(socket.get_executor()) {}
    Socket socket;
    asio::steady_timer news;      // cancelled when there is something new, or to stop
    asio::steady_timer deadline;  // of the read or write under way
    bool follows = false;
  };
  using ClientPtr = std::shared_ptr<Client>;

  static asio::awaitable<void> accept(std::shared_ptr<Server> self);
  static asio::awaitable<void> serve(std::shared_ptr<Server> self, ClientPtr client);
  static asio::awaitable<void> follow(std::shared_ptr<Server> self, ClientPtr client,
                                      EventQuery query);
  static asio::awaitable<void> verify(std::shared_ptr<Server> self, ClientPtr client);
  static asio::awaitable<bool> send(std::shared_ptr<Server> self, ClientPtr client,
                                    std::string text);
  static void end_with_peer(const ClientPtr& client);
  static void close_after(const ClientPtr& client, std::chrono::milliseconds wait);
  [[nodiscard]] http::response<http::string_body> answer(
      const http::request<http::string_body>& request) const;
  [[nodiscard]] bool may_follow() const;
  [[nodiscard]] bool may_verify() const { return !check_ && !sources_.database_file.empty(); }
  void forget(const ClientPtr& client) { std::erase(clients_, client); }

  asio::io_context& io_;
  spool::Spool& spool_;
  spool::LogReader& reader_;
  Log& log_;
  LocalApiSources sources_;
  Waits waits_;
  asio::local::stream_protocol::acceptor acceptor_;
  std::filesystem::path path_;
  std::vector<ClientPtr> clients_;
  std::unique_ptr<LiveCheck> check_;  // one at a time
  bool stopped_ = false;
};

Result<void> LocalApi::Server::listen(const std::filesystem::path& path) {
  error_code error;
  std::error_code ignored;
  // What an earlier run left; never another kind of file that local.socket names by mistake.
  if (std::filesystem::is_socket(path, ignored)) std::filesystem::remove(path, ignored);
  const asio::local::stream_protocol::endpoint endpoint(path.string());
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return Failure{
        Failure::Kind::environment,
        fmt::format("The local socket {} cannot be opened: {}", path.string(), error.message()),
        "Name a place where no file is and where this user may create one in local.socket"};
  }
  ::chmod(path.c_str(), 0660);
  path_ = path;
  spawn(io_.get_executor(), accept(shared_from_this()), log_, "local API");
  return {};
}

void LocalApi::Server::stop() {
  if (stopped_) return;
  stopped_ = true;
  error_code ignored;
  acceptor_.close(ignored);
  // Its thread posts to the io_context, which is the next to go.
  check_.reset();
  for (const ClientPtr& client : clients_) {
    client->socket.close(ignored);
    client->news.cancel();
    client->deadline.cancel();
  }
  std::error_code gone;
  if (!path_.empty()) std::filesystem::remove(path_, gone);
}

void LocalApi::Server::committed() {
  for (const ClientPtr& client : clients_) client->news.cancel();
}

asio::awaitable<void> LocalApi::Server::accept(std::shared_ptr<Server> self) {
  while (!self->stopped_) {
    auto [error, socket] = co_await self->acceptor_.async_accept(kAwait);
    if (self->stopped_) co_return;
    if (error) {
      // Out of descriptors: the next one may find one.
      asio::steady_timer pause(self->io_, std::chrono::milliseconds{100});
      co_await pause.async_wait(kAwait);
      continue;
    }
    if (self->clients_.size() >= kMostClients) continue;  // the socket closes here
    auto client = std::make_shared<Client>(std::move(socket));
    self->clients_.push_back(client);
    spawn(self->io_.get_executor(), serve(self, client), self->log_, "local API client");
  }
}

// Another call, or a cancel of `deadline`, takes it back.
void LocalApi::Server::close_after(const ClientPtr& client, std::chrono::milliseconds wait) {
  client->deadline.expires_after(wait);
  client->deadline.async_wait([watched = std::weak_ptr<Client>(client)](const error_code& stopped) {
    const auto late = watched.lock();
    error_code ignored;
    if (!stopped && late) late->socket.close(ignored);
  });
}

bool LocalApi::Server::may_follow() const {
  const auto following = std::count_if(clients_.begin(), clients_.end(),
                                       [](const ClientPtr& client) { return client->follows; });
  return static_cast<std::size_t>(following) < kMostFollowers;
}

http::response<http::string_body> LocalApi::Server::answer(
    const http::request<http::string_body>& request) const {
  if (request.method() == http::verb::get && request.target() == "/v1/status") {
    return response_of(http::status::ok, sources_.status());
  }
  if (is_for_events(request)) {
    return response_of(http::status::service_unavailable,
                       R"({"error":"too many clients follow events: end one of them"})");
  }
  if (is_get(request, "/v1/verify")) {
    return response_of(http::status::service_unavailable,
                       R"({"error":"another check is at work: wait for its end"})");
  }
  return response_of(http::status::not_found,
                     R"({"error":"try /v1/status, /v1/events, /v1/export or /v1/verify"})");
}

asio::awaitable<void> LocalApi::Server::serve(std::shared_ptr<Server> self, ClientPtr client) {
  boost::beast::flat_buffer buffer(16 * 1024);
  http::request<http::string_body> request;
  close_after(client, self->waits_.request);
  const auto [error, size] = co_await http::async_read(client->socket, buffer, request, kAwait);
  const auto query = event_query_from(request.target());
  const bool follows = is_for_events(request) && self->may_follow();
  if (!error && follows && query) {
    client->follows = true;
    co_await follow(self, client, *query);
  } else if (!error && is_get(request, "/v1/verify") && self->may_verify()) {
    co_await verify(self, client);
  } else if (!error) {
    auto response = follows ? refusal_of(query.error()) : self->answer(request);
    close_after(client, self->waits_.request);
    co_await http::async_write(client->socket, response, kAwait);
  }
  client->deadline.cancel();
  self->forget(client);
}

// A follower says nothing more: what can be read is its end.
void LocalApi::Server::end_with_peer(const ClientPtr& client) {
  std::weak_ptr<Client> watched = client;
  client->socket.async_wait(Socket::wait_read, [watched](const error_code&) {
    const auto gone = watched.lock();
    if (!gone) return;
    error_code ignored;
    gone->socket.close(ignored);
    gone->news.cancel();
  });
  client->deadline.cancel();
}

// False: the client is gone, or took nothing of it for too long.
asio::awaitable<bool> LocalApi::Server::send(std::shared_ptr<Server> self, ClientPtr client,
                                             std::string text) {
  close_after(client, self->waits_.follower);
  const auto out = asio::buffer(text);
  const auto [error, size] = co_await asio::async_write(client->socket, out, kAwait);
  client->deadline.cancel();
  co_return !error;
}

asio::awaitable<void> LocalApi::Server::follow(std::shared_ptr<Server> self, ClientPtr client,
                                               EventQuery query) {
  std::string text(kStreamBegins);
  end_with_peer(client);
  PerClass<Seq> read_to{};
  const PerClass<Seq> began_at = self->spool_.heads().newest;
  if (!query.from_oldest) read_to = began_at;
  ExportCount count;
  while (!self->stopped_ && client->socket.is_open()) {
    if (!text.empty()) {
      std::string page;
      page.swap(text);
      const bool sent = co_await send(self, client, std::move(page));
      if (!sent) co_return;
    }
    bool behind = false;
    for (const auto event_class : kEventClasses) {
      Seq& position = read_to[index_of(event_class)];
      const PerClass<Seq> heads = query.ends ? began_at : self->spool_.heads().newest;
      const Seq head = heads[index_of(event_class)];
      if (head <= position || !query.wants(event_class)) continue;
      spool::ReadRequest request{event_class, position, kRecordsPerRead, kBytesPerRead};
      const ReadAnswer answer = co_await read_log(self->reader_, request);
      if (!*answer) continue;
      for (const SharedRecord& record : **answer) {
        if (query.ends && record->seq > head) break;
        const bool wanted = query.wants(*record);
        count.add(*record, wanted);
        if (wanted) text += self->sources_.render(*record) + "\n";
      }
      // An empty answer: what is there up to the head cannot be read, or was removed.
      position = (*answer)->empty() ? head : (*answer)->back()->seq;
      behind = true;
      break;  // alarms first: look at the highest class again before going down
    }
    if (behind || self->stopped_ || !client->socket.is_open()) continue;
    if (query.ends && query.is_read(read_to, began_at)) {
      // Tells a whole export from one that the daemon's end cut off.
      std::string last = count.line();
      co_await send(self, client, std::move(last));
      co_return;
    }
    // Also wakes by itself: a read that failed is tried again.
    client->news.expires_after(std::chrono::seconds{1});
    co_await client->news.async_wait(kAwait);
  }
}

asio::awaitable<void> LocalApi::Server::verify(std::shared_ptr<Server> self, ClientPtr client) {
  struct News {
    std::string line;
    bool is_last = false;
  };
  const auto news = std::make_shared<News>();
  std::weak_ptr<Client> watched = client;
  end_with_peer(client);
  LiveCheck::Post post = [io = &self->io_](std::function<void()> call) {
    asio::post(*io, std::move(call));
  };
  LiveCheck::Told told = [news, watched](const Result<LiveCheck::Progress>& progress) {
    news->line = check_json(progress) + "\n";
    news->is_last = !progress || progress->complete;
    if (const auto waiting = watched.lock()) waiting->news.cancel();
  };
  self->check_ = std::make_unique<LiveCheck>(self->sources_.database_file, post, told);
  std::string text(kStreamBegins);
  bool is_last = false;
  while (!self->stopped_ && client->socket.is_open()) {
    if (!text.empty()) {
      const bool sent = co_await send(self, client, std::move(text));
      if (!sent || is_last) break;
    }
    if (news->line.empty()) {
      client->news.expires_after(std::chrono::seconds{1});
      co_await client->news.async_wait(kAwait);
    }
    text = std::exchange(news->line, {});
    is_last = news->is_last;
  }
  self->check_.reset();
}

LocalApi::LocalApi(asio::io_context& io, Neighbours neighbours, LocalApiSources sources)
    : server_(std::make_shared<Server>(io, neighbours, std::move(sources))) {
  std::weak_ptr<Server> server = server_;
  neighbours.spool.on_committed([server](const spool::Heads&) {
    if (const auto alive = server.lock()) alive->committed();
  });
}

LocalApi::~LocalApi() {
  stop();
}

Result<void> LocalApi::listen(const std::filesystem::path& socket) {
  return server_->listen(socket);
}

void LocalApi::limit_waits(const Waits& waits) {
  server_->limit_waits(waits);
}

void LocalApi::stop() {
  server_->stop();
}

}  // namespace watchpost::console
