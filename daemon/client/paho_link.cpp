#include "client/paho_link.hpp"

#include <utility>

#include "base/invariant.hpp"
#include "client/paho_session.hpp"

namespace watchpost::client {

PahoLink::PahoLink(boost::asio::any_io_executor io, LinkOptions options)
    : io_(std::move(io)), options_(std::move(options)), names_(options_.url.host) {
  paho_.post([this] { keeper_ = paho_keeper(); });
}

PahoLink::~PahoLink() {
  drop();
  paho_.post([this] { keeper_.reset(); });
}

void PahoLink::observe(LinkObserver& listener) {
  listener_ = &listener;
}

void PahoLink::connect(const Will& will) {
  WATCHPOST_INVARIANT(listener_ != nullptr);
  drop();
  session_ = std::make_shared<PahoSession>(PahoSession::Surroundings{io_, paho_, *listener_},
                                           options_, will);
  if (options_.url.is_address()) {
    return paho_.post([session = session_] { session->open({}); });
  }
  names_.ask(
      [session = session_, turn = turn_](const auto& found) { session->named(found, turn); });
}

void PahoLink::publish(Publication publication) {
  WATCHPOST_INVARIANT(session_ != nullptr);
  session_->publish(std::move(publication));
}

void PahoLink::subscribe(const std::vector<std::string>& topics) {
  WATCHPOST_INVARIANT(session_ != nullptr);
  paho_.post([session = session_, topics] { session->subscribe(topics); });
}

void PahoLink::acknowledge(ArrivalId id) {
  if (session_) session_->acknowledge(id);
}

void PahoLink::disconnect(std::chrono::milliseconds wait) {
  WATCHPOST_INVARIANT(session_ != nullptr);
  paho_.post([session = session_, wait] { session->close(wait); });
}

void PahoLink::drop() {
  if (!session_) return;
  names_.forget();
  // Where a name has several addresses, one that does not answer is not tried twice in a row.
  if (!session_->stood()) ++turn_;
  session_->end();
  paho_.post([session = std::exchange(session_, nullptr)] { session->release(); });
}

}  // namespace watchpost::client
