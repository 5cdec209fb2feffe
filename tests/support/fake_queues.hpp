// FakeQueues: a QueueReader over messages in memory. A question waits until the test answers it.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>

#include "model/queue_reader.hpp"

namespace watchpost::support {

class FakeQueues final : public QueueReader {
 public:
  struct Question {
    std::string client_id;
    QueueRange range;
    Answer answer;
  };
  void read(const std::string& client_id, const QueueRange& range, Answer answer) override {
    questions.push_back({client_id, range, std::move(answer)});
  }
  void write(const QueuedChange& change) {
    const std::pair key{change.client_id, change.number};
    if (change.kind == QueuedChange::Kind::gone) {
      messages.erase(key);
    } else {
      messages[key] = {change.number, change.delivery, change.kind == QueuedChange::Kind::released,
                       change.lifetime, change.ends_at_s};
    }
  }
  // As a store would, of what is there now.
  [[nodiscard]] QueuePage page_of(const std::string& client_id, const QueueRange& range) const {
    QueuePage page;
    page.up_to = range.after;
    page.is_end = true;
    std::uint64_t bytes = 0;
    for (const auto& [key, message] : messages) {
      if (key.first != client_id || key.second <= range.after) continue;
      if (page.messages.size() == range.most_messages || bytes >= range.most_bytes.value) {
        page.is_end = false;
        break;
      }
      page.up_to = key.second;
      if (message.delivery.publication) bytes += memory_in_queue(*message.delivery.publication);
      page.messages.push_back(message);
    }
    return page;
  }
  void answer_next() {
    const Question question = std::move(questions.front());
    questions.pop_front();
    question.answer(page_of(question.client_id, question.range));
  }

  std::map<std::pair<std::string, std::uint64_t>, StoredQueued> messages;
  std::deque<Question> questions;
};

}  // namespace watchpost::support
