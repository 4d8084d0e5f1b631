// SPDX-License-Identifier: Apache-2.0
// The texts of --help: as reviewed (tests/golden/cli), one screen each, and complete.
// UPDATE_GOLDEN=1 rewrites the files.
#include "cli/help_text.hpp"

#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "cli/folder.hpp"
#include "cli/normalise.hpp"

using tlsdoctor::split;
using tlsdoctor::cli::Command;
using tlsdoctor::cli::exit_codes_page;
using tlsdoctor::cli::front_page;
using tlsdoctor::cli::help_text;
using tlsdoctor::cli::option_rows;
using tlsdoctor::cli::takes;

namespace {

struct Page {
    std::string file;
    std::string text;
};

const Page k_pages[] = {
    {"front.txt", std::string{front_page()}},
    {"check.txt", std::string{help_text(Command::check)}},
    {"scan.txt", std::string{help_text(Command::scan)}},
    {"client.txt", std::string{help_text(Command::client)}},
    {"demo.txt", std::string{help_text(Command::demo)}},
    {"explain.txt", std::string{help_text(Command::explain)}},
    {"lab.txt", std::string{help_text(Command::lab)}},
    {"diff.txt", std::string{help_text(Command::diff)}},
    {"report.txt", std::string{help_text(Command::report)}},
    {"config.txt", std::string{help_text(Command::config)}},
    {"help.txt", std::string{help_text(Command::help)}},
    {"version.txt", std::string{help_text(Command::version)}},
    {"exit-codes.txt", std::string{exit_codes_page()}},
};

constexpr Command k_commands[] = {Command::check,   Command::client, Command::demo,
                                  Command::explain, Command::lab,    Command::scan,
                                  Command::diff,    Command::report, Command::config,
                                  Command::help,    Command::version};

std::string golden(const Page& page) {
    const std::string path = std::string{TLSDOCTOR_SOURCE_DIR "/tests/golden/cli/"} + page.file;
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {
        std::ofstream{path} << page.text;
    }
    return tlsdoctor::test::content(path);
}

/// What of an option has to stand in its command's text: the long name, or the alias that is
/// taught.
std::string shown_name(std::string_view option) {
    const std::pair<std::string_view, const char*> taught[] = {
        {"json-file", "-oJ"}, {"targets", "-iL"}, {"html-file", "-oH"}, {"output", "-o"}
    };
    for (const auto& [name, alias] : taught) {
        if (name == option) {
            return alias;
        }
    }
    return "--" + std::string{option};
}

/// The brackets of `[ADDR:]PORT` and the bar of `NAME|FILE` mean themselves.
std::string escaped(const std::string& text) {
    return std::regex_replace(text, std::regex{R"([\[\]|])"}, R"(\$&)");
}

} // namespace

TEST_CASE("the help texts are the reviewed ones") {
    for (const Page& page : k_pages) {
        CAPTURE(page.file);
        CHECK(page.text == golden(page));
    }
}

TEST_CASE("a help text fits on one screen of 24 lines and 100 columns") {
    for (const Page& page : k_pages) {
        CAPTURE(page.file);
        const auto lines = split(page.text, '\n');
        CHECK(lines.size() <= 25); // the last part is what follows the last newline: nothing
        CHECK(lines.back().empty());
        for (const std::string_view line : lines) {
            CAPTURE(std::string{line});
            CHECK(line.size() <= 100);
            CHECK_FALSE(line.ends_with(' '));
        }
    }
}

TEST_CASE("every option of a command stands in its help text, with its letter and its value") {
    for (const Command command : k_commands) {
        const std::string text{help_text(command)};
        for (const auto& row : option_rows()) {
            CAPTURE(std::string{row.name});
            const std::string name = shown_name(row.name);
            const std::string value = row.value.empty() ? "" : " " + std::string{row.value};
            const bool shown =
                std::regex_search(text, std::regex{name + escaped(value) + "(?![a-z-])"});
            CHECK(shown == takes(command, row));
            const bool letter =
                text.find(std::string{"-"} + row.letter + ", " + name) != std::string::npos;
            CHECK((row.letter == 0 || letter == takes(command, row)));
        }
    }
}

TEST_CASE("no help text names an option that is not there") {
    const std::regex long_option{"--[a-z][a-z0-9-]*"};
    for (const Page& page : k_pages) {
        CAPTURE(page.file);
        for (std::sregex_iterator it{page.text.begin(), page.text.end(), long_option}, end;
             it != end; ++it) {
            const std::string name = it->str();
            CAPTURE(name);
            CHECK(tlsdoctor::cli::find_option(std::string_view{name}.substr(2)) != nullptr);
        }
    }
}

TEST_CASE("letters and names of options are unique") {
    std::set<std::string> names;
    std::multiset<char> letters;
    for (const auto& row : option_rows()) {
        CHECK(names.insert(std::string{row.name}).second);
        letters.insert(row.letter);
        CHECK((row.letter == 0 || letters.count(row.letter) == 1));
    }
}
