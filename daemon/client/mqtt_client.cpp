#include "client/mqtt_client.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "client/connection.hpp"

namespace watchpost::client {
namespace {

constexpr std::size_t kWaitingBytesRefuse = 1'024UL * 1'024;

}  // namespace

MqttClient::MqttClient(boost::asio::any_io_executor io, const MqttClientOptions& options,
                       Observer& observer)
    : connection_(std::make_shared<Connection>(std::move(io), options, observer)) {}

MqttClient::~MqttClient() {
  drop();
}

void MqttClient::connect(Start start) {
  if (!connection_->is_open()) connection_->connect(start == Start::clean);
}

void MqttClient::set_will(protocol::ClientSession::WillText will) {
  connection_->session.set_will(std::move(will));
}

void MqttClient::disconnect(std::chrono::milliseconds wait) {
  connection_->disconnect(wait);
}

void MqttClient::drop() {
  connection_->end();
  ++connection_->drops;
}

void MqttClient::leave() {
  const auto fresh =
      std::make_shared<Connection>(connection_->io, connection_->options, connection_->observer);
  const auto old = std::exchange(connection_, fresh);
  old->disconnect({});
  ++old->drops;  // so that what is posted already is not told either
  old->is_left = true;
}

protocol::ClientSession::Taking MqttClient::publish(const protocol::Outgoing& outgoing) {
  using Taking = protocol::ClientSession::Taking;
  Connection& connection = *connection_;
  if (connection.waiting.size() > kWaitingBytesRefuse) return Taking::not_now;
  const Taking taking = connection.session.publish(outgoing, connection.waiting);
  if (taking == Taking::taken) connection.flush_soon();
  return taking;
}

void MqttClient::subscribe(std::span<const std::string> filters, Qos maximum_qos) {
  if (!connection_->session.ready()) return;
  connection_->session.subscribe(filters, maximum_qos, connection_->waiting);
  connection_->flush_soon();
}

void MqttClient::acknowledge(PacketId id) {
  connection_->session.acknowledge(id, connection_->waiting);
  connection_->flush_soon();
}

void MqttClient::hold(bool held) {
  if (!std::exchange(connection_->held, held) || held) return;
  boost::asio::post(connection_->io,
                    connection_->now([](Connection& connection) { connection.read_on(); }));
}

const protocol::ClientSession& MqttClient::session() const {
  return connection_->session;
}

}  // namespace watchpost::client
