// SPDX-License-Identifier: Apache-2.0
// Diffs of configurations.
#include "config/line_diff.hpp"

#include <random>

#include <doctest/doctest.h>
#include <fmt/core.h>

namespace tlsdoctor::config {

namespace {

/// Makes the edits as somebody would who reads the JSON: whole lines, from the last to the first.
std::string edited(std::string_view before, const std::vector<LineEdit>& edits) {
    std::vector<std::string> lines;
    for (const std::string_view line : lines_with_ends(before)) {
        lines.emplace_back(line);
    }
    for (auto edit = edits.rbegin(); edit != edits.rend(); ++edit) {
        std::string& line = lines.at(edit->line - 1);
        const std::string end = line.ends_with('\n') ? "\n" : "";
        CHECK(line == edit->before + end);
        line = edit->after ? *edit->after + end : "";
    }
    std::string text;
    for (const std::string& line : lines) {
        text += line;
    }
    return text;
}

} // namespace

TEST_CASE("a unified diff shows what changed with three lines around it") {
    const std::string before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
    const std::string after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n";
    const std::string diff = unified_diff("/f", before, after);
    CHECK(diff == "--- /f\n+++ /f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
    CHECK(unified_diff("/f", before, before).empty());
}

TEST_CASE("far changes become hunks of their own, and a missing newline is said") {
    std::string before;
    for (int i = 0; i < 30; ++i) {
        before += fmt::format("line {}\n", i);
    }
    before += "end";
    std::string after = "new\n" + before;
    after.replace(after.find("end"), 3, "END");
    const std::string diff = unified_diff("f", before, after);
    CHECK(diff.find("@@ -1,3 +1,4 @@\n+new\n line 0\n") != std::string::npos);
    CHECK(
        diff.find("-end\n\\ No newline at end of file\n+END\n\\ No newline at end of file\n") !=
        std::string::npos
    );
}

TEST_CASE("edits of lines lead from one text to the other, whatever changed") {
    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random{seed};
    for (int round = 0; round < 500; ++round) {
        std::string before;
        std::string after;
        for (int i = 0; i < 12; ++i) {
            const std::string line = fmt::format("{}\n", random() % 4);
            before += line;
            switch (random() % 6) {
            case 0:
                break;
            case 1:
                after += fmt::format("new {}\n", random() % 3) + line;
                break;
            case 2:
                after += fmt::format("other {}\n", random() % 3);
                break;
            default:
                after += line;
            }
        }
        CAPTURE(before);
        CAPTURE(after);
        CHECK(edited(before, line_edits("f", before, after)) == after);
    }
}

} // namespace tlsdoctor::config
