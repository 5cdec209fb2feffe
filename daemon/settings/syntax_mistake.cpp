#include "settings/syntax_mistake.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "base/text.hpp"
#include "settings/source_lines.hpp"
#include "settings/value_hints.hpp"

namespace watchpost::settings {
namespace {

using Found = std::optional<ConfigMistake>;

ConfigMistake mistake_at(unsigned line, Words what, Words next = {}) {
  ConfigMistake mistake;
  mistake.line = line;
  mistake.column = 1;
  mistake.what = std::move(what);
  mistake.next = std::move(next);
  return mistake;
}

// The part of a line that TOML reads as such: without its comment, and with each byte of a text in
// quotation marks replaced by a dot, so that columns stay the same.
struct Bare {
  std::string text;
  char open_quote = 0;  // the quotation mark of a text that does not end on this line
};
Bare bare_of(std::string_view line) {
  Bare bare;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (bare.open_quote != 0) {
      const bool escape = c == '\\' && bare.open_quote == '"' && i + 1 < line.size();
      if (c == bare.open_quote) bare.open_quote = 0;
      bare.text += escape ? ".." : ".";
      if (escape) ++i;
    } else if (c == '#') {
      break;
    } else if (c == '"' || c == '\'') {
      bare.open_quote = c;
      bare.text += '.';
    } else {
      bare.text += c;
    }
  }
  return bare;
}

bool is_hexadecimal(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// `rest` begins with a backslash (TOML 1.0, "String").
bool is_escape(std::string_view rest) {
  const char kind = rest.size() > 1 ? rest[1] : ' ';
  const std::size_t digits = kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
  if (digits == 0) return std::string_view("btnfr\"\\").find(kind) != std::string_view::npos;
  const auto number = rest.substr(2, digits);
  return number.size() == digits && is_hexadecimal(number);
}

// A backslash in quotation marks that was meant as a backslash.
Found stray_backslash(std::string_view whole, unsigned line) {
  char quote = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const char c = whole[i];
    if (quote == 0 && c == '#') break;
    if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    } else if (quote == '"' && c == '\\') {
      if (!is_escape(whole.substr(i))) {
        return mistake_at(line,
                          say("a \\ in quotation marks is not followed by what may follow it",
                              "引号里的 \\ 后面不是允许的字符"),
                          meaning_of_backslash());
      }
      ++i;
    }
  }
  return std::nullopt;
}

// `text` is the bare line: "password = ....heim.", of which the last dot begins a new text.
Found quote_inside(std::string_view text, unsigned line) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const auto value = trimmed(text.substr(equals + 1));
  const auto after = value.find_first_not_of('.');
  const bool goes_on = value.starts_with('.') && after != std::string_view::npos &&
                       value[after] != ' ' && value.find('.', after) != std::string_view::npos;
  if (!goes_on) return std::nullopt;
  return mistake_at(line, say("there is a quotation mark inside of the text", "文本里面还有引号"),
                    say("Put a text that holds \" between ' and ', or write \\\" for each of them",
                        "文本里有 \" 时，请写在 ' 和 ' 之间，或把每个 \" 写成 \\\""));
}

Found wide_character(const SourceLines& lines, unsigned line) {
  const auto wide = first_wide_character(bare_of(lines.trimmed(line)).text);
  if (!wide) return std::nullopt;
  auto next = wide->meant.empty() || wide->meant == " "
                  ? say("Delete it and type an ordinary blank where one is needed",
                        "请删掉它，需要空格时重新输入普通空格")
                  : say("Switch the input method to half-width (English) and type {} in its place",
                        "请把输入法切换到英文半角，改成 {}", wide->meant);
  if (wide->meant.empty() || wide->meant == " ") {
    return mistake_at(line,
                      say("there is a blank that is none (a full-width or no-break space)",
                          "有一个不是普通空格的空白（全角空格或不换行空格）"),
                      std::move(next));
  }
  return mistake_at(line, say("'{}' is a full-width character", "“{}”是全角字符", wide->character),
                    std::move(next));
}

Found broken_heading(std::string_view bare, unsigned line) {
  if (!bare.starts_with('[')) return std::nullopt;
  std::string name;
  for (const char c : bare) {
    if (c == ']' && !name.empty()) break;
    if (c != '[' && c != ' ') name += c;
  }
  const auto whole = bare.starts_with("[[") ? "[[" + name + "]]" : "[" + name + "]";
  if (bare == whole) return std::nullopt;
  return mistake_at(line,
                    say("the brackets of this heading are not complete", "这个标题的括号不完整"),
                    say("Write {} and nothing else on this line", "这一行只写 {}", whole));
}

// True for a value without quotation marks that TOML accepts, as far as one line can show.
bool is_whole(std::string_view value) {
  if (value.find_first_not_of('.') == std::string_view::npos) return !value.empty();
  if (value == "true" || value == "false") return true;
  if (value.front() == '[' || value.front() == '{') {
    const auto opened = std::count(value.begin(), value.end(), '[');
    const auto braces = std::count(value.begin(), value.end(), '{');
    return opened == std::count(value.begin(), value.end(), ']') &&
           braces == std::count(value.begin(), value.end(), '}');
  }
  // A number has one point; an address has three.
  return value.find_first_not_of("+-0123456789_.:TZ") == std::string_view::npos &&
         std::count(value.begin(), value.end(), '.') < 2;
}

// True for a line that holds elements of a list which began on an earlier line.
bool is_part_of_a_list(std::string_view bare) {
  return bare.find_first_not_of(".,[] \t") == std::string_view::npos;
}

// `value` has no quotation marks around it.
Found broken_value(std::string_view key, std::string_view value, unsigned line) {
  if (value.empty()) {
    return mistake_at(
        line, say("nothing stands after {} =", "{} = 后面没有值", key),
        say("Write the value there, or put # in front of the line", "请写上值，或在行首加 #"));
  }
  if (is_whole(value)) return std::nullopt;
  if (const auto truth = truth_meant(value); truth && value != "1" && value != "0") {
    return mistake_at(line, say("{} cannot be used for {}", "{1} 不能写 {0}", value, key),
                      say("Write {}, in small letters and without quotation marks",
                          "应写 {}，小写，不加引号", *truth ? "true" : "false"));
  }
  if (value.front() == '[' || value.front() == '{') {
    return mistake_at(
        line, say("the list or table after {} = is not complete", "{} = 后面的列表或表不完整", key),
        say("It ends with {}, its texts stand in quotation marks, commas between them",
            "以 {} 结尾，文本加引号，用逗号隔开", value.front() == '[' ? "]" : "}"));
  }
  if (value.front() == '.') {
    return mistake_at(
        line, say("something stands after the closing quotation mark", "右引号后面还有内容"),
        say("After a text nothing may stand but a comment, which begins with #",
            "文本后面只能有注释，注释以 # 开头"));
  }
  return mistake_at(line, say("{} cannot be used for {}", "{1} 不能写 {0}", value, key),
                    say("A text stands in quotation marks: {} = \"{}\"",
                        "文本要加引号：{} = \"{}\"", key, value));
}

// The name of a key that may stand in quotation marks.
std::string_view name_in(std::string_view text) {
  text = trimmed(text);
  while (text.starts_with('"') || text.starts_with('\'')) text.remove_prefix(1);
  while (text.ends_with('"') || text.ends_with('\'')) text.remove_suffix(1);
  return text;
}

Found broken_line(const SourceLines& lines, unsigned line) {
  const std::string_view whole = lines.trimmed(line);
  const Bare bare = bare_of(whole);
  const std::string_view text = trimmed(bare.text);
  if (whole.empty() || whole.front() == '#') return std::nullopt;
  if (whole.starts_with("//") || whole.front() == ';') {
    return mistake_at(line, say("a comment begins with #", "注释以 # 开头"));
  }
  if (auto heading = broken_heading(text, line)) return heading;
  if (bare.open_quote == 0 && is_part_of_a_list(text)) return std::nullopt;
  if (text.starts_with('[')) return std::nullopt;
  const auto key = key_of(text);
  if (auto backslash = stray_backslash(whole, line)) return backslash;
  if (auto inside = quote_inside(text, line)) return inside;
  if (bare.open_quote != 0) {
    return mistake_at(line, say("a quotation mark is missing on this line", "这一行少一个引号"),
                      say("Each text begins and ends with \"", "文本前后都要有 \""));
  }
  if (!key) {
    const auto colon = text.find(':');
    if (colon != std::string_view::npos) {
      return mistake_at(
          line, say("a key and its value have = between them, not :", "键和值之间用 =，不用 :"),
          say("Write {} = ...", "应写 {} = ...", name_in(whole.substr(0, colon))));
    }
    return mistake_at(
        line,
        say("this line is neither a key, nor a heading, nor a comment", "这一行不是键、标题或注释"),
        say("A key is written NAME = VALUE; a comment begins with #",
            "键写成 名称 = 值；注释以 # 开头"));
  }
  return broken_value(*key, trimmed(text.substr(text.find('=') + 1)), line);
}

// Reports all repeated headings at once, because who pastes an example pastes several of them.
std::vector<ConfigMistake> repeated_headings(const SourceLines& lines) {
  std::vector<ConfigMistake> mistakes;
  for (unsigned line = 1; line <= lines.count(); ++line) {
    const auto heading = lines.heading_at(line);
    if (!heading || heading->commented) continue;
    const auto first = lines.earlier_heading(*heading);
    if (!first || (first->twice_bracketed && heading->twice_bracketed)) continue;
    mistakes.push_back(
        mistake_at(line,
                   say("[{}] stands here a second time; the first is line {}",
                       "[{}] 在这里重复出现；第一处在第 {} 行", heading->name, first->line),
                   first->twice_bracketed == heading->twice_bracketed
                       ? say("Write these keys below line {} and remove this line",
                             "请把下面的键移到第 {} 行之下，并删掉这一行", first->line)
                       : say("Write both with the same brackets, as the sample file does",
                             "两处的括号要一样，写法见样例文件")));
  }
  return mistakes;
}

// `listener = []` above the first section says that there is none, and a [[listener]] contradicts.
Found emptied_above(const SourceLines& lines, unsigned line) {
  const auto heading = lines.heading_at(line);
  if (!heading) return std::nullopt;
  for (unsigned above = 1; above < line; ++above) {
    const auto other = lines.heading_at(above);
    if (other && !other->commented) break;
    if (key_of(lines.trimmed(above)) != std::string_view(heading->name)) continue;
    return mistake_at(
        line,
        say("{0} = [] in line {1} says that there is no {0}, and here is one",
            "第 {1} 行的 {0} = [] 表示没有 {0}，而这里又有一段", heading->name, above),
        say("Keep one of the two", "两处只留一处"));
  }
  return std::nullopt;
}

std::vector<ConfigMistake> repeated(const SourceLines& lines, const SyntaxError& error) {
  auto mistakes = repeated_headings(lines);
  if (auto emptied = emptied_above(lines, error.line)) mistakes.push_back(std::move(*emptied));
  const auto key = key_of(lines.trimmed(error.line));
  const auto first = key ? lines.earlier_key(error.line, *key) : std::nullopt;
  if (first) {
    mistakes.push_back(mistake_at(error.line,
                                  say("{} stands here a second time; the first is line {}",
                                      "{} 在这里重复出现；第一处在第 {} 行", *key, *first),
                                  say("Keep one of the two", "两处只留一处")));
  }
  return mistakes;
}

Found other_kind_of_file(std::string_view text) {
  if (const auto first = text.find_first_not_of(" \t\r\n");
      first != std::string_view::npos && text[first] == '{') {
    return mistake_at(
        1, say("this is JSON, and the configuration is TOML", "这是 JSON，而配置文件用 TOML"),
        say("Begin with the sample watchpost.toml", "请用样例 watchpost.toml 重新开始"));
  }
  for (auto at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at + 1)) {
    if (text.substr(at).starts_with("\r\n")) continue;
    const auto line =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    return mistake_at(static_cast<unsigned>(line) + 1,
                      say("a line ends with a carriage return alone", "有一行只以回车符（CR）结尾"),
                      say("Save the file with the line ends of Unix (LF) or Windows (CRLF)",
                          "请把文件另存为 Unix（LF）或 Windows（CRLF）换行格式"));
  }
  return std::nullopt;
}

}  // namespace

std::vector<ConfigMistake> syntax_mistakes(std::string_view text, const SyntaxError& error) {
  if (auto other = other_kind_of_file(text)) return {*other};
  const SourceLines lines(text);
  if (error.description.find("redefine") != std::string_view::npos ||
      error.description.find("duplicate") != std::string_view::npos) {
    if (auto all = repeated(lines, error); !all.empty()) return all;
  }
  // The parser often stops one line below the mistake, so both lines are looked at.
  for (const unsigned line : {error.line, error.line - 1}) {
    if (auto found = wide_character(lines, line)) return {*found};
  }
  for (const unsigned line : {error.line, error.line - 1}) {
    if (auto found = broken_line(lines, line)) return {*found};
  }
  auto mistake = mistake_at(
      error.line, say("this is not TOML: {}", "这不是 TOML（解析器原文：{}）", error.description),
      say("Look at this line and the one above for a missing quotation mark or bracket",
          "请检查这一行和上一行是否少了引号或括号"));
  mistake.column = error.column;
  return {mistake};
}

}  // namespace watchpost::settings
