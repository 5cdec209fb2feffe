// What the robot of a group chat asks for where its security setting is a signature: the time, and
// a proof that the sender knows the robot's secret. It takes a message only within an hour of that
// time. Sources: DingTalk, "Customize the security settings of a robot"; Feishu, "Use a custom
// robot", signature verification. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "outputs/letter.hpp"

namespace watchpost::outputs {

struct Signing {
  std::string_view secret;
  WallTime now;
};
struct Post {
  std::string target;  // path and query
  std::string content;
};
// DingTalk has it in the query, Feishu in the message, which is an object; others know none.
void sign(Post& post, BodyForm form, const Signing& signing);

}  // namespace watchpost::outputs
