// BatchText: several events as the payload of one publication, in CloudEvents' JSON batch format.
// Promise: each event has the text that it has alone; a batch stays within the settings' limit and
// the broker's Maximum Packet Size, whatever the first event's size. Used by Traffic, on the I/O
// thread.
#pragma once

#include <cstddef>
#include <string>

#include "base/compression.hpp"
#include "upstream/cloud_event.hpp"
#include "upstream/publishing.hpp"

namespace watchpost::upstream {

class BatchText {
 public:
  // `most`: bytes of text, before compression.
  BatchText(EventContext context, std::size_t most, ContentCoding coding);

  void link_up(const LinkTerms& terms);
  // `publication` holds one event, alone. False: there is no room, and nothing has changed.
  [[nodiscard]] bool add(Publication& publication, const Record& record);
  // Makes a batch of `publication`. Called after the last `add`, if one was true.
  void finish(Publication& publication, EventClass event_class);

 private:
  void begin(std::string& text) const;

  EventContext context_;
  std::size_t most_;
  std::size_t most_here_;  // on this link
  std::size_t grown_ = 0;  // bytes of the last event
  Compressor compressor_;
};

}  // namespace watchpost::upstream
