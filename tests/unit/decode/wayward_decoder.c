#include "wayward_decoder.h"

#include <math.h>
#include <string.h>

static int state_of_the_decoder;

static watchpost_text text(const char *words) {
  watchpost_text result = {words, strlen(words)};
  return result;
}

static void *open_decoder(watchpost_text options, const watchpost_sink *sink) {
  if (options.size == 6 && memcmp(options.text, "refuse", 6) == 0) {
    sink->explain(sink->context, text("told to refuse"));
    return NULL;
  }
  return &state_of_the_decoder;
}

static void close_decoder(void *state) { (void)state; }

/* 'h': as it should be; with more bytes: without a device; 'H': twice. */
static uint32_t hand_over(const watchpost_frame *frame, const watchpost_sink *sink) {
  watchpost_inner inner;
  memset(&inner, 0, sizeof inner);
  inner.struct_size = sizeof inner;
  inner.port = 2;
  inner.time_source = WATCHPOST_TIME_NETWORK;
  inner.observed_unix_ns = frame->received_unix_ns - 5;
  inner.device = text(frame->payload.size > 1 ? "" : "wayward");
  inner.payload = frame->payload;
  sink->hand_over(sink->context, &inner);
  if (frame->payload.bytes[0] == 'H') sink->hand_over(sink->context, &inner);
  return WATCHPOST_DECODED;
}

static uint32_t decode(void *state, const watchpost_frame *frame, const watchpost_sink *sink) {
  (void)state;
  /* A reading of a newer interface: larger than the host knows. */
  struct larger {
    watchpost_reading known;
    uint64_t unknown;
  } readings[2];
  memset(readings, 0, sizeof readings);
  for (int i = 0; i < 2; ++i) {
    readings[i].known.struct_size = sizeof readings[i];
    readings[i].known.value_type = WATCHPOST_NUMBER;
    readings[i].known.quantity = text(i == 0 ? "first" : "second");
    readings[i].known.number = i + 1;
  }
  watchpost_observation observation;
  memset(&observation, 0, sizeof observation);
  observation.struct_size = sizeof observation;
  observation.kind = WATCHPOST_SMOKE;
  observation.state = WATCHPOST_ALARM;
  observation.time_source = WATCHPOST_TIME_RECEIVED;
  observation.device = text("wayward");
  observation.readings = &readings[0].known;
  observation.reading_count = 2;

  switch (frame->payload.size == 0 ? 0 : frame->payload.bytes[0]) {
    case 'k': observation.kind = 99; break;
    case 'd': observation.device = text(""); break;
    case 'n': readings[1].known.number = NAN; break;
    case 'N':
      readings[1].known.number = NAN;
      observation.state = WATCHPOST_NORMAL;
      break;
    case 'w': return WATCHPOST_MALFORMED;
    case 'u': readings[1].known.quantity = text("\xff\xfe"); break;
    case 's': observation.struct_size = 8; break;
    case 'r': observation.reading_count = 100000; break;
    case 'p': observation.readings = NULL; break;
    case 't':
      observation.time_source = WATCHPOST_TIME_DEVICE;
      observation.observed_unix_ns = frame->received_unix_ns + INT64_C(200000000000000);
      break;
    case 'i': sink->ignore(sink->context, text("nothing to keep")); return WATCHPOST_DECODED;
    case 'e': return WATCHPOST_DECODED;
    case 'h':
    case 'H': return hand_over(frame, sink);
    case 'x': return 17;
    case 'm':
      sink->emit(sink->context, &observation);
      sink->explain(sink->context, text("broken after all"));
      return WATCHPOST_MALFORMED;
    case 'o': sink->explain(sink->context, text("not for me")); return WATCHPOST_NOT_MINE;
    default: break;
  }
  sink->emit(sink->context, &observation);
  return WATCHPOST_DECODED;
}

const watchpost_decoder *wayward_decoder(void) {
  static const watchpost_decoder decoder = {
      WATCHPOST_DECODER_ABI, sizeof decoder, "wayward",     "0.9",
      open_decoder,          close_decoder,  decode,        NULL, NULL, 0, NULL};
  return &decoder;
}
