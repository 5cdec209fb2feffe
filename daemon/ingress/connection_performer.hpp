// perform: does what a session, or the registry of all sessions, asks for.
// Promise: in the order of the actions, each once. I/O thread.
#pragma once

#include "protocol/action.hpp"

namespace watchpost::ingress {

class Connection;
class Connections;

// `by`: whose session asks. Null: the registry asks, which has nobody to send to or to close.
void perform(protocol::Actions& actions, Connections& all, Connection* by);

}  // namespace watchpost::ingress
