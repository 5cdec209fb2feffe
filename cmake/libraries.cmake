# Every external library, found once and named watchpost::lib::<name>. Which layer may use which is
# written in tests/tidy/layers.toml and enforced there.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(OpenSSL 3 REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3>=3.40)
pkg_check_modules(systemd REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd>=1.5)
find_package(ZLIB 1.2 REQUIRED)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
# The static library of LZ4: only that one has LZ4_attach_dictionary, without which each row would cost a
# copy of 16 KiB.
find_library(WATCHPOST_LZ4 liblz4.a REQUIRED)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
pkg_check_modules(argon2 REQUIRED IMPORTED_TARGET libargon2)
# The development files of prometheus-cpp are there for one architecture at a time. For another one the headers of
# this machine do, with the library that runs there.
if(CMAKE_CROSSCOMPILING)
  find_library(WATCHPOST_PROMETHEUS libprometheus-cpp-core.so.1.0 REQUIRED)
else()
  find_package(prometheus-cpp REQUIRED COMPONENTS core)
  set(WATCHPOST_PROMETHEUS prometheus-cpp::core)
endif()
find_package(PahoMqttCpp 1.2 REQUIRED)  # and the C library below it

function(watchpost_library name)
  add_library(watchpost_lib_${name} INTERFACE)
  target_link_libraries(watchpost_lib_${name} INTERFACE ${ARGN})
  add_library(watchpost::lib::${name} ALIAS watchpost_lib_${name})
endfunction()

watchpost_library(asio Boost::headers Threads::Threads)
watchpost_library(json Boost::json)
watchpost_library(url Boost::url)
watchpost_library(crypto OpenSSL::SSL OpenSSL::Crypto)
watchpost_library(argon2 PkgConfig::argon2)
watchpost_library(log spdlog::spdlog)
watchpost_library(cli CLI11::CLI11)
watchpost_library(sqlite PkgConfig::sqlite3)
watchpost_library(systemd PkgConfig::systemd)
watchpost_library(compression PkgConfig::zstd ZLIB::ZLIB)
watchpost_library(hash PkgConfig::xxhash)
watchpost_library(packing ${WATCHPOST_LZ4})
watchpost_library(toml PkgConfig::tomlplusplus)
watchpost_library(metrics ${WATCHPOST_PROMETHEUS})
watchpost_library(paho PahoMqttCpp::paho-mqttpp3)
# Asio and Beast are compiled once, in daemon/base, and deprecated parts of Asio stay out of reach.
target_compile_definitions(watchpost_lib_asio INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION)
