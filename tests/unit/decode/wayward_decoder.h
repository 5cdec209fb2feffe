/* A decoder in C that does what the first byte of the payload asks, right or wrong. */
#ifndef WATCHPOST_WAYWARD_DECODER_H
#define WATCHPOST_WAYWARD_DECODER_H

#include "abi/watchpost_decoder.h"

#ifdef __cplusplus
extern "C" {
#endif

const watchpost_decoder *wayward_decoder(void);

#ifdef __cplusplus
}
#endif

#endif
