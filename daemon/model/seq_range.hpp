// SeqRange: numbers of one class that follow each other; both ends belong to it.
// Why: two Seq beside each other in a call could be swapped, and it would still compile.
// Any thread.
#pragma once

#include "base/strong.hpp"

namespace watchpost {

struct SeqRange {
  Seq first;
  Seq last;
  friend bool operator==(const SeqRange&, const SeqRange&) = default;
};

}  // namespace watchpost
