// UnreadDevices: who sends messages that nothing can read, so that their alarms would not be seen.
// Promise: a device leaves the list only when one of its messages has been read; one of whose
// messages a part was not understood, when just that part has been read. What names no
// device is listed by its place in the topic tree (its topic without the last level), until a
// message of that place has been read. Bounded: past kMost entries messages are counted, not named.
// Pure; I/O thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "model/trouble.hpp"

namespace watchpost::pipeline {

class UnreadDevices {
 public:
  static constexpr std::size_t kMost = 1'000;

  struct Message {
    std::string_view device;  // empty: nothing names one
    std::string_view name;    // that [[device]] gives it, for people; may be empty
    std::string_view topic;
    std::string_view decoder;  // that should have read it; empty: none is configured
    std::string_view why;      // in the decoder's words; may be empty
    std::string_view part{};   // of a message that was read but for it: the kind, as "smoke"
  };
  struct Entry {
    std::string sender;  // the device, or the place
    std::string name;
    std::string topic;  // of the last message that was not read
    std::string decoder;
    std::string why;
    std::uint64_t messages = 0;  // not read, since the last one that was
    bool is_device = false;      // else a place in the topic tree
    bool is_read = false;        // meanwhile; kept so that the log does not name it again
  };

  // It could not be read. True: the log has not named this sender yet.
  [[nodiscard]] bool unread(const Message& message);
  struct Sender {
    std::string_view device;
    std::string_view topic;
  };
  void read(const Sender& sender);
  // This part of its messages is understood, again or for the first time.
  void understood(std::string_view device, std::string_view part);

  // What a person is to be told now; nothing while everything is read.
  [[nodiscard]] std::optional<Trouble> trouble() const;
  // One sender, for a line of the log.
  [[nodiscard]] static Trouble trouble_of(const Message& message);
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  void mark_read(std::string_view sender);
  [[nodiscard]] bool make_room();

  // By device, by device and part, or by place.
  std::map<std::string, Entry, std::less<>> entries_;
  std::uint64_t count_ = 0;    // entries that are not read
  std::uint64_t unnamed_ = 0;  // messages past the bound, since the start
};

}  // namespace watchpost::pipeline
