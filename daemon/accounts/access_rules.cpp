#include "accounts/access_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"

namespace watchpost::accounts {
namespace {

// Takes the next word off `rest`; words are parted by blanks only, as in Mosquitto.
std::string_view take_word(std::string_view& rest) {
  const auto begin = rest.find_first_not_of(' ');
  if (begin == std::string_view::npos) {
    rest = {};
    return {};
  }
  rest.remove_prefix(begin);
  const auto end = rest.find(' ');
  const auto word = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return word;
}

// The levels of a topic or filter, one after the other.
class Levels {
 public:
  explicit Levels(std::string_view text) : rest_(text) {}
  [[nodiscard]] std::optional<std::string_view> next() {
    if (is_over_) return std::nullopt;
    const auto slash = rest_.find('/');
    const auto level = rest_.substr(0, slash);
    is_over_ = slash == std::string_view::npos;
    if (!is_over_) rest_.remove_prefix(slash + 1);
    return level;
  }

 private:
  std::string_view rest_;
  bool is_over_ = false;
};

// What a level stands for; nothing: no topic has it. Null: the line is no pattern.
std::optional<std::string_view> put_in(std::string_view level, const Actor* actor) {
  if (actor == nullptr || (level != "%c" && level != "%u")) return level;
  const auto name = level == "%c" ? actor->client_id : actor->user;
  if (name.empty() || name.find('/') != std::string_view::npos) return std::nullopt;
  return name;
}

bool dollar_differs(std::string_view a, std::string_view b) {
  return a.starts_with('$') != b.starts_with('$');
}

// As TopicFilter::matches, with %c and %u.
bool pattern_matches(std::string_view pattern, std::string_view topic, const Actor& actor) {
  if (dollar_differs(pattern, topic)) return false;
  Levels wanted(pattern);
  Levels given(topic);
  while (const auto level = wanted.next()) {
    if (*level == "#") return true;
    const auto there = given.next();
    if (!there) return false;
    if (*level == "+") continue;
    const auto name = put_in(*level, &actor);
    if (!name || *name != *there) return false;
  }
  return !given.next();
}

// Is there a topic that both stand for?
bool overlap(std::string_view pattern, std::string_view filter, const Actor* actor) {
  if (dollar_differs(pattern, filter)) return false;
  Levels ours(pattern);
  Levels theirs(filter);
  while (true) {
    const auto our = ours.next();
    const auto their = theirs.next();
    if (our == "#" || their == "#") return true;
    if (!our || !their) return our == their;
    if (our == "+" || their == "+") continue;
    const auto name = put_in(*our, actor);
    if (!name || *name != *their) return false;
  }
}

// The same text with the names in place of %c and %u; nothing where it stands for no topic.
std::optional<TopicFilter> filled_in(const TopicFilter& pattern, const Actor* actor) {
  std::string text;
  Levels levels(pattern.text());
  for (bool is_first = true; const auto level = levels.next(); is_first = false) {
    const auto name = put_in(*level, actor);
    if (!name) return std::nullopt;
    if (!is_first) text.push_back('/');
    text.append(*name);
  }
  return TopicFilter::parse(text);
}

bool has_wildcards(const Actor& actor) {
  return has_wildcard(actor.user) || has_wildcard(actor.client_id);
}

}  // namespace

bool AccessRules::grants(Grant grant, Right right) {
  return grant == Grant::both || grant == (right == Right::read ? Grant::read : Grant::write);
}

void AccessRules::put(Lines& lines, Line line) {
  const bool is_denial = line.grant == Grant::none;
  const auto at = is_denial ? std::find_if(lines.begin(), lines.end(),
                                           [](const Line& one) { return one.grant != Grant::none; })
                            : lines.end();
  lines.insert(at, std::move(line));
}

// One line after the other; keeps whose lines they are.
struct AccessRules::Reading {
  AccessRules& rules;
  const NamedText& file;
  std::optional<std::string> user{};
  unsigned line = 0;

  [[nodiscard]] Failure mistake(Phrase what, Phrase next) const {
    return mistake_in_line({file.name, line, std::move(what), std::move(next)});
  }
  Result<void> take(std::string_view text) {
    if (text.starts_with('#')) return {};
    std::string_view rest = text.substr(0, text.find_last_not_of(" \t\r\v\f") + 1);
    const auto word = take_word(rest);
    if (word.empty()) return {};
    if (word == "user") return take_user(rest);
    if (word == "topic" || word == "pattern") return take_topic(rest, word == "pattern");
    return mistake(
        {fmt::format("a line begins with \"{}\"", word), fmt::format("这一行以“{}”开头", word)},
        {"Begin it with user, topic, pattern or #, then one blank",
         "请以 user、topic、pattern 或 # 开头，后面跟一个空格"});
  }
  Result<void> take_user(std::string_view rest) {
    const auto name = trimmed(rest);
    if (name.empty()) {
      return mistake({"the name behind user is missing", "user 后面缺少用户名"},
                     {"Write `user NAME`", "请写成 `user 用户名`"});
    }
    user = std::string(name);
    rules.users_[*user];
    return {};
  }
  Result<void> take_topic(std::string_view rest, bool is_pattern) {
    const auto first = take_word(rest);
    const auto behind = trimmed(rest);
    const auto topic = behind.empty() ? first : behind;
    Line made{line, Grant::both, TopicFilter::parse("#").value()};
    if (!behind.empty()) {
      const auto grant = grant_named(first);
      if (!grant) {
        return mistake({fmt::format("\"{}\" is no kind of access", first),
                        fmt::format("“{}”不是访问方式", first)},
                       {"Write read, write, readwrite or deny before the topic; a topic with a "
                        "blank in it needs one of them",
                        "请在主题前写 read、write、readwrite 或 deny；含空格的主题必须写其中之一"});
      }
      made.grant = *grant;
    }
    auto filter = TopicFilter::parse(topic);
    if (!filter) {
      return mistake({fmt::format("\"{}\" is no topic filter", topic),
                      fmt::format("“{}”不是主题过滤器", topic)},
                     {"'#' stands for all further levels, at the end only; '+' for one whole level",
                      "“#”代表其后所有层，只能在最后；“+”代表整整一层"});
    }
    made.filter = std::move(*filter);
    put(is_pattern ? rules.patterns_
        : user     ? rules.users_[*user]
                   : rules.anonymous_,
        std::move(made));
    return {};
  }
  static std::optional<Grant> grant_named(std::string_view name) {
    if (name == "read") return Grant::read;
    if (name == "write") return Grant::write;
    if (name == "readwrite") return Grant::both;
    if (name == "deny") return Grant::none;
    return std::nullopt;
  }
};

Result<AccessRules> AccessRules::load(const std::filesystem::path& file) {
  const auto text = read_account_file(file, {.english = "ACL file",
                                             .chinese = "权限文件",
                                             .how_made = "Write it as the guide shows",
                                             .how_made_chinese = "请按使用指南编写"});
  if (!text) return text.error();
  const std::string name = file.string();
  return parse({.name = name, .text = *text});
}

Result<AccessRules> AccessRules::parse(const NamedText& file) {
  AccessRules rules;
  rules.name_ = file.name;
  Reading reading{rules, file};
  for (std::string_view rest = file.text; !rest.empty();) {
    ++reading.line;
    const auto line = take_line(rest);
    if (reading.line > kMostLines) {
      return reading.mistake({fmt::format("there are more than {} lines", kMostLines),
                              fmt::format("超过 {} 行", kMostLines)},
                             {"Use patterns with %u or %c in place of lines for each user",
                              "请用含 %u 或 %c 的 pattern 代替逐个用户的行"});
    }
    if (auto taken = reading.take(line); !taken) return taken.error();
  }
  return rules;
}

const AccessRules::Lines* AccessRules::lines_of(std::string_view user) const {
  if (user.empty()) return &anonymous_;
  const auto found = users_.find(user);
  return found == users_.end() ? nullptr : &found->second;
}

AccessRules::Decision AccessRules::decide(const Actor& actor, Right right,
                                          std::string_view topic) const {
  const auto is_decisive = [right](const Line& line) {
    return line.grant == Grant::none || grants(line.grant, right);
  };
  if (const Lines* own = lines_of(actor.user)) {
    for (const Line& line : *own) {
      if (!is_decisive(line) || !line.filter.matches(topic)) continue;
      return {line.grant != Grant::none, &line};
    }
  }
  if (patterns_.empty() || has_wildcards(actor)) return {};
  for (const Line& line : patterns_) {
    if (!is_decisive(line) || !pattern_matches(line.filter.text(), topic, actor)) continue;
    return {line.grant != Grant::none, &line};
  }
  return {};
}

bool AccessRules::allows(const Actor& actor, Right right, std::string_view topic) const {
  return decide(actor, right, topic).is_allowed;
}

std::string AccessRules::decided_by(const Actor& actor, Right right, std::string_view topic) const {
  const Line* const line = decide(actor, right, topic).line;
  return line == nullptr ? name_ : fmt::format("{}:{}", name_, line->number);
}

// Denials come first, so each denial is known before a grant that it may take everything of.
bool AccessRules::allows_some(const Actor& actor, const TopicFilter& filter) const {
  std::vector<TopicFilter> denied;
  const auto leaves_some = [&](const Line& line, const Actor* names) {
    if (line.grant == Grant::none) {
      if (auto filled = filled_in(line.filter, names)) denied.push_back(std::move(*filled));
      return false;
    }
    if (!grants(line.grant, Right::read) || !overlap(line.filter.text(), filter.text(), names)) {
      return false;
    }
    const auto filled = filled_in(line.filter, names);
    return std::none_of(denied.begin(), denied.end(), [&](const TopicFilter& denial) {
      return denial.covers(filter) || (filled && denial.covers(*filled));
    });
  };
  if (const Lines* own = lines_of(actor.user)) {
    for (const Line& line : *own) {
      if (leaves_some(line, nullptr)) return true;
    }
  }
  if (has_wildcards(actor)) return false;
  return std::any_of(patterns_.begin(), patterns_.end(),
                     [&](const Line& line) { return leaves_some(line, &actor); });
}

std::vector<std::string> AccessRules::users() const {
  std::vector<std::string> names;
  for (const auto& [name, lines] : users_) names.push_back(name);
  return names;
}

}  // namespace watchpost::accounts
