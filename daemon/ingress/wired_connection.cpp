#include "ingress/wired_connection.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/invariant.hpp"
#include "base/spawn.hpp"
#include "model/trouble_catalogue.hpp"
#include "net/await.hpp"
#include "wired/make_line.hpp"

namespace watchpost::ingress {

namespace {

namespace asio = boost::asio;
using net::kAwait;

Message wired_message(wired::HandOver& given, const std::string& source) {
  auto topic = Topic::parse(given.topic);
  WATCHPOST_INVARIANT(topic.has_value());
  Message message{std::move(*topic), std::move(given.payload)};
  message.source = source;
  return message;
}

}  // namespace

// The one place that knows every kind of step; a step that is missing here does not compile.
class WiredConnection::Performer {
 public:
  explicit Performer(WiredConnection& connection) : connection_(connection) {}

  void operator()(wired::HandOver& message) { connection_.hand_over(std::move(message)); }
  void operator()(const wired::Send& answer) { connection_.send(answer.bytes); }
  void operator()(const wired::Noise& noise) { connection_.note(noise); }
  void operator()(const wired::Close& close) {
    connection_.complain(LogLevel::warning, "is closed: " + close.why.sentence());
    connection_.finish();
  }

 private:
  WiredConnection& connection_;
};

WiredConnection::WiredConnection(std::shared_ptr<net::Stream> stream,
                                 std::shared_ptr<WiredAddress> address,
                                 std::shared_ptr<WiredConnections> all)
    : our_address_(std::move(address)),
      all_(std::move(all)),
      peer_(stream->peer()),
      address_(peer_.substr(0, peer_.rfind(':'))),
      socket_(std::in_place, std::move(stream), all_->around().io),
      line_(wired::make_line(our_address_->options.protocol,
                             {address_, our_address_->options.zone, our_address_->options.sl651})),
      heard_at_(now()),
      spoke_at_(heard_at_) {
  WATCHPOST_INVARIANT(line_ != nullptr);
}

void WiredConnection::start() {
  all_->add(shared_from_this());
  ++our_address_->connections;
  coroutines_ = 2;
  const auto& executor = all_->around().io;
  spawn(executor, read(shared_from_this()), all_->around().log, "reading from a station");
  spawn(executor, write(shared_from_this()), all_->around().log, "writing to a station");
}

asio::awaitable<void> WiredConnection::read(std::shared_ptr<WiredConnection> self) {
  std::array<char, 4'096> room{};
  while (self->socket_->stream->is_open() && !self->is_finishing_) {
    if (!self->line_->may_read() || !self->all_->may_read()) {
      self->reading_paused_ = true;
      co_await self->socket_->reading_resumes.async_wait(kAwait);
      self->reading_paused_ = false;
      continue;
    }
    const auto [error, count] = co_await net::read_some(*self->socket_->stream, room);
    if (error) {
      if (!self->is_finishing_) self->perform(self->line_->paused());
      // A station may say that it sends nothing more and still wait for its answers.
      if (net::is_end_of_stream(error)) {
        self->finish();
      } else {
        self->cut_off();
      }
      break;
    }
    // Unanswered, it comes again.
    if (self->is_finishing_) break;
    self->heard_at_ = self->now();
    self->perform(self->line_->received({room.data(), count}));
  }
  self->coroutine_ended();
}

asio::awaitable<void> WiredConnection::write(std::shared_ptr<WiredConnection> self) {
  while (self->socket_->stream->is_open()) {
    if (!self->out_.has_ready()) {
      if (self->is_finished()) break;
      co_await self->socket_->has_output.async_wait(kAwait);
      continue;
    }
    const SteadyTime deadline = self->now() + self->all_->limits().write_timeout;
    const auto [error, count] =
        co_await net::write(*self->socket_->stream, self->out_.begin_write(deadline));
    self->out_.end_write();
    if (error) break;
  }
  self->cut_off();
  self->coroutine_ended();
}

void WiredConnection::perform(wired::Steps steps) {
  Performer performer(*this);
  for (wired::Step& step : steps) std::visit(performer, step);
}

void WiredConnection::hand_over(wired::HandOver message) {
  has_spoken_ = true;
  spoke_at_ = now();
  ++all_->totals().messages;
  all_->book().heard(speaker(message.station), now());
  const TicketNumber ticket = message.ticket;
  all_->around().intake.submit(wired_message(message, peer_), {}, {shared_from_this(), ticket});
}

void WiredConnection::settled(TicketNumber ticket, const Result<void>& outcome) {
  if (all_->is_detached()) return;
  perform(line_->settled(ticket, outcome, read_clock(all_->around().clock)));
  resume_reading();
  if (socket_ && is_finished()) socket_->has_output.cancel();
}

void WiredConnection::send(std::string_view bytes) {
  if (!socket_ || !socket_->stream->is_open()) return;
  out_.add_answer(bytes);
  if (out_.unread() > all_->limits().max_unread) {
    complain(LogLevel::warning,
             "does not read its answers and is closed. Check the station's network");
    return cut_off();
  }
  socket_->has_output.cancel();
}

StationBook::Speaker WiredConnection::speaker(const std::string& station) const {
  return {our_address_->options.protocol, station.empty() ? address_ : station, address_,
          our_address_->port};
}

void WiredConnection::note(const wired::Noise& noise) {
  all_->totals().noise += noise.bytes;
  const Trouble trouble =
      all_->book().noise(speaker(noise.station), noise.bytes, noise.sample, now());
  // Not the whole sentence is weighed: it holds a count, so it would be new each time.
  const auto line = fmt::format("({}) noise", noise.station);
  if (all_->complaints().weigh({.about = address_, .line = line}, now()))
    tell(all_->around().log, trouble);
}

void WiredConnection::complain(LogLevel level, std::string_view what) {
  if (!all_->complaints().weigh({.about = address_, .line = what}, now())) return;
  all_->around().log.write(
      level, fmt::format("{} ({}) {}", peer_, to_string(our_address_->options.protocol), what));
}

void WiredConnection::tick() {
  const bool is_idle = now() - spoke_at_ >= all_->limits().idle && !line_->is_mute();
  if (out_.is_late(now()) || is_idle) return cut_off();
  const bool may_pause = !is_finishing_ || line_->is_mute();
  if (may_pause && line_->unfinished() > 0 && now() - heard_at_ >= all_->limits().pause) {
    heard_at_ = now();  // the next pause is as long
    perform(line_->paused());
  }
  resume_reading();
}

void WiredConnection::resume_reading() {
  if (socket_ && reading_paused_) socket_->reading_resumes.cancel();
}

void WiredConnection::finish() {
  is_finishing_ = true;
  if (!socket_) return;
  socket_->wake();
}

void WiredConnection::cut_off() {
  is_finishing_ = true;
  out_.drop_ready();
  if (!socket_) return;
  socket_->stream->close();
  socket_->wake();
}

void WiredConnection::coroutine_ended() {
  if (--coroutines_ > 0) return;
  socket_.reset();
  out_.drop_ready();
  --our_address_->connections;
  all_->remove(shared_from_this());
}

}  // namespace watchpost::ingress
