#include "gst9000/record.hpp"

#include <algorithm>
#include <vector>

#include "base/gb18030.hpp"
#include "sdk/text.hpp"

namespace watchpost::gst9000 {
namespace {

constexpr std::string_view kCodes = "\x1b\x1c\x1d";        // ESC, FS, GS: a letter follows
constexpr std::string_view kHeadlineFollows = "\x1b\x39";  // ESC 9
constexpr std::string_view kWideSpace = "\xe3\x80\x80";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

struct Line {
  std::string bytes;  // without printer codes
  bool is_headline = false;
};

std::vector<Line> lines_of(std::string_view bytes) {
  std::vector<Line> lines(1);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (kCodes.find(c) != std::string_view::npos) {
      if (bytes.substr(i).starts_with(kHeadlineFollows)) lines.back().is_headline = true;
      ++i;
    } else if (c == '\n' || c == '\r') {
      lines.emplace_back();
    } else if (static_cast<unsigned char>(c) >= ' ') {
      lines.back().bytes.push_back(c);
    }
  }
  return lines;
}

std::string_view without_spaces_around(std::string_view text) {
  for (;;) {
    const auto before = text.size();
    text = sdk::trim(text);
    if (text.starts_with(kWideSpace)) text.remove_prefix(kWideSpace.size());
    if (text.ends_with(kWideSpace)) text.remove_suffix(kWideSpace.size());
    if (text.size() == before) return text;
  }
}

// The runs of digits of a text that has nothing else but `between`; empty: it is of another form.
std::vector<std::string> digit_groups(std::string_view text, std::string_view between) {
  std::vector<std::string> groups;
  bool inside = false;
  for (const char c : text) {
    if (is_digit(c)) {
      if (!inside) groups.emplace_back();
      groups.back().push_back(c);
    } else if (between.find(c) == std::string_view::npos) {
      return {};
    }
    inside = is_digit(c);
  }
  return groups;
}

std::string two(const std::string& digits) {
  return digits.size() == 1 ? "0" + digits : digits;
}

bool take_time(std::string_view line, int zone_minutes, GstRecord& record) {
  const auto groups = digit_groups(line, "/-: .");
  if ((groups.size() != 5 && groups.size() != 6) || line.find(':') == line.npos) return false;
  const auto& year = groups[0];
  record.printed_at = line;
  record.at =
      sdk::time_from_text((year.size() == 4 ? year : "20" + two(year)) + "-" + two(groups[1]) +
                              "-" + two(groups[2]) + "T" + two(groups[3]) + ":" + two(groups[4]) +
                              ":" + (groups.size() == 6 ? two(groups[5]) : "00"),
                          zone_minutes);
  return true;
}

bool take_part(std::string_view line, GstRecord& record) {
  const auto groups = digit_groups(line, "- ");
  if (groups.size() < 2 || groups.size() > 3 || line.find('-') == line.npos) return false;
  record.loop = groups[groups.size() - 2];
  record.part = groups.back();
  return true;
}

struct Text {
  std::string utf8;
  bool is_headline = false;
};

// The line that is marked as headline. Where none is (a bridge may take the codes away), the one
// that says fire, so that a place with another of our words in its name does not hide it.
std::size_t headline_of(const std::vector<Text>& texts) {
  const auto first = [&texts](auto is_it) {
    return std::find_if(texts.begin(), texts.end(), is_it) - texts.begin();
  };
  const auto end = static_cast<std::ptrdiff_t>(texts.size());
  auto found = first([](const Text& text) { return text.is_headline; });
  if (found == end) {
    found = first([](const Text& text) {
      const auto meaning = headline_from(text.utf8).meaning;
      return meaning == Meaning::alarm || meaning == Meaning::prealarm;
    });
  }
  return found == end ? 0 : static_cast<std::size_t>(found);
}

}  // namespace

GstRecord record_from(std::string_view bytes, int zone_minutes) {
  GstRecord record;
  std::vector<Text> texts;
  for (const auto& raw : lines_of(bytes)) {
    const auto line = from_gb18030(raw.bytes);
    record.is_whole_text = record.is_whole_text && line.is_whole;
    const auto text = without_spaces_around(line.utf8);
    if (text.empty()) continue;
    if (record.printed_at.empty() && take_time(text, zone_minutes, record)) continue;
    if (record.loop.empty() && take_part(text, record)) continue;
    texts.push_back({std::string(text), raw.is_headline});
  }
  if (texts.empty()) return record;
  const auto headline = headline_of(texts);
  record.headline = texts[headline].utf8;
  record.meaning = headline_from(record.headline);
  texts.erase(texts.begin() + static_cast<std::ptrdiff_t>(headline));
  if (!texts.empty()) record.location = texts.front().utf8;
  if (texts.size() > 1) record.part_text = texts.back().utf8;
  return record;
}

}  // namespace watchpost::gst9000
