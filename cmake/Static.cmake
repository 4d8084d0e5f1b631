# SPDX-License-Identifier: Apache-2.0
# One file without a loader: loading and relocating shared libraries is most of what a start costs
# (docs/adr/0060-static-program.md). Included before any library is looked for, because it decides which
# file of a library is found: the archive first where the program is static. Packagers turn it off.

include(CheckCXXSourceCompiles)

# Sanitizers need the shared C library, and a coverage build is no faster for it.
set(static_default ON)
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize|--coverage" OR TLSDOCTOR_FUZZERS)
    set(static_default OFF)
endif()
option(TLSDOCTOR_STATIC "Link everything into the program, which then starts four times as fast" ${static_default})

# tlsdoctor_static_possible(OUT): whether the compiler links static programs here, and every archive is there.
function(tlsdoctor_static_possible out)
    set(CMAKE_REQUIRED_LINK_OPTIONS -static)
    set(CMAKE_REQUIRED_LIBRARIES re2 cares idn2 unistring boost_json sqlite3 expat z ssl crypto)
    check_cxx_source_compiles("#include <string>\nint main() { return std::string().size() != 0; }" static_links)
    set(${out} ${static_links} PARENT_SCOPE)
endfunction()

set(tlsdoctor_static OFF)
if(DEFINED TLSDOCTOR_STATIC_OPENSSL AND NOT TLSDOCTOR_STATIC_OPENSSL)
    set(TLSDOCTOR_STATIC OFF) # a static program cannot load the shared OpenSSL
endif()
if(TLSDOCTOR_STATIC)
    tlsdoctor_static_possible(tlsdoctor_static)
    if(NOT tlsdoctor_static)
        message(STATUS "Archives of the libraries are missing here: shared ones are used, and each start is slower")
    endif()
endif()

# What was found for the other choice is found again.
if(NOT "${tlsdoctor_was_static}" STREQUAL "${tlsdoctor_static}")
    get_cmake_property(cached CACHE_VARIABLES)
    foreach(variable ${cached})
        if(variable MATCHES "^(pkgcfg_lib_|__pkg_config_checked_|(OPENSSL|SQLite3|EXPAT|ZLIB)_.*LIBRARY)")
            unset(${variable} CACHE)
        endif()
    endforeach()
endif()
set(tlsdoctor_was_static "${tlsdoctor_static}" CACHE INTERNAL "")

if(tlsdoctor_static)
    list(PREPEND CMAKE_FIND_LIBRARY_SUFFIXES .a)
    set(Boost_USE_STATIC_LIBS ON)
endif()

# tlsdoctor_link_statically(TARGET): the program alone; the tests load the C library as ever.
function(tlsdoctor_link_statically target)
    if(tlsdoctor_static)
        # Fixed addresses: some 54,000 pointers in tables need no relocation, and no page of them is copied.
        target_link_options(${target} PRIVATE -static -no-pie -Wl,--gc-sections)
    endif()
endfunction()
