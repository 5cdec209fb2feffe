// StatusText: the status page while it is written, in one language and one width. Pure.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "cli/columns.hpp"
#include "model/language.hpp"
#include "settings/words.hpp"

namespace watchpost::cli {

class StatusText {
 public:
  // `width` 0: lines are not broken.
  StatusText(Language language, std::size_t width) : language_(language), width_(width) {}

  // Adds the same line in the language of the page, with the same arguments for both languages.
  template <class... Values>
  void line(const settings::Words& format, const Values&... values) {
    add(fmt::vformat(format.in(language_), fmt::make_format_args(values...)));
  }
  void add(std::string_view text) {
    const std::string line = printable(text);
    const auto begin = line.find_first_not_of(' ');
    const std::size_t indent = begin == std::string::npos ? 0 : begin + 2;
    text_ += wrapped(line, {.width = width_, .indent = indent});
    text_ += '\n';
  }
  void blank() { text_ += '\n'; }
  // "1 event", "4 events"; a Chinese noun has no plural.
  [[nodiscard]] std::string counted(std::int64_t count, std::string_view noun) const {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
  }
  [[nodiscard]] Language language() const { return language_; }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  Language language_;
  std::size_t width_;
  std::string text_;
};

}  // namespace watchpost::cli
