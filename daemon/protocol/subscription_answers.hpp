// What a client that subscribes is answered: this gateway serves no subscriptions yet.
// Promise: each filter is refused by itself, so that a sensor that also subscribes stays connected
// and is heard. Pure; called by Session on the I/O thread.
#pragma once

#include "protocol/action.hpp"
#include "protocol/agreement.hpp"
#include "protocol/packet.hpp"

namespace watchpost::protocol {

void refuse_subscriptions(const Subscribe& subscribe, const Agreement& agreement, Actions& actions);
void answer_unsubscribe(const Unsubscribe& unsubscribe, const Agreement& agreement,
                        Actions& actions);

}  // namespace watchpost::protocol
