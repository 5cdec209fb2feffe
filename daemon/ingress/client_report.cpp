#include "ingress/client_report.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/invariant.hpp"
#include "ingress/connection.hpp"
#include "ingress/handshake_words.hpp"
#include "model/trouble_catalogue.hpp"

namespace watchpost::ingress {

// A busy box lets the client in when it tries again; every other refusal stays until somebody acts.
void ClientReport::note_shut_out(const protocol::Close& close) const {
  const ShutOutBook::Client client{session.agreement().client_id, address};
  if (close.code == protocol::ReasonCode::session_taken_over) {
    return all.shut_out().thrown_out(client, now());
  }
  const bool is_busy = close.refusal == protocol::Refusal::busy ||
                       close.refusal == protocol::Refusal::slowed ||
                       close.code == protocol::ReasonCode::server_busy ||
                       close.code == protocol::ReasonCode::server_unavailable;
  if ((close.refused && !is_busy) || (close.malformed && is_stranger)) {
    all.shut_out().turned_away(client, cause_of(close, our_address.names()), now());
  }
}

void ClientReport::complain_of(const protocol::TooLarge& packet) const {
  ListenerStatus::OversizePacket oversize;
  oversize.client_id = session.agreement().client_id;
  oversize.address = address;
  oversize.port = our_address.port;
  oversize.topic = packet.topic;
  oversize.bytes = packet.bytes;
  oversize.most = packet.most;
  const Trouble trouble = all.oversize().note(std::move(oversize), now());
  // Not the whole sentence is weighed: it holds a count, so it would be new each time.
  const auto line = fmt::format("({}) packet too large", session.agreement().client_id);
  if (all.complaints().weigh({.about = address, .line = line}, now()))
    tell(all.around().log, trouble);
}

void ClientReport::closed(const protocol::Close& close) const {
  if (close.malformed) ++all.totals().malformed;
  if (close.refused) ++all.totals().refused;
  note_shut_out(close);
  if (close.too_large) {
    complain_of(*close.too_large);
  } else {
    const ClosingWords words = words_for(close, our_address.names());
    complain(words.level, words.text);
  }
}

void ClientReport::ended_with(const net::Error& error) const {
  if (const auto why = ingress::cause_of(net::fault_in(error), our_address.port)) {
    ++all.totals().malformed;
    complain(LogLevel::warning, words_for(*why).text);
    if (is_stranger) all.shut_out().turned_away({"", address}, *why, now());
  }
}

Denied ClientReport::denial() const {
  const protocol::Identity* const who = session.identity();
  WATCHPOST_INVARIANT(who != nullptr);  // nobody asks for anything before
  return {*who, {}, {}, our_address.port};
}

void ClientReport::denied(const protocol::Deny& deny) const {
  Denied denied = denial();
  denied.topic = deny.topic;
  denied.decided_by = deny.decided_by;
  all.denials().may_not_publish(std::move(denied), now());
  complain(
      LogLevel::error,
      fmt::format("may not publish on the topic {}: its message was not taken{}. If it is to be "
                  "heard, give it the right and reload the service",
                  printable(deny.topic), by_whom(deny.decided_by)));
}

void ClientReport::denied(const protocol::DenyFilter& deny) const {
  Denied denied = denial();
  denied.topic = deny.filter;
  denied.decided_by = deny.decided_by;
  all.denials().may_not_subscribe(std::move(denied), now());
  complain(LogLevel::warning, fmt::format("may not subscribe to {}: it gets nothing of that{}",
                                          printable(deny.filter), by_whom(deny.decided_by)));
}

void ClientReport::complain(LogLevel level, std::string_view what) const {
  auto& log = all.around().log;
  if (!log.wants(level)) return;
  const std::string& user = session.agreement().user_name;
  const std::string about = fmt::format("({}{}{}) {}", printable(session.agreement().client_id),
                                        user.empty() ? "" : ", user ", printable(user), what);
  if (level == LogLevel::debug) {
    log.debug("{} {}", peer, about);
    return;
  }
  const auto left_out = all.complaints().weigh({.about = address, .line = about}, now());
  if (!left_out) return;
  const std::string more =
      *left_out == 0 ? ""
                     : fmt::format(". {} lines about {} were left out before", *left_out, address);
  log.write(level, fmt::format("{} {}{}", peer, about, more));
}

}  // namespace watchpost::ingress
