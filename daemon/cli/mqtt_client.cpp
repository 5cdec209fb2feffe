#include "cli/mqtt_client.hpp"

#include <fmt/format.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <utility>

#include "cli/mqtt_wire.hpp"
#include "protocol/framer.hpp"

namespace watchpost::cli {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Steady = std::chrono::steady_clock;

constexpr std::uint32_t kLargestPacket = 16U * 1'024 * 1'024;
constexpr std::size_t kWaitingBytesStopReading = 256UL * 1'024;
constexpr std::size_t kWaitingBytesRefuse = 1'024UL * 1'024;
constexpr std::chrono::seconds kConnectDeadline{10};
constexpr std::chrono::seconds kDisconnectDeadline{1};
constexpr std::chrono::seconds kTick{1};

}  // namespace

// Handlers name the connection attempt they belong to, so that one that comes late does nothing.
struct MqttClient::Connection {
  Connection(asio::io_context& context, const MqttClientOptions& wanted, Listener& owner)
      : options(wanted),
        listener(owner),
        session(wanted, owner),
        io(context),
        resolver(context),
        ticks(context) {}

  void connect();
  void join(const asio::ip::tcp::resolver::results_type& endpoints);
  void joined(error_code error);
  void read();
  void read_on();
  void take(std::size_t count);
  void flush_soon();
  void flush();
  void tick();
  void give_up(std::string what);
  [[nodiscard]] std::string place() const {
    return fmt::format("{} at {}:{}", options.client_id, options.host, options.port);
  }
  template <class Function>
  auto now(Function function) {
    return [this, current = attempt, function](const auto&... result) {
      if (open && current == attempt) function(result...);
    };
  }

  MqttClientOptions options;
  Listener& listener;
  MqttClientSession session;
  asio::io_context& io;
  asio::ip::tcp::resolver resolver;
  std::shared_ptr<MqttWire> wire;  // of the newest attempt
  asio::steady_timer ticks;
  protocol::Framer framer{kLargestPacket};
  std::string waiting;  // to be written; bounded by kWaitingBytesRefuse and one window
  std::string writing;
  Steady::time_point since;  // of this stage: connecting, disconnecting
  Steady::time_point last_sent;
  Steady::time_point last_received;
  std::uint64_t attempt = 0;
  bool clean_start = false;
  bool open = false;
  bool is_writing = false;
  bool flush_posted = false;
  bool read_paused = false;
  bool leaving = false;
  bool held = false;  // by the owner
};

void MqttClient::Connection::connect() {
  ++attempt;
  open = true;
  is_writing = flush_posted = read_paused = leaving = false;
  waiting.clear();
  auto made = MqttWire::make(io, options);
  if (!made) {
    wire.reset();
    return give_up(made.error().sentence());
  }
  wire = std::move(*made);
  framer = protocol::Framer(kLargestPacket);
  since = last_sent = last_received = Steady::now();
  tick();
  resolver.async_resolve(options.host, std::to_string(options.port),
                         now([this](error_code error, const auto& endpoints) {
                           if (error) return give_up("no such host: " + error.message());
                           join(endpoints);
                         }));
}

void MqttClient::Connection::join(const asio::ip::tcp::resolver::results_type& endpoints) {
  wire->connect(endpoints, now([this](error_code error, std::size_t) { joined(error); }));
}

void MqttClient::Connection::joined(error_code error) {
  if (error) return give_up(error.message());
  session.connect(clean_start, waiting);
  flush();
  read();
}

void MqttClient::Connection::read() {
  const auto room = framer.prepare();
  wire->read_some(asio::buffer(room.data(), room.size()),
                  now([this](error_code error, std::size_t count) {
                    if (error) return give_up("connection lost: " + error.message());
                    take(count);
                  }));
}

void MqttClient::Connection::take(std::size_t count) {
  framer.commit(count);
  last_received = Steady::now();
  const auto current = attempt;
  while (true) {
    const auto frame = framer.next();
    if (!frame) return give_up(std::string(frame.error().what));
    if (!frame->has_value()) break;
    std::string wrong = session.receive(**frame, waiting);
    if (!open || current != attempt) return;  // the listener ended the connection
    if (!wrong.empty()) return give_up(std::move(wrong));
  }
  flush_soon();
  if (held || waiting.size() > kWaitingBytesStopReading) {
    read_paused = true;
  } else {
    read();
  }
}

void MqttClient::Connection::read_on() {
  if (!read_paused || held || is_writing) return;
  read_paused = false;
  // Silence was ours.
  last_received = Steady::now();
  read();
}

// At the end of the current round of handlers, so that all they publish goes out together.
void MqttClient::Connection::flush_soon() {
  if (is_writing || flush_posted || waiting.empty()) return;
  flush_posted = true;
  asio::post(io, now([this] {
               flush_posted = false;
               flush();
             }));
}

void MqttClient::Connection::flush() {
  if (is_writing || waiting.empty() || !wire->is_open()) return;
  is_writing = true;
  writing.clear();
  writing.swap(waiting);
  last_sent = Steady::now();
  wire->write(asio::buffer(writing), now([this](error_code error, std::size_t) {
                is_writing = false;
                if (error) return give_up("connection lost: " + error.message());
                if (leaving && waiting.empty()) return give_up("closed by us");
                flush();
                if (!held && std::exchange(read_paused, false)) read();
              }));
}

void MqttClient::Connection::tick() {
  ticks.expires_after(kTick);
  ticks.async_wait(now([this](error_code error) {
    if (error) return;
    const auto time = Steady::now();
    if (leaving && time - since > kDisconnectDeadline) return give_up("closed by us");
    if (!session.ready() && time - since > kConnectDeadline) {
      return give_up("no CONNACK within ten seconds");
    }
    const std::chrono::seconds keep_alive{session.keep_alive_s()};
    if (session.ready() && keep_alive.count() > 0) {
      if (!held && time - last_received > keep_alive * 3 / 2)
        return give_up("the server is silent");
      // While held no answer is read: pings only keep the server from giving us up.
      const bool quiet =
          time - last_sent > keep_alive / 2 || (!held && time - last_received > keep_alive);
      if (quiet && (held || !session.awaits_pingresp())) {
        session.ping(waiting);
        flush();
      }
    }
    tick();
  }));
}

void MqttClient::Connection::give_up(std::string what) {
  if (!open) return;
  open = false;
  resolver.cancel();
  if (wire) wire->close();
  ticks.cancel();
  session.lost();
  Failure why{Failure::Kind::unavailable, fmt::format("{}: {}", place(), what), ""};
  // Not from inside a call of the owner: it may want to connect again at once.
  asio::post(io, [this, why = std::move(why)] { listener.closed(why); });
}

MqttClient::MqttClient(asio::io_context& io, const MqttClientOptions& options, Listener& listener)
    : connection_(std::make_unique<Connection>(io, options, listener)) {}

MqttClient::~MqttClient() = default;

void MqttClient::connect(Start start) {
  if (connection_->open) return;
  connection_->clean_start = start == Start::clean;
  connection_->connect();
}

void MqttClient::disconnect() {
  if (!connection_->open) return;
  if (!connection_->session.ready()) return connection_->give_up("closed by us");
  connection_->leaving = true;
  connection_->since = Steady::now();
  connection_->session.disconnect(connection_->waiting);
  connection_->flush();
}

bool MqttClient::publish(const Outgoing& outgoing) {
  Connection& connection = *connection_;
  if (connection.waiting.size() > kWaitingBytesRefuse) return false;
  if (!connection.session.publish(outgoing, connection.waiting)) return false;
  connection.flush_soon();
  return true;
}

void MqttClient::subscribe(std::string_view filter, Qos maximum_qos) {
  if (!connection_->session.ready()) return;
  connection_->session.subscribe(filter, maximum_qos, connection_->waiting);
  connection_->flush_soon();
}

void MqttClient::acknowledge(PacketId id) {
  connection_->session.acknowledge(id, connection_->waiting);
  connection_->flush_soon();
}

void MqttClient::hold(bool held) {
  connection_->held = held;
  if (connection_->open) connection_->read_on();
}

const MqttClientSession& MqttClient::session() const {
  return connection_->session;
}

}  // namespace watchpost::cli
