// The main program of every test. A test in whose middle somebody ends the process (a plugin that
// calls exit(0), say) has not passed, whatever the exit code.
#define CATCH_CONFIG_RUNNER
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "support/catch.hpp"

namespace {

pid_t of_the_tests = 0;
bool is_over = false;

void ended() {
  if (is_over || ::getpid() != of_the_tests)
    return;  // a child that a test made may end as it likes
  std::cerr << "FAILED:\n  the process was ended in the middle of a test case\n";
  ::_exit(EXIT_FAILURE);
}

}  // namespace

int main(int count, char* words[]) {
  of_the_tests = ::getpid();
  if (std::atexit(ended) != 0) return EXIT_FAILURE;
  const int failed = Catch::Session().run(count, words);
  is_over = true;
  return failed;
}
