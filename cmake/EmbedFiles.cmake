# Puts files into a program. Included, it gives cruddur_embed(); run as a script, it writes the source.
# Files named NAME.gz and NAME.br beside NAME are its encodings, and left out where they are no smaller.

if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(CRUDDUR_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

  # cruddur_embed(TARGET FOLDERS...): the target gets cruddur::http::embedded_files() with all files of the folders, each at its path
  # within its folder. A folder may be absent.
  function(cruddur_embed target)
    set(all)
    foreach(folder IN LISTS ARGN)
      file(GLOB_RECURSE files CONFIGURE_DEPENDS ${folder}/*)
      list(APPEND all ${files})
    endforeach()
    set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded_files.cpp)
    add_custom_command(
      OUTPUT ${source}
      COMMAND ${CMAKE_COMMAND} "-DFOLDERS=${ARGN}" -DOUTPUT=${source} -P ${CRUDDUR_EMBED_SCRIPT}
      DEPENDS ${CRUDDUR_EMBED_SCRIPT} ${all}
      COMMENT "Embedding the web client"
      VERBATIM)
    # The list of folders is part of the command, so a change of it runs the command again.
    target_sources(${target} PRIVATE ${source})
    set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${all}" SKIP_PRECOMPILE_HEADERS ON)
  endfunction()
  return()
endif()

set(type_html "text/html; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_json "application/json")
set(type_webmanifest "application/manifest+json")
set(type_svg "image/svg+xml")
set(type_png "image/png")
set(type_ico "image/x-icon")
set(type_webp "image/webp")
set(type_woff2 "font/woff2")
set(type_txt "text/plain; charset=utf-8")
set(type_map "application/json")

set(number 0)
set(rows)
set(blobs)

# Appends an .incbin of `file` to blobs, and sets `out` to the C++ name of its bytes.
function(embed_blob file out)
  set(name "blob_${number}")
  math(EXPR next "${number} + 1")
  set(number ${next} PARENT_SCOPE)
  set(${out} "bytes(${name}, ${name}_end)" PARENT_SCOPE)
  set(blobs "${blobs}EMBED(${name}, \"${file}\")\n" PARENT_SCOPE)
endfunction()

foreach(folder IN LISTS FOLDERS)
  file(GLOB_RECURSE files RELATIVE ${folder} ${folder}/*)
  list(SORT files)
  foreach(path IN LISTS files)
    if(path MATCHES "(^|/)\\." OR path MATCHES "\\.(gz|br)$")
      continue()
    endif()
    file(SHA256 ${folder}/${path} digest)
    string(SUBSTRING ${digest} 0 20 digest)
    string(REGEX MATCH "[a-z0-9]+$" extension ${path})
    set(type "application/octet-stream")
    if(DEFINED type_${extension})
      set(type ${type_${extension}})
    endif()
    file(SIZE ${folder}/${path} identity_size)
    embed_blob(${folder}/${path} identity)
    foreach(encoding gz br)
      set(${encoding} "{}")
      if(EXISTS ${folder}/${path}.${encoding})
        file(SIZE ${folder}/${path}.${encoding} size)
        if(size LESS identity_size)
          embed_blob(${folder}/${path}.${encoding} ${encoding})
        endif()
      endif()
    endforeach()
    string(APPEND rows "      {\"/${path}\", \"${type}\", \"\\\"${digest}\\\"\",\n       ${identity}, ${gz}, ${br}},\n")
  endforeach()
endforeach()

file(WRITE ${OUTPUT} "// Written by cmake/EmbedFiles.cmake.
#include <array>

#include \"http/static_files.hpp\"

#define EMBED(name, file)                                                     \\
  asm(\".pushsection .rodata.embedded, \\\"a\\\"\\n.global \" #name \"\\n.global \" #name \\
      \"_end\\n.balign 16\\n\" #name \":\\n.incbin \\\"\" file \"\\\"\\n\" #name                \\
      \"_end:\\n.byte 0\\n.popsection\");                                        \\
  extern \"C\" const char name[];                                               \\
  extern \"C\" const char name##_end[];

${blobs}
namespace cruddur::http {
namespace {

std::string_view bytes(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

std::span<const embedded_file> embedded_files() {
")
if(rows)
  file(APPEND ${OUTPUT} "  static const auto files = std::to_array<embedded_file>({\n${rows}  });\n  return files;\n}\n")
else()
  file(APPEND ${OUTPUT} "  return {};\n}\n")
endif()
file(APPEND ${OUTPUT} "\n}  // namespace cruddur::http\n")
