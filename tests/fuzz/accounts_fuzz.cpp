// Password files and ACL files: whatever the bytes, reading them ends, and what was read can be
// asked. The first byte chooses which of the two the rest is.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "accounts/access_rules.hpp"
#include "accounts/credentials.hpp"

namespace {

using namespace watchpost;
using namespace watchpost::accounts;

void require(bool is_so) {
  if (!is_so) std::abort();
}

void read_rules(std::string_view text) {
  const auto rules = AccessRules::parse({"acl", text});
  if (!rules) {
    require(rules.error().trouble != nullptr && !rules.error().chinese.empty());
    return;
  }
  for (const Actor actor : {Actor{"", "c"}, Actor{"u", "c"}, Actor{"+", "#"}, Actor{"a/b", ""}}) {
    for (const std::string_view topic : {"a", "a/b/c", "$SYS/x", "u/c", "/"}) {
      const bool may_read = rules->allows(actor, Right::read, topic);
      (void)rules->allows(actor, Right::write, topic);
      require(!rules->decided_by(actor, Right::read, topic).empty());
      // What may be read may be subscribed to.
      require(!may_read || rules->allows_some(actor, *TopicFilter::parse(topic)));
    }
  }
}

void read_passwords(std::string_view text) {
  const auto users = Credentials::parse({"p", text});
  if (!users) {
    require(users.error().trouble != nullptr && !users.error().chinese.empty());
    return;
  }
  require(users->names().size() == users->size());
  require(users->keeps("u", *users) == users->knows("u"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 0) {
    read_rules(text);
  } else {
    read_passwords(text);
  }
  return 0;
}
