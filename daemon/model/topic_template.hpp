// TopicTemplate: the form of the topics on which one upstream gets what this box publishes.
// Why: servers have rules of their own: how many levels, which prefix, whose words. The event
// itself stays the same.
// Promise: a text in which `mistake_in_topic_template` finds none gives topic names that are valid
// (MQTT 5.0 section 4.7): no wildcard, no NUL, at most 65,535 bytes, always the same number of
// levels. Cut into pieces once, at start, so that a topic costs its bytes only. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/event_topic.hpp"

namespace watchpost {

enum class TopicPart : std::uint8_t {
  nothing,
  district,
  street,
  village,
  area,
  gateway,
  event_class,
  domain,
  device,
};
// As they are written between braces, in the order of TopicPart from `district` on.
[[nodiscard]] std::span<const std::string_view> topic_part_names();
// "{class}".
[[nodiscard]] std::string placeholder_of(TopicPart part);

struct TopicMistake {
  enum class Kind : std::uint8_t {
    too_long,         // more than kMostTemplateBytes
    too_many_levels,  // more than kMostTemplateLevels
    too_many_parts,   // more than kMostTemplateParts placeholders
    wildcard,         // '+' or '#'
    character,        // a control character, or no UTF-8
    brace,            // one without its other half
    unknown,          // `at` is no name of a part
    empty,
  };
  Kind kind;
  std::string_view at{};  // of the text that was looked at
};
inline constexpr std::size_t kMostTemplateBytes = 512;
inline constexpr std::size_t kMostTemplateLevels = 64;
// A name is written as one level of at most 1,536 bytes (512 of a device, each as %XX), so so many
// of them and the words between them stay far below 65,535 bytes.
inline constexpr std::size_t kMostTemplateParts = 16;
[[nodiscard]] std::optional<TopicMistake> mistake_in_topic_template(std::string_view text);

// What the placeholders stand for. Views live for the call.
struct TopicParts {
  std::string_view area;     // 12 digits, or the same in any other form that a relayed topic has
  std::string_view gateway;  // one level
  std::string_view event_class;
  std::string_view domain;
  std::string_view device;         // any bytes, or one level
  bool is_device_a_level = false;  // true: `device` is written as it is
};

class TopicTemplate {
 public:
  // `text` has no mistake, or is made of one that has none.
  explicit TopicTemplate(std::string_view text = kContractTopics);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool is_contract() const { return text_ == kContractTopics; }
  [[nodiscard]] bool has(TopicPart part) const;
  [[nodiscard]] std::size_t levels() const;

  // For batches, which have no domain and no device: the first of the two becomes `word`, a level
  // that is the other one is left out.
  [[nodiscard]] TopicTemplate of_batches(std::string_view word) const;
  // A Topic Filter for people: a level with one of `open` becomes '+', a row of them at the end
  // '#'.
  [[nodiscard]] TopicTemplate filter(std::span<const TopicPart> open) const;
  // The same form, in which district, street, village, area and gateway are written out.
  [[nodiscard]] TopicTemplate of_gateway(const TopicParts& known) const;

  // What stands before and behind the device; nothing where the form has it more than once.
  struct AroundDevice {
    std::string before;
    std::string behind;
    bool has_device = false;
  };
  [[nodiscard]] std::optional<AroundDevice> around_device(const TopicParts& parts) const;

  [[nodiscard]] std::string topic(const TopicParts& parts) const;

 private:
  struct Piece {
    std::string before;
    TopicPart part = TopicPart::nothing;
  };

  std::string text_;
  std::vector<Piece> pieces_;
  std::size_t fixed_bytes_ = 0;  // of all `before`
};

}  // namespace watchpost
