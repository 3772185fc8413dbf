# cruddur_support: what several test programs share. io_fault: a library to preload into a program under test.
file(GLOB support_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/tests/support/*.cpp)
add_library(cruddur_support STATIC ${support_sources})
target_include_directories(cruddur_support PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/tests)
target_compile_options(cruddur_support PRIVATE ${CRUDDUR_WARNINGS} -O0 -Winvalid-pch)
target_link_libraries(cruddur_support PUBLIC cruddur_sqlite cruddur_postgres cruddur_key_file cruddur_runtime GTest::gmock)
target_precompile_headers(cruddur_support PRIVATE tests/precompiled.hpp)

# The sanitizers belong to the program that it is preloaded into.
add_library(io_fault SHARED ${CMAKE_CURRENT_SOURCE_DIR}/tests/support/io_fault/io_fault.cpp)
target_compile_options(io_fault PRIVATE ${CRUDDUR_WARNINGS} -fno-sanitize=all)
target_link_options(io_fault PRIVATE -fno-sanitize=all)
target_link_libraries(io_fault PRIVATE ${CMAKE_DL_LIBS})
