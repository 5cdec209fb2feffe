# C++20 without extensions, warnings as errors, and ccache where it is installed.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)

# Position-independent code may be linked into a shared library, where others may replace its functions; then g++
# would inline none of those that another file may call. Nobody replaces ours (measured: 1.3 % fewer instructions).
add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fno-semantic-interposition>)

# A debug build checks each index, iterator and optional of the standard library, and aborts.
add_compile_definitions($<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Werror)
add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor;-Wold-style-cast>")

# In a unit g++ takes each source for a header, and in a header a coroutine's frame may hold no type of an
# unnamed namespace. Here that does no harm, because each source is compiled once.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_UNITY_BUILD)
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:-Wno-subobject-linkage>")
endif()

find_program(WATCHPOST_CCACHE ccache)
if(WATCHPOST_CCACHE)
  # With precompiled headers ccache never hits without this setting and, for clang, the option below.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${WATCHPOST_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${WATCHPOST_CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
  endif()
endif()

set(WATCHPOST_SANITIZE "" CACHE STRING "Sanitizers, comma separated: address,undefined or thread")
if(WATCHPOST_SANITIZE)
  add_compile_options(-fsanitize=${WATCHPOST_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${WATCHPOST_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 gives these two warnings falsely under the sanitizers' instrumentation.
    add_compile_options(-Wno-error=maybe-uninitialized -Wno-error=stringop-overflow)
    if(WATCHPOST_SANITIZE MATCHES thread)
      add_compile_options(-Wno-tsan)
    endif()
  endif()
endif()
