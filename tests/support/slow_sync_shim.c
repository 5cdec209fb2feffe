// A slow disk, loaded by LD_PRELOAD: each fsync and fdatasync lasts WATCHPOST_SYNC_DELAY_MS longer
// than usual.
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void wait_for_the_disk(void) {
  const char* text = getenv("WATCHPOST_SYNC_DELAY_MS");
  const long ms = text == NULL ? 0 : strtol(text, NULL, 10);
  const struct timespec delay = {ms / 1000, ms % 1000 * 1000000};
  nanosleep(&delay, NULL);
}

int fsync(int descriptor) {
  wait_for_the_disk();
  return (int)syscall(SYS_fsync, descriptor);
}

int fdatasync(int descriptor) {
  wait_for_the_disk();
  return (int)syscall(SYS_fdatasync, descriptor);
}
