// Gst9000Records: the records of a GST9000 fire panel's printer port, cut out of a stream of bytes.
// A record is some lines of GB 2312 text and ends with an empty line (two LF); the next begins with
// ESC 6 and its date (pages scjjwy.com/zhuji/49.html, bingoex.cn/news/119.html).
// Promise: every byte that is fed comes out in exactly one record, in order, but for empty lines
// between records. A record longer than kLongest is cut there. Pure; one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace watchpost::wired {

class Gst9000Records {
 public:
  static constexpr std::size_t kLongest = 4'096;

  void feed(std::string_view bytes);
  // Nothing: more bytes are needed.
  [[nodiscard]] std::optional<std::string> next();
  // No more bytes come: as next(), and what is unfinished is a record too.
  [[nodiscard]] std::optional<std::string> next_of_the_rest();
  [[nodiscard]] std::size_t unfinished() const { return waiting_.size() - taken_; }

 private:
  [[nodiscard]] std::string_view rest() const { return std::string_view(waiting_).substr(taken_); }
  void skip_empty_lines();
  std::string take(std::size_t size);

  std::string waiting_;
  std::size_t taken_ = 0;   // bytes of waiting_ that are out already
  std::size_t looked_ = 0;  // no record ends in rest() before this
};

}  // namespace watchpost::wired
