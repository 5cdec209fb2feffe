// What clients may do at the real listener: by an ACL file, without one, and after a reload. The
// meaning of the lines themselves: unit_accounts.
#include "accounts/password_edit.hpp"
#include "harness.hpp"
#include "ingress/access.hpp"
#include "ingress/listener.hpp"
#include "model/trouble_catalogue.hpp"
#include "peer.hpp"

namespace watchpost::ingress {
namespace {

using namespace testing;
using namespace protocol;

constexpr std::string_view kTopic = "wp/in/fire/smoke";  // of a_publish

std::shared_ptr<const accounts::AccessRules> rules_of(std::string_view text) {
  return std::make_shared<const accounts::AccessRules>(
      accounts::AccessRules::parse({"acl", text}).value());
}

std::shared_ptr<const accounts::Credentials> users(std::vector<std::string> names,
                                                   std::string_view password = "secret") {
  std::string text;
  for (std::string& name : names) {
    const accounts::UserChange change{name, accounts::PasswordHash::made(password)};
    text = accounts::edited({"p", text}, change).value().text;
  }
  return std::make_shared<const accounts::Credentials>(
      accounts::Credentials::parse({"p", text}).value());
}

Connect as_user(std::string_view client_id, std::string_view user) {
  auto connect = a_connect(client_id);
  connect.user_name = user;
  connect.password = "secret";
  return connect;
}

// A listener at which the terms can be replaced.
struct Place {
  explicit Place(AccessTerms first, ListenerLimits limits = Harness::quick())
      : terms(std::move(first)), harness(options_of(terms), limits) {}
  static ListenerOptions options_of(const AccessTerms& terms) {
    ListenerOptions options;
    options.anonymous = terms.anonymous == Anonymous::admitted;
    options.credentials = terms.credentials;
    options.rules = terms.rules;
    options.everybody_reads = terms.everybody_reads;
    options.readers = terms.readers;
    return options;
  }
  void use(AccessTerms next) { harness.listener->use({{"127.0.0.1", 0, std::move(next)}}); }
  // Publishes, and the message is committed.
  void publishes(Peer& peer, std::uint16_t id, bool retain = false,
                 std::string_view topic = kTopic) {
    auto publish = a_publish(Qos::at_least_once, id);
    publish.topic = topic;
    publish.retain = retain;
    peer.sends(publish);
    REQUIRE(harness.until_messages(++messages));
    harness.intake.settle_message(messages - 1);
    CHECK(peer.receives_a<Puback>().code == ReasonCode::success);
  }
  Suback subscribes(Peer& peer, std::string_view filter) {
    peer.sends(Subscribe{PacketId(1), {}, {{filter, Qos::at_least_once}}});
    return peer.receives_a<Suback>();
  }
  [[nodiscard]] std::vector<TroubleCode> troubles() const {
    std::vector<TroubleCode> codes;
    for (const auto& one : harness.listener->status().access) codes.push_back(one.code);
    return codes;
  }

  AccessTerms terms;
  Harness harness;
  std::size_t messages = 0;
};

AccessTerms with_rules(std::string_view acl) {
  // Hashed once: the same password hashed anew is another account.
  static const auto kUsers = users({"a", "b"});
  return {Anonymous::admitted, kUsers, rules_of(acl), true, {}};
}

TEST_CASE("what a line forbids is refused by code, and the status names client, topic and line",
          "[ingress][unit]") {
  Place place(with_rules("user a\ntopic deny wp/in/fire/#\ntopic #\n"));
  Peer peer(place.harness);
  peer.connects(as_user("hall", "a"));
  peer.sends(a_publish(Qos::at_least_once, 1));
  CHECK(peer.receives_a<Puback>().code == ReasonCode::not_authorized);
  peer.sends(a_publish(Qos::at_least_once, 2));
  CHECK(peer.receives_a<Puback>().code == ReasonCode::not_authorized);
  CHECK(place.harness.intake.messages.empty());
  REQUIRE(place.troubles() == std::vector{TroubleCode::client_may_not_publish});
  const auto trouble = place.harness.listener->status().access.front();
  const auto sentence = sentence_of(trouble, Language::english);
  INFO(sentence);
  CHECK(sentence.find("The client hall (127.0.0.1, user a) may not publish on wp/in/fire/smoke: 2 "
                      "of its messages") == 0);
  CHECK(sentence.find("acl:2 decides") != std::string::npos);
  CHECK(place.harness.log.says(LogLevel::error, "acl:2 decides"));
  // New rules: the old complaint is over.
  place.use(with_rules("user a\ntopic #\n"));
  CHECK(place.troubles().empty());
  place.publishes(peer, 3);
}

TEST_CASE("a message comes to those who may read it, also where their filter asks for more",
          "[ingress][unit]") {
  Place place(with_rules("user a\ntopic #\nuser b\ntopic read x/#\n"));
  Peer sender(place.harness);
  sender.connects(as_user("s", "a"));
  Peer reader(place.harness);
  reader.connects(as_user("r", "b"));
  CHECK(place.subscribes(reader, "wp/#").codes ==
        std::vector<ReasonCode>{ReasonCode::not_authorized});
  CHECK(place.subscribes(reader, "#").codes == std::vector<ReasonCode>{ReasonCode::granted_qos_1});
  place.publishes(sender, 1);
  CHECK(reader.has_received_nothing());
  place.publishes(sender, 2, false, "x/y");
  CHECK(reader.receives_a<Publish>().topic == "x/y");
  CHECK(place.troubles() == std::vector{TroubleCode::client_may_not_subscribe});
}

TEST_CASE("of retained messages a subscriber gets those that it may read", "[ingress][unit]") {
  Place place(with_rules("user a\ntopic #\nuser b\ntopic read x/#\n"));
  Peer sender(place.harness);
  sender.connects(as_user("s", "a"));
  place.publishes(sender, 1, true);
  place.publishes(sender, 2, true, "x/y");
  Peer reader(place.harness);
  reader.connects(as_user("r", "b"));
  (void)place.subscribes(reader, "#");
  CHECK(reader.receives_a<Publish>().topic == "x/y");
  CHECK(reader.has_received_nothing());
}

TEST_CASE("a queue that waits is looked through when it leaves", "[ingress][unit]") {
  Place place(with_rules("user a\ntopic #\nuser b\ntopic read #\n"));
  Peer sender(place.harness);
  sender.connects(as_user("s", "a"));
  auto lasting = as_user("r", "b");
  lasting.clean_start = false;
  lasting.properties.add(PropertyId::session_expiry_interval, 3600);
  {
    Peer reader(place.harness);
    reader.connects(lasting);
    (void)place.subscribes(reader, "#");
    place.publishes(sender, 1);
    (void)reader.receives_a<Publish>();  // it is not acknowledged, so it comes again
  }
  REQUIRE(place.harness.until(
      [&] { return place.harness.listener->status().addresses[0].connections == 1; }));
  place.publishes(sender, 2);
  place.publishes(sender, 3, false, "x/y");
  place.use(with_rules("user a\ntopic #\nuser b\ntopic read x/#\n"));
  Peer back(place.harness);
  back.sends(lasting);
  CHECK(back.receives_a<Connack>().session_present);
  CHECK(back.receives_a<Publish>().topic == "x/y");
  CHECK(back.has_received_nothing());
}

TEST_CASE("of a shared subscription one gets the message that may read it", "[ingress][unit]") {
  Place place(with_rules("user a\ntopic #\nuser b\ntopic read x/#\n"));
  Peer sender(place.harness);
  sender.connects(as_user("s", "a"));
  Peer blind(place.harness);
  blind.connects(as_user("b", "b"));
  Peer sees(place.harness);
  sees.connects(as_user("d", "a"));
  (void)place.subscribes(blind, "$share/g/#");
  (void)place.subscribes(sees, "$share/g/#");
  for (std::uint16_t id = 1; id <= 4; ++id) {
    place.publishes(sender, id);
    CHECK(sees.receives_a<Publish>().topic == kTopic);
  }
  CHECK(blind.has_received_nothing());
}

TEST_CASE("a client whose account is gone or has another password is sent away, others stay",
          "[ingress][unit]") {
  AccessTerms terms;
  terms.credentials = users({"a", "b"});
  Place place(terms);
  Peer a(place.harness);
  a.connects(as_user("a", "a"));
  Peer b(place.harness);
  b.connects(as_user("b", "b"));
  place.use(terms);  // the same file again
  CHECK(a.has_received_nothing());
  AccessTerms next;
  next.credentials = std::make_shared<const accounts::Credentials>(
      accounts::Credentials::parse(
          {"p", accounts::edited({"p", "b:" + accounts::PasswordHash::made("x")->text() + "\n"},
                                 {"a", accounts::PasswordHash::made("new")})
                    .value()
                    .text})
          .value());
  next.anonymous = Anonymous::refused;
  place.use(next);
  CHECK(a.receives_a<Disconnect>().code == ReasonCode::not_authorized);
  CHECK(b.receives_a<Disconnect>().code == ReasonCode::not_authorized);
}

TEST_CASE("anonymous clients are sent away where they are not admitted any more",
          "[ingress][unit]") {
  AccessTerms terms{Anonymous::admitted, users({"a"}), nullptr, true, {}};
  Place place(terms);
  Peer nobody(place.harness);
  nobody.connects(a_connect("n"));
  Peer a(place.harness);
  a.connects(as_user("a", "a"));
  terms.anonymous = Anonymous::refused;
  place.use(terms);
  CHECK(nobody.receives_a<Disconnect>().code == ReasonCode::not_authorized);
  CHECK(a.has_received_nothing());
}

TEST_CASE("a will is published only while its client may publish it", "[ingress][unit]") {
  Place place(with_rules("user a\ntopic #\n"));
  const auto goes_and = [&](const AccessTerms& next) {
    Peer peer(place.harness);
    auto connect = as_user("w", "a");
    connect.will = Will{};
    connect.will->topic = "gone/w";
    connect.will->payload = "off";
    connect.will->properties.add(PropertyId::will_delay_interval, 0);
    peer.connects(connect);
    place.use(next);
    peer.vanishes();
    REQUIRE(place.harness.until(
        [&] { return place.harness.listener->status().addresses[0].connections == 0; }));
    place.harness.settle_down();
  };
  goes_and(with_rules("user a\ntopic #\n"));
  CHECK(place.harness.intake.messages.size() == 1);
  goes_and(with_rules("user a\ntopic read #\n"));
  CHECK(place.harness.intake.messages.size() == 1);
  CHECK(place.troubles() == std::vector{TroubleCode::client_may_not_publish});
  // The account is gone altogether.
  place.use(with_rules("user a\ntopic #\n"));
  auto gone = with_rules("user a\ntopic #\n");
  gone.credentials = users({"b"});
  goes_and(gone);
  CHECK(place.harness.intake.messages.size() == 1);
}

TEST_CASE("without an ACL file everybody publishes, and reads commands and its own",
          "[ingress][unit]") {
  AccessTerms terms;
  terms.credentials = users({"a", "b", "ha"});
  terms.everybody_reads = false;
  terms.readers = {"ha"};
  Place place(terms);
  Peer sender(place.harness);
  sender.connects(as_user("s", "a"));
  Peer device(place.harness);
  device.connects(as_user("d", "b"));
  Peer home(place.harness);
  home.connects(as_user("h", "ha"));
  CHECK(place.subscribes(device, "wp/in/fire/smoke").codes ==
        std::vector<ReasonCode>{ReasonCode::not_authorized});
  (void)place.subscribes(device, "#");
  (void)place.subscribes(home, "#");
  place.publishes(sender, 1, false, "zigbee2mqtt/lamp/set");
  CHECK(device.receives_a<Publish>().topic == "zigbee2mqtt/lamp/set");
  CHECK(home.receives_a<Publish>().topic == "zigbee2mqtt/lamp/set");
  place.publishes(device, 1, false, "wp/in/fire/other");
  CHECK(device.receives_a<Publish>().topic == "wp/in/fire/other");  // what it sent itself
  CHECK(home.receives_a<Publish>().topic == "wp/in/fire/other");
  CHECK(place.troubles() == std::vector{TroubleCode::client_may_not_subscribe});
  place.publishes(sender, 2);
  CHECK(home.receives_a<Publish>().topic == kTopic);
  CHECK(device.has_received_nothing());
  CHECK(place.troubles() ==
        std::vector{TroubleCode::client_may_not_subscribe, TroubleCode::client_gets_part});
}

TEST_CASE("guessing is slowed, named, and keeps nobody else out", "[ingress][unit]") {
  AccessTerms terms;
  terms.credentials = users({"a", "b"});
  Place place(terms);
  const auto guess = [&](std::string_view password) {
    Peer peer(place.harness);
    auto connect = as_user("g", "a");
    connect.password = password;
    peer.sends(connect);
    return peer.receives_a<Connack>().code;
  };
  const auto begun = std::chrono::steady_clock::now();
  for (const char* password : {"1", "2", "3", "4", "5"}) {
    CHECK(guess(password) == ReasonCode::bad_user_name_or_password);
  }
  CHECK(std::chrono::steady_clock::now() - begun >= std::chrono::milliseconds(700));
  CHECK(place.troubles() == std::vector{TroubleCode::passwords_guessed});
  place.harness.settle_down();
  CHECK(place.harness.log.says(LogLevel::warning, "Somebody guesses passwords"));
  // Another user of the same address does not wait.
  const auto before = std::chrono::steady_clock::now();
  Peer b(place.harness);
  b.connects(as_user("b", "b"));
  CHECK(std::chrono::steady_clock::now() - before < std::chrono::milliseconds(200));
}

}  // namespace
}  // namespace watchpost::ingress
