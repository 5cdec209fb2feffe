// LaneOptions: what a Lane is told about its class.
// Promise: plain values. Made by Forwarder, on the I/O thread.
#pragma once

#include <cstddef>

#include "model/record.hpp"
#include "upstream/custody.hpp"
#include "upstream/upstream_defaults.hpp"

namespace watchpost::upstream {

struct LaneOptions {
  EventClass event_class = EventClass::telemetry;
  bool wanted = true;
  Custody custody = Custody::broker;
  // A record that the broker took while nobody had subscribed is not delivered.
  bool must_be_heard = false;
  Epoch epoch;  // the present one
  std::size_t prefetch_records = kPrefetchRecords;
  ByteCount prefetch_bytes = kPrefetchBytes;  // passed by at most one record
  std::size_t most_sent = kDefaultWindow;     // publications from the oldest unanswered one on
  bool batches = false;                       // records may share a publication
};

}  // namespace watchpost::upstream
