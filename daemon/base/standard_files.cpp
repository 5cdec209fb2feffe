#include "base/standard_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <initializer_list>

namespace watchpost {

void open_standard_files() {
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(standard, F_GETFD) != -1) continue;
    // open(2) takes the lowest free number, and those below are open by now.
    (void)::open("/dev/null", O_RDWR);
  }
}

}  // namespace watchpost
