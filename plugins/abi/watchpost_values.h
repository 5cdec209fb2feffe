/* watchpost_values.h: what passes between the daemon and a decoder: texts, frames, observations.
 * Promise: that of watchpost_decoder.h, which includes it. An enum is passed as a uint32_t, since
 * one side may know values that the other does not. */
#ifndef WATCHPOST_VALUES_H
#define WATCHPOST_VALUES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

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

#ifdef __cplusplus
}
#endif

#endif
