#include "wired/gst9000_records.hpp"

#include <algorithm>

namespace watchpost::wired {
namespace {

constexpr std::string_view kDateFollows = "\x1b\x36";  // ESC 6

// The size of the record that `bytes` begin with; npos: its end is not there yet.
std::size_t record_size(std::string_view bytes, std::size_t from) {
  for (auto at = bytes.find('\n', from); at != std::string_view::npos;
       at = bytes.find('\n', at + 1)) {
    const auto rest = bytes.substr(at + 1);
    if (rest.starts_with('\n')) return at + 2;
    if (rest.starts_with("\r\n")) return at + 3;
    if (rest.starts_with(kDateFollows)) return at + 1;
  }
  return std::string_view::npos;
}

}  // namespace

void Gst9000Records::feed(std::string_view bytes) {
  waiting_.erase(0, taken_);
  taken_ = 0;
  waiting_.append(bytes);
}

void Gst9000Records::skip_empty_lines() {
  const auto text = rest().find_first_not_of("\r\n");
  taken_ += std::min(text, unfinished());
}

std::optional<std::string> Gst9000Records::next() {
  if (looked_ == 0) skip_empty_lines();
  const auto size = record_size(rest().substr(0, kLongest), looked_);
  if (size != std::string::npos) return take(size);
  if (unfinished() >= kLongest) return take(kLongest);
  // A line end at the very end is looked at again with what follows it.
  looked_ = unfinished() > 2 ? unfinished() - 2 : 0;
  return std::nullopt;
}

std::optional<std::string> Gst9000Records::next_of_the_rest() {
  if (auto record = next()) return record;
  if (unfinished() == 0) return std::nullopt;
  return take(unfinished());
}

std::string Gst9000Records::take(std::size_t size) {
  std::string record(rest().substr(0, size));
  taken_ += size;
  looked_ = 0;
  return record;
}

}  // namespace watchpost::wired
