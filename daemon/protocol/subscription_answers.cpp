#include "protocol/subscription_answers.hpp"

#include <utility>

#include "model/topic.hpp"
#include "protocol/fitting.hpp"

namespace watchpost::protocol {

void refuse_subscriptions(const Subscribe& subscribe, const Agreement& agreement,
                          Actions& actions) {
  Suback suback;
  suback.packet_id = subscribe.packet_id;
  for (const Subscription& subscription : subscribe.subscriptions) {
    suback.codes.push_back(TopicFilter::parse(subscription.filter)
                               ? ReasonCode::implementation_specific_error
                               : ReasonCode::topic_filter_invalid);
  }
  if (agreement.problem_information) {
    suback.properties.add(PropertyId::reason_string, "this gateway serves no subscriptions");
  }
  send(std::move(suback), agreement, actions);
}

void answer_unsubscribe(const Unsubscribe& unsubscribe, const Agreement& agreement,
                        Actions& actions) {
  Unsuback unsuback;
  unsuback.packet_id = unsubscribe.packet_id;
  for (const std::string_view filter : unsubscribe.filters) {
    unsuback.codes.push_back(TopicFilter::parse(filter) ? ReasonCode::no_subscription_existed
                                                        : ReasonCode::topic_filter_invalid);
  }
  send(std::move(unsuback), agreement, actions);
}

}  // namespace watchpost::protocol
