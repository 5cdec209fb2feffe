// The broker reader as a process of its own, killed between arrival and commit.
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>
#include <vector>

#include "broker_reader_peer.hpp"
#include "support/wait_until.hpp"

namespace watchpost::test {
namespace {

using namespace std::chrono_literals;

std::set<std::string> lines_of(const std::string& path) {
  std::set<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.insert(line);
  return lines;
}

// Waits until the file holds all wanted lines; returns those that are missing after 10 s.
std::vector<std::string> comes_to_hold(const std::string& path,
                                       const std::set<std::string>& wanted) {
  std::vector<std::string> missing;
  const auto is_whole = [&] {
    missing.clear();
    const auto stored = lines_of(path);
    std::set_difference(wanted.begin(), wanted.end(), stored.begin(), stored.end(),
                        std::back_inserter(missing));
    return missing.empty();
  };
  (void)support::wait_until(is_whole, 10s);
  return missing;
}

// The child process with its output; the destructor kills it in any case.
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
  // Blocks until the child prints a line that begins with `wanted`, or has ended.
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

TEST_CASE("nothing is lost over kills at every point of a message's way", "[ingress][system]") {
  constexpr int kMessages = 2'000;
  constexpr int kKills = 12;
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

  // Each kind of point comes three times, after ever more messages.
  for (int kills = 0; kills < kKills; ++kills) {
    Child child(broker, speaking, journal, std::to_string(1 + 9 * kills));
    REQUIRE(child.says("arrived"));
    CHECK_FALSE(child.says("the end, which it does not live to see"));
  }
  CHECK(lines_of(journal).size() < sent.size());  // all kills came before the end of the work
  Child last(broker, speaking, journal, "commit");
  publish(broker, "-q 1 -t z/smoke -m the-end");
  REQUIRE(last.says("arrived the-end"));
  CHECK(comes_to_hold(journal, sent).empty());
}

}  // namespace watchpost::test
