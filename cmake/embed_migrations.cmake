# Writes OUTPUT, a C++ file with the migrations of FOLDER/{sqlite,postgres}/NNNN_name.{up,down}.sql, and refuses a gap in
# the numbers, a missing .down.sql, and a migration that only one engine has.
cmake_policy(VERSION 3.25)

set(text "#include \"adapters/sql/migrations.hpp\"\n\nnamespace cruddur::sql {\nnamespace {\n")
foreach(engine sqlite postgres)
  file(GLOB names RELATIVE ${FOLDER}/${engine} ${FOLDER}/${engine}/*.up.sql)
  list(SORT names)
  string(APPEND text "\nconstexpr migration ${engine}_migrations[] = {\n")
  set(expected 0)
  foreach(file ${names})
    math(EXPR expected "${expected} + 1")
    if(NOT file MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)\\.up\\.sql$")
      message(FATAL_ERROR "backend/db/migrations/${engine}/${file} is not named NNNN_name.up.sql")
    endif()
    set(digits ${CMAKE_MATCH_1})
    set(name ${CMAKE_MATCH_2})
    string(REGEX REPLACE "^0+" "" number ${digits})
    if(NOT number EQUAL expected)
      message(FATAL_ERROR "backend/db/migrations/${engine}/${file}: the next number is ${expected}")
    endif()
    set(down ${FOLDER}/${engine}/${digits}_${name}.down.sql)
    if(NOT EXISTS ${down})
      message(FATAL_ERROR "backend/db/migrations/${engine}/${digits}_${name}.down.sql is missing")
    endif()
    file(READ ${FOLDER}/${engine}/${file} up_text)
    file(READ ${down} down_text)
    string(APPEND text "    {${number}, \"${name}\",\n     R\"embedded(${up_text})embedded\",\n")
    string(APPEND text "     R\"embedded(${down_text})embedded\"},\n")
  endforeach()
  string(APPEND text "    {0, \"\", \"\", \"\"},\n};\n")
  set(${engine}_names "${names}")
endforeach()
if(NOT sqlite_names STREQUAL postgres_names)
  message(FATAL_ERROR "backend/db/migrations: sqlite/ and postgres/ hold different migrations")
endif()
list(LENGTH sqlite_names count)

string(APPEND text "
}  // namespace

std::span<const migration> migrations_for(engine kind) {
  const migration* first = kind == engine::sqlite ? sqlite_migrations : postgres_migrations;
  return {first, ${count}};
}

}  // namespace cruddur::sql
")
file(WRITE ${OUTPUT} "${text}")
