// AccessRules: what an ACL file in Mosquitto's format allows (mosquitto.conf(5), acl_file).
// Promise: the first of these that matches the topic decides: the user's own lines, denials first;
// then the patterns, denials first; nothing matches: not allowed. Lines before the first `user` are
// for clients without a user name. With patterns in the file, a user name or client id with '+' or
// '#' is allowed what its own lines say and nothing else. A file with a mistake is refused with its
// line. Never changed after it was read; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/account_file.hpp"
#include "base/result.hpp"
#include "model/topic.hpp"

namespace watchpost::accounts {

// Who wants to do something; as the client was admitted.
struct Actor {
  std::string_view user;  // empty: anonymous
  std::string_view client_id;
};

enum class Right : std::uint8_t { read, write };

class AccessRules {
 public:
  static constexpr std::size_t kMostLines = 10'000;

  [[nodiscard]] static Result<AccessRules> load(const std::filesystem::path& file);
  [[nodiscard]] static Result<AccessRules> parse(const NamedText& file);

  [[nodiscard]] bool allows(const Actor& actor, Right right, std::string_view topic) const;
  // False: of all that the filter stands for nothing may be read.
  [[nodiscard]] bool allows_some(const Actor& actor, const TopicFilter& filter) const;
  // What decided: "acl:12", or "acl" where no line is about it.
  [[nodiscard]] std::string decided_by(const Actor& actor, Right right,
                                       std::string_view topic) const;
  [[nodiscard]] const std::string& name() const { return name_; }  // of the file
  [[nodiscard]] std::vector<std::string> users() const;            // that have lines
  [[nodiscard]] bool has_patterns() const { return !patterns_.empty(); }
  [[nodiscard]] bool has_anonymous() const { return !anonymous_.empty(); }
  friend bool operator==(const AccessRules&, const AccessRules&) = default;

 private:
  enum class Grant : std::uint8_t { none, read, write, both };
  struct Line {
    unsigned number = 0;
    Grant grant = Grant::both;
    TopicFilter filter;
    friend bool operator==(const Line&, const Line&) = default;
  };
  using Lines = std::vector<Line>;  // denials first, each kind in the order of the file
  struct Reading;

  struct Decision {
    bool is_allowed = false;
    const Line* line = nullptr;  // null: none is about it
  };
  [[nodiscard]] Decision decide(const Actor& actor, Right right, std::string_view topic) const;
  [[nodiscard]] const Lines* lines_of(std::string_view user) const;
  [[nodiscard]] static bool grants(Grant grant, Right right);
  static void put(Lines& lines, Line line);

  std::string name_;
  std::map<std::string, Lines, std::less<>> users_;
  Lines anonymous_;
  Lines patterns_;
};

}  // namespace watchpost::accounts
