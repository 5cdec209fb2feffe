#include "protocol/subscriptions.hpp"

#include <algorithm>
#include <utility>

#include "base/invariant.hpp"
#include "protocol/session_registry.hpp"

namespace watchpost::protocol {
namespace {

constexpr std::string_view kShare = "$share/";

std::size_t levels_in(std::string_view text) {
  return 1 + static_cast<std::size_t>(std::count(text.begin(), text.end(), '/'));
}

// Cuts the first level off `rest`; false when that was the last one.
bool take_level(std::string_view& rest, std::string_view& level) {
  const auto slash = rest.find('/');
  level = rest.substr(0, slash);
  if (slash == std::string_view::npos) return false;
  rest.remove_prefix(slash + 1);
  return true;
}

std::size_t deep_levels_in(std::string_view filter) {
  const std::size_t levels = levels_in(filter);
  return levels > Subscriptions::kUsualLevels ? levels - Subscriptions::kUsualLevels : 0;
}

struct Entry {
  std::shared_ptr<SessionState> session;
  SubscriptionTerms terms;
};

struct Group {
  std::vector<Entry> members;
  std::size_t next = 0;
};

auto of_session(const SessionState& session) {
  return [&session](const Entry& entry) { return entry.session.get() == &session; };
}

// True: the entry is new; false: it took the place of an older one.
bool put(std::vector<Entry>& entries, Entry entry) {
  const auto found = std::find_if(entries.begin(), entries.end(), of_session(*entry.session));
  if (found != entries.end()) {
    found->terms = entry.terms;
    return false;
  }
  entries.push_back(std::move(entry));
  return true;
}

bool take_out(std::vector<Entry>& entries, const SessionState& session) {
  const auto found = std::find_if(entries.begin(), entries.end(), of_session(session));
  if (found == entries.end()) return false;
  entries.erase(found);
  return true;
}

}  // namespace

std::uint8_t SubscriptionTerms::as_byte() const {
  return static_cast<std::uint8_t>(static_cast<unsigned>(maximum_qos) | (no_local ? 4U : 0U) |
                                   (retain_as_published ? 8U : 0U) |
                                   static_cast<unsigned>(retain_handling) << 4U);
}

SubscriptionTerms SubscriptionTerms::from_byte(std::uint8_t options) {
  SubscriptionTerms terms;
  terms.maximum_qos = static_cast<Qos>(std::min(options & 3, 2));
  terms.no_local = (options & 4) != 0;
  terms.retain_as_published = (options & 8) != 0;
  terms.retain_handling = static_cast<std::uint8_t>(options >> 4 & 3);
  return terms;
}

std::optional<SubscriptionFilter> SubscriptionFilter::parse(std::string_view text) {
  std::string_view group;
  if (text.starts_with(kShare)) {
    text.remove_prefix(kShare.size());
    const auto slash = text.find('/');
    if (slash == std::string_view::npos || slash == 0) return std::nullopt;
    group = text.substr(0, slash);
    // Section 4.8.2: the name is one level without wildcards.
    if (has_wildcard(group)) return std::nullopt;
    text.remove_prefix(slash + 1);
  }
  auto filter = TopicFilter::parse(text);
  if (!filter || levels_in(text) > Subscriptions::kMostLevels) return std::nullopt;
  return SubscriptionFilter{std::string(group), std::move(*filter)};
}

struct Subscriptions::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> below;
  std::vector<Entry> entries;
  std::map<std::string, Group, std::less<>> groups;
  [[nodiscard]] bool is_unused() const {
    return below.empty() && entries.empty() && groups.empty();
  }
};

Subscriptions::Subscriptions() : root_(std::make_unique<Node>()) {}
Subscriptions::~Subscriptions() = default;
Subscriptions::Subscriptions(Subscriptions&& other) noexcept = default;
Subscriptions& Subscriptions::operator=(Subscriptions&& other) noexcept = default;

Subscriptions::Node* Subscriptions::find(const TopicFilter& filter, bool make) {
  Node* node = root_.get();
  std::string_view rest = filter.text();
  std::string_view level;
  for (bool more = true; more;) {
    more = take_level(rest, level);
    const auto found = node->below.find(level);
    if (found != node->below.end()) {
      node = found->second.get();
    } else if (make) {
      node = node->below.emplace(std::string(level), std::make_unique<Node>()).first->second.get();
    } else {
      return nullptr;
    }
  }
  return node;
}

// Removes the nodes of a filter that nobody uses any more.
void Subscriptions::prune(std::string_view filter) {
  std::vector<std::pair<Node*, std::string>> way;
  Node* node = root_.get();
  std::string_view level;
  for (bool more = true; more;) {
    more = take_level(filter, level);
    const auto found = node->below.find(level);
    if (found == node->below.end()) return;
    way.emplace_back(node, std::string(level));
    node = found->second.get();
  }
  for (; !way.empty(); way.pop_back()) {
    const auto at = way.back().first->below.find(way.back().second);
    if (!at->second->is_unused()) return;
    way.back().first->below.erase(at);
  }
}

bool Subscriptions::add(const std::shared_ptr<SessionState>& session, std::string_view text,
                        const SubscriptionTerms& terms) {
  const auto filter = SubscriptionFilter::parse(text);
  WATCHPOST_INVARIANT(filter.has_value());
  const auto known = session->subscriptions.find(text);
  const bool is_new = known == session->subscriptions.end();
  const std::size_t deep = is_new ? deep_levels_in(filter->filter.text()) : 0;
  if (is_new && (size_ >= kMost || session->subscriptions.size() >= kMostOfSession)) return false;
  if (deep != 0 && (deep_ + deep > kMostDeep || session->deep_levels + deep > kMostDeepOfSession)) {
    return false;
  }
  Node& node = *find(filter->filter, true);
  std::vector<Entry>& entries =
      filter->group.empty() ? node.entries : node.groups[filter->group].members;
  const bool was_put = put(entries, {session, terms});
  WATCHPOST_INVARIANT(was_put == is_new);
  session->subscriptions.insert_or_assign(std::string(text), terms);
  if (is_new) ++size_;
  deep_ += deep;
  session->deep_levels += deep;
  return true;
}

bool Subscriptions::remove(SessionState& session, std::string_view text) {
  const auto known = session.subscriptions.find(text);
  if (known == session.subscriptions.end()) return false;
  const auto filter = SubscriptionFilter::parse(text);
  WATCHPOST_INVARIANT(filter.has_value());
  Node* node = find(filter->filter, false);
  WATCHPOST_INVARIANT(node != nullptr);
  bool was_there = false;
  if (filter->group.empty()) {
    was_there = take_out(node->entries, session);
  } else {
    const auto group = node->groups.find(filter->group);
    WATCHPOST_INVARIANT(group != node->groups.end());
    was_there = take_out(group->second.members, session);
    if (group->second.members.empty()) node->groups.erase(group);
  }
  WATCHPOST_INVARIANT(was_there);
  const std::size_t deep = deep_levels_in(filter->filter.text());
  deep_ -= deep;
  session.deep_levels -= deep;
  session.subscriptions.erase(known);
  --size_;
  prune(filter->filter.text());
  return true;
}

void Subscriptions::remove_all(SessionState& session) {
  while (!session.subscriptions.empty()) {
    const std::string text = session.subscriptions.begin()->first;
    remove(session, text);
  }
}

// Walks the tree along the levels of one topic.
class Subscriptions::Search {
 public:
  explicit Search(const OnItsWay& message) : message_(message) {}

  // `rest`: the levels below `node`. Section 4.7.2: a wildcard in first place does not stand for a
  // level that begins with $.
  void walk(Node& node, std::string_view rest, bool is_first) {
    std::string_view level;
    const bool more = take_level(rest, level);
    const bool takes_wildcards = !is_first || !level.starts_with('$');
    if (takes_wildcards) {
      if (const auto all = node.below.find("#"); all != node.below.end()) take(*all->second);
      if (const auto any = node.below.find("+"); any != node.below.end()) {
        step(*any->second, rest, more);
      }
    }
    if (const auto same = node.below.find(level); same != node.below.end()) {
      step(*same->second, rest, more);
    }
  }
  std::vector<Match> result() { return std::move(matches_); }

 private:
  void step(Node& node, std::string_view rest, bool more) {
    if (more) return walk(node, rest, false);
    take(node);
    // "a/#" stands for "a" too.
    if (const auto all = node.below.find("#"); all != node.below.end()) take(*all->second);
  }
  void take(Node& node) {
    for (const Entry& entry : node.entries) take(entry);
    for (auto& [name, group] : node.groups) take_one_of(group);
  }
  void take_one_of(Group& group) {
    const std::size_t count = group.members.size();
    std::optional<std::size_t> chosen;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t at = (group.next + i) % count;
      const SessionState& session = *group.members[at].session;
      if (!session.may_get(message_)) continue;
      if (!chosen || session.connection) chosen = at;
      if (session.connection) break;
    }
    if (!chosen) return;
    group.next = *chosen + 1;
    take(group.members[*chosen]);
  }
  void take(const Entry& entry) {
    if (entry.terms.no_local && entry.session->client_id == message_.publisher) return;
    if (!entry.session->may_get(message_)) return;
    auto [at, is_new] = places_.try_emplace(entry.session.get(), matches_.size());
    if (is_new) matches_.push_back({entry.session, Qos::at_most_once, false, {}});
    Match& match = matches_[at->second];
    match.maximum_qos = std::max(match.maximum_qos, entry.terms.maximum_qos);
    match.retain_as_published = match.retain_as_published || entry.terms.retain_as_published;
    if (entry.terms.identifier != 0) match.identifiers.push_back(entry.terms.identifier);
  }

  OnItsWay message_;
  std::vector<Match> matches_;
  std::map<const SessionState*, std::size_t> places_;
};

std::vector<Subscriptions::Match> Subscriptions::match(const Topic& topic,
                                                       std::string_view publisher) {
  if (empty() || levels_in(topic.text()) > kMostLevels) return {};
  Search search({topic.text(), publisher});
  search.walk(*root_, topic.text(), true);
  return search.result();
}

}  // namespace watchpost::protocol
