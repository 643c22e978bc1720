# slip_module(NAME [DEPS module...] [PACKAGES target...]): library slip_NAME from src/NAME/*.cc, and, from the
# *_test.cc beside them, the program NAME_test. DEPS are the module's row of the include table.
add_library(slip_flags INTERFACE)
target_include_directories(slip_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(slip_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wno-sign-conversion -Werror)
target_compile_definitions(slip_flags INTERFACE SLIPSTREAM_VERSION="${PROJECT_VERSION}")
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # False alarms of g++ 12 inside std::optional, std::variant and std::string at -O2.
  target_compile_options(slip_flags INTERFACE -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow
                                              -Wno-array-bounds)
endif()
if(SLIPSTREAM_SANITIZE)
  target_compile_options(slip_flags INTERFACE -fsanitize=${SLIPSTREAM_SANITIZE} -fno-omit-frame-pointer
                                              -fno-sanitize-recover=all)
  target_link_options(slip_flags INTERFACE -fsanitize=${SLIPSTREAM_SANITIZE})
endif()

# slip_test(NAME sources... [LIBS target...]): a GoogleTest program; every TEST is one ctest entry.
function(slip_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LIBS;LABELS" ${ARGN})
  if(NOT SLIPSTREAM_TESTS)
    return()
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LIBS} slip_flags GTest::gtest_main GTest::gmock rapidcheck)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
                       PROPERTIES TIMEOUT 300 LABELS "${arg_LABELS}")
endfunction()

function(slip_module name)
  cmake_parse_arguments(arg "" "" "DEPS;PACKAGES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$|/main\\.cc$")  # main.cc: the program's, see src/cli
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(TRANSFORM arg_DEPS PREPEND slip_)
  if(NOT sources)
    add_library(slip_${name} INTERFACE)
    return()
  endif()
  add_library(slip_${name} STATIC ${sources})
  target_link_libraries(slip_${name} PUBLIC ${arg_DEPS} ${arg_PACKAGES} PRIVATE slip_flags)
  target_include_directories(slip_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  if(tests)
    slip_test(${name}_test SOURCES ${tests} LIBS slip_${name})
  endif()
endfunction()
