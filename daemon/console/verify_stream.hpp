// The stream of a check of the store: GET /v1/verify.
// Promise: lines of progress, then the report. The check ends with the stream, also where the
// client goes away first. I/O thread only. Includes Asio: only for .cpp files of console/.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <memory>

#include "console/exchange.hpp"

namespace watchpost::console {

[[nodiscard]] boost::asio::awaitable<void> stream_check(boost::asio::any_io_executor io,
                                                        std::shared_ptr<Exchange> exchange,
                                                        std::filesystem::path database_file);

}  // namespace watchpost::console
