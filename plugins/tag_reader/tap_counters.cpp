#include "tag_reader/tap_counters.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>

namespace watchpost::tag_reader {
namespace {

constexpr std::string_view kCounter = "counter ";  // before the UID in a key
// Of one batch that was not kept, the counters before it are still known.
constexpr std::size_t kMostUnkept = 64;

template <class Number>
std::optional<Number> cut_number(std::string_view& text) {
  const auto end = std::min(text.find(' '), text.size());
  Number number{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + end, number);
  if (error != std::errc{} || stop != text.data() + end) return std::nullopt;
  text.remove_prefix(std::min(end + 1, text.size()));
  return number;
}

}  // namespace

TapVerdict TapCounters::judge(const CountedTap& tap, sdk::Sink& sink) {
  auto known = tags_.find(tap.uid);
  if (known == tags_.end()) {
    if (tags_.size() == kMostTags) return TapVerdict::no_room;
    known = tags_.emplace(tap.uid, Tag{}).first;
  }
  Tag& tag = known->second;
  const std::int64_t last = tag.last.empty() ? tag.floor : tag.last.back().counter;
  if (tap.counter > last) {
    const bool was_restored = tag.is_restored;
    accept(tap, tag, sink);
    if (last < 0) return TapVerdict::first;
    if (was_restored) return TapVerdict::restored;
    return tap.counter - last > kManyReads ? TapVerdict::jumped : TapVerdict::accepted;
  }
  if (tap.counter < last || tag.last.empty()) return TapVerdict::copied;
  const Accepted& accepted = tag.last.back();
  const auto apart =
      std::chrono::nanoseconds(std::llabs(tap.received_unix_ns - accepted.received_unix_ns));
  const bool same = accepted.reader == tap.reader && (tap.is_again || apart <= kSameTap);
  return same ? TapVerdict::again : TapVerdict::copied;
}

void TapCounters::accept(const CountedTap& tap, Tag& tag, sdk::Sink& sink) {
  if (tag.last.size() == kMostUnkept) {
    tag.floor = tag.last.front().counter;
    tag.last.erase(tag.last.begin());
  }
  tag.last.push_back({tap.counter, std::string(tap.reader), tap.received_unix_ns});
  if (tag.is_restored) {
    tag.is_restored = false;
    if (--restored_ == 0) sink.remember({.key = sdk::kFromCopy, .value = ""});
  }
  std::string value = std::to_string(tap.counter);
  value.append(" ").append(std::to_string(tap.received_unix_ns)).append(" ").append(tap.reader);
  sink.remember({.key = std::string(kCounter).append(tap.uid), .value = value});
}

// What is recalled damaged is as good as forgotten: the next tap is the first one again, and is
// marked so.
void TapCounters::recall(const sdk::Remembered& learnt) {
  auto key = learnt.key;
  auto value = learnt.value;
  if (key == sdk::kFromCopy) {
    is_copy_ = true;
    for (auto& [uid, tag] : tags_) tag.is_restored = true;
    restored_ = tags_.size();
    return;
  }
  if (!key.starts_with(kCounter) || tags_.size() == kMostTags) return;
  const auto counter = cut_number<std::uint32_t>(value);
  const auto received = cut_number<std::int64_t>(value);
  if (!counter || !received) return;
  Tag tag;
  tag.last.push_back({*counter, std::string(value), *received});
  tag.is_restored = is_copy_;
  const bool is_new = tags_.insert_or_assign(std::string(key.substr(kCounter.size())), tag).second;
  if (is_copy_ && is_new) ++restored_;
}

void TapCounters::not_kept(const sdk::Remembered& learnt) {
  auto key = learnt.key;
  auto value = learnt.value;
  if (!key.starts_with(kCounter)) return;
  const auto found = tags_.find(key.substr(kCounter.size()));
  const auto counter = cut_number<std::uint32_t>(value);
  if (found == tags_.end() || !counter) return;
  Tag& tag = found->second;
  std::erase_if(tag.last, [&](const Accepted& each) { return each.counter == *counter; });
  if (tag.last.empty() && tag.floor < 0) tags_.erase(found);
}

}  // namespace watchpost::tag_reader
