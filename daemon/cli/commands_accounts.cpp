// passwd: who may log in to a listener.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.hpp"
#include "cli/ending.hpp"
#include "cli/passwd/passwd.hpp"

namespace watchpost::cli {

Subcommand add_passwd(CLI::App& app) {
  CLI::App* passwd = app.add_subcommand(
      "passwd",
      "set or remove the password of a client; it is typed, or is the first line of standard "
      "input");
  const auto options = std::make_shared<PasswdOptions>();
  passwd->add_option("file", options->file, "the password_file of the [[listener]]; made if absent")
      ->required();
  passwd->add_option("user", options->user, "user name of the client")->required();
  passwd->add_flag("-D,--delete", options->removes, "remove the user");
  passwd
      ->add_option("--group", options->group,
                   "group of a new file, which the service must be able to read")
      ->capture_default_str();
  add_language(*passwd, options->language);
  return {passwd, [options] { return run_passwd(*options); }, kCouldNotLook};
}

}  // namespace watchpost::cli
