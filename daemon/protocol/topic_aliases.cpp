#include "protocol/topic_aliases.hpp"

#include <utility>

namespace watchpost::protocol {

std::variant<Topic, Close> TopicAliases::topic_of(const Publish& publish) {
  const auto alias = publish.properties.number(PropertyId::topic_alias);
  if (alias && *alias > maximum_) {
    return breach(ReasonCode::topic_alias_invalid, "a topic alias over the agreed maximum");
  }
  if (publish.topic.empty()) {
    // The decoder refuses an empty topic without an alias.
    if (*alias <= topics_.size() && topics_[*alias - 1]) return *topics_[*alias - 1];
    return breach(ReasonCode::protocol_error, "a topic alias that was never given a topic");
  }
  auto topic = Topic::parse(publish.topic);
  // This does not happen: the decoder refuses an invalid topic name.
  if (!topic) return breach(ReasonCode::topic_name_invalid, "an invalid topic name");
  if (alias && !keep(*alias, *topic)) {
    return Close{ReasonCode::quota_exceeded, "its topic aliases stand for more text than is kept"};
  }
  return std::move(*topic);
}

bool TopicAliases::keep(std::size_t alias, const Topic& topic) {
  if (topics_.size() < alias) topics_.resize(alias);
  auto& place = topics_[alias - 1];
  if (place) bytes_ -= place->text().size();
  bytes_ += topic.text().size();
  place = topic;
  return bytes_ <= kMostBytes;
}

}  // namespace watchpost::protocol
