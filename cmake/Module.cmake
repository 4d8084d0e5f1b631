# SPDX-License-Identifier: Apache-2.0
# One function declares one module (a folder of src/), another its tests. tools/check_layering.py reads
# the DEPENDS lists and holds every #include to them, so they are the layers, not a picture of them.

# tlsdoctor_module(NAME DEPENDS module... SOURCES file... LIBS target... )
#   DEPENDS  modules of ours whose headers this one may include
#   LIBS     outside libraries that this module owns
#   PCH      headers to precompile
function(tlsdoctor_module name)
    cmake_parse_arguments(arg "" "" "DEPENDS;SOURCES;LIBS;PCH" ${ARGN})
    add_library(tlsdoctor_${name} STATIC ${arg_SOURCES})
    target_include_directories(tlsdoctor_${name} PUBLIC "${PROJECT_SOURCE_DIR}/src")
    set_target_properties(tlsdoctor_${name} PROPERTIES UNITY_BUILD ${TLSDOCTOR_UNITY})
    list(TRANSFORM arg_DEPENDS PREPEND tlsdoctor_)
    target_link_libraries(tlsdoctor_${name} PUBLIC ${arg_DEPENDS} ${arg_LIBS} PRIVATE tlsdoctor_warnings)
    if(arg_PCH)
        target_precompile_headers(tlsdoctor_${name} PRIVATE ${arg_PCH})
    endif()
endfunction()

# tlsdoctor_tests(NAME SOURCES file... LIBS target...): one doctest program for one module. Its main() is
# compiled once for all of them.
function(tlsdoctor_tests name)
    cmake_parse_arguments(arg "" "" "SOURCES;LIBS" ${ARGN})
    add_executable(test_${name} ${arg_SOURCES} $<TARGET_OBJECTS:tlsdoctor_test_main>)
    target_link_libraries(test_${name} PRIVATE tlsdoctor_${name} ${arg_LIBS} tlsdoctor_warnings)
    # Tests are compiled more often than they run.
    set_target_properties(test_${name} PROPERTIES UNITY_BUILD ${TLSDOCTOR_UNITY})
    target_compile_options(test_${name} PRIVATE -O0)
    target_include_directories(test_${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
    target_compile_definitions(test_${name} PRIVATE TLSDOCTOR_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    if(NOT TLSDOCTOR_UNITY)
        target_precompile_headers(test_${name} PRIVATE <doctest/doctest.h>)
    endif()
    add_test(NAME ${name} COMMAND test_${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT 300)
endfunction()

# tlsdoctor_table(MODULE OUT file.inc FROM data.tsv [DEPENDS more...]): a table of data/ as C++ rows,
# made by tools/gen_tables.py at build time; the module includes it as "file.inc".
function(tlsdoctor_table name)
    cmake_parse_arguments(arg "" "OUT" "FROM" ${ARGN})
    set(out "${CMAKE_CURRENT_BINARY_DIR}/generated/${arg_OUT}")
    list(TRANSFORM arg_FROM PREPEND "${PROJECT_SOURCE_DIR}/data/")
    set(script "${PROJECT_SOURCE_DIR}/tools/gen_tables.py")
    add_custom_command(
        OUTPUT "${out}"
        COMMAND Python3::Interpreter "${script}" "${out}" ${arg_FROM}
        DEPENDS "${script}" ${arg_FROM}
        VERBATIM
    )
    target_sources(tlsdoctor_${name} PRIVATE "${out}")
    target_include_directories(tlsdoctor_${name} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/generated")
endfunction()

# tlsdoctor_embed(MODULE NAME symbol FILES file...): whole files in the program's read-only data,
# reachable through base/embedded.hpp as `extern "C"` symbols made by tools/gen_embed.py.
function(tlsdoctor_embed name)
    cmake_parse_arguments(arg "" "NAME" "FILES" ${ARGN})
    set(out "${CMAKE_CURRENT_BINARY_DIR}/generated/${arg_NAME}.cpp")
    set(script "${PROJECT_SOURCE_DIR}/tools/gen_embed.py")
    add_custom_command(
        OUTPUT "${out}"
        COMMAND Python3::Interpreter "${script}" "${out}" ${arg_NAME} ${arg_FILES}
        DEPENDS "${script}" ${arg_FILES}
        VERBATIM
    )
    target_sources(tlsdoctor_${name} PRIVATE "${out}")
endfunction()
