// SPDX-License-Identifier: Apache-2.0
// Following imports; see the header.
#include "config/servers/caddy_tree.hpp"

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/syntax/caddyfile.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_most_caddy_directives = 200'000;
constexpr std::size_t k_most_caddy_word = 10'000; ///< arguments of arguments grow no longer

/// Puts the arguments of an import into a word: `{args.0}`, and `{args[0]}` since Caddy 2.7.
std::string with_caddy_arguments(std::string word, const std::vector<std::string>& arguments) {
    for (std::size_t i = 0; i < arguments.size() && word.contains("{args"); ++i) {
        for (const std::string& name :
             {fmt::format("{{args.{}}}", i), fmt::format("{{args[{}]}}", i)}) {
            const std::size_t at = word.find(name);
            if (at != word.npos && word.size() + arguments[i].size() < k_most_caddy_word) {
                word.replace(at, name.size(), arguments[i]);
            }
        }
    }
    return word;
}

class CaddyLoader final {
public:
    CaddyLoader(const Input& input, Reading& reading, CaddyTree& tree)
        : input_{input}, reading_{reading}, tree_{tree} {}

    void load() {
        if (const Document* const document = read(input_.main, nullptr)) {
            expand(document->statements, {}, 0, tree_.root);
        }
    }

private:
    using Arguments = std::vector<std::string>;

    const Document* read(const std::string& path, const Statement* import) {
        auto bytes = input_.files.read(path);
        if (!bytes) {
            const Place place = import != nullptr ? import->place : start_place();
            reading_.fatal.push_back({place, fmt::format("{}: {}", path, bytes.error().what)});
            return nullptr;
        }
        const std::string real = input_.files.real_path(path);
        const FileId file = reading_.sources.add(real, std::move(*bytes));
        if (const auto known = known_.find(file); known != known_.end()) {
            return known->second;
        }
        const Environment environment = [this](std::string_view name
                                        ) -> std::optional<std::string> {
            const CommandWord* const word = input_.start.variable(name);
            return word == nullptr ? std::nullopt : std::optional{word->text};
        };
        Document& document =
            tree_.documents.emplace_back(read_caddyfile(reading_.sources, file, environment));
        known_[file] = &document;
        for (const Remark& fault : document.faults) {
            reading_.fatal.push_back(fault);
        }
        return &document;
    }

    Place start_place() {
        return {
            reading_.sources.size() > 0 ? FileId{} : reading_.sources.add(input_.main, ""), 0, 0
        };
    }

    void expand(
        const std::vector<Statement>& statements, const Arguments& arguments, std::size_t depth,
        std::vector<CaddyDirective>& into
    ) {
        for (const Statement& statement : statements) {
            if (++directives_ > k_most_caddy_directives) {
                full(statement);
                return;
            }
            CaddyDirective directive{.statement = &statement};
            for (const Word& word : statement.words) {
                directive.words.push_back(with_caddy_arguments(word.text, arguments));
            }
            const std::string_view name = directive.name();
            if (statement.section && name.starts_with('(') && name.ends_with(')')) {
                snippets_[std::string{name.substr(1, name.size() - 2)}] = &statement;
                continue;
            }
            if (name == "import" && directive.words.size() > 1) {
                import(directive, depth, into);
                continue;
            }
            expand(statement.body, arguments, depth, directive.body);
            into.push_back(std::move(directive));
        }
    }

    void
    import(const CaddyDirective& directive, std::size_t depth, std::vector<CaddyDirective>& into) {
        if (depth >= k_most_include_depth) {
            full(*directive.statement);
            return;
        }
        const std::string& what = directive.words[1];
        const Arguments arguments{directive.words.begin() + 2, directive.words.end()};
        if (const auto snippet = snippets_.find(what); snippet != snippets_.end()) {
            expand(snippet->second->body, arguments, depth + 1, into);
            return;
        }
        const std::string here =
            folder_of(reading_.sources.at(directive.statement->place.file).path);
        const std::string path = joined_path(here, what);
        const auto matches =
            is_pattern(path) ? matches_of(input_.files, path) : std::vector<std::string>{path};
        for (const std::string& match : matches) {
            if (++imported_ > k_most_files) {
                full(*directive.statement);
                return;
            }
            if (const Document* const document = read(match, directive.statement)) {
                expand(document->statements, arguments, depth + 1, into);
            }
        }
    }

    void full(const Statement& statement) {
        if (!full_) {
            reading_.not_understood.push_back(
                {statement.place, "imports are nested too deeply or too many; the rest is not read"}
            );
        }
        full_ = true;
    }

    const Input& input_;
    Reading& reading_;
    CaddyTree& tree_;
    std::map<FileId, const Document*> known_{};
    std::map<std::string, const Statement*> snippets_{};
    std::size_t directives_{};
    std::size_t imported_{};
    bool full_{};
};

} // namespace

CaddyTree load_caddy(const Input& input, Reading& reading) {
    CaddyTree tree;
    CaddyLoader{input, reading, tree}.load();
    return tree;
}

} // namespace tlsdoctor::config
