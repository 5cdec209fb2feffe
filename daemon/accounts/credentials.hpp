// Credentials: users and passwords of a file that mosquitto_passwd or `watchpost passwd` wrote.
// Promise: comparing takes the same time for unknown users; a file with a mistake is refused with
// its line. Never changed after it was read, so that any thread may verify.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/account_file.hpp"
#include "accounts/password_hash.hpp"
#include "base/result.hpp"

namespace watchpost::accounts {

class Credentials {
 public:
  [[nodiscard]] static Result<Credentials> load(const std::filesystem::path& file);
  [[nodiscard]] static Result<Credentials> parse(const NamedText& file);
  struct Login {
    std::string_view user_name;
    std::string_view password;
  };
  [[nodiscard]] bool verify(const Login& login) const;
  [[nodiscard]] const std::string& name() const { return name_; }  // of the file
  [[nodiscard]] bool knows(std::string_view user_name) const { return users_.contains(user_name); }
  // True where a client that proved this user name by the password of `before` proves it by ours.
  [[nodiscard]] bool keeps(std::string_view user_name, const Credentials& before) const;
  [[nodiscard]] std::size_t size() const { return users_.size(); }
  [[nodiscard]] std::vector<std::string> names() const;  // of the users
  // Users whose hash is quickly guessed from the file ($6$).
  [[nodiscard]] std::vector<std::string> weakly_hashed() const;
  friend bool operator==(const Credentials&, const Credentials&) = default;

 private:
  std::string name_;
  std::map<std::string, PasswordHash, std::less<>> users_;
  // What to compare with when the user is unknown, so that this takes as long.
  PasswordHash nobody_ = PasswordHash::of_nobody();
};

}  // namespace watchpost::accounts
