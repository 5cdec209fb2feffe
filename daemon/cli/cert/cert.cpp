#include "cli/cert/cert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>
#include <utility>

#include "base/clock.hpp"
#include "cli/cert/cert_page.hpp"
#include "cli/cert/key_folder.hpp"
#include "cli/ending.hpp"
#include "net/private_authority.hpp"

namespace watchpost::cli {
namespace {

using Days = std::chrono::days;

constexpr auto kAuthorityCertificate = "ca.pem";
constexpr auto kAuthorityKey = "ca.key";
constexpr auto kServerCertificate = "server.pem";
constexpr auto kServerKey = "server.key";
constexpr Days kAuthorityLasts{3'650};

Failure unfit_option(English english, const Chinese& chinese) {
  return in_both(Failure::Kind::invalid_input, std::move(english), chinese);
}

// What cannot be right, before anything is made.
std::optional<Failure> mistake_in(const CertOptions& options) {
  for (const std::string& name : options.names) {
    if (net::is_host_name(name)) continue;
    return unfit_option(
        {fmt::format("\"{}\" is no name of a host", name),
         "Write it as office.local; an address goes to --address"},
        {fmt::format("“{}”不是主机名", name), "请写成 office.local 的形式；地址用 --address"});
  }
  for (const std::string& address : options.addresses) {
    if (net::is_host_address(address)) continue;
    return unfit_option(
        {fmt::format("\"{}\" is no address", address),
         "Write it as 192.168.1.20; a name goes to --name"},
        {fmt::format("“{}”不是地址", address), "请写成 192.168.1.20 的形式；名称用 --name"});
  }
  const bool needs_names = !options.renew && options.client.empty();
  if (needs_names && options.names.empty() && options.addresses.empty()) {
    return unfit_option(
        {"nothing says how devices reach this box",
         "Give its address, its name or both: --address 192.168.1.20 --name office.local"},
        {"没有说明设备如何连接本机",
         "请给出它的地址或名称：--address 192.168.1.20 --name office.local"});
  }
  const std::string& client = options.client;
  const bool is_unfit =
      client.size() > 64 || client.find('/') != std::string::npos || client.starts_with('.') ||
      std::any_of(client.begin(), client.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (is_unfit) {
    return unfit_option(
        {"this name of a device cannot be a file name",
         "Take one of at most 64 bytes without /, as smokehall"},
        {"这个设备名称不能用作文件名", "请取不超过 64 字节、不含 / 的名称，例如 smokehall"});
  }
  return std::nullopt;
}

// From yesterday, because the clocks of devices may be behind.
Result<net::Validity> from_now(Days lasts) {
  const ClockReading now = read_clock(SystemClock());
  if (now.quality == ClockQuality::unset) {
    return in_both(Failure::Kind::environment,
                   English{"the clock of this box is wrong, and a certificate would be too",
                           "Set the clock first (timedatectl)"},
                   Chinese{"本机时钟不对，证书的日期也会不对", "请先校准时钟（timedatectl）"});
  }
  return net::Validity{now.wall - Days(1), now.wall + lasts};
}

// No certificate outlives its authority.
Result<net::Validity> within(const std::string& authority, Days lasts) {
  auto validity = from_now(lasts);
  if (!validity) return validity;
  const auto end = net::end_of(authority);
  if (!end) return end.error();
  if (*end <= validity->begins + Days(1)) {
    return in_both(
        Failure::Kind::refused,
        English{"the authority in ca.pem has ended",
                "Make a new one in another --folder, and give its ca.pem to the devices"},
        Chinese{"ca.pem 中的 CA 已过期",
                "请用 --folder 在另一个目录新建，并把新的 ca.pem 交给设备"});
  }
  validity->ends = std::min(validity->ends, *end);
  return validity;
}

class Maker {
 public:
  explicit Maker(const CertOptions& options) : options_(options), folder_(options.folder) {}

  // Each returns the page for the person.
  [[nodiscard]] Result<std::string> make(Language language);
  [[nodiscard]] Result<std::string> make_client(Language language);
  [[nodiscard]] Result<std::string> renew(Language language);

 private:
  [[nodiscard]] Result<net::CertifiedKey> authority() const;
  [[nodiscard]] Result<net::CertifiedKey> new_authority() const;
  [[nodiscard]] Result<MadeAuthority> made_authority(const std::string& certificate) const;
  [[nodiscard]] Result<MadeServer> made_server(const std::string& certificate) const;
  [[nodiscard]] std::string reached_by() const {
    return options_.addresses.empty() ? options_.names.front() : options_.addresses.front();
  }

  const CertOptions& options_;
  KeyFolder folder_;
};

Result<net::CertifiedKey> Maker::authority() const {
  auto certificate = folder_.read(kAuthorityCertificate);
  if (!certificate) return certificate.error();
  auto key = folder_.read(kAuthorityKey);
  if (!key) return key.error();
  return net::CertifiedKey{std::move(*certificate), std::move(*key)};
}

Result<net::CertifiedKey> Maker::new_authority() const {
  const auto validity = from_now(kAuthorityLasts);
  if (!validity) return validity.error();
  auto made = net::make_authority(fmt::format("Watchpost {}", reached_by()), *validity);
  if (!made) return made;
  if (auto kept =
          folder_.write({.name = kAuthorityKey, .text = made->private_key}, FileUse::secret);
      !kept) {
    return kept.error();
  }
  auto kept = folder_.write({.name = kAuthorityCertificate, .text = made->certificate},
                            FileUse::open_to_all);
  if (!kept) return kept.error();
  return made;
}

Result<MadeAuthority> Maker::made_authority(const std::string& certificate) const {
  const auto text = net::text_of(certificate);
  if (!text) return text.error();
  return MadeAuthority{folder_.path_of(kAuthorityCertificate), folder_.path_of(kAuthorityKey),
                       text->last_day, text->sha256};
}

Result<MadeServer> Maker::made_server(const std::string& certificate) const {
  const auto text = net::text_of(certificate);
  if (!text) return text.error();
  return MadeServer{folder_.path_of(kServerCertificate),
                    folder_.path_of(kServerKey),
                    text->names,
                    text->last_day,
                    text->sha256,
                    {},
                    {}};
}

Result<std::string> Maker::make(Language language) {
  if (auto ready = folder_.prepare(); !ready) return ready.error();
  for (const std::string name : {kServerKey, kServerCertificate}) {
    // Told before anything is made.
    if (!folder_.has(name)) continue;
    auto there = folder_.write({.name = name, .text = ""}, FileUse::secret);
    if (!there) return there.error();
  }
  const bool has_authority = folder_.has(kAuthorityCertificate) || folder_.has(kAuthorityKey);
  auto authority = has_authority ? this->authority() : new_authority();
  if (!authority) return authority.error();
  const auto validity = within(authority->certificate, Days(options_.days));
  if (!validity) return validity.error();
  const auto made = net::issue(
      *authority, {reached_by(), options_.names, options_.addresses, net::CertificateUse::server},
      *validity);
  if (!made) return made.error();
  if (auto kept = folder_.write({.name = kServerKey, .text = made->private_key}, FileUse::secret);
      !kept) {
    return kept.error();
  }
  auto kept =
      folder_.write({.name = kServerCertificate, .text = made->certificate}, FileUse::open_to_all);
  if (!kept) return kept.error();
  auto server = made_server(made->certificate);
  const auto signer = made_authority(authority->certificate);
  if (!server || !signer) return server ? signer.error() : server.error();
  server->reached_by = reached_by();
  if (folder_.give({.name = kServerKey, .user = options_.user})) server->user = options_.user;
  return page_of(*signer, *server, language);
}

Result<std::string> Maker::make_client(Language language) {
  const auto authority = this->authority();
  if (!authority) return authority.error();
  const auto validity = within(authority->certificate, Days(options_.days));
  if (!validity) return validity.error();
  const std::string& name = options_.client;
  const auto made = net::issue(*authority, {name, {}, {}, net::CertificateUse::client}, *validity);
  if (!made) return made.error();
  const std::string certificate = fmt::format("client-{}.pem", name);
  const std::string key = fmt::format("client-{}.key", name);
  if (auto kept = folder_.write({.name = key, .text = made->private_key}, FileUse::secret); !kept) {
    return kept.error();
  }
  auto kept = folder_.write({.name = certificate, .text = made->certificate}, FileUse::open_to_all);
  if (!kept) return kept.error();
  const auto text = net::text_of(made->certificate);
  const auto signer = made_authority(authority->certificate);
  if (!text || !signer) return text ? signer.error() : text.error();
  return page_of(
      *signer, MadeClient{folder_.path_of(certificate), folder_.path_of(key), name, text->last_day},
      language);
}

Result<std::string> Maker::renew(Language language) {
  const auto authority = this->authority();
  if (!authority) return authority.error();
  const auto old = folder_.read(kServerCertificate);
  if (!old) return old.error();
  const auto validity = within(authority->certificate, Days(options_.days));
  if (!validity) return validity.error();
  const auto renewed = net::renew(*authority, *old, *validity);
  if (!renewed) return renewed.error();
  const auto before = net::text_of(*old);
  const auto server = made_server(*renewed);
  if (!before || !server) return before ? server.error() : before.error();
  const std::string kept_as = fmt::format("server-{}-{}{}.pem", before->last_day,
                                          before->sha256.substr(0, 2), before->sha256.substr(3, 2));
  auto replaced = folder_.replace({kServerCertificate, *renewed, kept_as});
  if (!replaced) return replaced.error();
  return page_of_renewal(*server, folder_.path_of(kept_as), language);
}

}  // namespace

int run_cert(const CertOptions& options) {
  const Voice voice{"cert", language_for(options.language)};
  if (const auto mistake = mistake_in(options)) return fail(voice, *mistake, kCouldNotLook);
  Maker maker(options);
  const auto page = options.renew            ? maker.renew(voice.language)
                    : options.client.empty() ? maker.make(voice.language)
                                             : maker.make_client(voice.language);
  if (!page) return fail(voice, page.error(), kCouldNotLook);
  std::cout << *page;
  return 0;
}

}  // namespace watchpost::cli
