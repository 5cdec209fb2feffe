#include "cli/receive/reception.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "base/backoff.hpp"
#include "base/call_thread.hpp"
#include "cli/audit/audit_page.hpp"
#include "cli/receive/link_words.hpp"
#include "client/mqtt_client.hpp"
#include "model/event_topic.hpp"
#include "net/harmless_signals.hpp"
#include "receiver/gap_watch.hpp"
#include "receiver/receipt_book.hpp"
#include "sqlite/database.hpp"

namespace watchpost::cli::receive {
namespace {

using boost::system::error_code;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Backoff::Options kReconnect{milliseconds(500), milliseconds(30'000)};
constexpr seconds kTryStoreAgain{1};
constexpr seconds kTellEvery{60};
constexpr seconds kLookEvery{15};
constexpr std::size_t kMostGapsTold = 10;  // at a time
constexpr seconds kStopWithin{10};
constexpr seconds kQueueEndsWithin{60};  // where the broker retains nothing
constexpr milliseconds kTryReceiptAgain{100};
constexpr int kStoreFailed = 1;

// Messages that are committed together.
struct Batch {
  std::vector<receiver::Message> messages;
  std::vector<PacketId> to_acknowledge;
  std::uint64_t connection = 0;  // the acknowledgements go out on this connection only
  std::size_t bytes = 0;
};

struct Totals {
  std::uint64_t events = 0;
  std::uint64_t repeats = 0;
  std::uint64_t unreadable = 0;
  std::uint64_t conflicts = 0;
  std::uint64_t commits = 0;
  std::uint64_t receipts = 0;
};

// The standard has one code for a topic that this user may not read; a 3.1.1 broker has no other.
std::string_view advice_on(protocol::ReasonCode refusal) {
  using protocol::ReasonCode;
  const bool may_not =
      refusal == ReasonCode::not_authorized || refusal == ReasonCode::unspecified_error;
  return may_not ? "Allow this user to read it in the broker's access list"
                 : "Look at --topic, and at the broker's log for its reason";
}

}  // namespace

class Reception::Work final : public client::MqttClient::Observer {
 public:
  Work(const ReceptionOptions& options, receiver::Store store, Log& log)
      : options_(options),
        log_(log),
        store_(std::move(store)),
        client_(io_.get_executor(), options.connection, *this),
        committer_(std::make_unique<CallThread>()) {}

  int run();

 private:
  void connected(bool session_present) override;
  void acknowledged(const client::Acknowledged& one) override { static_cast<void>(one); }
  void subscribed(std::span<const protocol::ReasonCode> codes) override;
  void arrived(const protocol::Publish& publish) override;
  void closed(const client::LinkEnd& end) override;

  void tell_why_not_connected();
  void commit();
  void committed(const Result<receiver::Kept>& kept);
  void not_committed(const Failure& why);
  void send_receipts();
  void tell_of(std::span<const receiver::Notice> notices);
  void look_for_gaps();
  void looked(const Result<receiver::Survey>& survey);
  void tell_every_minute();
  void tell(std::string_view when);
  void listen_for_signals();
  void stop();
  void leave_when_idle();

  const ReceptionOptions options_;
  Log& log_;
  SystemClock clock_;
  boost::asio::io_context io_{1};
  boost::asio::signal_set signals_{io_, SIGINT, SIGTERM};
  net::HarmlessSignals harmless_signals_{io_, clock_, log_};
  boost::asio::steady_timer reconnect_timer_{io_};
  boost::asio::steady_timer commit_timer_{io_};
  boost::asio::steady_timer receipt_timer_{io_};
  boost::asio::steady_timer tell_timer_{io_};
  boost::asio::steady_timer look_timer_{io_};
  boost::asio::steady_timer stop_timer_{io_};
  receiver::Store store_;  // used by the committer's thread
  client::MqttClient client_;
  receiver::ReceiptBook receipts_;
  receiver::GapWatch gaps_;
  receiver::Survey survey_;  // the last survey
  client::LinkDiagnosis diagnosis_;
  Backoff backoff_{kReconnect};
  std::mt19937_64 random_{std::random_device{}()};
  Batch waiting_;
  Batch committing_;  // used by the committer's thread while is_committing_
  Totals totals_;
  Totals told_;
  std::string trouble_;                   // of the link, as it was told last
  std::set<std::string> told_conflicts_;  // gateways whose first conflict was told
  std::set<std::string> store_troubles_;  // remedies of the store's failures that were told
  std::uint64_t connection_ = 0;
  SteadyTime connected_at_{};
  bool is_connected_ = false;
  bool session_is_new_ = false;  // true where this connection began a new session
  bool is_behind_queue_ = false;
  bool is_committing_ = false;
  bool stopping_ = false;
  bool left_ = false;
  int exit_code_ = 0;
  std::unique_ptr<CallThread> committer_;  // last member: its thread uses the others
};

int Reception::Work::run() {
  listen_for_signals();
  harmless_signals_.start(kSignalAdvice);
  client_.connect(client::MqttClient::Start::resume);
  tell_every_minute();
  look_for_gaps();
  io_.run();
  committer_.reset();
  if (auto survey = store_.survey()) survey_ = std::move(*survey);
  tell("in all");
  return exit_code_;
}

void Reception::Work::connected(bool session_present) {
  ++connection_;
  is_connected_ = true;
  session_is_new_ = !session_present;
  is_behind_queue_ = session_is_new_;
  connected_at_ = clock_.steady();
  diagnosis_.connected(connected_at_);
  log_.info("Connected to {}{}", options_.connection.url.text(),
            session_present ? ", which kept what came meanwhile" : " with a new session");
  client_.subscribe(options_.topic, Qos::at_least_once);
  send_receipts();
}

void Reception::Work::subscribed(std::span<const protocol::ReasonCode> codes) {
  if (!protocol::is_failure(codes.front())) return;
  diagnosis_.refused({options_.topic}, protocol::byte_of(codes.front()), clock_.steady());
  log_.error("The broker refuses the topic {} ({}), so nothing can be received. {}", options_.topic,
             protocol::to_string(codes.front()), advice_on(codes.front()));
}

void Reception::Work::arrived(const protocol::Publish& publish) {
  if (waiting_.messages.empty()) waiting_.connection = connection_;
  // What the broker retained comes behind what it kept for our session.
  is_behind_queue_ =
      is_behind_queue_ || publish.retain || clock_.steady() - connected_at_ > kQueueEndsWithin;
  const bool is_question = publish.payload.empty() && is_setup_check_topic(publish.topic);
  if (!is_question) {
    waiting_.messages.push_back(
        {std::string(publish.topic), std::string(publish.payload),
         std::string(publish.properties.user("content-encoding").value_or("")),
         session_is_new_ && publish.retain, is_behind_queue_});
  }
  waiting_.bytes += publish.topic.size() + publish.payload.size();
  if (publish.qos == Qos::at_least_once) waiting_.to_acknowledge.push_back(publish.packet_id);
  if (waiting_.bytes > kMostBytes) client_.hold(true);
  commit();
}

void Reception::Work::closed(const client::LinkEnd& end) {
  is_connected_ = false;
  // The broker sends waiting messages again; only the batch that is being committed stays.
  waiting_ = {};
  if (stopping_) return;
  if (diagnosis_.ended(end, std::nullopt, clock_.steady())) {
    backoff_.reset();
    trouble_.clear();
  }
  tell_why_not_connected();
  reconnect_timer_.expires_after(backoff_.next(random_()));
  reconnect_timer_.async_wait([this](error_code cancelled) {
    if (!cancelled && !stopping_) client_.connect(client::MqttClient::Start::resume);
  });
}

// Each cause is told once, until a connection has held.
void Reception::Work::tell_why_not_connected() {
  const std::string why = words_of(*diagnosis_.reason(), options_.connection.client_id);
  if (std::exchange(trouble_, why) != why) log_.warning("Not connected: {}", why);
}

void Reception::Work::commit() {
  if (is_committing_ || (waiting_.messages.empty() && committing_.messages.empty())) return;
  is_committing_ = true;
  // A batch whose commit failed is tried again first, unchanged.
  if (committing_.messages.empty()) std::swap(committing_, waiting_);
  committer_->post([this] {
    auto kept =
        std::make_shared<Result<receiver::Kept>>(store_.keep(committing_.messages, clock_.wall()));
    boost::asio::post(io_, [this, kept] { committed(*kept); });
  });
}

void Reception::Work::committed(const Result<receiver::Kept>& kept) {
  is_committing_ = false;
  if (!kept) return not_committed(kept.error());
  exit_code_ = 0;
  if (!std::exchange(store_troubles_, {}).empty()) log_.info("The store can be written again");
  if (committing_.connection == connection_ && is_connected_) {
    for (const PacketId id : committing_.to_acknowledge) client_.acknowledge(id);
  }
  committing_ = {};
  ++totals_.commits;
  totals_.events += kept->events;
  totals_.repeats += kept->repeats;
  totals_.unreadable += kept->unreadable;
  totals_.conflicts += kept->conflicts;
  tell_of(kept->notices);
  if (options_.receipts) {
    for (const auto& receipt : kept->receipts) receipts_.put(receipt, clock_.steady());
    send_receipts();
  }
  if (stopping_) return leave_when_idle();
  if (waiting_.bytes <= kMostBytes) client_.hold(false);
  commit();
}

void Reception::Work::not_committed(const Failure& why) {
  exit_code_ = kStoreFailed;
  client_.hold(true);
  if (sqlite::is_damage(why)) {
    log_.error(
        "{}. Nothing was acknowledged that is not stored. Copy the file and save what can be read "
        "with `sqlite3 FILE .recover`. Go on with your newest sound copy of it: gateways with "
        "receipts send the alarms and patrols that it lacks again, as far as they keep them. With "
        "a new file they send only what has no receipt yet",
        why.what);
    committing_ = {};
    return stop();
  }
  // A disk may fail in several ways in turn; each of them is told once.
  if (store_troubles_.insert(why.remedy).second) {
    log_.error("{}. Nothing is acknowledged meanwhile; the broker keeps it", why.sentence());
  }
  commit_timer_.expires_after(kTryStoreAgain);
  commit_timer_.async_wait([this](error_code cancelled) {
    if (!cancelled) commit();
  });
}

void Reception::Work::send_receipts() {
  const auto now = clock_.steady();
  bool is_full = false;
  while (is_connected_ && !is_full) {
    const auto message = receipts_.due(now);
    if (!message) break;
    is_full = client_.publish({message->topic, message->payload}) !=
              protocol::ClientSession::Taking::taken;
    if (is_full) break;
    receipts_.sent(*message, now);
    ++totals_.receipts;
  }
  const auto next = receipts_.next();
  if (!next || !is_connected_ || stopping_) return;
  receipt_timer_.expires_at(is_full ? now + kTryReceiptAgain : *next);
  receipt_timer_.async_wait([this](error_code cancelled) {
    if (!cancelled) send_receipts();
  });
}

void Reception::Work::tell_of(std::span<const receiver::Notice> notices) {
  for (const receiver::Notice& notice : notices) {
    if (notice.kind != receiver::Notice::Kind::conflict) {
      log_.warning("{}: {}", notice.source, sentence_of(notice.branch, Language::english));
      continue;
    }
    // Only the first conflict of a gateway is told here; all are counted every minute.
    if (!told_conflicts_.insert(notice.source).second) continue;
    log_.warning(
        "{}: another event came under the id {} that one is stored under. Both are kept: look into "
        "the view `conflicts` of the file. Two boxes may send as this gateway, or somebody else "
        "publishes on its topics; an audit is not complete while conflicts stand there",
        notice.source, event_id(notice.key));
  }
}

void Reception::Work::look_for_gaps() {
  look_timer_.expires_after(kLookEvery);
  look_timer_.async_wait([this](error_code cancelled) {
    if (cancelled) return;
    committer_->post([this] {
      auto survey = std::make_shared<Result<receiver::Survey>>(store_.survey());
      boost::asio::post(io_, [this, survey] { looked(*survey); });
    });
  });
}

// A survey that fails is not told: the commits tell of a store that cannot be read.
void Reception::Work::looked(const Result<receiver::Survey>& survey) {
  if (stopping_) return;
  look_for_gaps();
  if (!survey) return;
  survey_ = *survey;
  const auto to_tell = gaps_.look(survey_, clock_.steady());
  for (std::size_t i = 0; i < to_tell.size() && i < kMostGapsTold; ++i) {
    const receiver::OpenGap& gap = to_tell[i];
    log_.warning(
        "{}: {} {}..{} of epoch {} has been missing over a minute. With custody \"receipt\" the "
        "gateway sends it again by itself; otherwise look at its `watchpost status` and at the "
        "broker's queue limit (max_queued_messages). `watchpost audit` says what is missing",
        gap.source, to_string(gap.event_class), gap.range.first.value, gap.range.last.value,
        gap.epoch);
  }
  if (to_tell.size() > kMostGapsTold) {
    log_.warning("{} more gaps have been open over a minute: see `watchpost receive --status`",
                 to_tell.size() - kMostGapsTold);
  }
}

void Reception::Work::tell_every_minute() {
  tell_timer_.expires_after(kTellEvery);
  tell_timer_.async_wait([this](error_code cancelled) {
    if (cancelled) return;
    if (totals_.commits != told_.commits) tell("so far");
    told_ = totals_;
    tell_every_minute();
  });
}

void Reception::Work::tell(std::string_view when) {
  log_.info(
      "Received {}: {} events, {} repeats, {} unreadable, {} conflicts; {} receipts, {} commits; "
      "{} gateways, {}{} open gaps",
      when, totals_.events, totals_.repeats, totals_.unreadable, totals_.conflicts,
      totals_.receipts, totals_.commits, survey_.gateways, survey_.gaps.size(),
      survey_.gaps.size() == receiver::Survey::kMostGaps ? " or more" : "");
}

void Reception::Work::listen_for_signals() {
  signals_.async_wait([this](error_code error, int) {
    if (error) return;
    if (stopping_) return io_.stop();
    listen_for_signals();
    stop();
  });
}

// The batch that is being committed is still acknowledged; waiting messages are left to the broker.
void Reception::Work::stop() {
  if (stopping_) return;
  log_.info("Stopping");
  stopping_ = true;
  client_.hold(true);
  waiting_ = {};
  for (auto* timer : {&reconnect_timer_, &tell_timer_, &look_timer_}) timer->cancel();
  stop_timer_.expires_after(kStopWithin);
  stop_timer_.async_wait([this](error_code cancelled) {
    if (!cancelled) io_.stop();
  });
  leave_when_idle();
}

void Reception::Work::leave_when_idle() {
  if (is_committing_ || std::exchange(left_, true)) return;
  for (auto* timer : {&receipt_timer_, &commit_timer_, &stop_timer_}) timer->cancel();
  signals_.cancel();
  harmless_signals_.stop();
  client_.disconnect();
}

Reception::Reception(const ReceptionOptions& options, receiver::Store store, Log& log)
    : work_(std::make_unique<Work>(options, std::move(store), log)) {}
Reception::~Reception() = default;
int Reception::run() {
  return work_->run();
}

}  // namespace watchpost::cli::receive
