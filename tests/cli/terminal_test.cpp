// SPDX-License-Identifier: Apache-2.0
// Colour, characters and width as functions of the environment.
#include "cli/terminal.hpp"

#include <doctest/doctest.h>

using tlsdoctor::cli::ColorChoice;
using tlsdoctor::cli::columns;
using tlsdoctor::cli::Environment;
using tlsdoctor::cli::shows_progress;
using tlsdoctor::cli::speaks_utf8;
using tlsdoctor::cli::wants_color;

namespace {

constexpr auto k_auto = ColorChoice::automatic;

struct Color {
    std::string name;
    ColorChoice choice;
    Environment environment;
    bool color;
};

const Color k_colors[] = {
    {"a terminal", k_auto, {.stdout_is_terminal = true, .term = "xterm"}, true},
    {"a pipe", k_auto, {.term = "xterm"}, false},
    {"a dumb terminal", k_auto, {.stdout_is_terminal = true, .term = "dumb"}, false},
    {"a terminal without a name", k_auto, {.stdout_is_terminal = true}, false},
    {"NO_COLOR", k_auto, {.stdout_is_terminal = true, .no_color = "1", .term = "xterm"}, false},
    {"NO_COLOR=0 is set too",
     k_auto,
     {.stdout_is_terminal = true, .no_color = "0", .term = "xterm"},
     false},
    {"an empty NO_COLOR says nothing",
     k_auto,
     {.stdout_is_terminal = true, .no_color = "", .term = "xterm"},
     true},
    {"CLICOLOR=0", k_auto, {.stdout_is_terminal = true, .clicolor = "0", .term = "xterm"}, false},
    {"CLICOLOR_FORCE into a pipe", k_auto, {.clicolor_force = "1"}, true},
    {"CLICOLOR_FORCE on a dumb terminal", k_auto, {.clicolor_force = "1", .term = "dumb"}, true},
    {"CLICOLOR_FORCE=0", k_auto, {.clicolor_force = "0", .term = "xterm"}, false},
    {"an empty CLICOLOR_FORCE", k_auto, {.clicolor_force = ""}, false},
    {"NO_COLOR against CLICOLOR_FORCE", k_auto, {.no_color = "1", .clicolor_force = "1"}, false},
    {"always, into a pipe", ColorChoice::always, {.no_color = "1", .term = "dumb"}, true},
    {"never, on a terminal",
     ColorChoice::never,
     {.stdout_is_terminal = true, .clicolor_force = "1", .term = "xterm"},
     false},
};

struct Locale {
    std::string name;
    Environment environment;
    bool utf8;
};

const Locale k_locales[] = {
    {"nothing is set", {}, false},
    {"LANG", {.lang = "en_US.UTF-8"}, true},
    {"other spellings", {.lang = "C.utf8"}, true},
    {"Latin-1", {.lang = "de_DE.ISO-8859-1"}, false},
    {"LC_ALL wins", {.lc_all = "C", .lang = "en_US.UTF-8"}, false},
    {"LC_CTYPE wins over LANG", {.lc_ctype = "C.UTF-8", .lang = "C"}, true},
    {"an empty LC_ALL says nothing", {.lc_all = "", .lang = "C.UTF-8"}, true},
};

struct Width {
    std::string name;
    Environment environment;
    std::size_t columns;
};

const Width k_widths[] = {
    {"a pipe", {}, 80},
    {"a terminal", {.terminal_columns = 132}, 132},
    {"COLUMNS", {.terminal_columns = 132, .columns = "100"}, 100},
    {"COLUMNS into a pipe", {.columns = "100"}, 100},
    {"nonsense in COLUMNS", {.terminal_columns = 132, .columns = "wide"}, 132},
    {"nonsense into a pipe", {.columns = "-1"}, 80},
    {"too narrow", {.terminal_columns = 10}, 40},
    {"too wide", {.columns = "99999"}, 500},
};

} // namespace

TEST_CASE("wants_color follows the options, the variables and the terminal, in this order") {
    for (const Color& c : k_colors) {
        CAPTURE(c.name);
        CHECK(wants_color(c.choice, c.environment) == c.color);
    }
}

TEST_CASE("speaks_utf8 asks the first variable that says something") {
    for (const Locale& c : k_locales) {
        CAPTURE(c.name);
        CHECK(speaks_utf8(c.environment) == c.utf8);
    }
}

TEST_CASE("columns fills the terminal within reason") {
    for (const Width& c : k_widths) {
        CAPTURE(c.name);
        CHECK(columns(c.environment) == c.columns);
    }
}

TEST_CASE("progress needs a terminal that can overwrite a line") {
    CHECK(shows_progress({.stderr_is_terminal = true, .term = "xterm"}));
    CHECK_FALSE(shows_progress({.stderr_is_terminal = true, .term = "dumb"}));
    CHECK_FALSE(shows_progress({.stdout_is_terminal = true, .term = "xterm"}));
}
