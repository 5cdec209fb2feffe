// LogReader: reads committed records back, without touching the writer.
// Promise: an answer holds the records of one class that are stored past `after`, in the order of
// their numbers and whole. It holds at least one where any is there that can be read, however large
// that is: so an empty answer says that the log ends at `after`, and a number left out is missing
// or damaged. A failed read is a Failure, never an empty answer. Called on the I/O thread, which it
// never blocks; each answer comes there once, perhaps from inside the call, those about one class
// in the order of the questions. Once the reader is gone, no answer comes.
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
  // Fewer records than asked for: the log ends, its rows are damaged, or `most_bytes` is reached.
  virtual void read(const ReadRequest& request, Answer answer) = 0;
  // A page of what is set aside for `upstream`, oldest first, past the id `after`; a damaged copy
  // is left out. Empty: that was all.
  virtual void read_set_aside(const std::string& upstream, std::uint64_t after,
                              SetAsideAnswer answer) = 0;
};

}  // namespace watchpost::spool
