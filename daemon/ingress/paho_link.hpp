// PahoLink: a BrokerReader's connection over Paho's C interface, and where Paho's callbacks meet
// the I/O thread. Promise (DESIGN promise 1): Paho sends the PUBACK when the message callback
// returns, whatever it returns; so the callback waits for the commit, and where none comes
// (failure, stop, custody_timeout) it shuts the socket down first, so that no PUBACK can leave and
// the broker sends the message again. Paho's C++ wrapper would do as well here, but hides none of
// this and adds tokens of its own. Always QoS 1: at QoS 2 Paho sends PUBREC before the callback
// (3.1.1). All Paho clients of the process share one receiving thread and one lock, and a waiting
// callback holds both: a reader takes one message per commit, several readers take turns, and a
// Paho upstream pauses meanwhile. No Paho call is ever made on the I/O thread, which would wait for
// itself.
#pragma once

#include <MQTTAsync.h>

#include <condition_variable>
#include <mutex>

#include "base/call_thread.hpp"
#include "ingress/broker_link.hpp"
#include "net/name_lookup.hpp"

namespace watchpost::ingress {

// What all the Paho links of one reader use.
struct BrokerReader::PahoCalls {
  PahoCalls();
  ~PahoCalls();

  net::NameLookup names;
  std::shared_ptr<void> keeper;  // touched by the calling thread only
  CallThread thread;             // last: joins before the rest goes
};

// Calls come from three sides: I/O thread, Paho's calling thread (open, subscribe, release), and
// Paho's receiving thread (the callbacks).
class BrokerReader::PahoLink final : public Link, public std::enable_shared_from_this<PahoLink> {
 public:
  explicit PahoLink(BrokerReader& reader)
      : reader_(&reader), paho_(*reader.paho_), io_(reader.around_.io), options_(reader.options_) {}

  // I/O thread.
  void open() override;
  void subscribe() override;
  // A waiting callback refuses its message.
  void end() override;
  void settled(std::uint64_t ticket, const Result<void>& outcome) override;

 private:
  enum class Verdict : std::uint8_t { pending, kept, refused };

  // On the thread of the lookup: Paho is asked only where the name is known.
  void named(const Result<net::NameLookup::Addresses>& found);
  // `address`: empty where the url has one.
  void connect(const std::string& address);
  void ask_for_topics();
  void release();
  static int on_message(void* context, char* topic, int length, MQTTAsync_message* message);
  static void on_connection_lost(void* context, char* cause);
  void on_connected();
  void on_connect_failure(int code);
  void on_subscribed(const int* codes, std::size_t count);

  template <class Report>
  void to_io(Report report);
  void lose(client::LinkEnd end);
  void hand_over(Message message, std::uint64_t ticket);
  [[nodiscard]] bool take(Message message);
  [[nodiscard]] bool is_waiting_for(std::uint64_t ticket);
  void sever() const;
  [[nodiscard]] MQTTAsync_connectOptions connect_options();

  BrokerReader* reader_;  // I/O thread only; null once ended
  PahoCalls& paho_;       // I/O thread only, until the end
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
