# Steps of EmbedWeb.cmake, run by cmake -P while building.
#
#   STEP=install  WEB NPM STAMP         npm ci, if what is installed is older than package-lock.json
#   STEP=bundle   WEB NPM BUILD OUTPUT  builds the page into BUILD/dist, writes the C++ file OUTPUT
#   STEP=plain    BUILD OUTPUT          the same for one page that says that the page was left out
#
# Texts are stored compressed (gzip -9, without name and time, so that equal pages give equal bytes). Vite puts a
# hash of the content into the names under /assets, so those never change under their name.

# Runs npm; its output is shown only if it fails.
function(run_npm)
  get_filename_component(npm_folder ${NPM} DIRECTORY)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env "PATH=${npm_folder}:$ENV{PATH}" ${NPM} ${ARGN}
                  WORKING_DIRECTORY ${WEB} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " words)
    message(FATAL_ERROR "web: npm ${words} failed (${result}):\n${output}")
  endif()
endfunction()

function(content_type path result)
  set(types html text/html js text/javascript css text/css txt text/plain svg image/svg+xml json application/json
            webmanifest application/manifest+json map application/json woff2 font/woff2 png image/png
            ico image/x-icon)
  get_filename_component(extension ${path} LAST_EXT)
  string(SUBSTRING "${extension}" 1 -1 extension)
  list(FIND types "${extension}" index)
  set(type application/octet-stream)
  if(NOT index EQUAL -1)
    math(EXPR index "${index} + 1")
    list(GET types ${index} type)
  endif()
  if(type MATCHES "^text/")
    string(APPEND type "; charset=utf-8")
  endif()
  set(${result} "${type}" PARENT_SCOPE)
endfunction()

# Adds the file `path` of the folder `dist` to the texts `blobs` and `entries` of the caller.
function(add_asset dist path number)
  content_type(${path} type)
  file(SHA256 ${dist}/${path} etag)
  string(SUBSTRING ${etag} 0 16 etag)
  set(file ${dist}/${path})
  set(is_gzip false)
  if(NOT path MATCHES "\\.(woff2|png|ico)$")
    set(file ${BUILD}/gzip/${path}.gz)
    get_filename_component(folder ${file} DIRECTORY)
    file(MAKE_DIRECTORY ${folder})
    execute_process(COMMAND gzip -9nc ${dist}/${path} OUTPUT_FILE ${file} RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
      message(FATAL_ERROR "web: gzip of ${dist}/${path} failed")
    endif()
    set(is_gzip true)
  endif()
  set(is_immutable false)
  if(path MATCHES "^assets/")
    set(is_immutable true)
  endif()
  file(SIZE ${file} size)
  set(name slip_web_asset_${number})
  string(APPEND blobs "asm(\".pushsection .rodata\\n.global ${name}\\n.hidden ${name}\\n${name}:\\n\"\n"
                      "    \".incbin \\\"${file}\\\"\\n.popsection\\n\");\n"
                      "extern \"C\" const char ${name}[];\n")
  string(APPEND entries "      Asset{\"/${path}\", \"${type}\", {${name}, ${size}}, ${is_gzip}, \"${etag}\", "
                        "${is_immutable}},\n")
  set(blobs "${blobs}" PARENT_SCOPE)
  set(entries "${entries}" PARENT_SCOPE)
endfunction()

function(write_assets dist)
  file(REMOVE_RECURSE ${BUILD}/gzip)
  file(GLOB_RECURSE paths RELATIVE ${dist} ${dist}/*)
  list(SORT paths)
  set(blobs "")
  set(entries "")
  set(count 0)
  foreach(path IN LISTS paths)
    add_asset(${dist} ${path} ${count})
    math(EXPR count "${count} + 1")
  endforeach()
  if(count EQUAL 0)
    message(FATAL_ERROR "web: ${dist} is empty")
  endif()
  file(WRITE ${OUTPUT}
"// The page, made by cmake/bundle_web.cmake.
#include \"serve/asset.h\"

#include <array>

${blobs}
namespace slipstream::serve {

std::span<const Asset> web_assets() {
  static const std::array<Asset, ${count}> assets = {
${entries}  };
  return assets;
}

}  // namespace slipstream::serve
")
endfunction()

if(STEP STREQUAL install)
  # Build folders share the packages: one installs, the others wait and find them there.
  file(LOCK ${WEB}/../build/web-packages.lock GUARD PROCESS TIMEOUT 600)
  if(NOT EXISTS ${WEB}/node_modules/.package-lock.json
     OR NOT ${WEB}/node_modules/.package-lock.json IS_NEWER_THAN ${WEB}/package-lock.json)
    run_npm(ci --no-audit --no-fund)
  endif()
  file(TOUCH ${STAMP})
elseif(STEP STREQUAL bundle)
  run_npm(run build -- --outDir ${BUILD}/dist --emptyOutDir)
  write_assets(${BUILD}/dist)
else()
  file(REMOVE_RECURSE ${BUILD}/dist)
  file(WRITE ${BUILD}/dist/index.html
"<!doctype html>
<html lang=\"en\">
  <head><meta charset=\"utf-8\" /><title>slipstream</title></head>
  <body>
    <h1>slipstream</h1>
    <p>This program was built without its page (SLIPSTREAM_WEB=OFF). <a href=\"/api/sessions\">Sessions</a>,
    <a href=\"/api/health\">health</a> and <a href=\"/metrics\">metrics</a> are here.</p>
  </body>
</html>
")
  write_assets(${BUILD}/dist)
endif()
