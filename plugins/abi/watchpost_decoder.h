/* watchpost_decoder.h: the binary interface between the daemon and a decoder, version 1.
 * Promise: compiles as C11 and as C++20; nothing allocated on one side is freed on the other; every
 * struct begins with its size, so that either side may grow at the end without a new version.
 * A decoder is called on the daemon's I/O thread, one call at a time. It is a pure function of its
 * options, the frame and its own state: no I/O, no threads, no clock. Views live for the call. */
#ifndef WATCHPOST_DECODER_H
#define WATCHPOST_DECODER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Must be equal on both sides; raised when the meaning of an existing member changes. */
#define WATCHPOST_DECODER_ABI 1u

/* UTF-8, not terminated; `text` may be NULL where `size` is 0. */
typedef struct watchpost_text {
  const char *text;
  size_t size;
} watchpost_text;

typedef struct watchpost_bytes {
  const uint8_t *bytes;
  size_t size;
} watchpost_bytes;

typedef struct watchpost_frame {
  uint32_t struct_size;
  uint32_t retained; /* 1: a stored copy from a broker; the host never lets it raise an alarm */
  watchpost_text topic;
  watchpost_bytes payload;
  int64_t received_unix_ns;
  uint32_t repeated; /* 1: the sender says that it may have sent it before; absent in older hosts */
} watchpost_frame;

typedef enum watchpost_kind {
  WATCHPOST_SMOKE, WATCHPOST_HEAT, WATCHPOST_CO, WATCHPOST_COMBUSTIBLE_GAS,
  WATCHPOST_MANUAL_CALL_POINT, WATCHPOST_FIRE_PART, WATCHPOST_FIRE_SYSTEM,
  WATCHPOST_TRANSMISSION_DEVICE, WATCHPOST_HYDRANT_PRESSURE, WATCHPOST_WATER_LEVEL,
  WATCHPOST_WATER_DISTANCE, WATCHPOST_WATER_LEAK, WATCHPOST_RAINFALL, WATCHPOST_FALL,
  WATCHPOST_SOS, WATCHPOST_PRESENCE, WATCHPOST_PATROL_SCAN, WATCHPOST_DEVICE_STATUS,
  WATCHPOST_HEARTBEAT, WATCHPOST_RF_CODE, WATCHPOST_MEASUREMENT,
  WATCHPOST_UNNAMED_ALARM, /* the device says alarm, and nothing says of what */
  WATCHPOST_KIND_COUNT
} watchpost_kind;

/* What the device itself declares; the last three alarm states are alarm, suspected, confirmed. */
typedef enum watchpost_state {
  WATCHPOST_NORMAL, WATCHPOST_ALARM, WATCHPOST_SUSPECTED, WATCHPOST_CONFIRMED, WATCHPOST_CLEARED,
  WATCHPOST_TEST, WATCHPOST_FAULT, WATCHPOST_TAMPER, WATCHPOST_UNKNOWN, WATCHPOST_INFO,
  WATCHPOST_STATE_COUNT
} watchpost_state;

typedef enum watchpost_time_source {
  WATCHPOST_TIME_DEVICE, WATCHPOST_TIME_NETWORK, WATCHPOST_TIME_GATEWAY,
  WATCHPOST_TIME_RECEIVED, /* the payload has no usable time; observed_unix_ns is not read */
  WATCHPOST_TIME_SOURCE_COUNT
} watchpost_time_source;

typedef enum watchpost_quality {
  WATCHPOST_OK, WATCHPOST_SUSPECT, WATCHPOST_INVALID, WATCHPOST_STALE,
  WATCHPOST_QUALITY_COUNT
} watchpost_quality;

typedef enum watchpost_value_type {
  WATCHPOST_NULL, /* unknown: never to be turned into false or 0 */
  WATCHPOST_BOOL, /* `number` is 0 or 1 */
  WATCHPOST_NUMBER, /* `number`, finite */
  WATCHPOST_TEXT, /* `text` */
  WATCHPOST_VALUE_TYPE_COUNT
} watchpost_value_type;

/* Units are named after SenML (RFC 8428, RFC 8798) or UCUM; empty where the quantity has none. */
typedef struct watchpost_reading {
  uint32_t struct_size;
  uint32_t value_type; /* watchpost_value_type */
  watchpost_text quantity;
  watchpost_text unit;
  double number;
  watchpost_text text;
} watchpost_reading;

typedef struct watchpost_observation {
  uint32_t struct_size;
  uint32_t kind;        /* watchpost_kind */
  uint32_t state;       /* watchpost_state */
  uint32_t time_source; /* watchpost_time_source */
  uint32_t quality;     /* watchpost_quality */
  uint32_t history;     /* 1: a late record, kept at its own time, sounds no siren */
  int64_t observed_unix_ns;
  watchpost_text device; /* as the device or its network names it; never empty */
  const watchpost_reading *readings; /* `readings[0].struct_size` bytes apart */
  size_t reading_count; /* at most 256 */
  const watchpost_text *flags;
  size_t flag_count; /* at most 32 */
} watchpost_observation;

/* The bytes of a device, taken out of what its network server wrote around them. */
typedef struct watchpost_inner {
  uint32_t struct_size;
  uint32_t port;        /* LoRaWAN's fPort; 0 where the network has none */
  uint32_t time_source; /* watchpost_time_source of observed_unix_ns */
  uint32_t simulated;   /* 1: somebody tries it out: an alarm in it becomes a test */
  int64_t observed_unix_ns;
  watchpost_text device; /* as its observations are to name it; never empty */
  watchpost_bytes payload; /* at most 65535 */
} watchpost_inner;

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
  /* By the word of a catalogue, `device` can declare this danger (a watchpost_kind), whether it has
   * spoken or not; at most 8192 in one frame. What the device named by `identify` lists in one frame
   * replaces what it listed before. Absent where struct_size is smaller. */
  void (*can_declare)(void *context, watchpost_text device, uint32_t kind);
  /* Instead of reading it: the payload of a device whose `profile` ends in ".toml", for that mapping
   * of the site's. Goes with WATCHPOST_DECODED, once in a frame; what is emitted too is kept beside
   * what the mapping reads. Absent where struct_size is smaller. */
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
} watchpost_decoder;
#define WATCHPOST_FROM_COPY "restored"

/* The one symbol a shared object exports. It may look at `host_abi` and offer an older one. */
typedef const watchpost_decoder *(*watchpost_decoder_entry_function)(uint32_t host_abi);
#define WATCHPOST_DECODER_ENTRY "watchpost_decoder_entry"

#ifdef __cplusplus
}
#endif

#endif
