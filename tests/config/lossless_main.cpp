// SPDX-License-Identifier: Apache-2.0
// lossless SYNTAX FILE...: cuts files into tokens and puts them together again. Says `same FILE` or
// `lost FILE` for each; lab/config_check.py calls it with all files of the machine's packages.
#include <array>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "config/files.hpp"
#include "config/syntax/apache.hpp"
#include "config/syntax/block.hpp"
#include "config/syntax/document.hpp"
#include "config/syntax/haproxy.hpp"
#include "config/syntax/key_value.hpp"
#include "config/syntax/master_cf.hpp"

using namespace tlsdoctor::config;

namespace {

using Reader = Document (*)(const Sources&, FileId);

Document read_apache(const Sources& sources, FileId file) {
    return read_sections(sources, file, k_apache_dialect);
}

Document read_postfix(const Sources& sources, FileId file) {
    const bool master = sources.at(file).path.contains("/master.cf");
    return master ? read_master_cf(sources, file)
                  : read_key_value(sources, file, k_postfix_dialect);
}

constexpr std::array k_readers = {
    std::pair<std::string_view, Reader>{"nginx", read_block},
    std::pair<std::string_view, Reader>{"apache", read_apache},
    std::pair<std::string_view, Reader>{"haproxy", read_haproxy_lines},
    std::pair<std::string_view, Reader>{"postfix", read_postfix},
};

/// Every word lies in one token, or the tokens do not say what the words do.
bool words_lie_in_tokens(const Document& document) {
    std::size_t token = 0;
    for (const Place& word : words_of(document)) {
        while (token < document.tokens.size() && document.tokens[token].end <= word.begin) {
            ++token;
        }
        if (token == document.tokens.size() || document.tokens[token].begin > word.begin ||
            document.tokens[token].end < word.end) {
            return false;
        }
    }
    return true;
}

bool is_lossless(Reader read, const std::string& path) {
    auto bytes = DiskFiles{}.read(path);
    if (!bytes) {
        return false;
    }
    Sources sources;
    const FileId file = sources.add(path, *bytes);
    const Document document = read(sources, file);
    return print(sources, document) == *bytes && words_lie_in_tokens(document);
}

} // namespace

int main(int count, char** words) {
    int lost = 0;
    for (const auto& [name, read] : k_readers) {
        for (int i = 2; count > 1 && name == words[1] && i < count; ++i) {
            const bool same = is_lossless(read, words[i]);
            fmt::print("{} {}\n", same ? "same" : "lost", words[i]);
            lost += same ? 0 : 1;
        }
    }
    return lost == 0 ? 0 : 1;
}
