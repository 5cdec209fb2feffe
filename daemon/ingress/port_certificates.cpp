#include "ingress/port_certificates.hpp"

#include <utility>

#include "model/trouble_catalogue.hpp"

namespace watchpost::ingress {
namespace {

// What people know the port's files by.
const std::string& file_of(const net::ServerFiles& files) {
  return files.certificate.empty() ? files.shared_keys : files.certificate;
}

Trouble not_read(const net::ServerCertificates& certificates, const Failure& why) {
  return trouble<TroubleCode::tls_files_not_read>(arg<"file">(file_of(certificates.files())))
      .because(cause_of(why));
}

net::CertificateAge age_of(const net::ServerCertificates& certificates, const ClockReading& now) {
  if (certificates.files().certificate.empty()) return net::CertificateAge::good;
  return net::age_of(certificates.facts(), now);
}

// Where the clock is certainly wrong, nothing is said.
bool are_revocations_old(const net::ServerCertificates& certificates, const ClockReading& now) {
  const auto& list = certificates.revocations();
  return list && list->next && now.quality != ClockQuality::unset && *list->next < now.wall;
}

std::optional<Trouble> old_revocations(const net::ServerCertificates& certificates,
                                       const ClockReading& now) {
  if (!are_revocations_old(certificates, now)) return std::nullopt;
  return trouble<TroubleCode::revocations_old>(arg<"file">(certificates.files().revoked),
                                               arg<"date">(certificates.revocations()->next_day));
}

// What is worth a word upstream. A clock that is wrong says nothing about a certificate.
std::optional<pipeline::CertificateWord::Reason> reason_of(net::CertificateAge before,
                                                           net::CertificateAge now) {
  using Age = net::CertificateAge;
  using Reason = pipeline::CertificateWord::Reason;
  if (now == Age::not_judged || now == before) return std::nullopt;
  if (now == Age::good) {
    return before > Age::not_judged ? std::optional(Reason::renewed) : std::nullopt;
  }
  return now == Age::over ? Reason::over : Reason::ends;
}

}  // namespace

Result<std::shared_ptr<net::ServerCertificates>> PortCertificates::load(
    const net::ServerFiles& files) {
  for (const One& one : all_) {
    if (one.certificates->files() == files) return one.certificates;
  }
  auto loaded = net::ServerCertificates::load(files);
  if (loaded) all_.push_back({*loaded});
  return loaded;
}

void PortCertificates::tick() {
  const SteadyTime now = clock_.steady();
  if (now < next_) return;
  next_ = now + every_;
  for (One& one : all_) look_at(one);
}

void PortCertificates::look_at(One& one) {
  using Look = net::ServerCertificates::Look;
  net::ServerCertificates& certificates = *one.certificates;
  const std::string& file = file_of(certificates.files());
  const Look look = certificates.look();
  if (look == Look::renewed) {
    log_.info("the files of {} were read again: they are used for new clients", file);
  } else if (look == Look::refused) {
    tell(log_, not_read(certificates, *certificates.refusal()));
  }
  const ClockReading now = read_clock(clock_);
  const bool is_old = are_revocations_old(certificates, now);
  if (is_old && !std::exchange(one.told_old, is_old)) {
    tell(log_, *old_revocations(certificates, now));
  }
  one.told_old = is_old;
  look_at_age(one, now);
}

void PortCertificates::look_at_age(One& one, const ClockReading& now) {
  const net::CertificateFacts& facts = one.certificates->facts();
  const std::string& file = file_of(one.certificates->files());
  const net::CertificateAge age = age_of(*one.certificates, now);
  const net::CertificateAge before = std::exchange(one.told, age);
  if (age > before) {
    if (const auto aged = net::trouble_of_age(file, facts, now)) tell(log_, *aged);
  }
  const auto reason = reason_of(before, age);
  if (reason && tell_) tell_({*reason, file, facts.last_day, net::days_left(facts, now)});
}

std::vector<Trouble> PortCertificates::troubles() const {
  std::vector<Trouble> troubles;
  const ClockReading now = read_clock(clock_);
  for (const One& one : all_) {
    const net::ServerCertificates& certificates = *one.certificates;
    if (certificates.refusal()) troubles.push_back(not_read(certificates, *certificates.refusal()));
    if (auto old = old_revocations(certificates, now)) troubles.push_back(std::move(*old));
    if (certificates.files().certificate.empty()) continue;
    auto aged = net::trouble_of_age(certificates.files().certificate, certificates.facts(), now);
    if (aged) troubles.push_back(std::move(*aged));
  }
  return troubles;
}

}  // namespace watchpost::ingress
