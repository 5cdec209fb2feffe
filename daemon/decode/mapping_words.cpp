#include "decode/mapping_words.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "decode/known_words.hpp"

namespace watchpost::decode {
namespace {

bool is_in(const std::vector<std::string_view>& words, std::string_view word) {
  return std::binary_search(words.begin(), words.end(), word);
}

// One of several of the same quantity: "temperature_2".
std::string_view without_number(std::string_view word) {
  const auto end = word.find_last_not_of("0123456789");
  const bool numbered = end != std::string_view::npos && end + 1 < word.size() && word[end] == '_';
  return numbered ? word.substr(0, end) : word;
}

std::string all_of(const std::vector<std::string_view>& words) {
  std::string list;
  for (const auto word : words) list.append(list.empty() ? "" : " ").append(word);
  return list;
}

std::string as_own(std::string_view word) {
  return "own_words = [\"" + std::string(word) + "\"]";
}

struct Vocabulary {
  std::string_view name;
  std::string_view chinese;
  const std::vector<std::string_view>& words;
};

// Whether the site may use the word; refuses what is likely a slip.
bool is_known(TableReader& reader, std::string_view word, const Vocabulary& vocabulary,
              bool must_be_known) {
  const auto plain = without_number(word);
  if (is_in(vocabulary.words, word) || is_in(vocabulary.words, plain)) return true;
  const auto near = nearest_spelling(plain, vocabulary.words);
  if (!near && !must_be_known) return false;
  const std::string name(vocabulary.name);
  const std::string nearest = near ? "Did you mean \"" + std::string(*near) + "\"? " : "";
  const std::string nearest_zh = near ? "是不是 \"" + std::string(*near) + "\"？" : "";
  reader.fail(
      *reader.node(vocabulary.name),
      {.what = "there is no " + name + " \"" + std::string(word) + "\"",
       .remedy = nearest + "A word of your own has to be listed at the top of the file: " +
                 as_own(word) + ". Known are: " + all_of(vocabulary.words),
       .chinese = "没有名为 \"" + std::string(word) + "\" 的" + std::string(vocabulary.chinese) +
                  "（" + name + "）。" + nearest_zh + "自定义的词要在文件开头列出：" +
                  as_own(word) + "。已有的：" + all_of(vocabulary.words)});
}

}  // namespace

void read_own_words(TableReader& root, Mapping& mapping) {
  const auto* list = root.array("own_words");
  if (list == nullptr) return;
  for (const auto& node : *list) {
    const auto* text = node.as_string();
    if (text == nullptr) {
      root.fail(node, {.what = "\"own_words\" lists quantities and units as texts",
                       .remedy = "Write own_words = [\"running\"]",
                       .chinese = "own_words 列出自定义的量和单位，都是文本。请写 own_words = "
                                  "[\"running\"]"});
    }
    mapping.own_words.push_back(text->get());
  }
}

void check_words(TableReader& reader, const MappedReading& reading, Mapping& mapping) {
  const auto is_own = [&mapping](const std::string& word) {
    return std::find(mapping.own_words.begin(), mapping.own_words.end(), word) !=
           mapping.own_words.end();
  };
  if (!reading.unit.empty() && !is_own(reading.unit)) {
    is_known(reader, reading.unit, {"unit", "单位", known_units()}, true);
  }
  if (is_own(reading.quantity)) return;
  if (is_known(reader, reading.quantity, {"quantity", "量", known_quantities()}, false)) return;
  const std::string where = reader.where(*reader.node("quantity"));
  mapping.notes.push_back(
      {.what = where + ": no decoder has the quantity \"" + reading.quantity + "\"",
       .remedy = "It is stored under that name. If it is meant so, write " +
                 as_own(reading.quantity) + "; the others are in docs/integrators.md",
       .chinese = where + "：没有解码器使用名为 \"" + reading.quantity +
                  "\" 的量。它就以这个名称保存。如果确实如此，请写 " + as_own(reading.quantity) +
                  "；其他名称见 docs/integrators.md"});
}

}  // namespace watchpost::decode
