// QueueReader: reads back what a session is to get, from where it was committed.
// Promise: a page holds the messages of one client past a number, in the order of their numbers; a
// number that is not in it up to `up_to` is gone, or damaged. What was committed before the call is
// seen. A failed read is a Failure, never an empty page. Called on the I/O thread, which it never
// blocks; the answer comes there once, after the call; once the reader is gone, none comes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/strong.hpp"
#include "model/subscriber_facts.hpp"

namespace watchpost {

struct QueueRange {
  std::uint64_t after = 0;
  std::size_t most_messages = 0;
  ByteCount most_bytes;  // stops after the message that passes this
};

struct QueuePage {
  std::vector<StoredQueued> messages;
  std::uint64_t up_to = 0;  // the last number that was looked at
  bool is_end = false;      // there was none behind it
};

class QueueReader {
 public:
  using Answer = std::function<void(Result<QueuePage>)>;
  virtual ~QueueReader() = default;
  virtual void read(const std::string& client_id, const QueueRange& range, Answer answer) = 0;
};

}  // namespace watchpost
