// The stream of events: GET /v1/events and GET /v1/export.
// Promise: each client reads from the log at its own pace and delays nobody; stored events come in
// the order of time, then new events as they are committed. A read that failed is tried again every
// second. I/O thread only. Includes Asio: only for .cpp files of console/.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>

#include "console/event_pages.hpp"
#include "console/event_query.hpp"
#include "console/exchange.hpp"
#include "spool/log_reader.hpp"
#include "spool/spool.hpp"

namespace watchpost::console {

struct EventSource {
  spool::Spool& spool;
  spool::LogReader& reader;
  EventPages::Render render;
};

// Ends when the client is gone, or when the query has an end that was reached.
[[nodiscard]] boost::asio::awaitable<void> stream_events(EventSource source,
                                                         std::shared_ptr<Exchange> exchange,
                                                         EventQuery query);

}  // namespace watchpost::console
