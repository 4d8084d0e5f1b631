// SPDX-License-Identifier: Apache-2.0
// Following includes; see the header.
#include "config/servers/nginx_tree.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/syntax/block.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_most_nginx_directives = 1'000'000;
constexpr std::size_t k_most_link_bytes = 4096;

/// Where an include is met: the directive, and the files that are being read.
struct NginxIncludeSite {
    const Statement* directive{};
    std::size_t depth{};
};

class NginxLoader final {
public:
    NginxLoader(const Input& input, Reading& reading, NginxTree& tree)
        : input_{input}, reading_{reading}, tree_{tree} {}

    void load() {
        auto bytes = input_.files.read(input_.main);
        if (!bytes) {
            // There is no line to point at: the start command's, where there is one, must do.
            reading_.fatal.push_back(
                {start_place(), fmt::format("{}: {}", bytes.error().path, bytes.error().what)}
            );
            return;
        }
        const std::string real = input_.files.real_path(input_.main);
        open_.push_back(real);
        expand(read(real, std::move(*bytes)).statements, 0, tree_.root);
    }

private:
    Place start_place() {
        return {
            reading_.sources.size() > 0 ? FileId{} : reading_.sources.add(input_.main, ""), 0, 0
        };
    }

    const Document& read(const std::string& path, std::string bytes) {
        const FileId file = reading_.sources.add(path, std::move(bytes));
        Document& document = tree_.documents.emplace_back(read_block(reading_.sources, file));
        known_[path] = &document;
        for (const Remark& fault : document.faults) {
            reading_.fatal.push_back(fault);
        }
        if (reading_.sources.at(file).bytes.starts_with("\xef\xbb\xbf")) {
            reading_.fatal.push_back(
                {{file, 0, 3},
                 "the file begins with a byte order mark, which nginx takes for a directive"}
            );
        }
        return document;
    }

    void expand(
        const std::vector<Statement>& statements, std::size_t depth,
        std::vector<NginxDirective>& into
    ) {
        for (const Statement& statement : statements) {
            if (++directives_ > k_most_nginx_directives) {
                full(statement, "there are too many directives; the rest is not read");
                return;
            }
            const bool include = !statement.section && statement.words.size() == 2 &&
                                 statement.words.front().text == "include";
            if (include) {
                expand_include({&statement, depth}, into);
                continue;
            }
            NginxDirective& directive = into.emplace_back(NginxDirective{.statement = &statement});
            expand(statement.body, depth, directive.body);
        }
    }

    void expand_include(const NginxIncludeSite& site, std::vector<NginxDirective>& into) {
        if (site.depth >= k_most_include_depth) {
            full(*site.directive, "includes are nested too deeply; this one is not followed");
            return;
        }
        const std::string path = joined_path(tree_.folder, site.directive->words[1].text);
        if (!is_pattern(path)) {
            include_file(site, path, into);
            return;
        }
        for (const std::string& match : matches_of(input_.files, path)) {
            include_file(site, match, into);
        }
    }

    /// A copy of a configuration may hold, for a symbolic link, a file with nothing but its target
    /// (Git does so on Windows). nginx would refuse it; the original was a link.
    std::optional<std::string>
    flattened_link(const std::string& path, std::string_view bytes) const {
        const std::string_view text = trimmed(bytes);
        if (text.empty() || text.size() > k_most_link_bytes || !text.contains('/') ||
            text.find_first_of(" \t\r\n;{}") != text.npos) {
            return std::nullopt;
        }
        const std::string target = joined_path(folder_of(path), text);
        return input_.files.kind_of(target) == FileKind::file ? std::optional{target}
                                                              : std::nullopt;
    }

    void include_file(
        const NginxIncludeSite& site, const std::string& path, std::vector<NginxDirective>& into
    ) {
        if (++included_ > k_most_files) {
            full(*site.directive, "there are too many includes; this one is not followed");
            return;
        }
        const std::string real = input_.files.real_path(path);
        if (std::ranges::find(open_, real) != open_.end()) {
            refuse(*site.directive, fmt::format("{} includes itself", path));
            return;
        }
        const FileKind kind = input_.files.kind_of(path);
        if (kind == FileKind::none || kind == FileKind::folder) {
            const auto* const what = kind == FileKind::none ? "does not exist" : "is a folder";
            refuse(*site.directive, fmt::format("nginx cannot include {}: it {}", path, what));
            return;
        }
        const auto known = known_.find(real);
        auto bytes = known == known_.end() ? input_.files.read(path) : std::string{};
        if (!bytes) {
            reading_.not_understood.push_back(
                {site.directive->place,
                 fmt::format("{} cannot be read: {}", path, bytes.error().what)}
            );
            return;
        }
        if (const auto target = flattened_link(real, *bytes)) {
            reading_.warnings.push_back(
                {site.directive->place,
                 fmt::format("{} holds only the path of another file, and is read as a link", path)}
            );
            include_file(site, *target, into);
            return;
        }
        open_.push_back(real);
        const Document& document =
            known == known_.end() ? read(real, std::move(*bytes)) : *known->second;
        expand(document.statements, site.depth + 1, into);
        open_.pop_back();
    }

    void refuse(const Statement& directive, std::string what) {
        reading_.fatal.push_back({directive.place, std::move(what)});
    }

    /// Says once that a bound was reached.
    void full(const Statement& directive, std::string what) {
        if (!full_) {
            reading_.not_understood.push_back({directive.place, std::move(what)});
        }
        full_ = true;
    }

    const Input& input_;
    Reading& reading_;
    NginxTree& tree_;
    std::map<std::string, const Document*> known_{};
    std::vector<std::string> open_{};
    std::size_t directives_{};
    std::size_t included_{};
    bool full_{};
};

} // namespace

NginxTree load_nginx(const Input& input, Reading& reading) {
    NginxTree tree{.folder = folder_of(input.main)};
    NginxLoader{input, reading, tree}.load();
    return tree;
}

std::vector<const NginxDirective*>
nginx_named(const std::vector<NginxDirective>& body, std::string_view name) {
    std::vector<const NginxDirective*> found;
    for (const NginxDirective& directive : body) {
        if (directive.name() == name) {
            found.push_back(&directive);
        }
    }
    return found;
}

Place nginx_value(const Statement& statement) {
    if (statement.words.size() < 2) {
        return {statement.place.file, statement.place.end, statement.place.end};
    }
    return {statement.place.file, statement.words[1].place.begin, statement.words.back().place.end};
}

} // namespace tlsdoctor::config
