// StoredTail: which of a session's committed messages are on disk only, behind those in memory.
// Promise: whatever the order in which commits are told of and pages come, each number is brought
// into memory once. It rests on two things: messages of a session are committed and told of in the
// order of their numbers, and a page has all that was told of before it was asked for. Pure; one
// per outbox; I/O thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "model/queue_reader.hpp"

namespace watchpost::protocol {

class StoredTail {
 public:
  // After a start: messages up to this number are on disk, and none is in memory. 0: there are
  // none.
  void load(std::uint64_t up_to) { told_up_to_ = up_to; }
  [[nodiscard]] bool is_empty() const { return told_up_to_ <= in_memory_up_to_; }

  // A message was committed. True: it is to be kept in memory; else it is on disk only, or a page
  // has brought it already.
  enum class Room : std::uint8_t { none, some };
  [[nodiscard]] bool takes(std::uint64_t number, Room room) {
    if (number <= read_up_to_) return false;
    const bool is_next = is_empty() && room == Room::some;
    told_up_to_ = std::max(told_up_to_, number);
    if (is_next) in_memory_up_to_ = told_up_to_;
    return is_next;
  }
  // From this number on nothing is in memory any more. What a page that was asked for brings is not
  // wanted.
  void unload_from(std::uint64_t from) {
    told_up_to_ = std::max(told_up_to_, in_memory_up_to_);
    in_memory_up_to_ = std::min(in_memory_up_to_, from - 1);
    forget_question();
  }
  void forget_question() { asked_.reset(); }

  // What is to be read now; nothing while an answer is due, or where nothing is on disk only.
  struct Question {
    std::uint64_t number = 0;  // of the question
    std::uint64_t after = 0;
  };
  [[nodiscard]] std::optional<Question> ask() {
    if (asked_ || is_empty()) return std::nullopt;
    asked_ = Asked{++questions_, told_up_to_};
    return Question{questions_, in_memory_up_to_};
  }
  [[nodiscard]] bool awaits(std::uint64_t question) const {
    return asked_ && asked_->question == question;
  }
  // The answer came: all that it looked at is in memory now, or gone.
  void took(const QueuePage& page) {
    const Asked asked = *std::exchange(asked_, std::nullopt);
    read_up_to_ = page.is_end ? std::max(page.up_to, asked.told_up_to) : page.up_to;
    in_memory_up_to_ = std::max(in_memory_up_to_, read_up_to_);
  }

 private:
  struct Asked {
    std::uint64_t question = 0;
    std::uint64_t told_up_to = 0;  // when it was asked
  };
  std::uint64_t in_memory_up_to_ = 0;  // these are in memory, or gone
  std::uint64_t told_up_to_ = 0;       // the highest number of which a commit was told
  std::uint64_t read_up_to_ = 0;       // the highest number that a page accounted for
  std::uint64_t questions_ = 0;
  std::optional<Asked> asked_;
};

}  // namespace watchpost::protocol
