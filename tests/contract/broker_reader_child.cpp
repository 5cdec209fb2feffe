// A process that reads a broker into a journal, for tests of what a kill loses. With "hold" it
// never commits; with a number it kills itself at so many points of the way of its messages: each
// has one when it has arrived, one before its commit, one between that and the outcome, one behind.
// Usage: broker_reader_child URL watchpost|paho 5|3 JOURNAL commit|hold|NUMBER
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "broker_reader_stage.hpp"

int main(int argc, char** argv) {
  using namespace watchpost;
  if (argc != 6) return 2;
  const bool hold = std::string(argv[5]) == "hold";
  long points_left = std::atol(argv[5]);  // 0: it does not kill itself
  const auto point = [&points_left] {
    if (points_left > 0 && --points_left == 0) std::raise(SIGKILL);
  };
  test::ReaderStage stage;
  const test::Journal journal(argv[4]);
  stage.intake.when_submitted = [&](const Message& message, const CustodyTicket& ticket) {
    std::printf("arrived %s\n", message.payload.c_str());
    std::fflush(stdout);
    point();
    if (hold) return;
    // Between arrival and commit there is a turn of the loop, as with the real spool.
    boost::asio::post(stage.io, [&journal, &point, payload = message.payload, ticket] {
      point();
      if (!journal.commit(payload)) return;
      point();
      ticket.settle(Result<void>());
      point();
    });
  };
  const test::Speaking speaking{
      std::string(argv[2]) == "paho" ? MqttLibrary::paho : MqttLibrary::own,
      std::string(argv[3]) == "5" ? MqttVersion::v5 : MqttVersion::v3_1_1};
  ingress::BrokerReader reader(stage.around(), test::ReaderStage::options(argv[1], speaking));
  reader.start();
  bool said = false;
  while (true) {
    stage.io.run_one_for(std::chrono::milliseconds{20});
    if (!said && reader.status().state == ingress::BrokerState::reading) {
      said = true;
      std::printf("reading\n");
      std::fflush(stdout);
    }
  }
}
