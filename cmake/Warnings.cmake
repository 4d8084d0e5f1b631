# SPDX-License-Identifier: Apache-2.0
# Warnings that every target of ours is compiled with. They are errors in the presets only
# (TLSDOCTOR_WERROR): a packager's newer compiler must not break the build.

add_library(tlsdoctor_warnings INTERFACE)
target_compile_options(
    tlsdoctor_warnings
    INTERFACE
        -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
        -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wunused -Wformat=2
        -Wimplicit-fallthrough -Wdouble-promotion
        # GCC 12 sees null and uninitialised values in inlined code of Asio and <optional> that cannot
        # be: these two are asked of the builds that inline less.
        $<IF:$<CONFIG:Release,RelWithDebInfo>,-Wno-maybe-uninitialized,-Wnull-dereference>
        $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wuseless-cast>
        # Designated initialisers name what differs; the rest has default initialisers (ARCHITECTURE.md §7).
        -Wno-missing-field-initializers
        $<$<BOOL:${TLSDOCTOR_WERROR}>:-Werror>
)
