// SPDX-License-Identifier: Apache-2.0
// Reading Apache's dump; see the header.
#include "config/servers/apache_dump.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "config/files.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_in_file = "# In file: ";
constexpr std::uint32_t k_most_dump_lines = 200'000;
constexpr std::string_view k_dump_end = "Syntax OK";

/// `macro 'm' (defined on line 11 of "/F") used on line 17 of "/G"` is `/G:17 macro m`.
std::string file_named(std::string_view name) {
    const std::string_view used = ") used on line ";
    const std::size_t at = name.find(used);
    if (name.starts_with("macro ") && at != name.npos) {
        const std::string_view where = name.substr(at + used.size());
        const std::size_t of = where.find(" of \"");
        const std::string_view macro = name.substr(7, name.find('\'', 7) - 7);
        if (of != where.npos && where.ends_with('"')) {
            const std::string_view file = where.substr(of + 5, where.size() - of - 6);
            return joined_path(
                "/", std::string{file} + ":" + std::string{where.substr(0, of)} + " macro " +
                         std::string{macro}
            );
        }
    }
    std::string path = joined_path("/", name);
    std::erase_if(path, [](char c) { return c == '"' || c == '\\'; });
    return path;
}

class DumpReader {
public:
    explicit DumpReader(std::string_view text) : text_{text} {}
    ApacheDump read();

private:
    struct File {
        std::map<std::uint32_t, std::string> lines{};
        std::uint32_t last{}; ///< the line that was written last in this visit
    };
    void enter(const std::string& path);
    void put(std::uint32_t number, std::string_view text);

    std::string_view text_;
    std::map<std::string, File> files_{};
    std::vector<std::string> order_{};
    std::vector<std::string> chain_{}; ///< the file that is printed now, and those that include it
};

void DumpReader::enter(const std::string& path) {
    const auto known = std::ranges::find(chain_, path);
    if (known != chain_.end()) {
        chain_.erase(known + 1, chain_.end());
        return;
    }
    if (!chain_.empty() && chain_.size() < k_most_include_depth) {
        put(0, "Include \"" + path + "\"");
    } else if (!chain_.empty()) {
        chain_.pop_back(); // deeper than anybody includes: the order is kept, no more
        put(0, "Include \"" + path + "\"");
    }
    chain_.push_back(path);
    const auto [file, is_new] = files_.try_emplace(path);
    file->second.last = 0;
    if (is_new) {
        order_.push_back(path);
    }
}

/// Number 0: the next line. A line that was there in an earlier visit stays.
void DumpReader::put(std::uint32_t number, std::string_view text) {
    File& file = files_[chain_.back()];
    const std::uint32_t line = std::max(number, file.last + 1);
    if (line <= k_most_dump_lines) {
        file.lines.try_emplace(line, text);
        file.last = line;
    }
}

ApacheDump DumpReader::read() {
    std::uint32_t number = 0;
    for (std::string_view line : split(text_, '\n')) {
        line = trimmed(line);
        if (line.ends_with(k_dump_end)) {
            line.remove_suffix(k_dump_end.size()); // stderr, behind the last directive
        }
        if (line.starts_with(k_in_file)) {
            enter(file_named(trimmed(line.substr(k_in_file.size()))));
            number = 0;
        } else if (line.starts_with('#') && line.ends_with(':')) {
            number =
                number_in(trimmed(line.substr(1, line.size() - 2)), k_most_dump_lines).value_or(0);
        } else if (!line.empty() && !chain_.empty()) {
            put(number, line);
            number = 0;
        }
    }
    ApacheDump dump;
    for (const std::string& path : order_) {
        std::string bytes;
        std::uint32_t at = 1;
        for (const auto& [line, content] : files_[path].lines) {
            bytes.append(line - at, '\n');
            bytes += content + "\n";
            at = line + 1;
        }
        dump.files.emplace_back(path, std::move(bytes));
    }
    dump.main = order_.empty() ? "" : order_.front();
    return dump;
}

} // namespace

bool is_apache_dump(std::string_view text) {
    return text.starts_with(k_in_file) || text.contains("\n# In file: ");
}

ApacheDump files_of_apache_dump(std::string_view text) {
    return DumpReader{text}.read();
}

} // namespace tlsdoctor::config
