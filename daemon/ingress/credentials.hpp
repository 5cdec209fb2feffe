// Credentials: users and passwords of a file written by mosquitto_passwd ($7$, PBKDF2-SHA512).
// Promise: comparing takes the same time wherever the first difference is, and for unknown users; a
// file with a mistake is refused with its line. Loaded at start-up and never changed, so that any
// thread may verify.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace watchpost::ingress {

class Credentials {
 public:
  // Checking one password takes about 0.1 s of a core at this many rounds on a small board.
  static constexpr unsigned kMostIterations = 100'000;
  static constexpr std::size_t kLargestFile = 1024 * 1024;

  [[nodiscard]] static Result<Credentials> load(const std::filesystem::path& file);
  struct File {
    std::string_view name;  // for messages
    std::string_view text;
  };
  [[nodiscard]] static Result<Credentials> parse(const File& file);
  struct Login {
    std::string_view user_name;
    std::string_view password;
  };
  [[nodiscard]] bool verify(const Login& login) const;
  [[nodiscard]] const std::string& name() const { return name_; }  // of the file
  [[nodiscard]] bool knows(std::string_view user_name) const {
    return entries_.find(user_name) != entries_.end();
  }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    unsigned iterations = 101;
    std::string salt;
    std::string hash;
  };
  [[nodiscard]] static Result<Entry> parse_entry(std::string_view hashed);
  [[nodiscard]] static std::string pbkdf2(std::string_view password, const Entry& entry);

  std::string name_;
  std::map<std::string, Entry, std::less<>> entries_;
  // The entry to compare with when the user is unknown, so that this takes as long.
  Entry nobody_;
};

}  // namespace watchpost::ingress
