// watchpost_bench_limit_acceptor PORT [FILE]: how much Asio can acknowledge. The program reads just
// enough of a PUBLISH to answer it, and decodes nothing. With FILE, a second thread commits with
// SQLite all messages that wait, in one transaction, and only then they are acknowledged. Ends when
// stdin ends.
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <condition_variable>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "frames.hpp"
#include "plain_table.hpp"

namespace {

using namespace watchpost::bench;
using boost::asio::ip::tcp;

class Connection;

// The messages of one read.
struct Received {
  std::shared_ptr<Connection> from;
  std::string messages;
  std::vector<std::size_t> ends;  // the end of each message in `messages`
  std::string acknowledgements;
};

// Owns the thread that commits.
class Store {
 public:
  Store(boost::asio::io_context& io, const char* file)
      : io_(io), table_(file), thread_([this] { run(); }) {}
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  ~Store() {
    {
      const std::lock_guard lock(mutex_);
      ends_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }
  void append(Received received) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(received));
    }
    changed_.notify_one();
  }

 private:
  void run();

  boost::asio::io_context& io_;
  PlainTable table_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Received> waiting_;
  bool ends_ = false;
  std::thread thread_;
};

class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, Store* store) : socket_(std::move(socket)), store_(store) {
    boost::system::error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
  }

  void read() {
    if (in_.size() < filled_ + kReadBytes) in_.resize(filled_ + kReadBytes);
    const auto room = boost::asio::buffer(in_.data() + filled_, in_.size() - filled_);
    socket_.async_read_some(room, [self = shared_from_this()](auto error, std::size_t count) {
      if (!error) self->take(count);
    });
  }

  void write(std::string_view bytes) {
    out_ += bytes;
    if (!writing_.empty() || out_.empty()) return;
    writing_.swap(out_);
    boost::asio::async_write(socket_, boost::asio::buffer(writing_),
                             [self = shared_from_this()](auto error, std::size_t) {
                               self->writing_.clear();
                               if (!error) self->write({});
                             });
  }

 private:
  static constexpr std::size_t kReadBytes = 64U << 10U;

  void take(std::size_t count) {
    filled_ += count;
    std::string_view unread(in_.data(), filled_);
    Received received{shared_from_this(), {}, {}, {}};
    for (auto frame = next_frame(unread); frame.size > 0; frame = next_frame(unread)) {
      take(frame, received);
      unread.remove_prefix(frame.size);
    }
    in_.erase(0, filled_ - unread.size());
    filled_ = unread.size();
    if (store_ != nullptr && !received.ends.empty()) {
      store_->append(std::move(received));
    } else {
      write(received.acknowledgements);
    }
    read();
  }

  void take(const Frame& frame, Received& received) {
    auto& out = received.acknowledgements;
    if ((frame.first & kTypeMask) == kConnect) {
      const bool is_v5 = frame.body.size() > 6 && frame.body[6] == kLevel5;
      out += static_cast<char>(kConnack);
      append_length(out, is_v5 ? 3 : 2);
      out.append(is_v5 ? 3 : 2, '\0');
    }
    if ((frame.first & kTypeMask) != kPublish) return;
    if (store_ != nullptr) {
      received.messages += frame.body;
      received.ends.push_back(received.messages.size());
    }
    out += static_cast<char>(kPuback);
    out += '\x02';
    out += frame.body.substr(2 + number_at(frame.body, 0), 2);
  }

  tcp::socket socket_;
  Store* store_;
  std::string in_;
  std::size_t filled_ = 0;
  std::string out_;
  std::string writing_;
};

void Store::run() {
  std::vector<Received> batch;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
      if (ends_) return;
      batch.swap(waiting_);
    }
    table_.begin();
    for (const auto& received : batch) {
      std::size_t from = 0;
      for (const auto end : received.ends) {
        table_.append(std::string_view(received.messages).substr(from, end - from));
        from = end;
      }
    }
    table_.commit();
    boost::asio::post(io_, [done = std::move(batch)] {
      for (const auto& received : done) received.from->write(received.acknowledgements);
    });
    batch = {};
  }
}

void accept(tcp::acceptor& acceptor, Store* store) {
  acceptor.async_accept([&acceptor, store](auto error, tcp::socket socket) {
    if (error) return;
    std::make_shared<Connection>(std::move(socket), store)->read();
    accept(acceptor, store);
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  boost::asio::io_context io{1};
  std::unique_ptr<Store> store;
  if (argc > 2) store = std::make_unique<Store>(io, argv[2]);
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  tcp::acceptor acceptor(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), port));
  accept(acceptor, store.get());
  boost::asio::posix::stream_descriptor input(io, ::dup(STDIN_FILENO));
  std::array<char, 1> byte{};
  input.async_read_some(boost::asio::buffer(byte), [&io](auto, std::size_t) { io.stop(); });
  io.run();
  return 0;
}
