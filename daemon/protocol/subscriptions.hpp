// Subscriptions: who is to get a message, by its topic.
// Promise: a session gets a message once, at the highest QoS of its filters that match, with all
// their identifiers (MQTT 5.0 section 3.3.4); of each shared subscription one session gets it, in
// turn, those with a connection first (section 4.8.2); who may not read it does not get it.
// Matching costs the filters that match and a bounded number of steps, however many filters there
// are. Bounds: see kMost. Pure; I/O thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/local_message.hpp"
#include "model/topic.hpp"

namespace watchpost::protocol {

struct SessionState;

// Subscription Options (MQTT 5.0 section 3.8.3.1) and the identifier.
struct SubscriptionTerms {
  Qos maximum_qos = Qos::at_most_once;
  bool no_local = false;
  bool retain_as_published = false;
  std::uint8_t retain_handling = 0;
  std::uint32_t identifier = 0;  // 0: none
  [[nodiscard]] std::uint8_t as_byte() const;
  // Without an identifier.
  [[nodiscard]] static SubscriptionTerms from_byte(std::uint8_t options);
};

// A filter as a client writes it, with or without $share/NAME/ before it.
struct SubscriptionFilter {
  std::string group;  // empty: not shared
  TopicFilter filter;
  // Nothing where the text is no filter, or deeper than kMostLevels.
  [[nodiscard]] static std::optional<SubscriptionFilter> parse(std::string_view text);
};

class Subscriptions {
 public:
  static constexpr std::size_t kMostLevels = 128;
  static constexpr std::size_t kMostOfSession = 1'000;  // filters of one session
  static constexpr std::size_t kMost = 100'000;         // filters of all
  // Each place where filters differ by a wildcard doubles the ways that a topic may take. So the
  // levels beyond the eighth, of all filters together, are few: a session's, and all.
  static constexpr std::size_t kUsualLevels = 8;
  static constexpr std::size_t kMostDeepOfSession = 2'000;
  static constexpr std::size_t kMostDeep = 20'000;

  Subscriptions();
  ~Subscriptions();
  Subscriptions(Subscriptions&& other) noexcept;
  Subscriptions& operator=(Subscriptions&& other) noexcept;

  // Takes the place of the session's subscription to the same filter. False: there is no room.
  [[nodiscard]] bool add(const std::shared_ptr<SessionState>& session, std::string_view text,
                         const SubscriptionTerms& terms);
  // False: there was none.
  bool remove(SessionState& session, std::string_view text);
  void remove_all(SessionState& session);

  struct Match {
    std::shared_ptr<SessionState> session;
    Qos maximum_qos = Qos::at_most_once;
    bool retain_as_published = false;
    std::vector<std::uint32_t> identifiers;
  };
  // `publisher`: the client id it came from; that client gets nothing by its No Local
  // subscriptions.
  [[nodiscard]] std::vector<Match> match(const Topic& topic, std::string_view publisher);
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Node;
  class Search;
  [[nodiscard]] Node* find(const TopicFilter& filter, bool make);
  void prune(std::string_view filter);

  std::unique_ptr<Node> root_;
  std::size_t size_ = 0;
  std::size_t deep_ = 0;  // levels beyond kUsualLevels
};

}  // namespace watchpost::protocol
