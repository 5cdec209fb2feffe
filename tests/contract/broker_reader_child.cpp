// A process that tests kill: it reads a broker into a journal. With "hold" it never commits.
// Usage: broker_reader_child URL watchpost|paho 5|3 JOURNAL commit|hold
#include <cstdio>

#include "broker_reader_stage.hpp"

int main(int argc, char** argv) {
  using namespace watchpost;
  if (argc != 6) return 2;
  const bool hold = std::string(argv[5]) == "hold";
  test::ReaderStage stage;
  const test::Journal journal(argv[4]);
  stage.intake.when_submitted = [&](const Message& message, const CustodyTicket& ticket) {
    std::printf("arrived %s\n", message.payload.c_str());
    std::fflush(stdout);
    if (hold) return;
    // Between arrival and commit there is a turn of the loop, as with the real spool.
    boost::asio::post(stage.io, [&journal, payload = message.payload, ticket] {
      if (journal.commit(payload)) ticket.settle(Result<void>());
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
