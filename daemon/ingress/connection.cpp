#include "ingress/connection.hpp"

#include <boost/asio/post.hpp>
#include <chrono>
#include <exception>
#include <utility>

#include "base/spawn.hpp"
#include "ingress/make_way.hpp"

namespace watchpost::ingress {
namespace {

namespace asio = boost::asio;

// A buffer of this size is what an idle connection may keep.
constexpr std::size_t kSmallBuffer = 4 * protocol::Framer::kSmallestRead;

}  // namespace

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
      stream_(std::move(stream)),
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
  sides_ = 2;
  stream_->shake_hands([self = shared_from_this()](const net::Error& error, std::size_t /*none*/) {
    self->run("shaking hands with a client", [&] {
      if (error) self->ended_with(error);
      self->read_on();
    });
  });
}

template <class Piece>
void Connection::run(const char* name, Piece piece) {
  try {
    piece();
  } catch (...) {
    log_escaped(all_->around().log, name, std::current_exception());
    cut_off();
    side_ended();
  }
}

void Connection::read_on() {
  constexpr const char* kName = "reading from a client";
  const auto again = [this] {
    return [self = shared_from_this()] { self->run(kName, [&self] { self->read_on(); }); };
  };
  while (stream_->is_open()) {
    // After the last word to a client its bytes are read and dropped until it closes too: closing
    // on unread bytes would reset the connection and could take that last word with it.
    const bool listening = !session_.is_closed();
    const SteadyTime now = this->now();
    if (listening && !session_.may_read(all_->may_read(), now)) {
      reading_paused_ = true;
      return;
    }
    if (!guest_.may_go_on(now)) return guest_.wait(again());
    if (listening && !guest_.may_hand_over()) return guest_.wait_to_hand_over(again());
    if (listening && handle_frame(now)) continue;
    if (listening && session_.is_closed()) continue;
    pace_.heard(now);
    // An idle client costs no buffer.
    const bool may_be_idle = !pace_.is_quick() && stream_->can_await_bytes();
    if (!may_be_idle || !framer_.release()) return read_bytes();
    if (!guest_.holds(0)) shed(*all_);
    return stream_->await_bytes(
        [self = shared_from_this()](const net::Error& error, std::size_t /*none*/) {
          self->run(kName, [&] {
            if (error) return self->end_reading(error);
            self->read_bytes();
          });
        });
  }
  side_ended();
}

void Connection::read_bytes() {
  const auto room = framer_.prepare();
  const std::size_t held = framer_.held();
  if (!guest_.holds(held > kSmallBuffer ? held : 0)) shed(*all_);
  stream_->read_some(room, [self = shared_from_this()](const net::Error& error, std::size_t count) {
    self->run("reading from a client", [&] { self->have_read(error, count); });
  });
}

void Connection::have_read(const net::Error& error, std::size_t count) {
  if (error) return end_reading(error);
  all_->totals().bytes_received += count;
  if (!session_.is_closed()) framer_.commit(count);
  read_on();
}

void Connection::end_reading(const net::Error& error) {
  ended_with(error);
  side_ended();
}

void Connection::write_on() {
  while (stream_->is_open()) {
    if (out_.has_ready()) {
      const SteadyTime deadline = now() + all_->limits().write_timeout;
      return stream_->write(
          out_.begin_write(deadline),
          [self = shared_from_this()](const net::Error& error, std::size_t count) {
            self->run("writing to a client", [&] { self->have_written(error, count); });
          });
    }
    if (session_.is_closed()) break;
    flushed();
    if (out_.has_ready()) continue;
    is_writing_ = false;
    return;
  }
  end_writing();
}

void Connection::have_written(const net::Error& error, std::size_t count) {
  out_.end_write();
  all_->totals().bytes_sent += count;
  if (!error) return write_on();
  cut_off();
  end_writing();
}

void Connection::end_writing() {
  stream_->finish();
  side_ended();
}

void Connection::write_soon() {
  if (!stream_ || std::exchange(is_writing_, true)) return;
  asio::post(all_->around().io, [self = shared_from_this()] {
    self->run("writing to a client", [&self] { self->write_on(); });
  });
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
  protocol::Actions& spare = our_address_->spare_actions;
  protocol::Actions actions;
  actions.swap(spare);
  event(actions);
  if (guest_.is_stranger() && session_.is_connected()) {
    --our_address_->strangers;
    guest_.was_let_in();
    all_->shut_out().let_in({session_.agreement().client_id, address_});
  }
  ingress::perform(actions, *all_, this);
  actions.clear();
  if (spare.capacity() < actions.capacity()) spare.swap(actions);
}

void Connection::settled(TicketNumber ticket, const Result<void>& outcome) {
  if (all_->is_detached()) return;
  guest_.settled(session_.bytes_under(ticket));
  tell_session([&](auto& actions) { session_.settled(ticket, outcome, now(), actions); });
  resume_reading();
}

void Connection::authenticate(protocol::Claim claim) {
  claim.address = address_;
  if (stream_) claim.proven_name = stream_->proven_name();
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
  if (!stream_) return;
  out_.add_answer(bytes);
  if (out_.unread() > our_address_->options.max_unread) {
    report().complain(LogLevel::warning,
                      "does not read its answers and is closed. Check the device's network");
    cut_off();
    return;
  }
  write_soon();
}

// Messages have a bound of their own, which the session keeps.
void Connection::send_message(std::string_view bytes) {
  if (!stream_) return;
  out_.add_message(bytes);
  write_soon();
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
  if (!stream_ || !std::exchange(reading_paused_, false)) return;
  asio::post(all_->around().io, [self = shared_from_this()] {
    self->run("reading from a client", [&self] { self->read_on(); });
  });
}

void Connection::wake_both() {
  resume_reading();
  write_soon();
}

void Connection::say_goodbye() {
  tell_session([&](auto& actions) { session_.server_shutting_down(now(), actions); });
}

void Connection::close(const protocol::Close& close) {
  report().closed(close);
  close_deadline_ = now() + all_->limits().close_wait;
  wake_both();
}

void Connection::ended_with(const net::Error& error) {
  report().ended_with(error);
  cut_off();
}

void Connection::give_way(std::string_view why) {
  report().complain(LogLevel::warning, why);
  cut_off();
}

void Connection::cut_off() {
  if (!stream_) return;
  stream_->close();
  leave_crowd();
  out_.drop_ready();
  wake_both();
  tell_session([&](auto& actions) { session_.connection_lost(now(), actions); });
}

void Connection::leave_crowd() {
  if (guest_.is_stranger()) --our_address_->strangers;
  guest_.leave();
}

void Connection::side_ended() {
  if (sides_ == 0 || --sides_ > 0) return;
  stream_.reset();
  out_.drop_ready();
  --our_address_->connections;
  leave_crowd();
  all_->remove(id_);
}

}  // namespace watchpost::ingress
