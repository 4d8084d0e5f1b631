#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds every coroutine to the forms that GCC 12.2 compiles correctly.

GCC 12.2 miscompiles many uses of co_await without a warning: temporaries are destroyed twice, jumps go
to the wrong place. So `co_await` stands only as a statement of its own, on named objects:

    auto r = co_await f(named);      r = co_await f(named);
    co_await f(named);               co_return co_await f(named);

    tools/check_coroutines.py [FILE or FOLDER ...]      default: src, tests, bench and fuzz of this project

Prints `file:line: what is wrong; what to do instead` and exits 1 where anything is.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("src", "tests", "bench", "fuzz")
SUFFIXES = {".cpp", ".hpp"}

TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<number>\.?\d(?:'?\w|[eEpP][+-]|\.)*)
  | (?P<op>->\*|<=>|\.\.\.|->|::|&&|\|\||==|!=|<=|>=|\+\+|--|<<=|>>=|<<|[-+*/%&|^]=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
RAW_STRING = re.compile(r'(?:u8|[uUL])?R"([^()\\ \n]{0,16})\((?s:.*?)\)\1"')
PLAIN_STRING = re.compile(r'(?:u8|[uUL])?"(?:[^"\\\n]|\\.)*"')
CHARACTER = re.compile(r"'(?:[^'\\\n]|\\.)+'")
COMMENT = re.compile(r"//(?:[^\\\n]|\\.|\\\n)*|/\*(?s:.*?)\*/")

OPENERS = {"(": ")", "[": "]", "{": "}"}
MOVES = ("std::move", "std::forward", "std::as_const")
ADVICE = "write `auto r = co_await f(named);`, then use r"


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    line: int


@dataclass(frozen=True)
class Problem:
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.line}: {self.what}"


def tokens_of(source: str) -> list[Token]:
    """Returns the tokens without comments and preprocessor lines; a string literal is one token."""
    tokens: list[Token] = []
    at, line = 0, 1
    fresh_line = True
    while at < len(source):
        for kind, pattern in (
            ("comment", COMMENT),
            ("string", RAW_STRING),
            ("string", PLAIN_STRING),
            ("char", CHARACTER),
        ):
            # A digit separator is not the start of a character: numbers are tokens of their own.
            if match := pattern.match(source, at):
                break
        else:
            if source[at] == "#" and fresh_line:
                kind, match = "comment", re.compile(r"(?:[^\\\n]|\\.|\\\n)*").match(source, at)
            else:
                match = TOKEN.match(source, at)
                kind = match.lastgroup
        text = match.group()
        if kind not in ("comment", "space"):
            tokens.append(Token(kind, text, line))
            fresh_line = False
        elif "\n" in text:
            fresh_line = True
        line += text.count("\n")
        at = match.end()
    return tokens


def matching(tokens: list[Token]) -> dict[int, int]:
    """Maps each bracket to its partner, both ways."""
    pairs: dict[int, int] = {}
    stack: list[int] = []
    for index, token in enumerate(tokens):
        if token.kind != "op":
            continue
        if token.text in OPENERS:
            stack.append(index)
        elif token.text in OPENERS.values() and stack:
            partner = stack.pop()
            pairs[partner], pairs[index] = index, partner
    return pairs


def joined(tokens: list[Token]) -> str:
    return "".join(token.text for token in tokens)


def split_at_commas(tokens: list[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        if token.kind == "op" and token.text in "([{":
            depth += 1
        elif token.kind == "op" and token.text in ")]}":
            depth -= 1
        if token.kind == "op" and token.text == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts if parts != [[]] else []


def is_name(tokens: list[Token]) -> bool:
    """Tells whether this is `a`, `a.b`, `a->b`, `ns::a`, `*a`, `&a` or `this`: an object with a name."""
    if tokens and tokens[0].text in ("*", "&"):
        tokens = tokens[1:]
    if not tokens:
        return False
    for index, token in enumerate(tokens):
        wants_name = index % 2 == 0
        if wants_name and token.kind != "name":
            return False
        if not wants_name and token.text not in (".", "->", "::"):
            return False
    return len(tokens) % 2 == 1


def is_literal(tokens: list[Token]) -> bool:
    if tokens and tokens[0].text == "-":
        tokens = tokens[1:]
    return bool(tokens) and all(token.kind in ("number", "string", "char") for token in tokens)


def is_move(tokens: list[Token]) -> bool:
    """Tells whether this is `std::move(named)` or a kin: a named object, whatever it is called as."""
    text = joined(tokens)
    for move in MOVES:
        if text.startswith(move) and text.endswith(")"):
            inner = tokens[3:]
            while inner and inner[0].text != "(":
                inner = inner[1:]  # the type of std::forward
            return is_name(inner[1:-1])
    return False


def problem_of_argument(argument: list[Token]) -> str | None:
    if not argument or is_name(argument) or is_literal(argument) or is_move(argument):
        return None
    text = joined(argument)
    if argument[0].text == "[":
        return "a lambda as an argument of an awaited call; name it first"
    if any(token.text == "{" for token in argument):
        return f"the braces in `{text}` make a temporary; name it first"
    return f"`{text}` is not a name or a literal; give it a name first"


def problem_of_awaited(tokens: list[Token]) -> str | None:
    """Judges what stands between co_await and the semicolon."""
    if is_name(tokens) or is_move(tokens):
        return None
    pairs = matching(tokens)
    if not tokens or tokens[-1].text != ")" or len(tokens) - 1 not in pairs:
        return f"`co_await {joined(tokens)}` is part of an expression; {ADVICE}"
    opening = pairs[len(tokens) - 1]
    callee = tokens[:opening]
    if callee and callee[-1].text == ">" and (start := template_start(callee)) is not None:
        callee = callee[:start]
    if not is_name(callee):
        return f"`{joined(callee)}` is not the name of a function; name what it is called on first"
    for argument in split_at_commas(tokens[opening + 1 : -1]):
        if problem := problem_of_argument(argument):
            return problem
    return None


def template_start(callee: list[Token]) -> int | None:
    depth = 0
    for index in range(len(callee) - 1, -1, -1):
        depth += {">": 1, "<": -1}.get(callee[index].text, 0)
        if depth == 0:
            return index
    return None


def problem_of_receiver(before: list[Token]) -> str | None:
    """Judges what stands between the start of the statement and co_await."""
    text = joined(before)
    if not before or text == "co_return":
        return None
    if before[-1].text != "=" or len(before) < 2:
        return f"co_await is part of an expression; {ADVICE}"
    target = before[:-1]
    if is_name(target):
        return None  # an assignment to a named object
    if target[-1].text == "]":
        return "a structured binding or a subscript receives co_await; " + ADVICE
    if target[-1].kind == "name" and not any(t.text in "()[]{}?=" for t in target):
        return None  # a declaration
    return f"co_await is part of an expression; {ADVICE}"


def statement_start(tokens: list[Token], pairs: dict[int, int], at: int) -> tuple[int, str | None]:
    """Returns where the statement around token `at` begins, and what is wrong with that place."""
    index = at - 1
    while index >= 0:
        token = tokens[index]
        if token.kind == "op" and token.text in (";", "}"):
            if token.text == "}" and not ends_block(tokens, pairs, index):
                index = pairs[index] - 1
                continue
            return index + 1, None
        if token.text == "{":
            if starts_block(tokens, pairs, index):
                return index + 1, None
            return index + 1, f"co_await inside braces of an expression; {ADVICE}"
        if token.text == ")" and index in pairs:
            keyword = tokens[pairs[index] - 1].text if pairs[index] > 0 else ""
            if keyword in ("if", "while", "for", "switch", "constexpr"):
                return index + 1, f"co_await without braces under `{keyword}`; open a block"
            index = pairs[index] - 1
            continue
        if token.text == "]" and index in pairs:
            index = pairs[index] - 1
            continue
        if token.text in ("(", "["):
            keyword = tokens[index - 1].text if index > 0 else ""
            if keyword in ("if", "while", "for", "switch"):
                return index + 1, f"co_await in the condition of `{keyword}`; {ADVICE}"
            return index + 1, f"co_await inside an expression; {ADVICE}"
        if token.text in ("else", "do"):
            return index + 1, f"co_await without braces under `{token.text}`; open a block"
        if token.text == ":" and is_label(tokens, index):
            return index + 1, None
        index -= 1
    return 0, None


def is_label(tokens: list[Token], colon: int) -> bool:
    """Tells whether this colon ends `case x:` or `default:`."""
    index = colon - 1
    while index >= 0 and (tokens[index].kind in ("name", "number", "char") or tokens[index].text == "::"):
        if tokens[index].text in ("case", "default"):
            return True
        index -= 1
    return False


def starts_block(tokens: list[Token], pairs: dict[int, int], brace: int) -> bool:
    """Tells a block of statements from the braces of an initialiser."""
    if brace == 0:
        return True
    before = tokens[brace - 1].text
    if before in (")", ";", "{", "}", "else", "do", "try", "const", "noexcept", "mutable", ":"):
        return True
    # `-> asio::awaitable<void> {`: the body of a lambda or function with a trailing return type
    index = brace - 1
    while index >= 0 and tokens[index].text not in (";", "{", "}", "=", ")", "return", "co_return", ","):
        if tokens[index].text == "->":
            return True
        index -= 1
    return before == "]" # a lambda without parameters


def ends_block(tokens: list[Token], pairs: dict[int, int], brace: int) -> bool:
    return brace not in pairs or starts_block(tokens, pairs, pairs[brace])


def problem_of_await(tokens: list[Token], pairs: dict[int, int], at: int) -> str | None:
    start, problem = statement_start(tokens, pairs, at)
    if problem:
        return problem
    if problem := problem_of_receiver(tokens[start:at]):
        return problem
    end = at + 1
    while end < len(tokens) and tokens[end].text != ";":
        if tokens[end].text in OPENERS:
            end = pairs.get(end, end)
        elif tokens[end].kind == "op" and tokens[end].text in (")", "]", "}"):
            return f"co_await inside an expression; {ADVICE}"
        end += 1
    return problem_of_awaited(tokens[at + 1 : end])


def lambda_problems(tokens: list[Token], pairs: dict[int, int]) -> list[Problem]:
    """Finds coroutine lambdas with captures that die before their frame does."""
    problems = []
    for index, token in enumerate(tokens):
        if token.text != "[" or index not in pairs or not begins_lambda(tokens, index):
            continue
        body = body_of_lambda(tokens, pairs, index)
        if body is None or pairs[index] == index + 1:
            continue
        inner = own_tokens(tokens, pairs, body)
        if not any(t.text in ("co_await", "co_return", "co_yield") for t in inner):
            continue
        before = tokens[index - 1].text if index > 0 else ""
        after = tokens[pairs[body] + 1].text if pairs[body] + 1 < len(tokens) else ""
        if before != "=" or after != ";":
            problems.append(
                Problem(
                    token.line,
                    "a coroutine lambda with captures that has no name: its frame outlives the captures; "
                    "write `const auto work = [...]() -> awaitable<...> {...};`, then call work()",
                )
            )
    return problems


def begins_lambda(tokens: list[Token], bracket: int) -> bool:
    if bracket == 0:
        return True
    before = tokens[bracket - 1]
    return before.kind == "op" and before.text not in (")", "]", ">") or before.text in (
        "return",
        "co_return",
        "co_await",
    )


def body_of_lambda(tokens: list[Token], pairs: dict[int, int], bracket: int) -> int | None:
    index = pairs[bracket] + 1
    if index < len(tokens) and tokens[index].text == "(":
        index = pairs.get(index, index) + 1
    while index < len(tokens) and tokens[index].text not in ("{", ";", ",", ")", "]", "}"):
        index += 1
    return index if index < len(tokens) and tokens[index].text == "{" and index in pairs else None


def own_tokens(tokens: list[Token], pairs: dict[int, int], body: int) -> list[Token]:
    """Returns the tokens of a lambda's body without those of lambdas inside it."""
    result = []
    index = body + 1
    while index < pairs[body]:
        if tokens[index].text == "[" and index in pairs and begins_lambda(tokens, index):
            inner = body_of_lambda(tokens, pairs, index)
            if inner is not None:
                index = pairs[inner] + 1
                continue
        result.append(tokens[index])
        index += 1
    return result


def word_problems(tokens: list[Token]) -> list[Problem]:
    problems = []
    for index, token in enumerate(tokens):
        qualified = joined(tokens[max(0, index - 2) : index + 1])
        if qualified == "asio::detached":
            problems.append(
                Problem(token.line, "asio::detached swallows exceptions; use Loop::spawn")
            )
        if token.text == "awaitable_operators":
            problems.append(
                Problem(token.line, "awaitable_operators cost more than a probe; use net::Group")
            )
        if token.text == "co_yield":
            problems.append(Problem(token.line, "co_yield is not used here; return a vector"))
    return problems


def problems_of(source: str) -> list[Problem]:
    """Returns everything that is wrong with one file's text, by line."""
    tokens = tokens_of(source)
    pairs = matching(tokens)
    problems = word_problems(tokens) + lambda_problems(tokens, pairs)
    for index, token in enumerate(tokens):
        if token.text == "co_await" and token.kind == "name":
            if what := problem_of_await(tokens, pairs, index):
                problems.append(Problem(token.line, what))
    return sorted(problems, key=lambda problem: problem.line)


def files_in(places: list[Path]) -> list[Path]:
    files: list[Path] = []
    for place in places:
        if place.is_dir():
            files += [path for path in place.rglob("*") if path.suffix in SUFFIXES]
        else:
            files.append(place)
    return sorted(files)


def main(arguments: list[str]) -> int:
    places = [Path(argument) for argument in arguments] or [
        ROOT / folder for folder in FOLDERS if (ROOT / folder).is_dir()
    ]
    found = 0
    for path in files_in(places):
        for problem in problems_of(path.read_text(encoding="utf-8")):
            print(f"{path}:{problem}")
            found += 1
    if found:
        print(f"{found} coroutine problem(s); the rules are in CONTRIBUTING.md", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
