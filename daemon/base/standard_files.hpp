// open_standard_files: standard input, output and error are open from here on.
// Promise: a program that was started without one of them (`watchpostd 2>&-`) has /dev/null there.
// Otherwise the next file or socket that is opened takes the free number 2, and log lines go into a
// sensor's connection. Called first by main of every program.
#pragma once

namespace watchpost {

void open_standard_files();

}  // namespace watchpost
