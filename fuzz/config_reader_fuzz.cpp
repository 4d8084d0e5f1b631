// SPDX-License-Identifier: Apache-2.0
// A whole configuration in memory: the first byte chooses the server, a line `==== NAME` begins
// another file, and the file `start.sh` is the start command. Whatever it is, reading and judging
// end, and every place that is named lies in a file that was read.
#include <cstdint>
#include <string>
#include <string_view>

#include "config/examine.hpp"
#include "property.hpp"

namespace config = tlsdoctor::config;
namespace fuzz = tlsdoctor::fuzz;

namespace {

constexpr std::string_view k_mark = "\n==== ";

/// What certificates and suites are does not matter here.
const config::Knowledge& some_knowledge() {
    static const config::Knowledge knowledge{
        .suites = [](const std::string& text
                  ) -> std::expected<std::vector<tlsdoctor::CipherSuite>, std::string> {
            if (text.contains("PROFILE")) {
                return std::unexpected{std::string{"no cipher match"}};
            }
            return std::vector{tlsdoctor::CipherSuite{0xc02f}, tlsdoctor::CipherSuite{0x0035}};
        },
        .certificate = [](const std::string& pem) -> std::optional<config::CertificateInfo> {
            if (!pem.contains('c')) {
                return std::nullopt;
            }
            return config::CertificateInfo{
                .key = "rsa", .bits = 2048, .names = {"a.test", "*.b.test"}
            };
        }
    };
    return knowledge;
}

void require_place(const config::Sources& sources, config::Place place) {
    fuzz::require(
        place.begin <= place.end && place.end <= sources.at(place.file).bytes.size(),
        "a place lies in its file"
    );
    fuzz::require(sources.line_of(place) > 0, "and has a line");
}

/// Puts the files into memory; returns the text of the start command.
std::string unpack(std::string_view text, const std::string& main, config::MemoryFiles& files) {
    std::string command;
    std::string name = main;
    while (true) {
        const std::size_t mark = text.find(k_mark);
        const std::string bytes{text.substr(0, mark)};
        if (name == "/case/start.sh") {
            command = bytes;
        } else {
            files.add(name, bytes);
        }
        if (mark == text.npos) {
            return command;
        }
        text.remove_prefix(mark + k_mark.size());
        const std::size_t end = std::min(text.find('\n'), text.size());
        name = config::joined_path("/case", text.substr(0, std::min<std::size_t>(end, 64)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const auto rows = config::servers();
    const config::Server& server = rows[data[0] % rows.size()];
    const std::string main = "/case/" + std::string{server.main_files.front()};
    config::MemoryFiles files;
    const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
    const std::string command = unpack(text, main, files);
    const config::Input input{
        .files = files,
        .knowledge = some_knowledge(),
        .main = main,
        .server_version = std::string{server.version},
        .library_version = "3.0.15"
    };
    const config::Examination seen = config::examine(server, input, command, "/case/start.sh");
    const config::Reading& reading = seen.reading;
    fuzz::require(seen.effective.size() == reading.services.size(), "every service is judged");
    for (const config::Effective& effective : seen.effective) {
        fuzz::require(effective.versions.size() == 6, "for six versions");
        for (const config::Line& line : effective.lines) {
            require_place(reading.sources, line.statement);
            require_place(reading.sources, line.value);
        }
    }
    for (const auto* remarks : {&reading.fatal, &reading.warnings, &reading.not_understood}) {
        for (const config::Remark& remark : *remarks) {
            require_place(reading.sources, remark.place);
            fuzz::require(!remark.what.empty(), "a remark has words");
        }
    }
    return 0;
}
