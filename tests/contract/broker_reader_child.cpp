// A process to be killed: reads a broker into a journal. With "hold" nothing is ever committed.
// Usage: broker_reader_child URL 5|3 JOURNAL commit|hold
#include <cstdio>

#include "broker_reader_stage.hpp"

int main(int argc, char** argv) {
  using namespace watchpost;
  if (argc != 5) return 2;
  const bool hold = std::string(argv[4]) == "hold";
  test::ReaderStage stage;
  const test::Journal journal(argv[3]);
  stage.intake.when_submitted = [&](const Message& message, const CustodyTicket& ticket) {
    std::printf("arrived %s\n", message.payload.c_str());
    std::fflush(stdout);
    if (hold) return;
    // Between arrival and commit there is a turn of the loop, as with the real spool.
    boost::asio::post(stage.io, [&journal, payload = message.payload, ticket] {
      if (journal.commit(payload)) ticket.settle(Result<void>());
    });
  };
  const bool v5 = std::string(argv[2]) == "5";
  ingress::BrokerReader reader(stage.around(), test::ReaderStage::options(argv[1], v5));
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
