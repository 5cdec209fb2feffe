// Webhook: a channel that posts each letter to an HTTP service.
// Promise: a server over TLS is verified; an answer is read up to kMostAnswer, and what does not
// come in time, breaks off or says that it is no success is a failure. I/O thread only.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "net/connector.hpp"
#include "net/http_url.hpp"
#include "outputs/channel.hpp"

namespace watchpost::outputs {

struct WebhookOptions {
  net::HttpUrl url;
  TlsFiles tls;
  std::string authorization;  // the header of this name; empty: none
  std::string secret;         // by which a robot checks signatures; empty: it asks for none
  BodyForm form = BodyForm::json;
  std::chrono::milliseconds timeout{10'000};
};

class Webhook final : public Channel {
 public:
  static constexpr std::size_t kMostAnswer = 64 * 1'024;

  // The clock outlives it.
  Webhook(boost::asio::any_io_executor io, const Clock& clock, WebhookOptions options);
  ~Webhook() override;
  void send(const Letter& letter, Done done) override;
  void stop() override;

 private:
  class Exchange;

  const Clock& clock_;
  WebhookOptions options_;
  std::shared_ptr<Exchange> exchange_;
  net::Connector connector_;
};

}  // namespace watchpost::outputs
