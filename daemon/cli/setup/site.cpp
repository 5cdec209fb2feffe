#include "cli/setup/site.hpp"

#include <fmt/format.h>

#include "settings/values.hpp"

namespace watchpost::cli {
namespace {

std::string line_of(std::string_view key, const std::string& value) {
  return value.empty() ? std::string()
                       : fmt::format("{} = {}\n", key, settings::toml_quoted(value));
}

std::string site_text(const Site& site, bool with_password_file) {
  std::string text =
      "# Made by `watchpost setup`. Every key is explained in watchpost.toml(5) and, as an "
      "annotated\n"
      "# file, in /usr/share/doc/watchpost/examples/watchpost.toml. More may stand here, or in "
      "files\n"
      "# of its own: conf.d/*.toml, read after this one. Changes: sudo watchpostd --check-config, "
      "then\n"
      "# sudo systemctl reload watchpostd.\n\n[gateway]\n";
  text += line_of("id", site.id) + line_of("area", site.area);
  if (site.street.empty()) return text;
  text += "\n[[upstream]]\nname = \"street\"\n" + line_of("url", site.street) +
          line_of("username", site.username);
  if (with_password_file && !site.password.empty()) text += line_of("password_file", kPasswordFile);
  text += line_of("ca_file", site.ca_file);
  if (site.is_old_protocol) text += "protocol = \"3.1.1\"\n";
  return text;
}

}  // namespace

std::string config_text(const Site& site) {
  return site_text(site, true);
}

settings::ParsedConfig config_of(const Site& site, const std::filesystem::path& file) {
  return settings::parse_config_text({site_text(site, false)}, file,
                                     settings::ConfigSurroundings::of_process());
}

}  // namespace watchpost::cli
