/* A shared object that does at one place of its opening what WATCHPOST_UNRULY says: "load abort",
 * "entry block", "open exit", "open crash"; without that variable it behaves. A message whose text
 * is "crash" crashes it. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abi/watchpost_decoder.h"

static void at(const char* place) {
  const char* wish = getenv("WATCHPOST_UNRULY");
  const char* how = wish == NULL ? NULL : strchr(wish, ' ');
  if (how == NULL || strncmp(wish, place, strlen(place)) != 0) return;
  if (strcmp(how, " abort") == 0) abort();
  if (strcmp(how, " exit") == 0) exit(0);
  if (strcmp(how, " crash") == 0) raise(SIGSEGV);
  if (strcmp(how, " block") == 0) pause();
}

__attribute__((constructor)) static void at_load(void) {
  at("load");
}

static void* open_it(watchpost_text options, const watchpost_sink* sink) {
  static int state;
  (void)options;
  (void)sink;
  at("open");
  return &state;
}

static void close_it(void* state) {
  (void)state;
}

static uint32_t decode(void* state, const watchpost_frame* frame, const watchpost_sink* sink) {
  static const char kCrash[] = "crash";
  (void)state;
  (void)sink;
  if (frame->payload.size == strlen(kCrash) &&
      memcmp(frame->payload.bytes, kCrash, frame->payload.size) == 0) {
    raise(SIGSEGV);
  }
  return WATCHPOST_NOT_MINE;
}

static const watchpost_decoder kDecoder = {.abi = WATCHPOST_DECODER_ABI,
                                           .struct_size = sizeof(watchpost_decoder),
                                           .name = "unruly",
                                           .open = open_it,
                                           .close = close_it,
                                           .decode = decode};

__attribute__((visibility("default"))) const watchpost_decoder* watchpost_decoder_entry(
    uint32_t abi) {
  (void)abi;
  at("entry");
  return &kDecoder;
}
