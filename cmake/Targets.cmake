# cruddur_library(NAME FOLDER LINKS...): one library from the .cpp files of one folder of backend/src. A folder links only what its
# arrow in docs/architecture.md allows; backend/tests/unit/include_arrows_test.cpp checks the includes.
#
# Libraries that the fuzzers look into are compiled with coverage counters where AddressSanitizer is on.
set(CRUDDUR_FUZZED cruddur_base cruddur_domain cruddur_http cruddur_api cruddur_user_pool cruddur_tokens)
function(cruddur_library name folder)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/src/${folder}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main/cruddur\\.cpp$") # the program itself
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/src)
  target_compile_options(${name} PRIVATE ${CRUDDUR_WARNINGS})
  target_link_libraries(${name} PUBLIC ${ARGN})
  if(CRUDDUR_SANITIZE MATCHES address AND name IN_LIST CRUDDUR_FUZZED)
    target_compile_options(${name} PRIVATE -fsanitize-coverage=inline-8bit-counters,pc-table,trace-cmp)
  endif()
  cruddur_precompile(${name})
endfunction()

# cruddur_test(NAME FOLDER LINKS...): one GoogleTest program from the .cpp files of one folder of backend/tests. For ThreadSanitizer
# only of those that have threads.
function(cruddur_test name folder)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/tests/${folder}/*.cpp)
  if(CRUDDUR_SANITIZE STREQUAL thread)
    cruddur_keep_threaded(sources)
  endif()
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE CRUDDUR_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_compile_options(${name} PRIVATE ${CRUDDUR_WARNINGS} -O0 -Winvalid-pch) # to optimise them takes more time than it saves
  target_link_libraries(${name} PRIVATE ${ARGN} cruddur_boost GTest::gmock GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM cruddur_support)
endfunction()

# cruddur_keep_threaded(LIST): leaves in the list the sources that use threads, by what they include: the standard library's, the
# runtime's, or those of a header of backend/tests/support.
set(CRUDDUR_THREADED "#include (<(thread|future)>|\"(runtime/|support/(hello_server|pool_fixture|route_server|test_database|tls_server)))")
function(cruddur_keep_threaded list)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${${list}})
  set(threaded)
  foreach(source IN LISTS ${list})
    file(STRINGS ${source} found REGEX "${CRUDDUR_THREADED}" LIMIT_COUNT 1)
    if(found)
      list(APPEND threaded ${source})
    endif()
  endforeach()
  set(${list} ${threaded} PARENT_SCOPE)
endfunction()

# cruddur_fuzz(NAME LINKS...): a libFuzzer program from backend/tests/fuzz/NAME.cpp. bin/test runs each for a few seconds.
function(cruddur_fuzz name)
  add_executable(${name} ${CMAKE_CURRENT_SOURCE_DIR}/tests/fuzz/${name}.cpp)
  target_compile_options(${name} PRIVATE ${CRUDDUR_WARNINGS})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(${name} PRIVATE ${ARGN})
  cruddur_precompile(${name})
endfunction()

# Boost's headers are heavy: one precompiled header serves every target, and their non-template parts are compiled once.
function(cruddur_precompile name)
  target_link_libraries(${name} PUBLIC cruddur_boost)
  target_precompile_headers(${name} REUSE_FROM cruddur_boost)
  target_compile_options(${name} PRIVATE -Winvalid-pch)
endfunction()
