// The command desk: does what a command asks for, once, or says why not.
// Promise: nothing is done twice under one key, nothing that has expired is done, nothing is done
// to what its sender has not seen; each refusal has a code with words (model/command_words.hpp).
// I/O thread only.
#pragma once

#include "rules/step.hpp"

namespace watchpost::rules {

CommandResult perform(Step& step, const Command& command);

}  // namespace watchpost::rules
