// Result and Failure: how expected failures travel.
// Promise: a Failure always says what happened and what a person can do next.
// Used by every layer, on any thread.
#pragma once

#include <boost/system/result.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace watchpost {

struct Trouble;  // of model/trouble.hpp

// Both sentences of a Failure, on their way to a function that makes the Failure. They have names
// so that nobody swaps them.
struct Complaint {
  std::string what;
  std::string remedy;
  std::string chinese{};  // both, as in Failure
};
// A part of a sentence in both languages.
struct Phrase {
  std::string english;
  std::string chinese;
};

struct Failure {
  enum class Kind {
    unspecified,
    invalid_input,  // what came in is not what the format prescribes; trying again will not help
    not_found,      // a named thing does not exist
    refused,        // a rule of ours says no (quota, credentials, a newer schema)
    unavailable,    // may work later: link down, disk full, broker busy
    storage,        // the store could not keep or read what it should
    environment,    // the machine is set up in a way we cannot run on (port in use, no permission)
  };
  Kind kind = Kind::unspecified;
  std::string what;    // what happened, and where
  std::string remedy;  // what to do next; empty only where nothing can be done
  // The same as a code of the catalogue, which has words for it in each language (failure_of() in
  // model/trouble_catalogue.hpp); null where only an English log or command line tells the failure.
  std::shared_ptr<const Trouble> trouble{};
  // Both sentences in Chinese, where a command tells the failure to a person; empty: as the code
  // says it, or in English only.
  std::string chinese{};

  [[nodiscard]] std::string sentence() const {
    return remedy.empty() ? what : what + ". " + remedy;
  }
};

// What happened, and what to do next, in one language. Of two types, so that the one cannot pass
// for the other.
struct English {
  std::string what;
  std::string remedy;
};
struct Chinese {
  std::string what;
  std::string remedy;
};

// A Failure that a command tells in either language.
[[nodiscard]] inline Failure in_both(Failure::Kind kind, English english, const Chinese& chinese) {
  Failure failure{kind, std::move(english.what), std::move(english.remedy)};
  failure.chinese = chinese.remedy.empty() ? chinese.what : chinese.what + "。" + chinese.remedy;
  return failure;
}

// Thrown only during start-up and caught once, in main.
class StartupError : public std::runtime_error {
 public:
  explicit StartupError(Failure failure)
      : std::runtime_error(failure.sentence()), failure_(std::move(failure)) {}
  [[nodiscard]] const Failure& failure() const { return failure_; }

 private:
  Failure failure_;
};

// Found by argument-dependent look-up when .value() is called on a failed Result.
[[noreturn]] inline void throw_exception_from_error(const Failure& failure,
                                                    const boost::source_location&) {
  throw StartupError(failure);
}

template <class T>
using Result = boost::system::result<T, Failure>;

}  // namespace watchpost
