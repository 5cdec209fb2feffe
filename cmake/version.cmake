# WATCHPOST_VERSION_TEXT: the version with its commit. A package is built from an export without a repository, so
# tools/package gives the commit; in a clone it is asked for, again after each commit.
set(WATCHPOST_COMMIT "" CACHE STRING "The commit this is built from; empty: ask git")
set(commit "${WATCHPOST_COMMIT}")
if(NOT commit AND EXISTS ${PROJECT_SOURCE_DIR}/.git)
  execute_process(COMMAND git -C ${PROJECT_SOURCE_DIR} rev-parse --short=12 HEAD
                  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(EXISTS ${PROJECT_SOURCE_DIR}/.git/logs/HEAD)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/.git/logs/HEAD)
  endif()
endif()
set(WATCHPOST_VERSION_TEXT ${PROJECT_VERSION})
if(commit)
  string(APPEND WATCHPOST_VERSION_TEXT " (commit ${commit})")
endif()
