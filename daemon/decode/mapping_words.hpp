// What a mapping file says in words that nothing needs to know: quantities and units.
// Promise: a word that is like one of ours and is none is refused, with the nearest; any other
// quantity is accepted and noted, any other unit refused. `own_words` of the file allows what is
// meant so. Throws StartupError as TableReader does. At start-up.
#pragma once

#include "decode/mapping.hpp"
#include "decode/toml_reading.hpp"

namespace watchpost::decode {

void read_own_words(TableReader& root, Mapping& mapping);
void check_words(TableReader& reader, const MappedReading& reading, Mapping& mapping);

}  // namespace watchpost::decode
