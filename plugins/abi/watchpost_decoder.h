/* watchpost_decoder.h: the binary interface between the daemon and a decoder, version 1.
 * Promise: compiles as C11 and as C++20; nothing allocated on one side is freed on the other; every
 * struct begins with its size, so that either side may grow at the end without a new version.
 * A decoder is called on the daemon's I/O thread, one call at a time. It is a pure function of its
 * options, the frame and its own state: no I/O, no threads, no clock. Views live for the call. */
#ifndef WATCHPOST_DECODER_H
#define WATCHPOST_DECODER_H

#include "watchpost_values.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Must be equal on both sides; raised when the meaning of an existing member changes. */
#define WATCHPOST_DECODER_ABI 1u

typedef struct watchpost_sink {
  uint32_t struct_size;
  uint32_t reserved;
  void *context;
  /* One call for each observation, at most 1024 in one frame. The host copies before it returns. */
  void (*emit)(void *context, const watchpost_observation *observation);
  /* Understood, and nothing to keep as an event; goes with WATCHPOST_DECODED. */
  void (*ignore)(void *context, watchpost_text why);
  /* Why the frame is malformed or not mine; in `open`, why the options are refused. With
   * WATCHPOST_DECODED: what of it may be an alarm and was not understood; a person is told. */
  void (*explain)(void *context, watchpost_text why);
  /* The device the topic or envelope names, also where nothing can be decoded. */
  void (*identify)(void *context, watchpost_text device);
  /* What `recall` is to be given after a restart, kept in the transaction that keeps the message.
   * The last value of a key counts, an empty one forgets it. UTF-8; a key has at most 1024 bytes, a
   * value 4 MiB; at most 16 in one frame. Absent where struct_size is smaller. */
  void (*remember)(void *context, watchpost_text key, watchpost_text value);
  /* By the word of a catalogue, `device` can declare this danger (a watchpost_kind), whether it
   * has spoken or not; at most 8192 in one frame. What the device named by `identify` lists in one
   * frame replaces what it listed before. Absent where struct_size is smaller. */
  void (*can_declare)(void *context, watchpost_text device, uint32_t kind);
  /* Instead of reading it: the payload of a device whose `profile` ends in ".toml", for that
   * mapping of the site's. Goes with WATCHPOST_DECODED, once in a frame; what is emitted too is
   * kept beside what the mapping reads. Absent where struct_size is smaller. */
  void (*hand_over)(void *context, const watchpost_inner *inner);
} watchpost_sink;

typedef enum watchpost_status {
  WATCHPOST_DECODED,   /* emitted at least once, or said ignore */
  WATCHPOST_NOT_MINE,  /* the next decoder bound to the topic may try */
  WATCHPOST_MALFORMED, /* mine, but broken; nothing that was emitted counts */
  WATCHPOST_STATUS_COUNT
} watchpost_status;

typedef struct watchpost_decoder {
  uint32_t abi; /* WATCHPOST_DECODER_ABI; stays first in every version */
  uint32_t struct_size;
  const char *name; /* terminated; lower case, digits and '_' */
  const char *version;
  /* Returns the decoder's state, or NULL after `explain` where the options are wrong. options_json:
   * {"options":{...},"zone_minutes":480,"devices":[{"id":"..","profile":"..","options":{..}}],
   *  "topics":["filter it is bound to", ...]} */
  void *(*open)(watchpost_text options_json, const watchpost_sink *sink);
  void (*close)(void *state);
  /* Returns a watchpost_status; a plain number, since an enum of a stray value is undefined. */
  uint32_t (*decode)(void *state, const watchpost_frame *frame, const watchpost_sink *sink);
  /* Once for each key that is remembered, before the first `decode`. May be NULL or absent. The key
   * WATCHPOST_FROM_COPY says that all of it comes from a backup, which may be older than what was
   * known; it stays until the decoder remembers it empty. */
  void (*recall)(void *state, watchpost_text key, watchpost_text value);
  /* What was to be remembered was not committed, nor was its message: it may come again. May be
   * NULL or absent. */
  void (*not_kept)(void *state, watchpost_text key, watchpost_text value);
  /* 1: it may hand over. On its topics it is asked before the mappings of devices, which would take
   * the server's text for the device's own. May be absent. */
  uint32_t unwraps;
  /* What went wrong in `recall` or `not_kept`, which have no other way to say it; of size 0:
   * nothing. Asked after each of them; the text is valid until the next call. May be NULL or
   * absent. */
  watchpost_text (*last_fault)(void *state);
} watchpost_decoder;
#define WATCHPOST_FROM_COPY "restored"

/* The one symbol a shared object exports. It may look at `host_abi` and offer an older one. */
typedef const watchpost_decoder *(*watchpost_decoder_entry_function)(uint32_t host_abi);
#define WATCHPOST_DECODER_ENTRY "watchpost_decoder_entry"

#ifdef __cplusplus
}
#endif

#endif
