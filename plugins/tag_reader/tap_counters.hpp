// TapCounters: which taps of each NTAG 424 DNA tag have been accepted, by the tag's own counter.
// Promise: a counter is accepted once; what is not above the last accepted one of its tag is the
// same tap again (same counter and reader, within kSameTap, or sent again by the reader's word) or
// a copy. An accepted counter is handed over to be remembered with the tap's own message, so it is
// on disk before the tap is acknowledged; where that commit failed, not_kept() takes it back, so
// that the tap may come again. Bounded: kMostTags; past it a tap is not accepted. Pure; I/O thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sdk/decoder.hpp"

namespace watchpost::tag_reader {

struct CountedTap {
  std::string_view uid;
  std::uint32_t counter = 0;
  std::string_view reader;
  std::int64_t received_unix_ns = 0;
  bool is_again = false;  // the sender or a broker says that this is no new message
};

enum class TapVerdict : std::uint8_t {
  accepted,
  first,     // accepted; no counter of this tag was known
  restored,  // accepted; the counter that was known comes from an older copy of the store
  jumped,    // accepted; the tag was read more than kManyReads times since, elsewhere
  again,     // the tap that was accepted last
  copied,    // its counter was used before
  no_room,
};

class TapCounters {
 public:
  static constexpr std::size_t kMostTags = 20'000;
  static constexpr std::chrono::seconds kSameTap{60};
  static constexpr std::uint32_t kManyReads = 1'000;

  [[nodiscard]] TapVerdict judge(const CountedTap& tap, sdk::Sink& sink);
  void recall(const sdk::Remembered& learnt);
  void not_kept(const sdk::Remembered& learnt);
  [[nodiscard]] std::size_t restored() const { return restored_; }

 private:
  struct Accepted {
    std::uint32_t counter = 0;
    std::string reader;
    std::int64_t received_unix_ns = 0;
  };
  struct Tag {
    std::int64_t floor = -1;     // none was accepted
    std::vector<Accepted> last;  // the newest at the end, all above `floor`
    bool is_restored = false;
  };
  void accept(const CountedTap& tap, Tag& tag, sdk::Sink& sink);

  std::map<std::string, Tag, std::less<>> tags_;  // by UID
  bool is_copy_ = false;                          // the store is put back from a backup
  std::size_t restored_ = 0;  // tags whose counter comes from there and that were not tapped since
};

}  // namespace watchpost::tag_reader
