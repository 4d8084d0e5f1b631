# SPDX-License-Identifier: Apache-2.0
# Warnings that every target of ours is compiled with. They are errors in the presets only
# (TLSDOCTOR_WERROR): a packager's newer compiler must not break the build.

set(inlines "$<CONFIG:Release,RelWithDebInfo>")
add_library(tlsdoctor_warnings INTERFACE)
target_compile_options(
    tlsdoctor_warnings
    INTERFACE
        -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
        -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wunused -Wformat=2
        -Wimplicit-fallthrough -Wdouble-promotion
        # GCC 12 sees null, uninitialised and overlapping memory in inlined code of Asio, <optional> and
        # <string> that cannot be (GCC PR 105562, 105651), and mistakes the operator delete of Asio's
        # coroutine frames (PR 103993). The sanitizers look at the same things without guessing.
        $<$<NOT:${inlines}>:-Wnull-dereference>
        $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-mismatched-new-delete>
        $<$<AND:${inlines},$<CXX_COMPILER_ID:GNU>>:-Wno-restrict -Wno-stringop-overflow>
        $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wuseless-cast>
        # libstdc++ 12's stable_sort and stable_partition use what the standard has deprecated since.
        $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
        # In a unity build every source is an included file, so a private type in a coroutine's frame or a
        # class of its own file is taken for one that a header leaks.
        $<$<AND:$<BOOL:${TLSDOCTOR_UNITY}>,$<CXX_COMPILER_ID:GNU>>:-Wno-subobject-linkage -Wno-shadow>
        # Designated initialisers name what differs; the rest has default initialisers (ARCHITECTURE.md §7).
        -Wno-missing-field-initializers
        $<$<BOOL:${TLSDOCTOR_WERROR}>:-Werror>
)
