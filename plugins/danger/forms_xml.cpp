// XML as devices write it: elements and attributes as members, a text as a value.
#include <algorithm>
#include <array>

#include "danger/forms.hpp"
#include "danger/names.hpp"
#include "sdk/text.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

constexpr int kDeepestElement = 8;
constexpr int kMostXmlElements = 512;

constexpr std::string_view kBlanks = " \t\r\n";
// Pages and pictures, no messages of a device.
constexpr std::array<std::string_view, 5> kPages{"html", "svg", "rss", "feed", "head"};

struct Entity {
  std::string_view written;
  char plain;
};
constexpr std::array kEntities{Entity{"&lt;", '<'}, Entity{"&gt;", '>'}, Entity{"&quot;", '"'},
                               Entity{"&apos;", '\''}, Entity{"&amp;", '&'}};

std::string without_entities(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto* entity = std::find_if(kEntities.begin(), kEntities.end(), [&](const Entity& each) {
      return text.starts_with(each.written);
    });
    const bool found = entity != kEntities.end();
    out.push_back(found ? entity->plain : text.front());
    text.remove_prefix(found ? entity->written.size() : 1);
  }
  return out;
}

class XmlReader {
 public:
  explicit XmlReader(std::string_view text) : rest_(text) {}

  // {"name": what it holds}; nothing where it is no document.
  std::optional<json::object> document() {
    skip_what_is_no_element();
    json::object out;
    if (!element(out, 0)) return std::nullopt;
    return out;
  }

 private:
  bool element(json::object& around, int depth) {
    if (depth > kDeepestElement || ++count_ > kMostXmlElements || !take("<")) return false;
    const auto name = name_here();
    if (name.empty()) return false;
    json::object inside;
    if (!attributes(inside)) return false;
    std::string text;
    if (!take("/>")) {
      if (!take(">") || !content(text, inside, depth)) return false;
    }
    add(name, inside.empty() ? json::value(text) : with_text(std::move(inside), text), around);
    return true;
  }

  // Up to and with the end of the element.
  bool content(std::string& text, json::object& inside, int depth) {
    while (!rest_.empty()) {
      if (take("</")) {
        const auto end = rest_.find('>');
        if (end == rest_.npos) return false;
        rest_.remove_prefix(end + 1);
        return true;
      }
      if (take("<![CDATA[")) {
        text.append(up_to("]]>"));
      } else if (rest_.starts_with("<!") || rest_.starts_with("<?")) {
        up_to(">");
      } else if (rest_.starts_with('<')) {
        if (!element(inside, depth + 1)) return false;
      } else {
        const auto end = std::min(rest_.find('<'), rest_.size());
        text.append(without_entities(sdk::trim(rest_.substr(0, end))));
        rest_.remove_prefix(end);
      }
    }
    return false;
  }

  bool attributes(json::object& inside) {
    while (true) {
      skip_blanks();
      if (rest_.starts_with('>') || rest_.starts_with("/>")) return true;
      const auto name = name_here();
      skip_blanks();
      if (name.empty() || !take("=")) return false;
      skip_blanks();
      const char quote = rest_.empty() ? '\0' : rest_.front();
      if (quote != '"' && quote != '\'') return false;
      rest_.remove_prefix(1);
      const auto end = rest_.find(quote);
      if (end == rest_.npos) return false;
      // The name of a language of documents, and no value.
      if (!name.starts_with("xmlns")) inside[name] = without_entities(rest_.substr(0, end));
      rest_.remove_prefix(end + 1);
    }
  }

  static json::value with_text(json::object inside, const std::string& text) {
    if (!text.empty()) inside["value"] = text;
    return inside;
  }

  // Of several elements of one name a list.
  static void add(std::string_view name, json::value value, json::object& around) {
    auto* there = around.if_contains(name);
    if (there == nullptr) {
      around[name] = std::move(value);
    } else if (auto* list = there->if_array()) {
      list->push_back(std::move(value));
    } else {
      *there = json::array{*there, std::move(value)};
    }
  }

  // Without what stands before a colon.
  std::string_view name_here() {
    const auto end = std::min(rest_.find_first_of(" \t\r\n/>=<\"'"), rest_.size());
    auto name = rest_.substr(0, end);
    rest_.remove_prefix(end);
    const auto colon = name.find(':');
    if (colon != name.npos && !name.starts_with("xmlns")) name.remove_prefix(colon + 1);
    return name;
  }

  void skip_what_is_no_element() {
    skip_blanks();
    while (rest_.starts_with("<?") || rest_.starts_with("<!")) {
      up_to(">");
      skip_blanks();
    }
  }
  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(kBlanks), rest_.size()));
  }
  bool take(std::string_view mark) {
    if (!rest_.starts_with(mark)) return false;
    rest_.remove_prefix(mark.size());
    return true;
  }
  std::string_view up_to(std::string_view mark) {
    const auto end = std::min(rest_.find(mark), rest_.size());
    const auto before = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + mark.size(), rest_.size()));
    return before;
  }

  std::string_view rest_;
  int count_ = 0;
};

}  // namespace

std::optional<json::object> xml_in(std::string_view payload) {
  if (!sdk::trim(payload).starts_with('<')) return std::nullopt;
  auto document = XmlReader(payload).document();
  if (!document) return std::nullopt;
  const std::string root = sdk::lower_case(std::string_view(document->begin()->key()));
  if (std::find(kPages.begin(), kPages.end(), root) != kPages.end()) return std::nullopt;
  auto* inside = document->begin()->value().if_object();
  // <report><smoke>1</smoke></report>: the outermost name only holds the others.
  const bool is_open = meaning_of_name(root).role == Role::none;
  if (inside == nullptr || !is_open) return document;
  return std::move(*inside);
}

}  // namespace watchpost::danger
