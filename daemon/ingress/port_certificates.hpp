// PortCertificates: the certificates of our own ports: read again when their files change, watched
// for their end, and told of.
// Promise: clients that are connected stay so. New files that cannot be used change nothing but a
// trouble. What the log says of a certificate's age it says once at each step of it
// (net/certificate_age.hpp). I/O thread only.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "model/trouble.hpp"
#include "net/certificate_age.hpp"
#include "net/certificates.hpp"

namespace watchpost::ingress {

class PortCertificates {
 public:
  // `every`: how often the files are looked at; new ones are used at the second look.
  PortCertificates(const Clock& clock, Log& log, std::chrono::milliseconds every)
      : clock_(clock), log_(log), every_(every) {}

  // Ports with the same files share them.
  [[nodiscard]] Result<std::shared_ptr<net::ServerCertificates>> load(
      const net::ServerFiles& files);
  // Called at each tick.
  void tick();
  [[nodiscard]] std::vector<Trouble> troubles() const;

 private:
  struct One {
    std::shared_ptr<net::ServerCertificates> certificates;
    net::CertificateAge told = net::CertificateAge::good;
    bool told_old = false;  // that its list of revoked certificates is too old
  };
  void look_at(One& one);

  const Clock& clock_;
  Log& log_;
  std::chrono::milliseconds every_;
  SteadyTime next_{};
  std::vector<One> all_;
};

}  // namespace watchpost::ingress
