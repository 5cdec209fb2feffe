// Changing a password file: its text, and the file itself.
// Promise: other lines stay as they are, in their order. The file is replaced as a whole, with the
// owner and mode that it had, or stays as it was; two changes at once follow each other. A text
// that the gateway could not read is not written. Used by `watchpost passwd`, on any thread.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "accounts/account_file.hpp"
#include "accounts/password_hash.hpp"
#include "base/result.hpp"

namespace watchpost::accounts {

// Why nobody may have this name; nothing where it is good. Mosquitto trims blanks around a name and
// takes a line that begins with '#' for a comment.
[[nodiscard]] std::optional<Phrase> unfit_user_name(std::string_view name);

struct UserChange {
  std::string user;
  std::optional<PasswordHash> hash;  // nothing: the user goes
};
enum class Changed { added, replaced, removed };
struct EditedText {
  std::string text;
  Changed what = Changed::added;
};
// Fails where the text is no password file, and where a user that is to go is not there.
[[nodiscard]] Result<EditedText> edited(const NamedText& file, const UserChange& change);

struct GroupName {
  std::string name;
};
// Makes the file where there is none (mode 640; of this group where there is one and the process
// may say so).
[[nodiscard]] Result<Changed> edit_password_file(const std::filesystem::path& file,
                                                 const UserChange& change, const GroupName& group);

}  // namespace watchpost::accounts
