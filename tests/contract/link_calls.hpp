// Calls of a link that wait for the answer, and arguments for such calls.
#pragma once

#include "link_subjects.hpp"

namespace watchpost::client {

inline Publication a_publication(std::uint64_t token) {
  return {PublishToken{token}, "wp/v1/test/" + std::to_string(token % 7), std::string(200, 'x'),
          false};
}

inline Publication saying(std::uint64_t token, const std::string& topic,
                          const std::string& payload) {
  return {PublishToken{token}, topic, payload, false};
}

inline const Will kWill{"wp/v1/test/online", "offline"};

// Connects and waits until the link stands.
inline void connect(Subject& on, const Linked& linked, const Will& will = kWill) {
  const std::size_t before = linked.heard->accepted.size();
  linked->connect(will);
  const bool stands = run_until(on.io, [&] { return linked.heard->accepted.size() == before + 1; });
  for (const LinkEnd& end : linked.heard->lost) UNSCOPED_INFO(end.failure.sentence());
  REQUIRE(stands);
}

// Connects right after an earlier link was left. On a busy machine Paho sometimes fails such an
// attempt with -1 (docs/decisions/0003-paho-facts.md). Owners of a link try again, and so does this
// function.
inline void connect_again(Subject& on, const Linked& linked) {
  const std::size_t before = linked.heard->accepted.size();
  for (int attempt = 0; attempt < 3 && linked.heard->accepted.size() == before; ++attempt) {
    const std::size_t lost = linked.heard->lost.size();
    linked->connect(kWill);
    REQUIRE(run_until(on.io, [&] {
      return linked.heard->accepted.size() > before || linked.heard->lost.size() > lost;
    }));
  }
  REQUIRE(linked.heard->accepted.size() == before + 1);
}

inline void subscribe(Subject& on, const Linked& linked, const std::vector<std::string>& topics) {
  const std::size_t before = linked.heard->grants.size();
  linked->subscribe(topics);
  REQUIRE(run_until(on.io, [&] { return linked.heard->grants.size() == before + topics.size(); }));
}

// A reader's options: its owner acknowledges what arrives.
inline LinkOptions reader_options(const RealSubject& on) {
  auto options = on.options("reader");
  options.owner_acknowledges = true;
  return options;
}

inline void connect_reader(Subject& on, const Linked& reader) {
  connect(on, reader);
  subscribe(on, reader, {"wp/v1/test/#"});
}

// A link of our own client that stands beside the subject's: while a message waits for its owner,
// Paho delivers nothing to any link of the process. It has no will, which the reader would hear.
inline Linked connected_writer(RealSubject& on) {
  Linked writer(make_link(on.io.get_executor(), MqttLibrary::own, on.options("writer")));
  connect(on, writer, {});
  return writer;
}

inline void publish(Subject& on, const Linked& linked, Publication publication) {
  const std::size_t before = linked.heard->answers.size();
  linked->publish(std::move(publication));
  REQUIRE(run_until(on.io, [&] { return linked.heard->answers.size() == before + 1; }));
}

}  // namespace watchpost::client
