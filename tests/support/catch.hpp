// The one place that names the test framework's header: Catch2 3 is a change of this line.
#pragma once

#include <catch2/catch.hpp>
