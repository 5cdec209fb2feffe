// NameLookup: the addresses of a host, asked on a thread that nobody waits for.
// Why: with a dead name server a lookup takes 5 s to a minute and cannot be called off; Paho looks
// names up with the lock held that all its clients need (docs/decisions/0003-paho-facts.md).
// Promise: `answer` is called once, on a thread of its own, unless `forget`, another `ask` or the
// destructor came first; none of the three waits for the name server. At most one lookup is under
// way: a later question gets its answer. One owner, one thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace watchpost::net {

class NameLookup {
 public:
  using Addresses = std::vector<std::string>;  // at least one; IPv4 first, as Paho has it
  // An Answer may do nothing but post, because it is called with a lock held.
  using Answer = std::function<void(const Result<Addresses>&)>;

  explicit NameLookup(std::string host);
  ~NameLookup();
  NameLookup(const NameLookup&) = delete;
  NameLookup& operator=(const NameLookup&) = delete;

  void ask(Answer answer);
  void forget();

 private:
  struct Question;
  std::shared_ptr<Question> question_;  // shared with the thread that asks
};

}  // namespace watchpost::net
