// The broker reader against a real Mosquitto: a PUBACK means committed.
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>

#include "broker_reader_stage.hpp"
#include "support/catch.hpp"
#include "support/mosquitto_process.hpp"
#include "upstream/paho_publisher.hpp"

namespace watchpost::test {
namespace {

using namespace std::chrono_literals;
using ingress::BrokerReader;
using ingress::BrokerState;

constexpr Speaking kOwn5{MqttLibrary::own, MqttVersion::v5};
constexpr Speaking kOwn3{MqttLibrary::own, MqttVersion::v3_1_1};
constexpr Speaking kPaho5{MqttLibrary::paho, MqttVersion::v5};
constexpr Speaking kPaho3{MqttLibrary::paho, MqttVersion::v3_1_1};

const char* const kPersistent = "persistence true\nmax_queued_messages 0\nautosave_interval 1\n";

MosquittoProcess::Options kept_by(const std::string& extra) {
  return {std::string("max_queued_messages 0\n") + extra, "", ""};
}

void publish(const MosquittoProcess& broker, const std::string& arguments,
             const std::string& lines = {}) {
  const auto file = (broker.folder() / "lines").string();
  std::ofstream(file) << lines;
  const std::string command = "mosquitto_pub -h 127.0.0.1 -p " + std::to_string(broker.port()) +
                              " " + arguments + (lines.empty() ? "" : " -l < " + file);
  REQUIRE(std::system(command.c_str()) == 0);
}

std::set<std::string> lines_of(const std::string& path) {
  std::set<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.insert(line);
  return lines;
}

// What it still misses when patience ends.
std::vector<std::string> comes_to_hold(const std::string& path,
                                       const std::set<std::string>& wanted) {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (true) {
    std::vector<std::string> missing;
    const auto stored = lines_of(path);
    std::set_difference(wanted.begin(), wanted.end(), stored.begin(), stored.end(),
                        std::back_inserter(missing));
    if (missing.empty() || std::chrono::steady_clock::now() > deadline) return missing;
    std::this_thread::sleep_for(10ms);
  }
}

std::size_t count_in(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// The child with its output; killed at the end of its life in any case.
class Child {
 public:
  Child(const MosquittoProcess& broker, const Speaking& speaking, const std::string& journal,
        const std::string& mode) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      ::execl(WATCHPOST_READER_CHILD, "child", broker.url().c_str(),
              speaking.client == MqttLibrary::paho ? "paho" : "watchpost",
              speaking.protocol == MqttVersion::v5 ? "5" : "3", journal.c_str(), mode.c_str(),
              nullptr);
      ::_exit(127);
    }
    ::close(ends[1]);
    output_ = ::fdopen(ends[0], "r");
  }
  ~Child() { kill(); }
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    ::fclose(output_);
    pid_ = -1;
  }
  // Blocks until the child says so, or has ended.
  bool says(const std::string& wanted) {
    char line[4'096];
    while (::fgets(line, sizeof(line), output_) != nullptr) {
      if (std::string(line).starts_with(wanted)) return true;
    }
    return false;
  }

 private:
  pid_t pid_ = -1;
  FILE* output_ = nullptr;
};

}  // namespace

TEST_CASE("a message killed between arrival and commit is delivered again", "[ingress][system]") {
  const Speaking speaking = GENERATE(kOwn5, kOwn3, kPaho5, kPaho3);
  MosquittoProcess broker(kept_by(kPersistent));
  broker.start();
  const auto journal = (broker.folder() / "journal").string();
  Child held(broker, speaking, journal, "hold");
  REQUIRE(held.says("reading"));

  publish(broker, "-q 1 -t z/smoke -m only-once-said");
  REQUIRE(held.says("arrived only-once-said"));
  held.kill();
  CHECK(lines_of(journal).empty());

  Child restarted(broker, speaking, journal, "commit");
  REQUIRE(restarted.says("arrived only-once-said"));
  publish(broker, "-q 1 -t z/smoke -m second");
  REQUIRE(restarted.says("arrived second"));
  CHECK(comes_to_hold(journal, {"only-once-said"}).empty());
}

TEST_CASE("nothing is lost over twenty kills at random moments", "[ingress][system]") {
  constexpr int kMessages = 10'000;
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const Speaking speaking = GENERATE(kOwn5, kOwn3, kPaho5, kPaho3);
  MosquittoProcess broker(kept_by(kPersistent));
  broker.start();
  const auto journal = (broker.folder() / "journal").string();
  {
    Child first(broker, speaking, journal, "commit");
    REQUIRE(first.says("reading"));
  }
  std::string lines;
  std::set<std::string> sent;
  for (int i = 0; i < kMessages; ++i) {
    sent.insert("m" + std::to_string(i));
    lines += "m" + std::to_string(i) + "\n";
  }
  publish(broker, "-q 1 -t z/smoke", lines);

  int kills = 0;
  std::size_t before = 0;
  for (; kills < 20; ++kills) {
    Child child(broker, speaking, journal, "commit");
    REQUIRE(child.says("arrived"));
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 20'000));
    child.kill();
    before = lines_of(journal).size();
  }
  CHECK(before < sent.size());  // the kills did fall into the work
  Child last(broker, speaking, journal, "commit");
  publish(broker, "-q 1 -t z/smoke -m the-end");
  REQUIRE(last.says("arrived the-end"));
  CHECK(comes_to_hold(journal, sent).empty());
}

TEST_CASE("no PUBACK of ours leaves before the commit, and all in the order of arrival",
          "[ingress][system]") {
  const Speaking speaking = GENERATE(kOwn5, kOwn3);
  MosquittoProcess broker(kept_by(""));
  broker.start();
  ReaderStage stage;
  std::vector<CustodyTicket> held;
  stage.intake.when_submitted = [&](const Message&, CustodyTicket ticket) {
    held.push_back(std::move(ticket));
  };
  BrokerReader reader(stage.around(), ReaderStage::options(broker.url(), speaking));
  reader.start();
  REQUIRE(stage.run_until([&] { return reader.status().state == BrokerState::reading; }));
  const auto acknowledged = [&] {
    return count_in(broker.log_text(), "Received PUBACK from watchpost-reader");
  };

  publish(broker, "-q 1 -t z/smoke", "a\nb\nc\n");
  REQUIRE(stage.run_until([&] { return held.size() == 3; }));
  stage.io.run_for(300ms);
  CHECK(acknowledged() == 0);

  held[0].settle(Result<void>());
  REQUIRE(stage.run_until([&] { return acknowledged() == 1; }));
  // Settled before its turn: it waits for the one before.
  held[2].settle(Result<void>());
  stage.io.run_for(300ms);
  CHECK(acknowledged() == 1);
  held[1].settle(Result<void>());
  REQUIRE(stage.run_until([&] { return acknowledged() == 3; }));
  CHECK(reader.status().kept == 3);
  const std::string log = broker.log_text();
  const auto first = log.find("Mid: 1, RC:");
  CHECK(first < log.find("Mid: 2, RC:"));
  CHECK(log.find("Mid: 2, RC:") < log.find("Mid: 3, RC:"));
}

TEST_CASE("a message that fails takes those behind it with it, and all come again in order",
          "[ingress][system]") {
  const Speaking speaking = GENERATE(kOwn5, kOwn3);
  MosquittoProcess broker(kept_by(""));
  broker.start();
  ReaderStage stage;
  std::vector<std::pair<std::string, CustodyTicket>> held;
  stage.intake.when_submitted = [&](const Message& message, CustodyTicket ticket) {
    held.emplace_back(message.payload, std::move(ticket));
  };
  BrokerReader reader(stage.around(), ReaderStage::options(broker.url(), speaking));
  reader.start();
  REQUIRE(stage.run_until([&] { return reader.status().state == BrokerState::reading; }));
  publish(broker, "-q 1 -t z/smoke", "a\nb\nc\n");
  REQUIRE(stage.run_until([&] { return held.size() == 3; }));

  held[0].second.settle(Result<void>());
  held[1].second.settle(Failure{Failure::Kind::storage, "disk full", "Free some"});
  held[2].second.settle(Result<void>());  // too late: the link is gone
  CHECK(reader.status().refused == 2);
  REQUIRE(stage.run_until([&] { return held.size() == 5; }));
  CHECK(held[3].first == "b");
  CHECK(held[4].first == "c");
  held[3].second.settle(Result<void>());
  held[4].second.settle(Result<void>());
  REQUIRE(stage.run_until(
      [&] { return count_in(broker.log_text(), "Received PUBACK from watchpost-reader") == 3; }));
}

TEST_CASE("no PUBACK of Paho leaves before the commit, one message a commit", "[ingress][system]") {
  const Speaking speaking = GENERATE(kPaho5, kPaho3);
  MosquittoProcess broker(kept_by(""));
  broker.start();
  ReaderStage stage;
  std::vector<CustodyTicket> held;
  stage.intake.when_submitted = [&](const Message&, CustodyTicket ticket) {
    held.push_back(std::move(ticket));
  };
  BrokerReader reader(stage.around(), ReaderStage::options(broker.url(), speaking));
  reader.start();
  REQUIRE(stage.run_until([&] { return reader.status().state == BrokerState::reading; }));
  const auto acknowledged = [&] {
    return count_in(broker.log_text(), "Received PUBACK from watchpost-reader");
  };

  publish(broker, "-q 1 -t z/smoke", "a\nb\nc\n");
  REQUIRE(stage.run_until([&] { return held.size() == 1; }));
  stage.io.run_for(500ms);
  // One message a commit: the second is not even handed over.
  CHECK(held.size() == 1);
  CHECK(acknowledged() == 0);

  held[0].settle(Result<void>());
  REQUIRE(stage.run_until([&] { return held.size() == 2 && acknowledged() == 1; }));
  held[1].settle(Result<void>());
  REQUIRE(stage.run_until([&] { return held.size() == 3; }));
  held[2].settle(Result<void>());
  REQUIRE(stage.run_until([&] { return acknowledged() == 3; }));
  CHECK(reader.status().kept == 3);
}

TEST_CASE("a message that was not committed is refused and comes again", "[ingress][system]") {
  const Speaking speaking = GENERATE(kOwn5, kOwn3, kPaho5, kPaho3);
  const auto broken = GENERATE(0, 1);  // a failed commit, or none in time
  MosquittoProcess broker(kept_by(""));
  broker.start();
  ReaderStage stage;
  std::vector<std::string> arrivals;
  stage.intake.when_submitted = [&](const Message& message, const CustodyTicket& ticket) {
    arrivals.push_back(message.payload);
    if (arrivals.size() <= 2) {
      if (broken == 0) ticket.settle(Failure{Failure::Kind::storage, "disk full", "Free some"});
      return;
    }
    ticket.settle(Result<void>());
  };
  auto options = ReaderStage::options(broker.url(), speaking);
  options.custody_timeout = 300ms;
  BrokerReader reader(stage.around(), options);
  reader.start();
  REQUIRE(stage.run_until([&] { return reader.status().state == BrokerState::reading; }));

  publish(broker, "-q 2 -t other/x -m precious");
  REQUIRE(stage.run_until([&] { return arrivals.size() >= 2; }));
  CHECK(count_in(broker.log_text(), "Received PUBACK from watchpost-reader") == 0);
  REQUIRE(stage.run_until(
      [&] { return count_in(broker.log_text(), "Received PUBACK from watchpost-reader") == 1; }));
  CHECK(arrivals == std::vector<std::string>(3, "precious"));
  CHECK(reader.status().refused == 2);
  CHECK(reader.status().kept == 1);
}

TEST_CASE("a reader that stops gives the waiting message back", "[ingress][system]") {
  const Speaking speaking = GENERATE(kOwn5, kPaho5);
  MosquittoProcess broker(kept_by(""));
  broker.start();
  ReaderStage stage;
  int arrived = 0;
  stage.intake.when_submitted = [&](const Message&, const CustodyTicket&) { ++arrived; };
  {
    BrokerReader reader(stage.around(), ReaderStage::options(broker.url(), speaking));
    reader.start();
    REQUIRE(stage.run_until([&] { return reader.status().state == BrokerState::reading; }));
    publish(broker, "-q 1 -t z/smoke -m waiting");
    REQUIRE(stage.run_until([&] { return arrived == 1; }));
    reader.stop();
    CHECK(reader.status().state == BrokerState::stopped);
  }
  CHECK(count_in(broker.log_text(), "Received PUBACK from watchpost-reader") == 0);

  stage.intake.when_submitted = [&](const Message& message, const CustodyTicket& ticket) {
    CHECK(message.payload == "waiting");
    ++arrived;
    ticket.settle(Result<void>());
  };
  BrokerReader again(stage.around(), ReaderStage::options(broker.url(), speaking));
  again.start();
  REQUIRE(stage.run_until([&] { return arrived == 2; }));
}

TEST_CASE("retained messages are marked and topics, qos and source kept", "[ingress][system]") {
  const Speaking speaking = GENERATE(kOwn5, kPaho5);
  MosquittoProcess broker(kept_by(""));
  broker.start();
  publish(broker, "-q 1 -r -t z/old -m stored");
  ReaderStage stage;
  std::vector<Message> messages;
  stage.intake.when_submitted = [&](Message message, const CustodyTicket& ticket) {
    messages.push_back(std::move(message));
    ticket.settle(Result<void>());
  };
  BrokerReader reader(stage.around(), ReaderStage::options(broker.url(), speaking));
  reader.start();
  REQUIRE(stage.run_until([&] { return messages.size() == 1; }));
  publish(broker, "-q 1 -V 5 -D publish content-type application/json -t z/new -m {}");
  REQUIRE(stage.run_until([&] { return messages.size() == 2; }));
  CHECK(messages[0].retain);
  CHECK(messages[0].topic.text() == "z/old");
  CHECK_FALSE(messages[1].retain);
  CHECK(messages[1].content_type == "application/json");
  CHECK(messages[1].source == "office");
  CHECK(messages[1].qos == Qos::at_least_once);
}

TEST_CASE("a reader waits while intake accepts nothing, and connects again after a restart",
          "[ingress][system]") {
  const Speaking speaking = GENERATE(kOwn5, kPaho5);
  MosquittoProcess broker(kept_by(kPersistent));
  broker.start();
  ReaderStage stage;
  int kept = 0;
  stage.intake.when_submitted = [&](const Message&, const CustodyTicket& ticket) {
    ++kept;
    ticket.settle(Result<void>());
  };
  BrokerReader reader(stage.around(), ReaderStage::options(broker.url(), speaking));
  reader.start();
  REQUIRE(stage.run_until([&] { return reader.status().state == BrokerState::reading; }));
  stage.intake.is_accepting = false;
  publish(broker, "-q 1 -t z/a -m 1");
  stage.io.run_for(200ms);
  CHECK(kept == 0);
  stage.intake.accept_again();
  REQUIRE(stage.run_until([&] { return kept == 1; }));

  broker.kill();
  REQUIRE(stage.run_until([&] { return reader.status().state == BrokerState::waiting; }));
  CHECK_FALSE(reader.status().failure.empty());
  broker.start();
  REQUIRE(stage.run_until([&] { return reader.status().state == BrokerState::reading; }));
  CHECK(reader.status().failure.empty());
}

// Paho holds its lock while a callback waits for the commit, and the commit needs the I/O thread.
TEST_CASE("publishing upstream does not block the I/O thread while a reader waits",
          "[ingress][upstream][system]") {
  const Speaking speaking = kPaho5;
  struct Heard final : upstream::PublisherEvents {
    bool up = false;
    int answers = 0;
    void connected(const upstream::LinkTerms&) override { up = true; }
    void link_lost(const Failure& why) override { FAIL(why.sentence()); }
    void acknowledged(upstream::PublishToken, upstream::ReasonCode) override { ++answers; }
    void message_arrived(const std::string&, const std::string&) override {}
    void subscribed(upstream::ReasonCode) override {}
    void disconnected() override {}
  } heard;
  MosquittoProcess broker(kept_by(""));
  broker.start();
  ReaderStage stage;
  upstream::PublisherOptions options;
  options.url = broker.url();
  options.client_id = "street";
  upstream::PahoPublisher publisher(stage.io.get_executor(), options);
  publisher.observe(heard);
  publisher.connect({});
  std::vector<CustodyTicket> held;
  stage.intake.when_submitted = [&](const Message&, CustodyTicket ticket) {
    held.push_back(std::move(ticket));
  };
  BrokerReader reader(stage.around(), ReaderStage::options(broker.url(), speaking));
  reader.start();
  REQUIRE(
      stage.run_until([&] { return heard.up && reader.status().state == BrokerState::reading; }));
  publish(broker, "-q 1 -t z/a -m 1");
  REQUIRE(stage.run_until([&] { return held.size() == 1; }));

  const auto begun = std::chrono::steady_clock::now();
  publisher.publish({upstream::PublishToken{1}, "wp/v1/x", "payload", false});
  stage.io.run_for(200ms);
  CHECK(std::chrono::steady_clock::now() - begun < 1s);
  CHECK(heard.answers == 0);  // Paho is held up, we are not
  held[0].settle(Result<void>());
  REQUIRE(stage.run_until([&] { return heard.answers == 1; }));

  // A refused message costs the reader its connection, and nobody else theirs.
  publish(broker, "-q 1 -t z/a -m 2");
  REQUIRE(stage.run_until([&] { return held.size() == 2; }));
  held[1].settle(Failure{Failure::Kind::storage, "disk full", "Free some"});
  REQUIRE(stage.run_until([&] { return held.size() == 3; }));
  held[2].settle(Result<void>());
  publisher.publish({upstream::PublishToken{2}, "wp/v1/x", "payload", false});
  REQUIRE(stage.run_until([&] { return heard.answers == 2; }));
  reader.stop();
}

TEST_CASE("the reader's rate, with a commit that costs nothing", "[ingress][system]") {
  constexpr int kMessages = 5'000;
  const Speaking speaking = GENERATE(kOwn5, kOwn3, kPaho5, kPaho3);
  MosquittoProcess broker(kept_by(""));
  broker.start();
  ReaderStage stage;
  int kept = 0;
  stage.intake.when_submitted = [&](const Message&, const CustodyTicket& ticket) {
    boost::asio::post(stage.io, [&kept, ticket] {
      ++kept;
      ticket.settle(Result<void>());
    });
  };
  BrokerReader reader(stage.around(), ReaderStage::options(broker.url(), speaking));
  reader.start();
  REQUIRE(stage.run_until([&] { return reader.status().state == BrokerState::reading; }));
  std::string lines;
  for (int i = 0; i < kMessages; ++i) lines += std::string(200, 'x') + "\n";
  publish(broker, "-q 1 -t z/a", lines);
  const auto begun = std::chrono::steady_clock::now();
  const int before = kept;
  REQUIRE(stage.run_until([&] { return kept == kMessages; }));
  const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun);
  std::printf("broker reader, %s, MQTT %s: %.0f messages/s with a commit that costs nothing\n",
              speaking.client == MqttLibrary::own ? "own client" : "Paho",
              speaking.protocol == MqttVersion::v5 ? "5" : "3.1.1",
              (kMessages - before) / took.count());
}

}  // namespace watchpost::test
