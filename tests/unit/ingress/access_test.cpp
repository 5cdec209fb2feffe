// Admission of clients, password checks beside the I/O thread, and the bounds of both.
#include "ingress/access.hpp"

#include <atomic>
#include <future>
#include <utility>

#include "harness.hpp"
#include "peer.hpp"

namespace watchpost::ingress {
namespace {

using namespace testing;
using protocol::Claim;
using protocol::Finding;
using protocol::Identity;
using protocol::Proof;
using protocol::ReasonCode;
using protocol::Refusal;

// mosquitto_passwd 2.0.11 wrote this line for user "office", password "secret".
constexpr std::string_view kOffice =
    "office:$7$101$DjeE20PiOBTi64Wh$tt/iTQwh8Awv3lW4Xz85+89ecE32w177c0hbZ5ixz/"
    "wIDryODHoKhMXq/xdrMEMt7HVgNs7UmDbtRzyFfk1pew==\n";
// A line with the most rounds that a file may ask for, and a hash that no password has.
std::string slow_user() {
  return "slow:$7$100000$DjeE20PiOBTi64Wh$" + std::string(86, 'A') + "==\n";
}

std::shared_ptr<const accounts::Credentials> credentials_of(std::string_view text) {
  return std::make_shared<const accounts::Credentials>(
      accounts::Credentials::parse({.name = "passwords", .text = text}).value());
}

// Password checks that wait until the test lets them go on, with an io_context.
struct Checks {
  explicit Checks(PasswordCheckLimits limits = {})
      : checks(std::make_shared<PasswordChecks>(context.get_executor(), limits)) {}

  ~Checks() { open(); }  // otherwise a check would wait for ever
  void open() {
    if (!std::exchange(is_open, true)) gate.set_value();
  }
  bool ask(int number, std::uint64_t held = 0) {
    PasswordChecks::Request request;
    request.asker = asker;
    request.held = ByteCount(held);
    request.check = [this, number] {
      ++begun;
      opened.wait();
      return number % 2 == 0;
    };
    request.answer = [this, number](bool is_right) { answers.emplace_back(number, is_right); };
    return checks->ask(std::move(request));
  }
  bool until(const std::function<bool()>& is_so) {
    const auto over = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!is_so() && std::chrono::steady_clock::now() < over) {
      context.restart();
      context.run_one_for(std::chrono::milliseconds(5));
    }
    return is_so();
  }

  boost::asio::io_context context;
  std::promise<void> gate;
  std::shared_future<void> opened = gate.get_future().share();
  bool is_open = false;
  std::atomic<int> begun = 0;
  std::shared_ptr<int> asker = std::make_shared<int>(0);
  std::vector<std::pair<int, bool>> answers;
  std::shared_ptr<PasswordChecks> checks;
};

TEST_CASE("checks begin in their order, and each is answered with its outcome", "[ingress][unit]") {
  Checks all;
  for (const int number : {1, 2, 3}) REQUIRE(all.ask(number));
  REQUIRE(all.until([&] { return all.begun == 1; }));
  CHECK(all.checks->waiting() == 2);
  CHECK(all.answers.empty());
  all.open();
  REQUIRE(all.until([&] { return all.answers.size() == 3; }));
  CHECK(all.answers == std::vector<std::pair<int, bool>>{{1, false}, {2, true}, {3, false}});
}

TEST_CASE("more checks than may wait are refused", "[ingress][unit]") {
  PasswordCheckLimits limits;
  limits.most_waiting = 2;
  Checks all(limits);
  REQUIRE(all.ask(1));
  CHECK(all.ask(2));
  CHECK(all.ask(3));
  CHECK_FALSE(all.ask(4));
  all.open();
  REQUIRE(all.until([&] { return all.answers.size() == 3; }));
  CHECK(all.ask(5));
}

TEST_CASE("waiting checks hold no more memory than they may", "[ingress][unit]") {
  PasswordCheckLimits limits;
  limits.most_held = ByteCount(1'000);
  Checks all(limits);
  REQUIRE(all.ask(1, 1'000));
  CHECK(all.ask(2, 600));
  CHECK_FALSE(all.ask(3, 401));
  CHECK(all.ask(4, 400));
  all.open();
  REQUIRE(all.until([&] { return all.answers.size() == 3; }));
  CHECK(all.ask(5, 1'000));
}

TEST_CASE("two checks run at once where two may", "[ingress][unit]") {
  PasswordCheckLimits limits;
  limits.at_once = 2;
  Checks all(limits);
  for (const int number : {1, 2, 3}) REQUIRE(all.ask(number));
  REQUIRE(all.until([&] { return all.begun == 2; }));
  CHECK(all.checks->waiting() == 1);
  all.open();
  CHECK(all.until([&] { return all.answers.size() == 3; }));
}

TEST_CASE("the check of a client that has gone is left out", "[ingress][unit]") {
  Checks all;
  const auto first = all.asker;
  REQUIRE(all.ask(1));
  all.asker = std::make_shared<int>(0);
  REQUIRE(all.ask(2));
  all.asker = std::make_shared<int>(0);  // the client of the second check has gone
  REQUIRE(all.ask(3));
  all.open();
  REQUIRE(all.until([&] { return !all.answers.empty() && all.answers.back().first == 3; }));
  CHECK(all.answers.size() == 2);
  CHECK(all.begun == 2);
}

TEST_CASE("stopped checks answer nobody and take nothing more", "[ingress][unit]") {
  Checks all;
  REQUIRE(all.ask(1));
  REQUIRE(all.ask(2));
  all.open();
  all.checks->stop();
  CHECK_FALSE(all.ask(3));
  all.context.restart();
  all.context.poll();
  CHECK(all.answers.empty());
}

TEST_CASE("who is let in depends on the listener", "[ingress][unit]") {
  Checks all;
  const SystemClock clock;
  DenialBook book;
  const auto credentials = credentials_of(kOffice);
  const auto find = [&](Anonymous anonymous, std::shared_ptr<const accounts::Credentials> known,
                        const Claim& claim) {
    const auto guarded =
        std::make_shared<GuardedChecks>(all.context.get_executor(), clock, PasswordCheckLimits{});
    PasswordFile door(
        std::make_shared<const AddressAccess>(AccessTerms{anonymous, std::move(known)},
                                              AddressAccess::Witness{book, clock, 1'883}),
        guarded);
    std::optional<Finding> finding;
    door.authenticate(claim, [&](const Finding& found) { finding = found; });
    REQUIRE(all.until([&] { return finding.has_value(); }));
    return *finding;
  };
  const auto asker = std::make_shared<int>(0);
  const auto claim = [&](std::optional<std::string> user, std::optional<std::string> password) {
    Claim made;
    made.client_id = "s";
    made.address = "10.0.0.7";
    made.user_name = std::move(user);
    made.password = std::move(password);
    made.asker = asker;
    return made;
  };
  const Finding nobody = Identity{"s", "", "10.0.0.7", Proof::nothing};
  const Finding office = Identity{"s", "office", "10.0.0.7", Proof::password};
  const auto refused = Anonymous::refused;
  const auto admitted = Anonymous::admitted;
  CHECK(find(admitted, nullptr, claim({}, {})) == nobody);
  CHECK(find(refused, credentials, claim({}, {})) == Finding(Refusal::no_user_name));
  CHECK(find(refused, credentials, claim("office", "secret")) == office);
  CHECK(find(refused, credentials, claim("office", {})) == Finding(Refusal::wrong_password));
  CHECK(find(refused, credentials, claim("offic", "secret")) == Finding(Refusal::unknown_user));
  // Anonymous clients are admitted, but a client that gives a name must prove it.
  CHECK(find(admitted, credentials, claim("office", "wrong")) == Finding(Refusal::wrong_password));
  CHECK(find(admitted, credentials, claim({}, {})) == nobody);
  // Without a password file no name is known, so giving a name helps as little as giving none.
  CHECK(find(refused, nullptr, claim("office", "secret")) == Finding(Refusal::no_user_name));
  CHECK(find(admitted, nullptr, claim("office", "secret")) == nobody);
}

protocol::Connect a_claim(std::string_view client_id, std::string_view user,
                          std::string_view password) {
  auto connect = a_connect(client_id);
  connect.user_name = user;
  connect.password = password;
  return connect;
}

// A password check that ends when the test says so; anonymous clients are admitted at once.
class SlowDoor final : public protocol::Authenticator {
 public:
  void authenticate(Claim claim, Answer answer) override {
    const Identity identity{claim.client_id, claim.user_name.value_or(""), claim.address, {}};
    if (!claim.user_name) {
      answer(identity);
      return;
    }
    PasswordChecks::Request request;
    request.asker = claim.asker;
    request.check = [this] {
      has_begun = true;
      opened.wait_for(std::chrono::seconds(2));
      has_ended = true;
      return true;
    };
    request.answer = [answer, identity](bool) { answer(identity); };
    if (!checks->ask(std::move(request))) answer(Refusal::busy);
  }
  std::promise<void> gate;
  std::shared_future<void> opened = gate.get_future().share();
  std::atomic<bool> has_begun = false;
  std::atomic<bool> has_ended = false;
  std::shared_ptr<PasswordChecks> checks;
};

TEST_CASE("while a password is checked, an alarm of another client is acknowledged",
          "[ingress][unit]") {
  const auto door = std::make_shared<SlowDoor>();
  ListenerOptions options;
  options.authenticator = door;
  Harness harness(options);
  door->checks =
      std::make_shared<PasswordChecks>(harness.context.get_executor(), PasswordCheckLimits{});
  Peer alarm(harness);
  alarm.connects(a_connect("alarm"));
  Peer waiting(harness);
  waiting.version = Version::v5;
  waiting.sends(a_claim("waiting", "office", "secret"));
  REQUIRE(harness.until([&] { return door->has_begun.load(); }));

  alarm.sends(a_publish(Qos::at_least_once, 1));
  REQUIRE(harness.until_messages(1));
  harness.intake.settle_message(0);
  CHECK(alarm.receives_a<protocol::Puback>().packet_id == PacketId(1));
  CHECK_FALSE(door->has_ended.load());

  door->gate.set_value();
  CHECK(waiting.receives_a<protocol::Connack>().code == ReasonCode::success);
  door->checks->stop();
}

class NoAlarms final : public protocol::Authoriser {
 public:
  [[nodiscard]] bool may_publish(const Identity& identity, const Topic& topic) const override {
    return identity.client_id != "guest" || topic.text() != "wp/in/fire/smoke";
  }
};

TEST_CASE("what a client may not publish is refused, and the log names client and topic",
          "[ingress][unit]") {
  ListenerOptions options;
  options.authoriser = std::make_shared<const NoAlarms>();
  Harness harness(options);
  Peer guest(harness);
  guest.connects(a_connect("guest"));
  guest.sends(a_publish(Qos::at_least_once, 1));
  CHECK(guest.receives_a<protocol::Puback>().code == ReasonCode::not_authorized);
  CHECK(harness.intake.messages.empty());
  CHECK(harness.log.says(LogLevel::error, "(guest) may not publish on the topic wp/in/fire/smoke"));
  Peer owner(harness);
  owner.connects(a_connect("owner"));
  owner.sends(a_publish(Qos::at_least_once, 1));
  CHECK(harness.until_messages(1));
}

TEST_CASE("a client that leaves while its password is checked harms nothing", "[ingress][unit]") {
  ListenerOptions options;
  options.credentials = credentials_of(slow_user() + std::string(kOffice));
  Harness harness(options);
  {
    Peer impatient(harness);
    impatient.sends(a_claim("s", "slow", "guess"));
    REQUIRE(harness.until([&] { return harness.listener->status().totals.accepted == 1; }));
    harness.settle_down();
    impatient.vanishes();
  }
  Peer right(harness);
  right.connects(a_claim("t", "office", "secret"));
  CHECK(harness.until([&] { return harness.listener->status().addresses[0].connections == 1; }));
}

TEST_CASE("the listener may go while a password is checked", "[ingress][unit]") {
  ListenerOptions options;
  options.credentials = credentials_of(slow_user());
  Harness harness(options);
  Peer peer(harness);
  peer.sends(a_claim("s", "slow", "guess"));
  REQUIRE(harness.until([&] { return harness.listener->status().totals.accepted == 1; }));
  harness.settle_down();
  harness.listener.reset();
  harness.context.restart();
  harness.context.run_for(std::chrono::milliseconds(50));
}

TEST_CASE("the log names user and address of who is refused, and what to do", "[ingress][unit]") {
  ListenerOptions options;
  options.anonymous = false;
  options.credentials = credentials_of(kOffice);
  Harness harness(options);
  const auto line_about = [&](const protocol::Connect& connect) {
    Peer peer(harness);
    peer.sends(connect);
    CHECK(is_failure(peer.receives_a<protocol::Connack>().code));
    CHECK(peer.is_closed_by_daemon());
    return harness.log.line_with(connect.client_id);
  };
  const auto has = [](const std::string& line, std::string_view words) {
    INFO(line);
    return line.find(words) != std::string::npos;
  };
  const auto wrong = line_about(a_claim("one", "office", "not-the-password"));
  CHECK(has(wrong, "127.0.0.1:"));
  CHECK(has(wrong, "(one, user office) is refused: its password is wrong"));
  CHECK(has(wrong, "watchpost passwd passwords NAME"));
  CHECK(has(wrong, "sudo systemctl reload watchpostd"));
  CHECK_FALSE(has(wrong, "not-the-password"));
  const auto unknown = line_about(a_claim("two", "offic", "secret"));
  CHECK(has(unknown, "user offic) is refused: no such user is in the password file passwords"));
  CHECK(has(unknown, "sudo systemctl reload watchpostd"));
  const auto nameless = line_about(a_connect("three"));
  CHECK(has(nameless, "(three) is refused: it gave no user name"));
  CHECK(has(nameless, "anonymous = true"));
}

}  // namespace
}  // namespace watchpost::ingress
