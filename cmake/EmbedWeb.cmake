# slip_web_assets: the page, built by Vite and compiled into the binary; serve/asset.h has its one function.
#
# SLIPSTREAM_WEB=ON needs npm: from PATH, or from build/node/bin where tools/setup.sh puts Node.js. The packages
# are installed (npm ci) only when package-lock.json is newer than what is installed, the page is built only when
# one of its sources has changed, in the build folder, so that build folders do not disturb each other.
# SLIPSTREAM_WEB=OFF gives one plain page that says so; API and WebSocket are there as always.
set(slip_web_source ${CMAKE_SOURCE_DIR}/web)
set(slip_web_build ${CMAKE_BINARY_DIR}/web)
set(slip_web_assets_cc ${slip_web_build}/web_assets.cc)
set(slip_web_script ${CMAKE_CURRENT_LIST_DIR}/bundle_web.cmake)
file(MAKE_DIRECTORY ${slip_web_build})

if(SLIPSTREAM_WEB)
  find_program(SLIPSTREAM_NPM npm HINTS ${CMAKE_SOURCE_DIR}/build/node/bin)
  if(NOT SLIPSTREAM_NPM)
    message(FATAL_ERROR "web: there is no npm; run tools/setup.sh, install Node.js, or set -DSLIPSTREAM_WEB=OFF")
  endif()
  file(GLOB_RECURSE slip_web_sources CONFIGURE_DEPENDS ${slip_web_source}/src/* ${slip_web_source}/public/*)
  list(FILTER slip_web_sources EXCLUDE REGEX "\\.test\\.tsx?$")
  list(APPEND slip_web_sources ${slip_web_source}/index.html ${slip_web_source}/package.json
       ${slip_web_source}/tsconfig.json ${slip_web_source}/vite.config.ts)
  add_custom_command(
    OUTPUT ${slip_web_build}/packages.stamp
    COMMAND ${CMAKE_COMMAND} -D STEP=install -D WEB=${slip_web_source} -D NPM=${SLIPSTREAM_NPM}
            -D STAMP=${slip_web_build}/packages.stamp -P ${slip_web_script}
    DEPENDS ${slip_web_source}/package-lock.json ${slip_web_script}
    COMMENT "web: packages" VERBATIM)
  add_custom_command(
    OUTPUT ${slip_web_assets_cc}
    COMMAND ${CMAKE_COMMAND} -D STEP=bundle -D WEB=${slip_web_source} -D NPM=${SLIPSTREAM_NPM}
            -D BUILD=${slip_web_build} -D OUTPUT=${slip_web_assets_cc} -P ${slip_web_script}
    DEPENDS ${slip_web_sources} ${slip_web_build}/packages.stamp ${slip_web_script}
    COMMENT "web: page" VERBATIM)
else()
  add_custom_command(
    OUTPUT ${slip_web_assets_cc}
    COMMAND ${CMAKE_COMMAND} -D STEP=plain -D BUILD=${slip_web_build} -D OUTPUT=${slip_web_assets_cc}
            -P ${slip_web_script}
    DEPENDS ${slip_web_script}
    COMMENT "web: plain page" VERBATIM)
endif()

add_library(slip_web_assets STATIC ${slip_web_assets_cc})
target_include_directories(slip_web_assets PUBLIC ${CMAKE_SOURCE_DIR}/src)
target_link_libraries(slip_web_assets PRIVATE slip_flags)
