// A session whose messages are on disk, against a model of the store and of the client: order,
// nothing lost, QoS 2 once.
#include <deque>
#include <random>
#include <set>

#include "protocol/outbox.hpp"
#include "support/catch.hpp"
#include "support/fake_queues.hpp"

namespace watchpost::protocol {
namespace {

const std::string kCourseClient = "display";

SharedLocalMessage a_publication_of(std::size_t size, Qos qos) {
  auto publication = std::make_shared<LocalMessage>();
  publication->topic = "t";
  publication->payload.assign(size, 'x');
  publication->qos = qos;
  return publication;
}

// A session with a store that commits in order and tells of it later, answers questions later, and
// gives way; a client that answers when it likes, comes and goes; and crashes of the gateway.
class Course {
 public:
  explicit Course(std::uint64_t seed) : random_(seed) {
    begin_ = 64'000 + below(1'500);  // so that packet ids begin anew on the way
    outbox_->load(0, begin_);
    highest_ = begin_;
  }

  void step() {
    switch (below(14)) {
      case 0:
      case 1:
      case 2:
        return publish(1 + below(3));
      case 3:
        return burst();
      case 4:
      case 5:
        return commit(1 + below(400));
      case 6:
      case 7:
        return tell(1 + below(400));
      case 8:
        return ask();
      case 9:
        return answer_question();
      case 10:
        return below(4) == 0 ? yield() : commit_gone();
      case 11:
        return below(6) == 0 ? crash() : send();
      case 12:
        return come_or_go();
      default:
        send();
        answer_packets(1 + below(60));
        settle_releases();
    }
  }

  // Until nothing is owed any more.
  void finish() {
    for (int rounds = 0; rounds < 100'000 && !is_done(); ++rounds) {
      commit(to_commit_.size());
      tell(to_tell_.size());
      if (!is_connected_) connect();
      ask();
      answer_question();
      send();
      answer_packets(under_way_.size());
      settle_releases();
      commit_gone();
    }
    REQUIRE(is_done());
    for (const auto& [number, qos] : committed_) {
      const bool has_come = got_.contains(number);
      const bool may_be_missing = yielded_.contains(number);
      if (!has_come && !may_be_missing) FAIL("lost without a word: " << number);
    }
    CHECK(room_->taken == 0);
  }

 private:
  [[nodiscard]] bool is_done() const {
    return to_commit_.empty() && to_tell_.empty() && disk_.messages.empty() &&
           outbox_->size() == 0 && is_connected_;
  }
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  void publish(std::uint64_t count) {
    for (; count > 0; --count) {
      const auto number = outbox_->next_number();
      highest_ = number;
      const Qos qos = below(2) == 0 ? Qos::at_least_once : Qos::exactly_once;
      const std::size_t size = below(40) == 0 ? 30'000 : 10;
      to_commit_.push_back({number, {a_publication_of(size, qos), qos, false, {}}, false, {}});
    }
  }
  void burst() { publish(below(10) == 0 ? 1'500 : 20); }

  // Some fail, and nothing of them is ever told.
  void commit(std::uint64_t count) {
    for (; count > 0 && !to_commit_.empty(); --count) {
      StoredQueued one = std::move(to_commit_.front());
      to_commit_.pop_front();
      if (below(50) == 0) continue;
      committed_[one.number] = one.delivery.qos;
      to_tell_.push_back(one);
      disk_.messages[{kCourseClient, one.number}] = std::move(one);
    }
  }
  void tell(std::uint64_t count) {
    for (; count > 0 && !to_tell_.empty(); --count) {
      outbox_->add(to_tell_.front().number, to_tell_.front().delivery);
      to_tell_.pop_front();
    }
    check_memory();
  }
  void ask() {
    const auto wanted = outbox_->wanted();
    if (!wanted) return;
    if (below(10) == 0) return outbox_->not_read(wanted->question);
    pages_.emplace_back(wanted->question, disk_.page_of(kCourseClient, wanted->range));
  }
  void answer_question() {
    if (pages_.empty()) return;
    outbox_->fill(pages_.front().first, std::move(pages_.front().second));
    pages_.pop_front();
    check_memory();
  }
  void check_memory() {
    constexpr std::size_t kLargest = 30'200;
    if (outbox_->bytes() > Outbox::kWindowBytes + kLargest) FAIL("more bytes than a window");
    if (outbox_->size() > Outbox::kWindowMessages) FAIL("more messages than a window");
    if (!is_connected_ && outbox_->size() > under_way_at_end_) FAIL("memory for a client away");
  }

  void send() {
    std::vector<std::uint64_t> gone;
    while (const auto next = outbox_->next(SteadyTime{}, gone)) {
      if (next->delivery == nullptr) {
        under_way_.push_back({next->id, true, Qos::exactly_once});
        continue;
      }
      arrive(*next);
    }
    REQUIRE(gone.empty());
  }
  void arrive(const Outbox::Next& next) {
    const std::uint64_t number = number_of(next);
    if (number > last_number_) last_number_ = number;
    const bool is_first = !sent_.contains(number);
    if (is_first && number < last_number_) FAIL("out of order: " << number);
    sent_.insert(number);
    if (next.delivery->qos == Qos::at_least_once) {
      got_.insert(number);
    } else if (receiving_.insert(next.id).second) {
      if (!got_.insert(number).second) FAIL("QoS 2 came twice: " << number);
    }
    under_way_.push_back({next.id, false, next.delivery->qos});
  }
  // Fewer messages are published than there are packet ids.
  [[nodiscard]] std::uint64_t number_of(const Outbox::Next& next) const {
    return next.id.value > begin_ ? next.id.value : next.id.value + 65'535U;
  }

  void answer_packets(std::uint64_t count) {
    for (; count > 0 && !under_way_.empty(); --count) {
      const Packet packet = under_way_.front();
      under_way_.pop_front();
      Outbox::Answer answer;
      if (packet.is_pubrel) {
        receiving_.erase(packet.id);
        answer = outbox_->completed(packet.id);
      } else if (packet.qos == Qos::at_least_once) {
        answer = outbox_->acknowledged(packet.id);
      } else {
        answer = outbox_->received(packet.id, false);
        if (answer.is_known) releases_.push_back({answer.number, packet.id});
      }
      if (!answer.is_gone) continue;
      gone_.push_back(answer.number);
    }
  }
  // PUBRECs are committed, or not.
  void settle_releases() {
    for (const auto& [number, id] : std::exchange(releases_, {})) {
      if (below(8) == 0) {
        outbox_->not_released(number);
        continue;
      }
      disk_.messages[{kCourseClient, number}] = {number, {}, true, {}};
      if (outbox_->released(number)) under_way_.push_back({id, true, Qos::exactly_once});
    }
  }
  void commit_gone() {
    for (const std::uint64_t number : std::exchange(gone_, {})) {
      disk_.messages.erase({kCourseClient, number});
    }
  }
  void yield() {
    std::uint64_t count = below(30);
    for (auto at = disk_.messages.begin(); at != disk_.messages.end() && count > 0; --count) {
      if (at->second.is_released) {
        ++at;
        continue;
      }
      yielded_.insert(at->first.second);
      at = disk_.messages.erase(at);
    }
  }

  void connect() {
    is_connected_ = true;
    outbox_->connected(static_cast<std::uint16_t>(1 + below(1'200)));
  }
  void disconnect() {
    settle_releases();
    is_connected_ = false;
    under_way_.clear();
    outbox_->disconnected();
    under_way_at_end_ = outbox_->size();
    known_sent_ = outbox_->sent_up_to();
  }
  void come_or_go() {
    if (below(3) != 0) return;
    if (is_connected_) {
      disconnect();
    } else {
      connect();
    }
  }
  // All in memory is gone, with what was not committed.
  void crash() {
    const bool knows = !is_connected_ && below(2) == 0;
    const auto known = knows ? std::optional(std::max(known_sent_, begin_)) : std::nullopt;
    to_commit_.clear();
    to_tell_.clear();
    pages_.clear();
    gone_.clear();
    releases_.clear();
    under_way_.clear();
    is_connected_ = false;
    under_way_at_end_ = 0;
    outbox_ = std::make_unique<Outbox>(Outbox::Kept::on_disk, room_);
    outbox_->load(disk_.messages.empty() ? 0 : disk_.messages.rbegin()->first.second, known);
    // A number that is free again may be given again; here each message has its own.
    while (outbox_->next_number() < highest_) {
    }
  }

  struct Packet {
    PacketId id;
    bool is_pubrel = false;
    Qos qos{};
  };
  std::mt19937_64 random_;
  std::shared_ptr<OutboxRoom> room_ = std::make_shared<OutboxRoom>();
  std::unique_ptr<Outbox> outbox_ = std::make_unique<Outbox>(Outbox::Kept::on_disk, room_);
  support::FakeQueues disk_;
  std::uint64_t begin_ = 0;
  std::deque<StoredQueued> to_commit_;
  std::deque<StoredQueued> to_tell_;
  std::deque<std::pair<std::uint64_t, QueuePage>> pages_;
  std::deque<Packet> under_way_;  // what the client has and has not answered
  std::vector<std::pair<std::uint64_t, PacketId>> releases_;
  std::vector<std::uint64_t> gone_;
  bool is_connected_ = false;
  std::size_t under_way_at_end_ = 0;
  std::uint64_t known_sent_ = 0;
  std::map<std::uint64_t, Qos> committed_;
  std::set<std::uint64_t> yielded_;
  std::set<std::uint64_t> sent_;
  std::set<std::uint64_t> got_;
  std::set<PacketId> receiving_;  // what the client remembers of QoS 2
  std::uint64_t last_number_ = 0;
  std::uint64_t highest_ = 0;  // number that was given
};

TEST_CASE("whatever happens, each message comes in order, once at QoS 2, or was told as yielded",
          "[protocol][unit]") {
  const auto seed = GENERATE(range(1, 25));
  CAPTURE(seed);
  Course course(static_cast<std::uint64_t>(seed));
  for (int i = 0; i < 1'500; ++i) course.step();
  course.finish();
}

}  // namespace
}  // namespace watchpost::protocol
