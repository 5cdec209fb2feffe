# Runs at install time; `watchpost_units`, `watchpost_examples`, `watchpost_bindir`, `watchpost_docdir` and
# `watchpost_wanted`, the unit of which component, are set by systemd/CMakeLists.txt. The configuration lies where
# config/install_once.cmake puts it.
set(CMAKE_INSTALL_FULL_BINDIR "${CMAKE_INSTALL_PREFIX}/${watchpost_bindir}")
set(CMAKE_INSTALL_FULL_DOCDIR "${CMAKE_INSTALL_PREFIX}/${watchpost_docdir}")
if(CMAKE_INSTALL_PREFIX MATCHES "^/usr(/local)?/?$")
  set(WATCHPOST_CONFIG_FILE /etc/watchpost/watchpost.toml)
else()
  set(WATCHPOST_CONFIG_FILE "${CMAKE_INSTALL_PREFIX}/etc/watchpost/watchpost.toml")
endif()
set(folder "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/lib/systemd/system")
if(watchpost_wanted MATCHES "^gateway$")
  set(unit "${folder}/watchpostd.service")
  configure_file("${watchpost_units}/watchpostd.service.in" "${unit}" @ONLY)
  configure_file("${watchpost_units}/watchpost-backup.service.in" "${folder}/watchpost-backup.service" @ONLY)
  file(COPY "${watchpost_units}/watchpost-backup.timer" DESTINATION "${folder}")
else()
  # No variable here may be called as a component: CMake would look at its value when it compares names.
  # The street's receiver: its unit is the example of the guide, and stays disabled until a person enables it.
  set(unit "${folder}/watchpost-receive.service")
  file(READ "${watchpost_examples}/watchpost-receive.service" unit_text)
  string(REPLACE "/usr/local/bin/" "${CMAKE_INSTALL_FULL_BINDIR}/" unit_text "${unit_text}")
  file(WRITE "${unit}" "${unit_text}")
endif()
message(STATUS "Installing: ${unit}")
