#include <fmt/format.h>

#include <charconv>
#include <string>
#include <vector>

#include "base/encoding.hpp"
#include "base/gb18030.hpp"
#include "sdk/text.hpp"
#include "sl651/body.hpp"

namespace watchpost::sl651 {
namespace {

constexpr std::string_view kMissing = "M";

// DRDnn, DRHnn, DRNnn (table C.2): a step of days, hours or minutes, in minutes.
std::optional<std::int64_t> step_from(std::string_view word) {
  if (word.size() != 5 || !word.starts_with("DR")) return std::nullopt;
  int count = 0;
  const auto digits = word.substr(3);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + 2, count);
  if (error != std::errc{} || end != digits.data() + 2) return std::nullopt;
  switch (word[2]) {
    case 'D':
      return count * 1'440;
    case 'H':
      return count * 60;
    case 'N':
      return count;
    default:
      return std::nullopt;
  }
}

bool is_address(std::string_view word) {
  return word.size() == 10 && from_hex(word).has_value();
}

class AsciiBody {
 public:
  AsciiBody(std::uint8_t code, std::string_view body, ReportBuilder& report)
      : code_(code), rest_(body), report_(report) {}

  // "identifier value identifier value ... ", each with one space behind it (section 6.6.2.1).
  void read() {
    while (go_on_) {
      const auto word = next();
      if (word.empty()) return;
      group(word);
    }
  }

 private:
  void group(std::string_view word) {
    if (word == "ST") return station();
    if (word == "TT") return report_.set_time(next());
    if (word == "RGZS") return report_.text({"manual_report"}, from_gb18030(whole_rest()).utf8);
    if (word == "PIC") {
      return report_.number("picture_bytes", static_cast<double>(whole_rest().size()));
    }
    if (const auto step = step_from(word)) return series(*step);
    const auto value = next();
    if (value.empty()) return stop(fmt::format("{} has no value", shown(word)));
    if (const auto* element = element_named(word)) return data(*element, value);
    if (is_answer(code_)) return answer(word, value);
    report_.other({.id = shown(word), .text = shown(value)});
  }

  void station() {
    const auto address = next();
    if (!is_address(address)) return stop("the station's address is none");
    std::string upper(address);
    for (char& c : upper) c = c >= 'a' ? static_cast<char>(c - 32) : c;
    report_.set_station(upper);
    // One letter (appendix A), which an answer does not have.
    if (is_answer(code_) || peek().size() != 1) return;
    report_.set_station_class(fmt::format("{:02X}", static_cast<std::uint8_t>(next().front())));
  }

  void data(const Element& element, std::string_view word) {
    const bool row = element.sort == Sort::rain_row || element.sort == Sort::level_row;
    if (!row && element.sort != Sort::status) return report_.value(element, value_of(word));
    const auto bytes = from_hex(word);
    const std::size_t size = element.sort == Sort::rain_row ? 12 : row ? 24 : 4;
    if (!bytes || bytes->size() != size) {
      return report_.unread(fmt::format("{} has not {} bytes", element.ascii, size));
    }
    if (row) return report_.row(element, 0, *bytes);
    std::uint32_t bits = 0;
    for (const char c : *bytes) bits = bits << 8 | static_cast<std::uint8_t>(c);
    if (bits == 0xffffffff) return report_.status_missing();
    report_.status(bits);
  }

  // One step, the elements, then a value of each for every step (section 6.6.4.4).
  void series(std::int64_t step) {
    std::vector<const Element*> columns;
    for (const auto* element = element_named(peek()); element != nullptr;
         element = element_named(peek())) {
      columns.push_back(element);
      next();
    }
    if (columns.empty()) return stop("the series has no element");
    for (std::int64_t row = 0; go_on_ && !peek().empty(); ++row) {
      for (const auto* element : columns) {
        const auto word = next();
        if (word.empty()) return stop("the series ends within a row");
        series_value(*element, row, step, word);
      }
    }
  }

  void series_value(const Element& element, std::int64_t n, std::int64_t step,
                    std::string_view word) {
    const std::size_t size = element.sort == Sort::rain_row ? 12 : 24;
    if (element.sort != Sort::rain_row && element.sort != Sort::level_row) {
      if (step == 0) return stop("the series has no time step");
      return report_.series_value(element, n * step, value_of(word));
    }
    const auto bytes = from_hex(word);
    if (!bytes || bytes->size() != size) return stop("a row of the series has a wrong size");
    report_.row(element, n * 60, *bytes);
  }

  // What a station says of itself; a password is not repeated.
  void answer(std::string_view word, std::string_view value) {
    if (code_ == function::kSetPassword || word == "03") return;
    report_.other({.id = shown(word), .text = shown(value)});
  }

  static Value value_of(std::string_view word) {
    return word == kMissing ? Value{} : from_decimal(word);
  }
  static std::string shown(std::string_view word) { return from_gb18030(word).utf8; }

  std::string_view peek() {
    rest_ = rest_.substr(std::min(rest_.find_first_not_of(' '), rest_.size()));
    return rest_.substr(0, rest_.find(' '));
  }
  std::string_view next() {
    const auto word = peek();
    rest_.remove_prefix(word.size());
    return word;
  }
  std::string_view whole_rest() {
    const auto rest = sdk::trim(rest_);
    rest_ = {};
    return rest;
  }
  void stop(std::string why) {
    go_on_ = false;
    report_.unread(std::move(why));
  }

  std::uint8_t code_;
  std::string_view rest_;
  ReportBuilder& report_;
  bool go_on_ = true;
};

}  // namespace

void read_ascii_body(std::uint8_t code, std::string_view body, ReportBuilder& report) {
  AsciiBody(code, body, report).read();
}

}  // namespace watchpost::sl651
