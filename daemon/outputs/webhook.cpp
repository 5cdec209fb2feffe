#include "outputs/webhook.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http.hpp>
#include <utility>

#include "model/trouble_catalogue.hpp"
#include "outputs/robot_signature.hpp"

namespace watchpost::outputs {
namespace {

namespace http = boost::beast::http;

std::string request_of(const WebhookOptions& options, const Letter& letter, WallTime now) {
  Body body = body_of(letter, options.form);
  Post post{options.url.target, std::move(body.content)};
  if (!options.secret.empty()) sign(post, options.form, {options.secret, now});
  std::string text = fmt::format(
      "POST {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: Watchpost\r\nConnection: close\r\n"
      "Content-Type: {}\r\nContent-Length: {}\r\n",
      post.target, options.url.host, body.type, post.content.size());
  if (!options.authorization.empty())
    text += fmt::format("Authorization: {}\r\n", options.authorization);
  return text + "\r\n" + post.content;
}

}  // namespace

// One letter on its way. What is under way on its stream keeps it; once it is answered or left, it
// does nothing more.
class Webhook::Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(std::string request, Done done) : request_(std::move(request)), done_(std::move(done)) {
    parser_.body_limit(kMostAnswer);
    parser_.eager(true);
  }

  void begin(std::shared_ptr<net::Stream> stream, SteadyTime deadline) {
    stream_ = std::move(stream);
    stream_->set_deadline(deadline);
    stream_->write({request_.data(), request_.size()},
                   [self = shared_from_this()](const net::Error& error, std::size_t) {
                     if (error) return self->broke(error);
                     self->read();
                   });
  }
  void end(const Outcome& outcome) {
    const auto self = shared_from_this();
    const Done done = std::exchange(done_, {});
    if (stream_) stream_->close();
    if (done) done(outcome);
  }
  void leave() {
    done_ = {};
    if (stream_) stream_->close();
  }

 private:
  void read() {
    stream_->read_some({room_.data(), room_.size()},
                       [self = shared_from_this()](const net::Error& error, std::size_t bytes) {
                         self->take(error, bytes);
                       });
  }
  void take(const net::Error& error, std::size_t bytes) {
    if (!done_) return;
    if (net::is_end_of_stream(error)) return finish();
    if (error) return broke(error);
    unread_.append(room_.data(), bytes);
    boost::system::error_code why;
    unread_.erase(0, parser_.put(boost::asio::buffer(unread_), why));
    if (why && why != http::error::need_more) return end({ToldHow::broken, why.message(), {}});
    if (unread_.size() > kMostAnswer) return end({ToldHow::broken, "too long", {}});
    if (parser_.is_done()) return answered();
    read();
  }
  void finish() {
    boost::system::error_code why;
    if (parser_.got_some()) parser_.put_eof(why);
    if (why || !parser_.is_done()) return end({ToldHow::broken, {}, {}});
    answered();
  }
  void answered() {
    Verdict verdict = verdict_of({parser_.get().result_int(), parser_.get().body()});
    end({verdict.how, std::move(verdict.detail), {}});
  }
  void broke(const net::Error& error) {
    end({net::is_timeout(error) ? ToldHow::no_answer : ToldHow::broken, {}, {}});
  }

  std::string request_;
  Done done_;
  std::shared_ptr<net::Stream> stream_;
  std::array<char, 4'096> room_{};
  std::string unread_;
  http::response_parser<http::string_body> parser_;
};

Webhook::Webhook(boost::asio::any_io_executor io, const Clock& clock, WebhookOptions options)
    : clock_(clock),
      options_(std::move(options)),
      connector_(std::move(io), net::Destination{options_.url.server, options_.tls}) {}

Webhook::~Webhook() {
  stop();
}

void Webhook::send(const Letter& letter, Done done) {
  const SteadyTime deadline = clock_.steady() + options_.timeout;
  exchange_ =
      std::make_shared<Exchange>(request_of(options_, letter, clock_.wall()), std::move(done));
  connector_.connect(
      deadline, [exchange = exchange_, deadline](const std::shared_ptr<net::Stream>& stream,
                                                 const net::ConnectTrouble& trouble) {
        if (stream) return exchange->begin(stream, deadline);
        const bool is_silent = trouble.kind == net::ConnectTrouble::Kind::silent;
        exchange->end(
            {is_silent ? ToldHow::no_answer : ToldHow::unreached, {}, cause_of(trouble.failure)});
      });
}

void Webhook::stop() {
  connector_.cancel();
  if (exchange_) exchange_->leave();
  exchange_.reset();
}

}  // namespace watchpost::outputs
