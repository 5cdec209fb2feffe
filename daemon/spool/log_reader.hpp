// LogReader: reads committed records back, in order, without touching the writer.
// Promise: never blocks the I/O thread; answers there, once, perhaps from inside the call;
// questions about one class in their order. A failed read is a Failure, never an empty answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/strong.hpp"
#include "model/record.hpp"

namespace watchpost::spool {

struct ReadRequest {
  EventClass event_class = EventClass::telemetry;
  Seq after;  // first record wanted is the first one stored past this
  std::size_t most_records = 256;
  ByteCount most_bytes{1U << 20U};  // stops after the record that passes this
};

// A record that an upstream refused for good, as kept for it.
struct SetAside {
  std::uint64_t id = 0;
  std::uint8_t reason_code = 0;
  Record record;
};

class LogReader {
 public:
  using SetAsideAnswer = std::function<void(Result<std::vector<SetAside>>)>;
  using Found = Result<std::vector<SharedRecord>>;
  using Answer = std::function<void(Found)>;
  virtual ~LogReader() = default;
  // I/O thread. Fewer records than asked for means the end of the log, or the byte bound.
  virtual void read(const ReadRequest& request, Answer answer) = 0;
  // What is set aside for `upstream`, oldest first, past the id `after`.
  virtual void read_set_aside(const std::string& upstream, std::uint64_t after,
                              SetAsideAnswer answer) = 0;
};

}  // namespace watchpost::spool
