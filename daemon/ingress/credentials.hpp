// Credentials: users and passwords of a file written by mosquitto_passwd ($7$, PBKDF2-SHA512).
// Promise: comparing takes the same time wherever the first difference is, and for unknown users; a
// file with a mistake is refused with its line. Loaded at start-up, then read on the I/O thread.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "protocol/authenticator.hpp"

namespace watchpost::ingress {

class Credentials {
 public:
  // Checking a password holds up the I/O thread: about 0.1 s at this many rounds on a small board.
  static constexpr unsigned kMostIterations = 100'000;
  static constexpr std::size_t kLargestFile = 1024 * 1024;

  [[nodiscard]] static Result<Credentials> load(const std::filesystem::path& file);
  // `name` stands for the file in messages.
  [[nodiscard]] static Result<Credentials> parse(std::string_view text, std::string_view name);
  [[nodiscard]] bool verify(std::string_view user_name, std::string_view password) const;
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    unsigned iterations = 101;
    std::string salt;
    std::string hash;
  };
  [[nodiscard]] static Result<Entry> parse_entry(std::string_view hashed);

  std::map<std::string, Entry, std::less<>> entries_;
  // Compared with when the user is unknown.
  Entry nobody_;
};

// What one listener asks of its clients.
class Admittance final : public protocol::Authenticator {
 public:
  Admittance(bool anonymous, std::shared_ptr<const Credentials> credentials)
      : anonymous_(anonymous), credentials_(std::move(credentials)) {}
  // With credentials, a user name that is given must be right also where none is needed.
  [[nodiscard]] protocol::Admission admit(std::optional<std::string_view> user_name,
                                          std::optional<std::string_view> password) const override;

 private:
  bool anonymous_;
  std::shared_ptr<const Credentials> credentials_;
};

}  // namespace watchpost::ingress
