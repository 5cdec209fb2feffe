// A wall clock that tests set, loaded by LD_PRELOAD. WATCHPOST_CLOCK_FILE holds two numbers of 64
// bits in machine order: nanoseconds that are added to the real wall clock, and 1 where a time
// service keeps the clock. The file is mapped, so that writing to it moves the clock at once. The
// steady clock stays real.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

static const int64_t kSecond = 1000000000;
static const int64_t kSlice = 20000000;

static volatile int64_t* mapped(void) {
  static volatile int64_t unmoved[2] = {0, 1};
  static volatile int64_t* file = NULL;
  if (file != NULL) return file;
  const char* path = getenv("WATCHPOST_CLOCK_FILE");
  const int descriptor = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  void* bytes = descriptor < 0 ? MAP_FAILED : mmap(NULL, 16, PROT_READ, MAP_SHARED, descriptor, 0);
  if (descriptor >= 0) close(descriptor);
  file = bytes == MAP_FAILED ? unmoved : (volatile int64_t*)bytes;
  return file;
}

static int64_t to_ns(const struct timespec* time) {
  return time->tv_sec * kSecond + time->tv_nsec;
}

static struct timespec from_ns(int64_t ns) {
  return (struct timespec){ns / kSecond, ns % kSecond};
}

static int64_t real(clockid_t clock) {
  struct timespec now;
  syscall(SYS_clock_gettime, clock, &now);
  return to_ns(&now);
}

static int64_t wall(void) {
  return real(CLOCK_REALTIME) + mapped()[0];
}

int clock_gettime(clockid_t clock, struct timespec* out) {
  if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE) {
    return (int)syscall(SYS_clock_gettime, clock, out);
  }
  *out = from_ns(wall());
  return 0;
}

int gettimeofday(struct timeval* restrict out, void* restrict zone) {
  (void)zone;
  const int64_t now = wall();
  *out = (struct timeval){now / kSecond, now % kSecond / 1000};
  return 0;
}

time_t time(time_t* out) {
  const time_t now = wall() / kSecond;
  if (out != NULL) *out = now;
  return now;
}

int adjtimex(struct timex* query) {
  const int state = (int)syscall(SYS_adjtimex, query);
  query->status = mapped()[1] != 0 ? query->status & ~STA_UNSYNC : query->status | STA_UNSYNC;
  if (state < 0) return state;
  return mapped()[1] != 0 ? TIME_OK : TIME_ERROR;
}

// A wait for a time of the wall clock must notice that the clock was set, as it does in the kernel.
// Whether a condition waits for the steady clock or the wall clock is told by which of them is
// nearer to `until`.
int pthread_cond_timedwait(pthread_cond_t* restrict condition, pthread_mutex_t* restrict mutex,
                           const struct timespec* restrict until) {
  const int64_t end = to_ns(until);
  if (llabs(end - real(CLOCK_MONOTONIC)) < llabs(end - wall())) {
    return pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, until);
  }
  for (;;) {
    const int64_t left = end - wall();
    const struct timespec slice = from_ns(real(CLOCK_MONOTONIC) + (left < 0        ? 0
                                                                   : left < kSlice ? left
                                                                                   : kSlice));
    const int woken = pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, &slice);
    if (woken != ETIMEDOUT || wall() >= end) return woken;
  }
}
