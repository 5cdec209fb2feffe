// invariant: a broken assumption of our own stops the process, in release builds too.
// Promise: state that is known to be wrong is never written to disk or sent; systemd restarts us
// and the spool recovers. Never for bad input or a failing environment: those are Failures.
#pragma once

#include <cstdio>
#include <cstdlib>

// A macro so that the failing condition and its place appear in the journal.
#define WATCHPOST_INVARIANT(condition)                                                           \
  do {                                                                                           \
    if (!(condition)) {                                                                          \
      std::fprintf(stderr,                                                                       \
                   "%s:%d: broken invariant: %s. This is a bug in Watchpost: the "               \
                   "daemon stops and is restarted; nothing acknowledged is lost. Please report " \
                   "this line.\n",                                                               \
                   __FILE__, __LINE__, #condition);                                              \
      std::abort();                                                                              \
    }                                                                                            \
  } while (false)
