// Remembered: what a decoder or the pipeline has learnt and must know again after a restart, as a
// fact: which devices a bridge has and what they can say, which taps of a tag were accepted, which
// alarms were seen. Promise: committed in the transaction of the message
// that said it; the last value of a key counts. Plain values; any thread.
#pragma once

#include <string>
#include <string_view>

namespace watchpost {

struct Remembered {
  std::string decoder;  // its name; "gateway:…": of the pipeline (a decoder's has no colon)
  std::string key;      // of whose memory it is
  std::string value;    // empty: forget the key
};

// The key by which a copy that `watchpost backup` made tells each decoder that what is recalled may
// be older than what was known (WATCHPOST_FROM_COPY of the ABI).
inline constexpr std::string_view kRememberedInCopy = "restored";

}  // namespace watchpost
