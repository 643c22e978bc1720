# FindDuckDB: DuckDB's C library as target DuckDB::DuckDB (imported, shared).
#
#   1. DUCKDB_ROOT (variable or environment), or a library and header that are installed: the official release
#      archive, vcpkg, a distribution.
#   2. Else two npm packages, because Debian has no DuckDB: DuckDB's own Node binding carries the shared library,
#      the older Node client the C header. Both are pinned by version and SHA-512, nothing of them is run, and
#      they are unpacked once into build/deps/duckdb for all build folders.
#
# The header is of 1.4 and the library of 1.5: the C API only grows. The program asks the library for its version
# at start and refuses one older than 1.4. Sets DuckDB_FOUND, DuckDB_LIBRARY, DuckDB_INCLUDE_DIR.
# Installing: install(IMPORTED_RUNTIME_ARTIFACTS DuckDB::DuckDB LIBRARY DESTINATION ...).

set(duckdb_library_package "@duckdb/node-bindings-linux-x64@1.5.6-r.1")
set(duckdb_library_tarball "duckdb-node-bindings-linux-x64-1.5.6-r.1.tgz")
string(CONCAT duckdb_library_sha512
  "21772b64913a904a8cd19e30c1d5671811d7fdface4b7dd53cd0300d743f43e1"
  "6cf386f4e7c41ef78721ac208870d2651bc6375072145387817824315b998dd5")
set(duckdb_header_package "duckdb@1.4.4")
set(duckdb_header_tarball "duckdb-1.4.4.tgz")
string(CONCAT duckdb_header_sha512
  "844249e61c9517454b8f776638ba6c5ab411d1bddde1892ab72826ea25178c72"
  "430e74aa83f5122b171be6abcdace84560f824b5ac94e9d5c2b603ea7269a9a2")

# Checks one tarball and moves one member of it to `destination` by rename, so that no half file is ever seen.
function(duckdb_unpack folder tarball sha512 member destination)
  file(SHA512 ${folder}/${tarball} actual)
  if(NOT actual STREQUAL sha512)
    message(FATAL_ERROR "DuckDB: ${tarball} has SHA-512 ${actual}, not the pinned ${sha512}")
  endif()
  file(ARCHIVE_EXTRACT INPUT ${folder}/${tarball} DESTINATION ${folder} PATTERNS ${member})
  if(NOT EXISTS ${folder}/${member})
    message(FATAL_ERROR "DuckDB: ${tarball} has no ${member}")
  endif()
  get_filename_component(parent ${destination} DIRECTORY)
  file(MAKE_DIRECTORY ${parent})
  file(RENAME ${folder}/${member} ${destination})
endfunction()

function(duckdb_from_npm folder)
  file(MAKE_DIRECTORY ${folder})
  file(LOCK ${folder} DIRECTORY GUARD FUNCTION TIMEOUT 600)  # two configures at once: the second one waits
  set(version_file ${folder}/version.txt)
  set(version "${duckdb_library_sha512} ${duckdb_header_sha512}")
  set(found_version "")
  if(EXISTS ${version_file} AND EXISTS ${folder}/lib/libduckdb.so AND EXISTS ${folder}/include/duckdb.h)
    file(READ ${version_file} found_version)
  endif()
  if(found_version STREQUAL version)
    return()
  endif()
  if(NOT CMAKE_SYSTEM_NAME STREQUAL Linux OR NOT CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
    message(FATAL_ERROR "DuckDB: no pinned library for ${CMAKE_SYSTEM_NAME} ${CMAKE_SYSTEM_PROCESSOR}; install "
                        "DuckDB >= 1.4 (C library and duckdb.h) and set DUCKDB_ROOT to its folder")
  endif()
  find_program(duckdb_npm npm HINTS ${CMAKE_SOURCE_DIR}/build/node/bin NO_CACHE)
  if(NOT duckdb_npm)
    message(FATAL_ERROR "DuckDB: not installed, and there is no npm to fetch it with; install DuckDB >= 1.4 "
                        "(C library and duckdb.h) and set DUCKDB_ROOT to its folder, or install Node.js")
  endif()
  message(STATUS "DuckDB: fetching ${duckdb_library_package} and ${duckdb_header_package} with npm")
  set(work ${folder}/unpacking)
  file(REMOVE_RECURSE ${work})
  file(MAKE_DIRECTORY ${work})
  get_filename_component(npm_folder ${duckdb_npm} DIRECTORY)
  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env "PATH=${npm_folder}:$ENV{PATH}"
            ${duckdb_npm} pack --silent --ignore-scripts ${duckdb_library_package} ${duckdb_header_package}
    WORKING_DIRECTORY ${work} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "DuckDB: npm pack failed (${result}):\n${output}\nWithout a package registry: install "
                        "DuckDB >= 1.4 and set DUCKDB_ROOT to its folder")
  endif()
  duckdb_unpack(${work} ${duckdb_library_tarball} ${duckdb_library_sha512} package/libduckdb.so
                ${folder}/lib/libduckdb.so)
  duckdb_unpack(${work} ${duckdb_header_tarball} ${duckdb_header_sha512} package/src/duckdb/src/include/duckdb.h
                ${folder}/include/duckdb.h)
  duckdb_unpack(${work} ${duckdb_library_tarball} ${duckdb_library_sha512} package/LICENSE ${folder}/LICENSE)
  file(REMOVE_RECURSE ${work})
  file(WRITE ${version_file} "${version}")
endfunction()

set(duckdb_roots ${DUCKDB_ROOT} ${DuckDB_ROOT} $ENV{DUCKDB_ROOT} $ENV{DuckDB_ROOT})
find_library(DuckDB_LIBRARY duckdb HINTS ${duckdb_roots} PATH_SUFFIXES lib lib64 NO_CACHE)
find_path(DuckDB_INCLUDE_DIR duckdb.h HINTS ${duckdb_roots} PATH_SUFFIXES include src/include NO_CACHE)
if(NOT DuckDB_LIBRARY OR NOT DuckDB_INCLUDE_DIR)
  if(duckdb_roots)
    message(FATAL_ERROR "DuckDB: no libduckdb with duckdb.h in ${duckdb_roots} (DUCKDB_ROOT)")
  endif()
  duckdb_from_npm(${CMAKE_SOURCE_DIR}/build/deps/duckdb)
  set(DuckDB_LIBRARY ${CMAKE_SOURCE_DIR}/build/deps/duckdb/lib/libduckdb.so)
  set(DuckDB_INCLUDE_DIR ${CMAKE_SOURCE_DIR}/build/deps/duckdb/include)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(DuckDB REQUIRED_VARS DuckDB_LIBRARY DuckDB_INCLUDE_DIR)
if(DuckDB_FOUND AND NOT TARGET DuckDB::DuckDB)
  add_library(DuckDB::DuckDB SHARED IMPORTED)
  set_target_properties(DuckDB::DuckDB PROPERTIES
    IMPORTED_LOCATION ${DuckDB_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${DuckDB_INCLUDE_DIR})
endif()
