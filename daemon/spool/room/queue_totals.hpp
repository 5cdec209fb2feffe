// QueueTotals: how much waits on disk for each client, by class.
// Promise: what a transaction changes is undone by roll_back(), so that the totals are what the
// last commit left on disk. Memory: a few hundred bytes for each client with a queue, however long
// that is. Pure; spool thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/queue_class.hpp"

namespace watchpost::spool {

class QueueTotals {
 public:
  struct Share {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    std::uint64_t oldest = 0;  // no message of the class has a lower number
  };
  struct Client {
    PerQueueClass<Share> shares{};
    std::uint64_t newest = 0;  // the highest number that is there, or was
    [[nodiscard]] const Share& share(QueueClass of) const { return shares[index_of(of)]; }
    [[nodiscard]] std::uint64_t messages() const {
      std::uint64_t all = 0;
      for (const Share& share : shares) all += share.messages;
      return all;
    }
    [[nodiscard]] std::uint64_t bytes() const {
      std::uint64_t all = 0;
      for (const Share& share : shares) all += share.bytes;
      return all;
    }
  };
  struct Place {
    std::string client_id;
    QueueClass queue_class{};
    std::uint64_t number = 0;
  };

  // When the store is opened.
  void counted(const std::string& client_id, const Client& client);
  void added(const Place& place, std::uint64_t bytes);
  // From here on no message of the class has a number below that of `place`; 0: nobody knows.
  void removed(const Place& place, const Share& gone);
  void forget(const std::string& client_id);

  void roll_back();
  void commit() { before_.clear(); }

  [[nodiscard]] const std::map<std::string, Client, std::less<>>& clients() const {
    return clients_;
  }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] std::uint64_t messages() const { return messages_; }
  // The clients that the present transaction has changed.
  [[nodiscard]] std::vector<std::string> changed() const;

 private:
  [[nodiscard]] Client& touch(const std::string& client_id);
  void drop(const std::string& client_id);

  std::map<std::string, Client, std::less<>> clients_;
  std::uint64_t bytes_ = 0;
  std::uint64_t messages_ = 0;
  // As they were before this transaction; nothing: there was none.
  std::map<std::string, std::optional<Client>> before_;
};

}  // namespace watchpost::spool
