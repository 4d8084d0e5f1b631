#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a C++ file that carries whole text files in the program's read-only data.

    gen_embed.py OUT.cpp SYMBOL FILE...

It defines `std::span<const EmbeddedFile> SYMBOL();` in namespace tlsdoctor::embedded; whoever calls it
declares it so (see base/embedded.hpp). The files are sorted by name, which is the file name without
folder and extension.
"""

import json
import re
import sys
from pathlib import Path

# The standard promises 65,536 characters for a literal, other compilers keep to 16 kB. Adjacent literals
# are one literal to the language, but no single source literal gets too long for an editor or compiler.
PIECE = 8000


def literals(content):
    """Returns `content` as adjacent raw string literals, which show the text as it is."""
    if not content:
        return '""'
    delimiter = "txt"
    while f"){delimiter}\"" in content:
        delimiter += "_"  # at most 16 characters are allowed; a text that exhausts them is not text
    if len(delimiter) > 16:
        raise ValueError("contains every delimiter of a raw string literal")
    pieces = [content[i : i + PIECE] for i in range(0, len(content), PIECE)]
    return "\n".join(f'R"{delimiter}({piece}){delimiter}"' for piece in pieces)


def read_text(path):
    """Returns the file's text, or raises ValueError where a literal could not carry it."""
    content = path.read_bytes().decode("utf-8")
    bad = re.search(r"[\x00-\x08\x0b-\x1f\x7f]", content)
    if bad:  # such as carriage returns, which a raw literal changes
        line = content.count("\n", 0, bad.start()) + 1
        raise ValueError(f"control character {bad.group()!r} in line {line}")
    return content


def main(arguments):
    if len(arguments) < 2 or not re.fullmatch(r"[a-z][a-z0-9_]*", arguments[1]):
        sys.exit(__doc__)
    out, symbol = Path(arguments[0]), arguments[1]
    files = sorted(map(Path, arguments[2:]), key=lambda file: file.stem)
    rows = []
    for at, file in enumerate(files):
        if at > 0 and files[at - 1].stem == file.stem:
            sys.exit(f"{file}: {files[at - 1]} has the same name")
        try:
            content = read_text(file)
            # The length is given because measuring a long literal exceeds GCC's limit for constant loops.
            view = f"std::string_view{{{literals(content)}, {len(content.encode())}}}"
            rows.append(f"        EmbeddedFile{{.name = {json.dumps(file.stem)}, .text = {view}}},")
        except (OSError, ValueError) as e:
            sys.exit(f"{file}: {e}")
    body = "\n".join(rows)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(
        f"""// Made by {Path(__file__).name}; change the files that it carries instead.
#include "base/embedded.hpp"

#include <array>
#include <span>
#include <string_view>

namespace tlsdoctor::embedded {{

std::span<const EmbeddedFile> {symbol}();

std::span<const EmbeddedFile> {symbol}() {{
    static constexpr std::array<EmbeddedFile, {len(rows)}> k_files = {{
{body}
    }};
    return k_files;
}}

}} // namespace tlsdoctor::embedded
""",
        encoding="utf-8",
        newline="\n",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
