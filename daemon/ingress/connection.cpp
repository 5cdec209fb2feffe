#include "ingress/connection.hpp"

#include <chrono>
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "base/invariant.hpp"
#include "base/spawn.hpp"
#include "ingress/make_way.hpp"
#include "net/await.hpp"

namespace watchpost::ingress {
namespace {

namespace asio = boost::asio;

using net::kAwait;

// Begins the wait of a coroutine for its turn in the crowd.
struct Turn {
  template <class Waiter>
  void operator()(Waiter waiter, Crowd::Guest* guest) const {
    guest->wait(std::move(waiter));
  }
};
// The same until less of its address's messages are under way to the disk (crowd.hpp).
struct Room {
  template <class Waiter>
  void operator()(Waiter waiter, Crowd::Guest* guest) const {
    guest->wait_to_hand_over(std::move(waiter));
  }
};
auto room_to_hand_over(Crowd::Guest& guest) {
  return asio::async_initiate<const asio::use_awaitable_t<>, void()>(Room{}, asio::use_awaitable,
                                                                     &guest);
}
auto turn(Crowd::Guest& guest) {
  return asio::async_initiate<const asio::use_awaitable_t<>, void()>(Turn{}, asio::use_awaitable,
                                                                     &guest);
}

// A buffer of this size is what an idle connection may keep.
constexpr std::size_t kSmallBuffer = 4 * protocol::Framer::kSmallestRead;

// Whether bytes came in quick succession for a while. To wait for more of them without room costs a
// step more for each (about a twentieth of the CPU time at saturation), and saves 4 KiB.
class Pace {
 public:
  void heard(SteadyTime now) {
    quick_ = now - last_ < std::chrono::seconds(1) ? quick_ + 1 : 0;
    last_ = now;
  }
  [[nodiscard]] bool is_quick() const { return quick_ >= 16; }

 private:
  SteadyTime last_{};
  std::uint32_t quick_ = 0;
};

}  // namespace

// The one place that knows every kind of action; an action that is missing here does not compile.
class ActionPerformer {
 public:
  ActionPerformer(Connections& all, Connection* by) : all_(all), by_(by) {}

  void operator()(const protocol::Send& send) {
    ++all_.totals().packets_sent;
    asker().send(send.bytes);
  }
  void operator()(protocol::Authenticate& question) {
    asker().authenticate(std::move(question.claim));
  }
  void operator()(protocol::HandOver& hand_over) {
    if (hand_over.ticket != TicketNumber{}) {
      ++all_.totals().messages;
      asker().guest_.handed_over(size_of(hand_over.message));
    }
    all_.intake().submit(std::move(hand_over.message), facts_of(hand_over.changes),
                         ticket(hand_over.ticket));
  }
  void operator()(protocol::Commit& commit) {
    if (!commit.changes.empty()) all_.commit_what_waits();
    std::vector<Fact> facts = facts_of(commit.changes);
    facts.insert(facts.end(), std::make_move_iterator(commit.facts.begin()),
                 std::make_move_iterator(commit.facts.end()));
    all_.intake().submit(std::move(facts), ticket(commit.ticket));
  }
  void operator()(protocol::CommitLater& later) { all_.commit_later(std::move(later.fact)); }
  void operator()(const protocol::ReadQueue& asked) { all_.read_queue(asked); }
  void operator()(const protocol::LogAnswered& answer) { all_.log_answered(answer); }
  void operator()(const protocol::AwaitRetained& until) {
    all_.await_retained({until.number, asker().id_});
  }
  void operator()(const protocol::Deliver& message) {
    ++all_.totals().packets_sent;
    ++all_.totals().messages_sent;
    asker().send_message(message.bytes);
  }
  void operator()(protocol::CommitEnd& end) { all_.commit_end(std::move(end.client_id)); }
  void operator()(const protocol::TakeOver& other) { all_.take_over(other.connection); }
  void operator()(const protocol::Wake& other) { all_.wake(other.connection); }
  void operator()(const protocol::Deny& deny) { asker().denied(deny); }
  void operator()(const protocol::DenyFilter& deny) { asker().denied(deny); }
  void operator()(const protocol::DenyWill& deny) { all_.deny_will(deny); }
  void operator()(const protocol::Close& close) { asker().close(close); }

 private:
  [[nodiscard]] static std::vector<Fact> facts_of(std::vector<SessionChange>& changes) {
    return {std::make_move_iterator(changes.begin()), std::make_move_iterator(changes.end())};
  }
  [[nodiscard]] Connection& asker() const {
    WATCHPOST_INVARIANT(by_ != nullptr);
    return *by_;
  }
  [[nodiscard]] CustodyTicket ticket(TicketNumber number) const {
    if (number == TicketNumber{}) return {};
    return {asker().shared_from_this(), number};
  }

  Connections& all_;
  Connection* by_;
};

void perform(protocol::Actions& actions, Connections& all, Connection* by) {
  ActionPerformer performer(all, by);
  for (protocol::Action& action : actions) std::visit(performer, action);
}

AddressNames MqttAddress::names() const {
  const auto& credentials = access->terms().credentials;
  return {port, credentials ? credentials->name() : std::string()};
}

Connection::Connection(std::shared_ptr<net::Stream> stream, std::shared_ptr<MqttAddress> address,
                       std::shared_ptr<Connections> all)
    : our_address_(std::move(address)),
      all_(std::move(all)),
      id_(all_->next_id()),
      peer_(stream->peer()),
      address_(peer_.substr(0, peer_.rfind(':'))),
      guest_(all_->crowd(), address_),
      socket_(std::in_place, std::move(stream), all_->around().io),
      framer_(protocol::kLargestFirstPacket),
      session_(id_,
               {our_address_->options.session, all_->registry(), *our_address_->authoriser,
                all_->retained()},
               all_->around().clock.steady()) {
  framer_.set_patient(true);
}

void Connection::start() {
  all_->add(id_, shared_from_this());
  ++our_address_->connections;
  ++our_address_->strangers;
  coroutines_ = 2;
  const auto& executor = all_->around().io;
  spawn(executor, read(shared_from_this()), all_->around().log, "reading from a client");
  spawn(executor, write(shared_from_this()), all_->around().log, "writing to a client");
}

asio::awaitable<void> Connection::read(std::shared_ptr<Connection> self) {
  const auto [unshaken, none] = co_await net::shake_hands(*self->socket_->stream);
  if (unshaken) self->ended_with(unshaken);
  Pace pace;
  while (self->socket_->stream->is_open()) {
    // After the last word to a client its bytes are read and dropped until it closes too: closing
    // on unread bytes would reset the connection and could take that last word with it.
    const bool listening = !self->session_.is_closed();
    const SteadyTime now = self->now();
    if (listening && !self->session_.may_read(self->all_->may_read(), now)) {
      self->reading_paused_ = true;
      co_await self->socket_->reading_resumes.async_wait(kAwait);
      self->reading_paused_ = false;
      continue;
    }
    if (!self->guest_.may_go_on(now)) {
      co_await turn(self->guest_);
      continue;
    }
    if (listening && !self->guest_.may_hand_over()) {
      co_await room_to_hand_over(self->guest_);
      continue;
    }
    if (listening && self->handle_frame(now)) continue;
    if (listening && self->session_.is_closed()) continue;
    pace.heard(now);
    // An idle client costs no buffer.
    const bool may_be_idle = !pace.is_quick() && self->socket_->stream->can_await_bytes();
    if (may_be_idle && self->framer_.release()) {
      if (!self->guest_.holds(0)) shed(*self->all_);
      const auto [error, nothing] = co_await net::await_bytes(*self->socket_->stream);
      if (error) {
        self->ended_with(error);
        break;
      }
    }
    const auto room = self->framer_.prepare();
    const std::size_t held = self->framer_.held();
    if (!self->guest_.holds(held > kSmallBuffer ? held : 0)) shed(*self->all_);
    const auto [error, count] = co_await net::read_some(*self->socket_->stream, room);
    if (error) {
      self->ended_with(error);
      break;
    }
    self->all_->totals().bytes_received += count;
    if (!self->session_.is_closed()) self->framer_.commit(count);
  }
  self->coroutine_ended();
}

asio::awaitable<void> Connection::write(std::shared_ptr<Connection> self) {
  while (self->socket_->stream->is_open()) {
    if (!self->out_.has_ready()) {
      if (self->session_.is_closed()) break;
      self->flushed();
      if (!self->out_.has_ready()) co_await self->socket_->has_output.async_wait(kAwait);
      continue;
    }
    const SteadyTime deadline = self->now() + self->all_->limits().write_timeout;
    const auto [error, count] =
        co_await net::write(*self->socket_->stream, self->out_.begin_write(deadline));
    self->out_.end_write();
    self->all_->totals().bytes_sent += count;
    if (error) {
      self->cut_off();
      break;
    }
  }
  self->socket_->stream->finish();
  self->coroutine_ended();
}

bool Connection::handle_frame(SteadyTime now) {
  framer_.set_maximum(session_.largest_packet());
  const auto frame = framer_.next();
  if (frame && !*frame) return false;
  ++all_->totals().packets_received;
  tell_session([&](protocol::Actions& actions) {
    if (frame) {
      session_.received(**frame, now, actions);
    } else {
      session_.malformed(frame.error(), now, actions);
    }
  });
  return true;
}

template <class Event>
void Connection::tell_session(Event event) {
  // The list takes over the memory of the last one. An event that happens while this list is
  // performed makes a list of its own.
  protocol::Actions actions;
  actions.swap(spare_);
  event(actions);
  if (guest_.is_stranger() && session_.is_connected()) {
    --our_address_->strangers;
    guest_.was_let_in();
    all_->shut_out().let_in({session_.agreement().client_id, address_});
  }
  ingress::perform(actions, *all_, this);
  actions.clear();
  if (spare_.capacity() < actions.capacity()) spare_.swap(actions);
}

void Connection::settled(TicketNumber ticket, const Result<void>& outcome) {
  if (all_->is_detached()) return;
  guest_.settled(session_.bytes_under(ticket));
  tell_session([&](auto& actions) { session_.settled(ticket, outcome, now(), actions); });
  resume_reading();
}

void Connection::authenticate(protocol::Claim claim) {
  claim.address = address_;
  if (socket_) claim.proven_name = socket_->stream->proven_name();
  claim.asker = weak_from_this();
  // The answer may take long: by then the client may be gone.
  our_address_->authenticator->authenticate(
      std::move(claim), [weak = weak_from_this()](const protocol::Finding& finding) {
        const auto self = weak.lock();
        if (!self || self->all_->is_detached()) return;
        self->tell_session(
            [&](auto& actions) { self->session_.authenticated(finding, self->now(), actions); });
        self->resume_reading();
      });
}

void Connection::send(std::string_view bytes) {
  if (!socket_) return;
  const bool writes_already = out_.has_ready();
  out_.add_answer(bytes);
  if (out_.unread() > our_address_->options.max_unread) {
    complain(LogLevel::warning,
             "does not read its answers and is closed. Check the device's network");
    cut_off();
    return;
  }
  if (!writes_already) socket_->has_output.cancel();
}

// Messages have a bound of their own, which the session keeps.
void Connection::send_message(std::string_view bytes) {
  if (!socket_) return;
  const bool writes_already = out_.has_ready();
  out_.add_message(bytes);
  if (!writes_already) socket_->has_output.cancel();
}

void Connection::flushed() {
  if (session_.subscriber() == nullptr) return;
  tell_session([&](auto& actions) { session_.subscriber()->flushed(now(), actions); });
}

void Connection::deliver(const Delivery& delivery) {
  if (session_.subscriber() == nullptr) return;
  tell_session([&](auto& actions) { session_.subscriber()->deliver(delivery, now(), actions); });
}

void Connection::send_outbox() {
  if (session_.subscriber() == nullptr) return;
  tell_session([&](auto& actions) { session_.subscriber()->send_outbox(now(), actions); });
}

void Connection::taken_over() {
  tell_session([&](auto& actions) { session_.taken_over(now(), actions); });
}

void Connection::not_known_any_more() {
  tell_session([&](auto& actions) { session_.not_known_any_more(now(), actions); });
}

void Connection::wake() {
  tell_session([&](auto& actions) { session_.wake(now(), actions); });
}

void Connection::look_again() {
  tell_session([&](auto& actions) { session_.look_again(now(), actions); });
  resume_reading();
}

void Connection::tick() {
  if (out_.is_late(now()) || now() >= close_deadline_) {
    cut_off();
    return;
  }
  if (framer_.waits_for_topic()) {
    framer_.set_patient(false);
    (void)handle_frame(now());
  }
  tell_session([&](auto& actions) { session_.on_time(now(), actions); });
  // Messages of other clients that waited to be stored may be stored by now.
  resume_reading();
}

void Connection::resume_reading() {
  if (socket_ && reading_paused_) socket_->reading_resumes.cancel();
}

void Connection::say_goodbye() {
  tell_session([&](auto& actions) { session_.server_shutting_down(now(), actions); });
}

void Connection::cut_off() {
  if (!socket_) return;
  socket_->stream->close();
  leave_crowd();
  out_.drop_ready();
  socket_->wake();
  tell_session([&](auto& actions) { session_.connection_lost(now(), actions); });
}

void Connection::leave_crowd() {
  if (guest_.is_stranger()) --our_address_->strangers;
  guest_.leave();
}

void Connection::coroutine_ended() {
  if (--coroutines_ > 0) return;
  if (socket_) socket_.reset();
  out_.drop_ready();
  --our_address_->connections;
  leave_crowd();
  all_->remove(id_);
}

}  // namespace watchpost::ingress
