// make_way: which connection gives way where places or memory are scarce.
// Promise: one house (see Crowd) that has many connections keeps no other house out, whatever it
// does; who gives way is told of in the log. I/O thread.
#pragma once

#include <string>

namespace watchpost::ingress {

class Connections;
struct MqttAddress;

// A client comes to this address of ours. False: there is no place for it, and it is told of. Where
// a house has too many places, one of its connections gives way to those of others.
[[nodiscard]] bool make_way(Connections& all, const MqttAddress& ours, const std::string& from);
// Too many bytes are held of packets that have not come whole: the largest one of the house with
// the most is given up.
void shed(Connections& all);
void tell_of_given_up(Connections& all);

}  // namespace watchpost::ingress
