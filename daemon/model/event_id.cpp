#include "model/event_id.hpp"

#include <fmt/compile.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <iterator>
#include <limits>

namespace watchpost {
namespace {

constexpr std::string_view kTypePrefix = "cn.watchpost.";
constexpr std::string_view kTypeEnd = ".v1";
constexpr std::string_view kTransition = "transition";
constexpr std::size_t kEpochDigits = 8;
constexpr std::uint64_t kMostSequence = std::numeric_limits<std::int64_t>::max() - 1;

void append_id(std::string& out, std::string_view epoch, EventClass event_class, Seq sequence) {
  fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}.{}.{}"), epoch, letter_of(event_class),
                 sequence.value);
}

}  // namespace

std::optional<EventKey> event_key_from(std::string_view id) {
  const auto dot = id.find('.');
  if (dot == std::string_view::npos || id.size() < dot + 4 || id[dot + 2] != '.') {
    return std::nullopt;
  }
  const auto epoch = id.substr(0, dot);
  const auto sequence = sequence_from(id.substr(dot + 3));
  if (!is_epoch(epoch) || !sequence) return std::nullopt;
  for (const EventClass event_class : kEventClasses) {
    if (letter_of(event_class) != id[dot + 1]) continue;
    return EventKey{Epoch(epoch), event_class, *sequence};
  }
  return std::nullopt;
}

std::string event_id(const EventKey& key) {
  std::string id;
  append_id(id, key.epoch, key.event_class, key.sequence);
  return id;
}

void append_event_id(std::string& out, const Record& record) {
  append_id(out, record.epoch, record.event_class, record.seq);
}

std::string link_event_id(const LinkEventKey& key) {
  return fmt::format("{}.link.{:016x}.{}.{}", key.epoch, key.link, key.state, key.number);
}

void append_sequence(std::string& out, Seq sequence) {
  fmt::format_to(std::back_inserter(out), FMT_COMPILE("{:016}"), sequence.value);
}

std::optional<Seq> sequence_from(std::string_view digits) {
  std::uint64_t number = 0;
  const auto* const end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, number);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return sequence_from(number);
}

std::optional<Seq> sequence_from(std::uint64_t number) {
  if (number == 0 || number > kMostSequence) return std::nullopt;
  return Seq{number};
}

bool is_epoch(std::string_view text) {
  return text.size() == kEpochDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

void append_event_type(std::string& out, const Record& record) {
  const auto own = subject_of_gateway_event(record.type);
  const bool is_transition = record.type == RecordType::transition;
  const std::string_view what = is_transition ? kTransition
                                : own.empty() ? to_string(record.event_class)
                                              : own;
  for (const std::string_view part :
       {kTypePrefix, to_string(record.domain), std::string_view("."), what, kTypeEnd}) {
    out += part;
  }
}

std::string_view event_subject(const Record& record) {
  const auto own = subject_of_gateway_event(record.type);
  return own.empty() ? std::string_view(record.device) : own;
}

std::string_view domain_in_event_type(std::string_view type) {
  if (!type.starts_with(kTypePrefix)) return {};
  const auto rest = type.substr(kTypePrefix.size());
  return rest.substr(0, rest.find('.'));
}

}  // namespace watchpost
