#include "home_assistant/template_reader.hpp"

#include <array>

namespace watchpost::home_assistant {
namespace {

namespace json = sdk::json;
using Parts = ValueTemplate::Parts;
using Compared = ValueTemplate::Compared;

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Reads tokens of an expression; what does not fit leaves `ok` false.
class Expression {
 public:
  explicit Expression(std::string_view text) : rest_(text) {}

  std::optional<Parts> read() {
    Parts parts;
    if (const auto first = literal()) {
      if (!word("if")) return std::nullopt;
      parts.chooses = true;
      parts.when_true = *first;
      if (!condition(parts) || !word("else")) return std::nullopt;
      const auto second = literal();
      if (!second) return std::nullopt;
      parts.when_false = *second;
    } else if (!condition(parts)) {
      return std::nullopt;
    }
    skip();
    if (!rest_.empty()) return std::nullopt;
    return parts;
  }
  // Of "{% if .. %}".
  bool read_condition(Parts& parts) {
    if (!condition(parts)) return false;
    skip();
    return rest_.empty();
  }
  std::optional<json::value> read_literal_alone() {
    const auto value = literal();
    skip();
    return rest_.empty() ? value : std::nullopt;
  }

 private:
  void skip() { rest_ = sdk::trim(rest_); }
  bool sign(std::string_view sign) {
    skip();
    if (!rest_.starts_with(sign)) return false;
    rest_.remove_prefix(sign.size());
    return true;
  }
  std::string_view name() {
    skip();
    std::size_t end = 0;
    while (end < rest_.size() && is_name(rest_[end])) ++end;
    const auto name = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return name;
  }
  bool word(std::string_view wanted) {
    const auto before = rest_;
    if (name() == wanted) return true;
    rest_ = before;
    return false;
  }
  std::optional<std::string> quoted() {
    skip();
    if (rest_.empty() || (rest_.front() != '\'' && rest_.front() != '"')) return std::nullopt;
    const auto end = rest_.find(rest_.front(), 1);
    if (end == std::string_view::npos) return std::nullopt;
    std::string text(rest_.substr(1, end - 1));
    if (text.find('\\') != std::string::npos) return std::nullopt;
    rest_.remove_prefix(end + 1);
    return text;
  }
  std::optional<json::value> literal() {
    if (const auto text = quoted()) return json::value(json::string(*text));
    const auto before = rest_;
    const bool negative = sign("-");
    skip();
    std::size_t end = 0;
    while (end < rest_.size() && (is_name(rest_[end]) || rest_[end] == '.')) ++end;
    const auto text = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (text == "true" || text == "True") return json::value(true);
    if (text == "false" || text == "False") return json::value(false);
    const auto number = sdk::number_from(text);
    if (number && !text.empty() && text.front() >= '0' && text.front() <= '9') {
      return json::value(negative ? -*number : *number);
    }
    rest_ = before;
    return std::nullopt;
  }

  bool condition(Parts& parts) {
    parts.negated = word("not");
    if (!operand(parts)) return false;
    if (!filters(parts)) return false;
    constexpr std::array<std::pair<std::string_view, Compared>, 6> kSigns{
        {{"==", Compared::equal},
         {"!=", Compared::unequal},
         {"<=", Compared::less_or_equal},
         {">=", Compared::greater_or_equal},
         {"<", Compared::less},
         {">", Compared::greater}}};
    for (const auto& [text, compared] : kSigns) {
      if (!sign(text)) continue;
      const auto value = literal();
      if (!value) return false;
      parts.compared = compared;
      parts.literal = *value;
      break;
    }
    return true;
  }
  bool operand(Parts& parts) {
    if (sign("(")) return operand(parts) && filters(parts) && sign(")");
    const auto word = name();
    if (word == "int" || word == "float") {
      parts.as_number = true;
      return sign("(") && operand(parts) && filters(parts) && sign(")");
    }
    if (word != "value" && word != "value_json") return false;
    parts.of_json = word == "value_json";
    return path(parts);
  }
  bool path(Parts& parts) {
    while (parts.path.size() <= ValueTemplate::kDeepest) {
      if (rest_.starts_with('.')) {
        rest_.remove_prefix(1);
        const auto key = name();
        // value_json.get('a'): a call, not a member.
        if (key.empty()) return false;
        if (key == "get" && sign("(")) {
          const auto text = quoted();
          if (!text || !sign(")")) return false;
          parts.path.push_back(*text);
          continue;
        }
        parts.path.emplace_back(key);
      } else if (rest_.starts_with('[')) {
        rest_.remove_prefix(1);
        if (const auto key = quoted()) {
          parts.path.push_back(*key);
        } else {
          const auto index = name();
          if (index.empty() || index.size() > 4 ||
              index.find_first_not_of("0123456789") != std::string_view::npos) {
            return false;
          }
          parts.path.emplace_back(index);
        }
        if (!sign("]")) return false;
      } else {
        return parts.of_json || parts.path.empty();
      }
    }
    return false;
  }
  bool filters(Parts& parts) {
    while (sign("|")) {
      const auto filter = name();
      if (filter == "int" || filter == "float") {
        parts.as_number = true;
      } else if (filter != "round" && filter != "default" && filter != "string" &&
                 filter != "lower" && filter != "upper" && filter != "trim" && filter != "bool" &&
                 filter != "is_defined") {
        return false;
      }
      if (sign("(") && !arguments()) return false;
    }
    return true;
  }
  bool arguments() {
    while (!sign(")")) {
      const auto before = rest_.size();
      if (!literal()) {
        name();  // default=0, none
        sign("=");
      }
      sign(",");
      if (rest_.size() == before) return false;
    }
    return true;
  }

  std::string_view rest_;
};

// What stands between `open` and `close` at the beginning of `text`, which is cut behind it.
std::optional<std::string_view> between(std::string_view& text, std::string_view open,
                                        std::string_view close) {
  text = sdk::trim(text);
  if (!text.starts_with(open)) return std::nullopt;
  const auto end = text.find(close, open.size());
  if (end == std::string_view::npos) return std::nullopt;
  auto inner = text.substr(open.size(), end - open.size());
  text.remove_prefix(end + close.size());
  if (inner.starts_with('-')) inner.remove_prefix(1);  // {{- .. -}} cuts blanks
  if (inner.ends_with('-')) inner.remove_suffix(1);
  return sdk::trim(inner);
}

// A text between statements, or {{ literal }}.
std::optional<json::value> branch(std::string_view& text) {
  if (sdk::trim(text).starts_with("{{")) {
    const auto inner = between(text, "{{", "}}");
    return inner ? Expression(*inner).read_literal_alone() : std::nullopt;
  }
  const auto end = text.find("{%");
  if (end == std::string_view::npos) return std::nullopt;
  json::value value = json::string(sdk::trim(text.substr(0, end)));
  text.remove_prefix(end);
  return value;
}

// {% if .. %}x{% else %}y{% endif %}
std::optional<Parts> statement(std::string_view text) {
  auto head = between(text, "{%", "%}");
  if (!head || !head->starts_with("if ")) return std::nullopt;
  Parts parts;
  parts.chooses = true;
  if (!Expression(head->substr(3)).read_condition(parts)) return std::nullopt;
  const auto first = branch(text);
  if (!first || between(text, "{%", "%}") != "else") return std::nullopt;
  const auto second = branch(text);
  if (!second || between(text, "{%", "%}") != "endif" || !sdk::trim(text).empty()) {
    return std::nullopt;
  }
  parts.when_true = *first;
  parts.when_false = *second;
  return parts;
}

}  // namespace

std::optional<ValueTemplate::Parts> parts_of_template(std::string_view text) {
  text = sdk::trim(text);
  if (text.empty()) return Parts{};
  if (text.size() > ValueTemplate::kLongest) return std::nullopt;
  if (text.starts_with("{%")) return statement(text);
  const auto inner = between(text, "{{", "}}");
  if (!inner || !sdk::trim(text).empty()) return std::nullopt;
  return Expression(*inner).read();
}

}  // namespace watchpost::home_assistant
