#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <set>

#include "support/catch.hpp"
#include "support/fake_log.hpp"

namespace watchpost::upstream {
namespace {

using upstream_test::a_window;
using upstream_test::FakeLog;
using upstream_test::kOlder;
using upstream_test::kPresent;
using upstream_test::read_all;

using Numbers = std::set<std::uint64_t>;

// The model: a record is delivered when the broker has acknowledged it, or, where receipts are
// asked for, when the receiver has confirmed it, or when it was set aside. A cursor may stand only
// where every existing record up to it was delivered. A batch stands for all of its records; once
// it is refused, it stands for none, and each record is sent alone until it is answered. The broker
// loses some of what it has acknowledged; the receiver tells the truth, but others publish anything
// on its topic.
class ModelRun {
 public:
  explicit ModelRun(std::uint32_t seed)
      : random_(seed), options_(drawn_options()), forwarder_(options_, {}) {
    log_.present_from = 1 + random_() % 40;
  }

  void step() {
    const EventClass event_class = kEventClasses[random_() % kEventClassCount];
    switch (random_() % 17) {
      case 0:
      case 1:
        return grow_log(event_class);
      case 2:
      case 3:
        return ask();
      case 4:
      case 5:
        return answer();
      case 6:
        return lose_link();
      case 7:
        return refuse();
      case 8:
        return confirm(event_class);
      case 9:
        return random_() % 8 == 0 ? doubt(event_class) : lie(event_class);
      case 10:
        return set_aside();
      case 11:
        return forwarder_.limit_window({1 + random_() % 20, 1 + random_() % 60});
      case 12:
      case 13:
      case 14:
        return acknowledge();
      default:
        return publish();
    }
  }

  void check() {
    REQUIRE(forwarder_.in_flight() == outstanding_.size());
    REQUIRE(outstanding_.size() <= options_.window);
    for (std::size_t i = 0; i < kEventClassCount; ++i) {
      const Seq cursor = forwarder_.cursor(kEventClasses[i]);
      REQUIRE(cursor >= cursors_[i]);
      const Numbers& delivered = by_receipt(i) ? confirmed_[i] : acknowledged_[i];
      for (auto seq = cursors_[i].value + 1; seq <= cursor.value; ++seq) {
        if (!log_.stored[i].contains(seq) || aside_[i].contains(seq)) continue;
        REQUIRE(delivered.contains(seq));
      }
      cursors_[i] = cursor;
    }
  }

  // On a good link, with a receiver that listens, the backlog drains without help.
  void check_that_it_drains() {
    while (!questions_.empty()) answer();
    forwarder_.link_lost();
    outstanding_.clear();
    for (const EventClass event_class : kEventClasses) {
      forwarder_.lane(event_class).limit_unconfirmed(Lane::kMostUnconfirmed);
    }
    forwarder_.retry_refused();
    bool more = true;
    while (more) {
      read_all(forwarder_, log_);
      more = false;
      while (const auto sent = send()) {
        more = true;
        note(received_, *sent);
      }
      while (!outstanding_.empty()) acknowledge();
      for (const EventClass event_class : kEventClasses) confirm(event_class);
      check();
    }
    for (const EventClass each : kEventClasses) REQUIRE(forwarder_.backlog(each) == 0);
  }

  [[nodiscard]] std::size_t aside() const {
    std::size_t count = 0;
    for (const Numbers& each : aside_) count += each.size();
    return count;
  }
  [[nodiscard]] std::size_t batched() const { return batched_; }
  [[nodiscard]] std::size_t refused_batches() const { return refused_batches_; }
  [[nodiscard]] std::size_t confirmed() const {
    std::size_t count = 0;
    for (const Numbers& each : confirmed_) count += each.size();
    return count;
  }

 private:
  struct Sent {
    EventClass event_class;
    std::vector<Seq> records;
  };

  ForwarderOptions drawn_options() {
    auto options = a_window(1 + random_() % 20, random_() % 8);
    options.batch_events = random_() % 3 == 0 ? 1 : 1 + random_() % 12;
    options.prefetch_records = 1 + random_() % 30;
    for (Custody& custody : options.custody) {
      custody = random_() % 2 == 0 ? Custody::receipt : Custody::broker;
    }
    return options;
  }
  [[nodiscard]] bool by_receipt(std::size_t i) const {
    return options_.custody[i] == Custody::receipt;
  }
  void grow_log(EventClass event_class) {
    if (random_() % 2 == 0) {
      log_.add(event_class, random_() % 20);
    } else {
      log_.hole(event_class, random_() % 5);
    }
    forwarder_.committed(log_.heads);
  }
  void ask() {
    if (auto request = forwarder_.next_read()) questions_.push_back(*request);
  }
  void answer() {
    if (questions_.empty()) return;
    forwarder_.answered(questions_.front().event_class, log_.read(questions_.front()));
    questions_.erase(questions_.begin());
  }
  void lose_link() {
    if (random_() % 10 != 0) return;
    forwarder_.link_lost();
    outstanding_.clear();
  }
  void publish() {
    const auto sent = send();
    if (sent && random_() % 10 != 0) note(received_, *sent);
  }
  std::optional<Sent> send() {
    const auto next = forwarder_.next();
    if (!next) return std::nullopt;
    const EventClass event_class = next->record->event_class;
    Sent sent{event_class, {next->record->seq}};
    while (random_() % 5 != 0 && forwarder_.joinable(event_class) != nullptr) {
      sent.records.push_back(forwarder_.join(event_class)->seq);
    }
    if (sent.records.size() > 1) check_batch(sent);
    outstanding_[next->token] = sent;
    return sent;
  }
  void check_batch(const Sent& sent) {
    const std::size_t i = index_of(sent.event_class);
    batched_ += sent.records.size();
    REQUIRE(sent.records.size() <= options_.batch_events);
    REQUIRE((sent.event_class == EventClass::status || sent.event_class == EventClass::telemetry));
    for (const Seq seq : sent.records) REQUIRE_FALSE(singly_[i].contains(seq.value));
  }
  static void note(PerClass<Numbers>& numbers, const Sent& sent) {
    for (const Seq seq : sent.records) numbers[index_of(sent.event_class)].insert(seq.value);
  }
  void acknowledge() {
    if (outstanding_.empty()) return;
    auto any = outstanding_.begin();
    std::advance(any, random_() % outstanding_.size());
    note(acknowledged_, any->second);
    forwarder_.acknowledged(any->first);
    outstanding_.erase(any);
  }
  void refuse() {
    constexpr std::array<std::uint8_t, 5> kCodes{0x87, 0x90, 0x91, 0x97, 0xFF};
    if (!outstanding_.empty() && random_() % 3 == 0) {
      const ReasonCode code{kCodes[random_() % kCodes.size()]};
      forwarder_.refused(outstanding_.begin()->first, refusal_of(code));
      const Sent& sent = outstanding_.begin()->second;
      if (sent.records.size() > 1) {
        note(singly_, sent);
        ++refused_batches_;
      }
      outstanding_.erase(outstanding_.begin());
    }
    if (random_() % 3 == 0) forwarder_.retry_refused();
  }
  // The copy must be on disk before the cursor may pass it; sometimes there is no room for a copy.
  void set_aside() {
    if (const auto condemned = forwarder_.next_condemned()) condemned_.push_back(*condemned);
    if (condemned_.empty() || random_() % 2 == 0) return;
    const Lane::Condemned condemned = condemned_.front();
    condemned_.erase(condemned_.begin());
    Lane& lane = forwarder_.lane(condemned.event_class);
    if (!lane.is_condemned(condemned.seq)) return;
    if (random_() % 5 == 0) return lane.cannot_set_aside(condemned.seq);
    const bool fresh = aside_[index_of(condemned.event_class)].insert(condemned.seq.value).second;
    REQUIRE(fresh);
    lane.pass_set_aside(condemned.seq);
  }
  void doubt(EventClass event_class) {
    if (by_receipt(index_of(event_class))) {
      forwarder_.lane(event_class).limit_unconfirmed(1 + random_() % 30);
    }
    forwarder_.lane(event_class).begin_again();
  }
  // Publishes how far the receiver has one epoch without a gap.
  void confirm(EventClass event_class) {
    const std::size_t i = index_of(event_class);
    if (!by_receipt(i)) return;
    for (const Epoch& epoch : {kOlder, kPresent}) {
      std::uint64_t contiguous = epoch == kOlder ? 0 : log_.present_from - 1;
      while (contiguous < log_.heads[i].value && log_.epoch_of(contiguous + 1) == epoch &&
             is_accounted(i, contiguous + 1)) {
        ++contiguous;
        if (received_[i].contains(contiguous)) confirmed_[i].insert(contiguous);
      }
      if (log_.epoch_of(contiguous) != epoch) continue;
      forwarder_.lane(event_class).hear({epoch, event_class, Seq{contiguous}});
    }
  }
  [[nodiscard]] bool is_accounted(std::size_t i, std::uint64_t seq) const {
    return received_[i].contains(seq) || aside_[i].contains(seq) || !log_.stored[i].contains(seq);
  }
  void lie(EventClass event_class) {
    const Seq beyond{log_.heads[index_of(event_class)].value + 1 + random_() % 1'000'000};
    const Epoch epoch = random_() % 2 == 0 ? kPresent : Epoch("0badf00d");
    const auto belief = forwarder_.lane(event_class).hear({epoch, event_class, beyond});
    REQUIRE(belief != Confirmation::Belief::news);
  }

  std::mt19937 random_;
  FakeLog log_;
  ForwarderOptions options_;
  Forwarder forwarder_;
  std::map<PublishToken, Sent> outstanding_;
  PerClass<Numbers> acknowledged_;
  PerClass<Numbers> received_;   // what the receiver has
  PerClass<Numbers> confirmed_;  // what a receipt that was heard has confirmed
  PerClass<Numbers> aside_;
  PerClass<Numbers> singly_;  // records of a refused batch, which are sent alone
  std::size_t batched_ = 0;
  std::size_t refused_batches_ = 0;
  PerClass<Seq> cursors_;
  std::vector<spool::ReadRequest> questions_;
  std::vector<Lane::Condemned> condemned_;
};

}  // namespace

TEST_CASE("forwarder agrees with a simple model under random operations", "[upstream][model]") {
  const auto first_seed = Catch::rngSeed() == 0 ? std::random_device{}() : Catch::rngSeed();
  std::size_t aside = 0;
  std::size_t confirmed = 0;
  std::size_t batched = 0;
  std::size_t refused_batches = 0;
  for (std::uint32_t seed = first_seed; seed < first_seed + 300; ++seed) {
    INFO("seed " << seed);
    ModelRun run(seed);
    for (int step = 0; step < 600; ++step) {
      run.step();
      run.check();
    }
    run.check_that_it_drains();
    aside += run.aside();
    confirmed += run.confirmed();
    batched += run.batched();
    refused_batches += run.refused_batches();
  }
  // The runs must have met the cases that they are made for.
  CHECK(aside > 100);
  CHECK(confirmed > 10'000);
  CHECK(batched > 10'000);
  CHECK(refused_batches > 20);
}

}  // namespace watchpost::upstream
