# Headers of other projects, parsed once for many targets. No header of ours is among them: a change of
# such a header would compile everything again. The preset `clang` builds without precompiled headers, so
# that each file keeps including what it uses.
set(watchpost_headers_plain
  <algorithm> <array> <charconv> <chrono> <cstdint> <cstring> <deque> <filesystem> <fstream> <functional>
  <map> <memory> <mutex> <optional> <random> <set> <span> <string> <string_view> <utility> <variant>
  <vector> <fmt/format.h> <boost/system/result.hpp>)
set(watchpost_headers_json <boost/json.hpp>)
set(watchpost_headers_asio
  <boost/asio/any_io_executor.hpp> <boost/asio/as_tuple.hpp> <boost/asio/awaitable.hpp>
  <boost/asio/co_spawn.hpp> <boost/asio/detached.hpp> <boost/asio/io_context.hpp>
  <boost/asio/ip/tcp.hpp> <boost/asio/local/stream_protocol.hpp> <boost/asio/post.hpp>
  <boost/asio/read.hpp> <boost/asio/steady_timer.hpp> <boost/asio/use_awaitable.hpp>
  <boost/asio/write.hpp>)
set(watchpost_headers_catch <catch2/catch.hpp>)

# Makes the precompiled header of one set of libraries: it fits only targets with the same definitions. It
# must also agree with its targets on -fPIC (libraries) or -fPIE (programs), so sets with `catch` are made
# as programs: only our tests are programs of more than one source. A set that nobody uses is not built.
function(watchpost_header_set name)
  set(source ${CMAKE_BINARY_DIR}/precompiled/${name}.cpp)
  set(headers ${watchpost_headers_plain})
  set(libraries watchpost_lib_log)
  foreach(library IN LISTS ARGN)
    list(APPEND headers ${watchpost_headers_${library}})
    if(TARGET watchpost_lib_${library})
      list(APPEND libraries watchpost_lib_${library})
    endif()
  endforeach()
  if("catch" IN_LIST ARGN)
    file(CONFIGURE OUTPUT ${source} CONTENT "int main() {}\n")
    add_executable(${name} EXCLUDE_FROM_ALL ${source})
    set_target_properties(${name} PROPERTIES
      RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/precompiled)
  else()
    file(CONFIGURE OUTPUT ${source} CONTENT "// Carries the precompiled header.\n")
    add_library(${name} OBJECT EXCLUDE_FROM_ALL ${source})
  endif()
  target_link_libraries(${name} PRIVATE ${libraries})
  target_precompile_headers(${name} PRIVATE ${headers})
endfunction()
watchpost_header_set(watchpost_headers)
watchpost_header_set(watchpost_headers_json json)
watchpost_header_set(watchpost_headers_asio asio)
watchpost_header_set(watchpost_headers_asio_json asio json)
watchpost_header_set(watchpost_headers_catch catch)
watchpost_header_set(watchpost_headers_catch_json catch json)
watchpost_header_set(watchpost_headers_catch_asio_json catch asio json)

# watchpost_precompile(TARGET [catch] [asio] [json] ...): gives TARGET the precompiled header of this set.
# Other names are passed over.
function(watchpost_precompile target)
  set(set watchpost_headers)
  foreach(library catch asio json)
    if(library IN_LIST ARGN)
      string(APPEND set _${library})
    endif()
  endforeach()
  target_precompile_headers(${target} REUSE_FROM ${set})
endfunction()
