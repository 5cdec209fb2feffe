# Runs at install time. `watchpost_sample` is set by config/CMakeLists.txt. A system prefix has its
# configuration in /etc, any other prefix (a test, a package being staged) within itself.
if(CMAKE_INSTALL_PREFIX MATCHES "^/usr(/local)?/?$")
  set(folder "/etc/watchpost")
else()
  set(folder "${CMAKE_INSTALL_PREFIX}/etc/watchpost")
endif()
if(EXISTS "$ENV{DESTDIR}${folder}/watchpost.toml")
  message(STATUS "Kept: $ENV{DESTDIR}${folder}/watchpost.toml (the new sample is in share/watchpost)")
else()
  # file(INSTALL) adds DESTDIR itself. Passwords may be written into the file: the
  # service reads the file by its group, and nobody else may read it.
  file(INSTALL "${watchpost_sample}" DESTINATION "${folder}"
       PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ)
endif()
