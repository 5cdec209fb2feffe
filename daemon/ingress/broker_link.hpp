// broker_link: one connection of a BrokerReader, and where Paho's callbacks meet the I/O thread.
// Promise: as broker_reader.hpp says; used by broker_reader.cpp only.
#pragma once

#include <MQTTAsync.h>

#include <condition_variable>
#include <mutex>

#include "ingress/broker_reader.hpp"

namespace watchpost::ingress {

// Calls come from three sides: I/O thread, Paho's calling thread (open, subscribe, release), and
// Paho's receiving thread (the callbacks).
class BrokerReader::Link final : public CustodySink, public std::enable_shared_from_this<Link> {
 public:
  explicit Link(BrokerReader& reader)
      : reader_(&reader), io_(reader.around_.io), options_(reader.options_) {}

  // On the thread of the lookup: Paho is asked only where the name is known.
  void named(const Result<NameLookup::Addresses>& found);
  // `address`: empty where the url has one.
  void open(const std::string& address);
  void subscribe();
  void release();

  // I/O thread: nothing is reported any more, and a waiting callback refuses its message.
  void end();
  void settled(std::uint64_t ticket, const Result<void>& outcome) override;

 private:
  enum class Verdict : std::uint8_t { pending, kept, refused };

  static int on_message(void* context, char* topic, int length, MQTTAsync_message* message);
  static void on_connection_lost(void* context, char* cause);
  void on_connected();
  void on_connect_failure(int code);
  void on_subscribed(const int* codes, std::size_t count);

  template <class Report>
  void to_io(Report report);
  void lose(Failure why);
  void hand_over(Message message, std::uint64_t ticket);
  [[nodiscard]] bool take(Message message);
  [[nodiscard]] bool is_waiting_for(std::uint64_t ticket);
  void sever() const;
  [[nodiscard]] MQTTAsync_connectOptions connect_options();

  BrokerReader* reader_;  // I/O thread only; null once ended
  boost::asio::any_io_executor io_;
  const BrokerReaderOptions options_;
  MQTTAsync client_ = nullptr;  // Paho's calling thread only
  MQTTAsync_SSLOptions tls_ = MQTTAsync_SSLOptions_initializer;
  MQTTProperties properties_ = MQTTProperties_initializer;
  int socket_ = -1;  // Paho's receiving thread only

  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t ticket_ = 0;
  Verdict verdict_ = Verdict::kept;
  std::string refusal_;
  bool ended_ = false;
};

}  // namespace watchpost::ingress
