#include "ingress/port_certificates.hpp"

#include <utility>

#include "model/trouble_catalogue.hpp"

namespace watchpost::ingress {
namespace {

Trouble not_read(const net::ServerCertificates& certificates, const Failure& why) {
  return trouble<TroubleCode::certificate_not_read>(arg<"file">(certificates.files().certificate))
      .because(cause_of(why));
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
  const std::string& file = certificates.files().certificate;
  const Look look = certificates.look();
  if (look == Look::renewed) {
    log_.info("the certificate {} was read again: new clients see it, and it ends on {}", file,
              certificates.facts().last_day);
  } else if (look == Look::refused) {
    tell(log_, not_read(certificates, *certificates.refusal()));
  }
  const ClockReading now = read_clock(clock_);
  const net::CertificateAge age = net::age_of(certificates.facts(), now);
  if (age > std::exchange(one.told, age)) {
    if (const auto aged = net::trouble_of_age(file, certificates.facts(), now)) tell(log_, *aged);
  }
}

std::vector<Trouble> PortCertificates::troubles() const {
  std::vector<Trouble> troubles;
  const ClockReading now = read_clock(clock_);
  for (const One& one : all_) {
    const net::ServerCertificates& certificates = *one.certificates;
    if (certificates.refusal()) troubles.push_back(not_read(certificates, *certificates.refusal()));
    auto aged = net::trouble_of_age(certificates.files().certificate, certificates.facts(), now);
    if (aged) troubles.push_back(std::move(*aged));
  }
  return troubles;
}

}  // namespace watchpost::ingress
