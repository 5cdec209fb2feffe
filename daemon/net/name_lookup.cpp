#include "net/name_lookup.hpp"

#include <netdb.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "model/trouble_catalogue.hpp"

namespace watchpost::net {
namespace {

Failure not_found(const std::string& host, int code) {
  return failure_of(
      Failure::Kind::unavailable,
      trouble<TroubleCode::name_unknown>(arg<"host">(host), arg<"why">(gai_strerror(code))));
}

Result<NameLookup::Addresses> look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* first = nullptr;
  const int code = getaddrinfo(host.c_str(), nullptr, &hints, &first);
  if (code != 0) return not_found(host, code);
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(first, &freeaddrinfo);
  NameLookup::Addresses four;
  NameLookup::Addresses six;
  for (const addrinfo* each = list.get(); each != nullptr; each = each->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(each->ai_addr, each->ai_addrlen, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST) != 0) {
      continue;
    }
    (each->ai_family == AF_INET ? four : six).emplace_back(text.data());
  }
  four.insert(four.end(), six.begin(), six.end());
  if (four.empty()) return not_found(host, EAI_NONAME);
  return four;
}

}  // namespace

struct NameLookup::Question {
  explicit Question(std::string asked) : host(std::move(asked)) {}
  const std::string host;
  std::mutex mutex;
  bool under_way = false;
  Answer answer;

  void answered(const Result<Addresses>& result) {
    const std::lock_guard lock(mutex);
    under_way = false;
    if (answer) std::exchange(answer, nullptr)(result);
  }
};

NameLookup::NameLookup(std::string host) : question_(std::make_shared<Question>(std::move(host))) {}

NameLookup::~NameLookup() {
  forget();
}

void NameLookup::ask(Answer answer) {
  {
    const std::lock_guard lock(question_->mutex);
    question_->answer = std::move(answer);
    if (std::exchange(question_->under_way, true)) return;
  }
  try {
    // Nobody joins the thread: it may sit in the C library long after we are gone. It touches only
    // what it owns.
    std::thread([question = question_] { question->answered(look_up(question->host)); }).detach();
  } catch (const std::system_error& error) {
    question_->answered(failure_of(Failure::Kind::environment,
                                   trouble<TroubleCode::name_no_thread>(
                                       arg<"host">(question_->host), arg<"why">(error.what()))));
  }
}

void NameLookup::forget() {
  const std::lock_guard lock(question_->mutex);
  question_->answer = nullptr;
}

}  // namespace watchpost::net
