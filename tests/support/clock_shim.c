// Clocks that tests set, loaded by LD_PRELOAD. WATCHPOST_CLOCK_FILE holds three numbers of 64 bits
// in machine order: nanoseconds that are added to the real wall clock; 1 where a time service keeps
// that; nanoseconds that are added to the steady clock, as if they had passed. The file is mapped,
// so that writing to it moves a clock at once. What waits already goes on waiting as long as it
// meant to.
#define _GNU_SOURCE
#include <dlfcn.h>
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
enum { kWall, kKept, kSteady, kNumbers };

static volatile int64_t* mapped(void) {
  static volatile int64_t unmoved[kNumbers] = {0, 1, 0};
  static volatile int64_t* file = NULL;
  if (file != NULL) return file;
  const char* path = getenv("WATCHPOST_CLOCK_FILE");
  const int descriptor = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  const size_t size = kNumbers * sizeof *file;
  void* bytes =
      descriptor < 0 ? MAP_FAILED : mmap(NULL, size, PROT_READ, MAP_SHARED, descriptor, 0);
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
  return real(CLOCK_REALTIME) + mapped()[kWall];
}

static int64_t steady(void) {
  return real(CLOCK_MONOTONIC) + mapped()[kSteady];
}

int clock_gettime(clockid_t clock, struct timespec* out) {
  switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
      *out = from_ns(wall());
      return 0;
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_COARSE:
      *out = from_ns(steady());
      return 0;
    default:
      return (int)syscall(SYS_clock_gettime, clock, out);
  }
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
  query->status = mapped()[kKept] != 0 ? query->status & ~STA_UNSYNC : query->status | STA_UNSYNC;
  if (state < 0) return state;
  return mapped()[kKept] != 0 ? TIME_OK : TIME_ERROR;
}

typedef int ClockWait(pthread_cond_t*, pthread_mutex_t*, clockid_t, const struct timespec*);

// The system's own wait, which knows nothing of our clocks.
static int wait_really(pthread_cond_t* condition, pthread_mutex_t* mutex, int64_t real_steady) {
  static ClockWait* system = NULL;
  if (system == NULL) *(void**)&system = dlsym(RTLD_NEXT, "pthread_cond_clockwait");
  const struct timespec until = from_ns(real_steady);
  return system(condition, mutex, CLOCK_MONOTONIC, &until);
}

// A wait for a time of the wall clock must notice that the clock was set, as it does in the kernel.
// Whether a condition waits for the steady clock or the wall clock is told by which of them is
// nearer to `until`.
int pthread_cond_timedwait(pthread_cond_t* restrict condition, pthread_mutex_t* restrict mutex,
                           const struct timespec* restrict until) {
  const int64_t end = to_ns(until);
  if (llabs(end - steady()) < llabs(end - wall())) {
    return wait_really(condition, mutex, end - mapped()[kSteady]);
  }
  for (;;) {
    const int64_t left = end - wall();
    const int64_t slice = left < 0 ? 0 : left < kSlice ? left : kSlice;
    const int woken = wait_really(condition, mutex, real(CLOCK_MONOTONIC) + slice);
    if (woken != ETIMEDOUT || wall() >= end) return woken;
  }
}

int pthread_cond_clockwait(pthread_cond_t* restrict condition, pthread_mutex_t* restrict mutex,
                           clockid_t clock, const struct timespec* restrict until) {
  if (clock == CLOCK_REALTIME) return pthread_cond_timedwait(condition, mutex, until);
  return wait_really(condition, mutex, to_ns(until) - mapped()[kSteady]);
}
