// What is told of a connection: to the log, and to the books of who is shut out and who is denied.
#include <fmt/format.h>

#include <utility>

#include "base/invariant.hpp"
#include "ingress/connection.hpp"
#include "ingress/handshake_words.hpp"
#include "model/trouble_catalogue.hpp"

namespace watchpost::ingress {

// A busy box lets the client in when it tries again; every other refusal stays until somebody acts.
void Connection::note_shut_out(const protocol::Close& close) {
  const ShutOutBook::Client client{session_.agreement().client_id, address_};
  if (close.code == protocol::ReasonCode::session_taken_over) {
    return all_->shut_out().thrown_out(client, now());
  }
  const bool is_busy = close.refusal == protocol::Refusal::busy ||
                       close.refusal == protocol::Refusal::slowed ||
                       close.code == protocol::ReasonCode::server_busy ||
                       close.code == protocol::ReasonCode::server_unavailable;
  if ((close.refused && !is_busy) || (close.malformed && guest_.is_stranger())) {
    all_->shut_out().turned_away(client, cause_of(close, our_address_->names()), now());
  }
}

void Connection::complain_of(const protocol::TooLarge& packet) {
  ListenerStatus::OversizePacket oversize;
  oversize.client_id = session_.agreement().client_id;
  oversize.address = address_;
  oversize.port = our_address_->port;
  oversize.topic = packet.topic;
  oversize.bytes = packet.bytes;
  oversize.most = packet.most;
  const Trouble trouble = all_->oversize().note(std::move(oversize), now());
  // Not the whole sentence is weighed: it holds a count, so it would be new each time.
  const auto line = fmt::format("({}) packet too large", session_.agreement().client_id);
  if (all_->complaints().weigh({.about = address_, .line = line}, now()))
    tell(all_->around().log, trouble);
}

void Connection::close(const protocol::Close& close) {
  if (close.malformed) ++all_->totals().malformed;
  if (close.refused) ++all_->totals().refused;
  note_shut_out(close);
  if (close.too_large) {
    complain_of(*close.too_large);
  } else {
    const ClosingWords words = words_for(close, our_address_->names());
    complain(words.level, words.text);
  }
  close_deadline_ = now() + all_->limits().close_wait;
  if (!socket_) return;
  socket_->wake();
}

void Connection::ended_with(const net::Error& error) {
  if (const auto why = ingress::cause_of(net::fault_in(error), our_address_->port)) {
    ++all_->totals().malformed;
    complain(LogLevel::warning, words_for(*why).text);
    if (guest_.is_stranger()) all_->shut_out().turned_away({"", address_}, *why, now());
  }
  cut_off();
}

void Connection::give_way(std::string_view why) {
  complain(LogLevel::warning, why);
  cut_off();
}

Denied Connection::denial() const {
  const protocol::Identity* const who = session_.identity();
  WATCHPOST_INVARIANT(who != nullptr);  // nobody asks for anything before
  return {*who, {}, {}, our_address_->port};
}

void Connection::denied(const protocol::Deny& deny) {
  Denied denied = denial();
  denied.topic = deny.topic;
  denied.decided_by = deny.decided_by;
  all_->denials().may_not_publish(std::move(denied), now());
  complain(
      LogLevel::error,
      fmt::format("may not publish on the topic {}: its message was not taken{}. If it is to be "
                  "heard, give it the right and reload the service",
                  printable(deny.topic), by_whom(deny.decided_by)));
}

void Connection::denied(const protocol::DenyFilter& deny) {
  Denied denied = denial();
  denied.topic = deny.filter;
  denied.decided_by = deny.decided_by;
  all_->denials().may_not_subscribe(std::move(denied), now());
  complain(LogLevel::warning, fmt::format("may not subscribe to {}: it gets nothing of that{}",
                                          printable(deny.filter), by_whom(deny.decided_by)));
}

void Connection::complain(LogLevel level, std::string_view what) {
  auto& log = all_->around().log;
  if (!log.wants(level)) return;
  const std::string& user = session_.agreement().user_name;
  const std::string about = fmt::format("({}{}{}) {}", printable(session_.agreement().client_id),
                                        user.empty() ? "" : ", user ", printable(user), what);
  if (level == LogLevel::debug) {
    log.debug("{} {}", peer_, about);
    return;
  }
  const auto left_out = all_->complaints().weigh({.about = address_, .line = about}, now());
  if (!left_out) return;
  const std::string more =
      *left_out == 0 ? ""
                     : fmt::format(". {} lines about {} were left out before", *left_out, address_);
  log.write(level, fmt::format("{} {}{}", peer_, about, more));
}

}  // namespace watchpost::ingress
