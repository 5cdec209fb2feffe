// Fuzzes subscriptions and retained messages against a model that compares every filter with every
// topic, level by level. Each step is a byte that says what is done, and texts: a byte for each
// piece, up to a byte over 0xEF.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/retained_messages.hpp"
#include "protocol/session_state.hpp"
#include "protocol/subscriptions.hpp"

namespace {

using namespace watchpost;
using namespace watchpost::protocol;

constexpr std::size_t kSessions = 4;

void demand(bool is_so) {
  if (!is_so) std::abort();
}

using Levels = std::vector<std::string>;

Levels cut(std::string_view text) {
  Levels levels(1);
  for (const char c : text) {
    if (c == '/') {
      levels.emplace_back();
    } else {
      levels.back().push_back(c);
    }
  }
  return levels;
}

bool is_filter(const Levels& levels) {
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const std::string& one = levels[i];
    if (one.find('#') != std::string::npos && (one != "#" || i + 1 != levels.size())) return false;
    if (one.find('+') != std::string::npos && one != "+") return false;
  }
  return levels.size() <= Subscriptions::kMostLevels;
}

bool takes(const Levels& filter, const Levels& topic) {
  if (topic[0].starts_with('$') && (filter[0] == "#" || filter[0] == "+")) return false;
  for (std::size_t i = 0; i < filter.size(); ++i) {
    if (filter[i] == "#") return true;
    if (i == topic.size()) return false;
    if (filter[i] != "+" && filter[i] != topic[i]) return false;
  }
  return filter.size() == topic.size();
}
// "a/#" takes "a" too.
bool model_takes(const Levels& filter, const Levels& topic) {
  if (filter.size() > 1 && filter.back() == "#" && filter.size() == topic.size() + 1) {
    return takes(Levels(filter.begin(), filter.end() - 1), topic);
  }
  return takes(filter, topic);
}

struct Bytes {
  const std::uint8_t* at;
  const std::uint8_t* end;
  [[nodiscard]] bool is_empty() const { return at == end; }
  std::uint8_t next() { return is_empty() ? std::uint8_t{0xFF} : *at++; }
  std::string text() {
    static constexpr std::string_view kPieces[] = {"a",  "b",  "/",  "+",   "#",       "$", "/a",
                                                   "/+", "/#", "a/", "sys", "$share/", "g/"};
    std::string text;
    for (std::uint8_t byte = next(); byte < 0xF0; byte = next()) {
      const std::string_view piece = kPieces[byte % std::size(kPieces)];
      // The upper half of a byte repeats its piece: deep filters from short inputs.
      for (int i = 0; i <= byte / 13 % 16; ++i) text += piece;
    }
    return text;
  }
};

struct Model {
  struct Filter {
    std::string group;
    Levels levels;
    SubscriptionTerms terms;
  };
  // By session and text.
  std::map<std::pair<std::size_t, std::string>, Filter> filters;

  static bool read(const std::string& text, Filter& filter) {
    std::string_view rest = text;
    if (rest.starts_with("$share/")) {
      rest.remove_prefix(7);
      const auto slash = rest.find('/');
      if (slash == std::string_view::npos || slash == 0) return false;
      filter.group = rest.substr(0, slash);
      if (filter.group.find_first_of("+#") != std::string::npos) return false;
      rest.remove_prefix(slash + 1);
    }
    filter.levels = cut(rest);
    return !rest.empty() && is_filter(filter.levels);
  }
};

class Run {
 public:
  Run() {
    for (std::size_t i = 0; i < kSessions; ++i) {
      sessions_.push_back(std::make_shared<SessionState>());
      sessions_.back()->client_id = std::to_string(i);
      if (i % 2 == 0) sessions_.back()->connection = ConnectionId(i + 1);
    }
  }
  ~Run() {
    for (const auto& session : sessions_) all_.remove_all(*session);
    demand(all_.empty());
  }
  void step(Bytes& bytes) {
    const std::uint8_t what = bytes.next();
    const std::size_t who = what >> 3 & 3U;
    switch (what & 7U) {
      case 0:
      case 1:
        return subscribe(who, bytes.text(), bytes.next());
      case 2:
        return unsubscribe(who, bytes.text());
      case 3:
        return keep(bytes.text(), (what & 0x80) != 0);
      case 4:
        return look_up(bytes.text());
      case 5:
        if ((what & 0x80) != 0) return leave(who);
        [[fallthrough]];
      default:
        return publish(who, bytes.text());
    }
  }

 private:
  void subscribe(std::size_t who, const std::string& text, std::uint8_t options) {
    Model::Filter filter;
    const bool is_good = Model::read(text, filter);
    demand(is_good == SubscriptionFilter::parse(text).has_value());
    if (!is_good) return;
    filter.terms = SubscriptionTerms::from_byte(options & 0x0F);
    filter.terms.identifier = options >> 4;
    if (!all_.add(sessions_[who], text, filter.terms)) {
      demand(filter.levels.size() > Subscriptions::kUsualLevels);
      return;
    }
    model_.filters.insert_or_assign({who, text}, filter);
    demand(all_.size() == model_.filters.size());
  }
  void unsubscribe(std::size_t who, const std::string& text) {
    demand(all_.remove(*sessions_[who], text) == (model_.filters.erase({who, text}) == 1));
  }
  void leave(std::size_t who) {
    all_.remove_all(*sessions_[who]);
    std::erase_if(model_.filters, [who](const auto& one) { return one.first.first == who; });
    demand(all_.size() == model_.filters.size());
  }
  void keep(const std::string& text, bool is_empty) {
    if (!Topic::parse(text)) return;
    LocalMessage message;
    message.topic = text;
    if (!is_empty) message.payload.push_back('x');
    message.retain = true;
    kept_.keep(std::make_shared<LocalMessage>(message));
    if (is_empty) {
      model_kept_.erase(text);
    } else {
      model_kept_.insert(text);
    }
    demand(kept_.size() == model_kept_.size());
  }
  void look_up(const std::string& text) {
    const auto filter = TopicFilter::parse(text);
    if (!filter) return;
    std::vector<std::string> expected;
    std::vector<std::string> found;
    for (const auto& topic : model_kept_) {
      if (model_takes(cut(text), cut(topic))) expected.push_back(topic);
    }
    std::size_t effort = RetainedMessages::kMostEffort;
    for (const auto& one : kept_.match(*filter, {}, 1'000, effort)) found.push_back(one->topic);
    demand(found == expected);
  }

  void publish(std::size_t who, const std::string& text) {
    const auto topic = Topic::parse(text);
    if (!topic) return;
    const Levels levels = cut(text);
    struct Expected {
      int qos = -1;
      std::multiset<std::uint32_t> identifiers;
    };
    std::map<std::size_t, Expected> certain;
    std::map<std::pair<std::string, Levels>, std::set<std::size_t>> groups;
    for (const auto& [key, filter] : model_.filters) {
      const bool may =
          levels.size() <= Subscriptions::kMostLevels && model_takes(filter.levels, levels);
      if (!may) continue;
      if (!filter.group.empty()) {
        groups[{filter.group, filter.levels}].insert(key.first);
        continue;
      }
      if (filter.terms.no_local && key.first == who) continue;
      Expected& one = certain[key.first];
      one.qos = std::max(one.qos, static_cast<int>(filter.terms.maximum_qos));
      if (filter.terms.identifier != 0) one.identifiers.insert(filter.terms.identifier);
    }
    std::set<std::size_t> got;
    for (const auto& match : all_.match(*topic, std::to_string(who))) {
      const auto session = static_cast<std::size_t>(std::stoul(match.session->client_id));
      demand(got.insert(session).second);  // once
      const auto plain = certain.find(session);
      if (groups.empty()) {
        demand(plain != certain.end());
        demand(static_cast<int>(match.maximum_qos) == plain->second.qos);
        demand(std::multiset<std::uint32_t>(match.identifiers.begin(), match.identifiers.end()) ==
               plain->second.identifiers);
      } else if (plain != certain.end()) {
        demand(static_cast<int>(match.maximum_qos) >= plain->second.qos);
      } else {
        demand(std::any_of(groups.begin(), groups.end(),
                           [&](const auto& one) { return one.second.contains(session); }));
      }
    }
    for (const auto& [session, expected] : certain) demand(got.contains(session));
    std::size_t besides = 0;
    for (const std::size_t one : got) besides += certain.contains(one) ? 0U : 1U;
    demand(besides <= groups.size());
  }

  std::vector<std::shared_ptr<SessionState>> sessions_;
  Subscriptions all_;
  RetainedMessages kept_;
  Model model_;
  std::set<std::string> model_kept_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size > 2'048) return 0;  // the model takes the square of it
  Run run;
  Bytes rest{bytes, bytes + size};
  while (!rest.is_empty()) run.step(rest);
  return 0;
}
