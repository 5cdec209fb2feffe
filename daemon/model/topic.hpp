// Topic and TopicFilter: checked once, used without further checks.
// Promise: a Topic has no wildcard and no NUL and is 1..65535 bytes of UTF-8 (MQTT 5.0
// section 4.7); a TopicFilter has '#' only as its last level and '+' only as a whole level.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost {

// '+' or '#', which no topic name has and only filters may (MQTT 5.0 section 4.7.1).
[[nodiscard]] bool has_wildcard(std::string_view text);

class Topic {
 public:
  [[nodiscard]] static std::optional<Topic> parse(std::string_view text);
  [[nodiscard]] const std::string& text() const { return text_; }
  // Levels between slashes; "a//b" has three. The views live as long as the Topic.
  [[nodiscard]] std::vector<std::string_view> levels() const;
  friend bool operator==(const Topic&, const Topic&) = default;

 private:
  explicit Topic(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

class TopicFilter {
 public:
  [[nodiscard]] static std::optional<TopicFilter> parse(std::string_view text);
  [[nodiscard]] const std::string& text() const { return text_; }
  // MQTT 5.0 section 4.7.2: wildcards in first place do not match topics that begin with '$'.
  [[nodiscard]] bool matches(std::string_view topic) const;
  // True where every topic that `narrow` takes is also taken by this one.
  [[nodiscard]] bool covers(const TopicFilter& narrow) const;
  friend bool operator==(const TopicFilter&, const TopicFilter&) = default;

 private:
  explicit TopicFilter(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// `text` as one topic level: '/', '+', '#', '%', NUL and control characters become %XX; empty
// becomes "_".
[[nodiscard]] std::string to_topic_level(std::string_view text);
void append_topic_level(std::string& out, std::string_view text);

}  // namespace watchpost
