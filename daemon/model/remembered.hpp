// Remembered: what a decoder has learnt and must know again after a restart, as a fact: which
// devices a bridge has and what they can say. Promise: committed in the transaction of the message
// that said it; the last value of a key counts. Plain values; any thread.
#pragma once

#include <string>

namespace watchpost {

struct Remembered {
  std::string decoder;  // its name
  std::string key;      // the decoder's own
  std::string value;    // empty: forget the key
};

}  // namespace watchpost
