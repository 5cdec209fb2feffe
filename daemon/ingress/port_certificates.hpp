// PortCertificates: the certificates of our own ports: read again when their files change, watched
// for their end, and told of.
// Promise: clients that are connected stay so. New files that cannot be used change nothing but a
// trouble. What the log and the word that goes upstream say of a certificate's age they say once at
// each step of it (net/certificate_age.hpp), and again after a restart. I/O thread only.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "model/trouble.hpp"
#include "net/certificate_age.hpp"
#include "net/certificates.hpp"
#include "pipeline/certificate_news.hpp"

namespace watchpost::ingress {

class PortCertificates {
 public:
  // `every`: how often the files are looked at; new ones are used at the second look.
  PortCertificates(const Clock& clock, Log& log, std::chrono::milliseconds every)
      : clock_(clock), log_(log), every_(every) {}

  // Before the first tick.
  void on_word(std::function<void(pipeline::CertificateWord)> tell) { tell_ = std::move(tell); }
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
  void look_at_age(One& one, const ClockReading& now);

  const Clock& clock_;
  Log& log_;
  std::chrono::milliseconds every_;
  std::function<void(pipeline::CertificateWord)> tell_;
  SteadyTime next_{};
  std::vector<One> all_;
};

}  // namespace watchpost::ingress
