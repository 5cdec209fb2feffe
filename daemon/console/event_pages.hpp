// EventPages: what a stream of events does next: read the log, send a page, wait, or end.
// Promise: every event that the query wants is in exactly one page, in the order of EventMerge; a
// page leaves when it is full or nothing more is ready; a stream ends only when all up to its end
// was read. Pure: no socket, no clock, no reading.
#pragma once

#include <functional>
#include <string>
#include <variant>

#include "console/event_merge.hpp"
#include "console/event_query.hpp"
#include "spool/log_reader.hpp"

namespace watchpost::console {

class EventPages {
 public:
  using Render = std::function<std::string(const Record&)>;  // one line of JSON of an event
  // A page is sent when it has so many bytes, or when no more records are ready.
  static constexpr std::size_t kPage = 256UL << 10U;

  // Read the log, and hand the answer to answered().
  struct Read {
    spool::ReadRequest request;
    Seq newest;  // records of this class past this one are left to a later read
  };
  // Send this text to the client.
  struct Send {
    std::string page;
  };
  // Nothing to do until records are committed, or, after a read that failed, for a while.
  struct Wait {};
  // Everything was sent; there is nothing to wait for.
  struct End {};
  using Step = std::variant<Read, Send, Wait, End>;

  // `newest`: the newest record of each class now, where a query that ends has its end. `opening`
  // leaves first, even where there are no events.
  EventPages(const EventQuery& query, const PerClass<Seq>& newest, std::string opening);

  // To be called again after each step but End, once it is done. `newest`: as of now.
  [[nodiscard]] Step next(const PerClass<Seq>& newest, const Render& render);
  // The answer to the last step, which was a Read.
  void answered(const Read& read, const spool::LogReader::Found& found);

 private:
  [[nodiscard]] Step send();

  EventQuery query_;
  PerClass<Seq> end_;
  EventMerge merge_;
  ExportCount count_;
  std::string text_;  // the page that is being filled
  bool has_failed_ = false;
};

}  // namespace watchpost::console
