# cruddur_embed_migrations(TARGET): compiles the files of backend/db/migrations into TARGET.
function(cruddur_embed_migrations target)
  set(folder ${CMAKE_CURRENT_SOURCE_DIR}/db/migrations)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/migrations_data.cpp)
  set(script ${CMAKE_SOURCE_DIR}/cmake/embed_migrations.cmake)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/sqlite/*.sql ${folder}/postgres/*.sql)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -DOUTPUT=${output} -P ${script}
    DEPENDS ${script} ${files}
    COMMENT "Embedding the migrations"
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
