// SPDX-License-Identifier: Apache-2.0
// Evaluating an Apache configuration; see the header. What httpd does while it reads (Include,
// IfModule, Define, Macro, Use, LoadModule, ServerRoot) is done here, the rest is listed.
#include "config/servers/apache_tree.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/apache_expand.hpp"
#include "config/syntax/apache.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_most_apache_statements = 200'000;
constexpr std::size_t k_most_asleep = 100;
class ApacheEvaluator {
public:
    ApacheEvaluator(const Input& input, Reading& reading)
        : input_{input}, reading_{reading}, expander_{input, reading} {}
    ApacheTree evaluate();

private:
    using Handler = void (ApacheEvaluator::*)(const Statement&);
    static Handler handler_of(std::string_view name);

    void visit_all(const std::vector<Statement>& statements);
    void visit(const Statement& statement);
    void command_line_directives(std::string_view option);
    void include_line(const Statement& statement);
    void include_path(const Statement& statement, const std::string& path, bool optional);
    void read_file(Place by, const std::string& path);
    const Document& document_of(FileId file);
    void condition(const Statement& statement);
    std::optional<bool> decided(const Statement& statement);
    void load_module(const Statement& statement) { tree_.modules.load(words(statement)); }
    void server_root(const Statement& statement);
    void define(const Statement& statement) { expander_.define(statement); }
    void undefine(const Statement& statement) { expander_.undefine(first_word(statement)); }
    void macro(const Statement& statement);
    void forget_macro(const Statement& statement);
    void use_macro(const Statement& statement);
    void host(const Statement& statement);
    void container(const Statement& statement);
    void directive(const Statement& statement);
    std::vector<std::string> words(const Statement& statement);
    std::string first_word(const Statement& statement);
    std::string below_root(const std::string& path) const {
        return joined_path(tree_.server_root, path);
    }
    void fatal(Place place, std::string what) {
        reading_.fatal.push_back({place, std::move(what)});
    }

    const Input& input_;
    Reading& reading_;
    ApacheExpander expander_;
    ApacheTree tree_{};
    std::map<FileId, Document> documents_{};
    std::map<std::string, const Statement*> macros_{};
    std::vector<Place> includes_{};
    std::size_t scope_{};
    std::size_t scope_includes_{}; ///< so many includes were open when the scope began
    std::string within_{};
    std::string asleep_{};
    std::size_t sleepers_{};
    std::size_t visited_{};
};

ApacheEvaluator::Handler ApacheEvaluator::handler_of(std::string_view name) {
    static const std::map<std::string_view, Handler> handlers{
        {"include", &ApacheEvaluator::include_line},
        {"includeoptional", &ApacheEvaluator::include_line},
        {"loadmodule", &ApacheEvaluator::load_module},
        {"serverroot", &ApacheEvaluator::server_root},
        {"define", &ApacheEvaluator::define},
        {"undefine", &ApacheEvaluator::undefine},
        {"undefmacro", &ApacheEvaluator::forget_macro},
        {"use", &ApacheEvaluator::use_macro},
        {"<macro", &ApacheEvaluator::macro},
        {"<ifmodule", &ApacheEvaluator::condition},
        {"<ifdefine", &ApacheEvaluator::condition},
        {"<ifversion", &ApacheEvaluator::condition},
        {"<iffile", &ApacheEvaluator::condition},
        {"<virtualhost", &ApacheEvaluator::host},
    };
    const auto found = handlers.find(name);
    return found == handlers.end() ? nullptr : found->second;
}

ApacheTree ApacheEvaluator::evaluate() {
    std::string root = folder_of(input_.main);
    if (root.ends_with("/conf")) {
        root = folder_of(root); // httpd.conf lies below its ServerRoot
    }
    if (const auto given = input_.start.option("-d")) {
        root = joined_path(input_.start.folder, given->text);
    }
    tree_.server_root = root;
    command_line_directives("-C");
    read_file({}, input_.main);
    command_line_directives("-c");
    tree_.idle = expander_.unused_definitions();
    return std::move(tree_);
}

/// `-C` and `-c` give directives.
void ApacheEvaluator::command_line_directives(std::string_view option) {
    for (const CommandWord& word : input_.start.options(option)) {
        visit_all(apache_command_line(reading_.sources, word));
    }
}

void ApacheEvaluator::visit_all(const std::vector<Statement>& statements) {
    for (const Statement& statement : statements) {
        visit(statement);
    }
}

void ApacheEvaluator::visit(const Statement& statement) {
    if (++visited_ > k_most_apache_statements) {
        if (visited_ == k_most_apache_statements + 1) {
            reading_.not_understood.push_back(
                {statement.place, "more than 200,000 directives: what follows was not read"}
            );
        }
        return;
    }
    const std::string name =
        (statement.section ? "<" : "") + lower(expander_.with_macros(statement.words.front().text));
    const Handler handler = handler_of(name);
    if (handler != nullptr && (asleep_.empty() || statement.section)) {
        (this->*handler)(statement);
    } else if (statement.section) {
        container(statement);
    } else if (handler == nullptr) {
        directive(statement);
    }
}

std::vector<std::string> ApacheEvaluator::words(const Statement& statement) {
    return statement.words.size() < 2
               ? std::vector<std::string>{}
               : section_words(expander_.value_of(statement, 1).text, k_apache_dialect);
}

std::string ApacheEvaluator::first_word(const Statement& statement) {
    const auto all = words(statement);
    return all.empty() ? "" : all.front();
}

void ApacheEvaluator::include_line(const Statement& statement) {
    const bool optional = same_ignoring_case(statement.words.front().text, "IncludeOptional");
    if (includes_.size() >= k_most_include_depth) {
        return fatal(
            statement.place, "files include each other, or too deep: the server stops here"
        );
    }
    const std::string word = first_word(statement);
    if (word.empty()) {
        return fatal(statement.place, "Include takes a file name");
    }
    include_path(statement, below_root(word), optional);
}

/// `Include` refuses a name that is not there, and a pattern that matches nothing;
/// `IncludeOptional` takes both.
void ApacheEvaluator::include_path(
    const Statement& statement, const std::string& path, bool optional
) {
    const auto matches = is_pattern(path) ? matches_of(input_.files, path)
                         : input_.files.kind_of(path) != FileKind::none
                             ? std::vector<std::string>{path}
                             : std::vector<std::string>{};
    if (matches.empty() && !optional) {
        return fatal(
            statement.place,
            fmt::format("nothing matches {}: the server does not start", harmless(path))
        );
    }
    includes_.push_back(statement.place);
    for (const std::string& match : matches) {
        for (const std::string& file : apache_files_below(input_.files, match)) {
            read_file(statement.place, file);
        }
    }
    includes_.pop_back();
}

void ApacheEvaluator::read_file(Place by, const std::string& path) {
    if (reading_.sources.size() >= k_most_files) {
        reading_.not_understood.push_back({by, "too many files: this one was not read"});
        return;
    }
    auto bytes = input_.files.read(path);
    if (!bytes) {
        const std::string what = fmt::format("{}: {}", harmless(path), bytes.error().what);
        reading_.not_understood.push_back({by, what});
        return;
    }
    const FileId file = reading_.sources.add(input_.files.real_path(path), std::move(*bytes));
    visit_all(document_of(file).statements);
}

const Document& ApacheEvaluator::document_of(FileId file) {
    const auto [at, is_new] = documents_.try_emplace(file);
    if (is_new) {
        at->second = read_sections(reading_.sources, file, k_apache_dialect);
        for (const Remark& fault : at->second.faults) {
            reading_.fatal.push_back(fault);
        }
    }
    return at->second;
}

void ApacheEvaluator::condition(const Statement& statement) {
    const std::string before = asleep_;
    if (asleep_.empty()) {
        const auto applies = decided(statement);
        if (!applies) {
            reading_.not_understood.push_back({statement.place, "this condition is not understood"}
            );
        }
        if (!applies.value_or(false)) {
            asleep_ =
                fmt::format("{} does not apply", harmless(reading_.sources.text(statement.place)));
        }
    }
    visit_all(statement.body);
    asleep_ = before;
}

std::optional<bool> ApacheEvaluator::decided(const Statement& statement) {
    auto list = words(statement);
    if (list.empty()) {
        return std::nullopt;
    }
    const std::string name = lower(statement.words.front().text);
    if (name == "ifversion") {
        return apache_version_fits(list, input_.server_version);
    }
    const bool negated = list.front().starts_with('!');
    const std::string what = negated ? list.front().substr(1) : list.front();
    if (name == "ifmodule") {
        return tree_.modules.has(what) != negated;
    }
    if (name == "ifdefine") {
        return expander_.is_defined(what) != negated;
    }
    return (input_.files.kind_of(below_root(what)) != FileKind::none) != negated;
}

void ApacheEvaluator::server_root(const Statement& statement) {
    if (const std::string root = first_word(statement); root.starts_with('/')) {
        tree_.server_root = root;
    }
}

void ApacheEvaluator::macro(const Statement& statement) {
    if (asleep_.empty() && statement.words.size() > 1) {
        macros_[lower(statement.words[1].text)] = &statement;
    }
}

void ApacheEvaluator::forget_macro(const Statement& statement) {
    macros_.erase(lower(first_word(statement)));
}

void ApacheEvaluator::use_macro(const Statement& statement) {
    const auto found = macros_.find(lower(first_word(statement)));
    if (found == macros_.end()) {
        return fatal(statement.place, "this macro is not defined");
    }
    const Statement& body = *found->second;
    if (expander_.depth() >= k_most_include_depth) {
        return fatal(statement.place, "macros use each other, or too deep");
    }
    if (body.words.size() != statement.words.size() + (body.words.size() < 2 ? 1U : 0U)) {
        return fatal(
            statement.place, fmt::format(
                                 "the macro takes {} arguments, not {}", body.words.size() - 2,
                                 statement.words.size() - 2
                             )
        );
    }
    expander_.enter(body, statement);
    visit_all(body.body);
    expander_.leave();
}

void ApacheEvaluator::host(const Statement& statement) {
    if (!asleep_.empty() || scope_ != 0) {
        return container(statement);
    }
    tree_.scopes.push_back({words(statement), statement.place});
    scope_ = tree_.scopes.size() - 1;
    scope_includes_ = includes_.size();
    visit_all(statement.body);
    scope_ = 0;
    scope_includes_ = 0;
}

void ApacheEvaluator::container(const Statement& statement) {
    const std::string before = within_;
    within_ = harmless(reading_.sources.text(statement.place));
    visit_all(statement.body);
    within_ = before;
}

void ApacheEvaluator::directive(const Statement& statement) {
    const std::string name = lower(expander_.with_macros(statement.words.front().text));
    const bool wanted = name.starts_with("ssl") || name == "listen" || name == "servername" ||
                        name == "serveralias" || name.starts_with("md") || name == "protocols";
    if (!wanted || (!asleep_.empty() && ++sleepers_ > k_most_asleep)) {
        return;
    }
    ApacheDirective directive{.name = name, .statement = statement.place, .scope = scope_};
    directive.place = {statement.place.file, statement.place.end, statement.place.end};
    if (statement.words.size() > 1) {
        ApacheValue value = expander_.value_of(statement, 1);
        directive.place = value.place;
        directive.value = std::move(value.text);
        directive.origins = std::move(value.origins);
        directive.words = section_words(directive.value, k_apache_dialect);
    }
    const std::size_t since = std::min(scope_includes_, includes_.size());
    directive.includes.assign(
        includes_.begin() + static_cast<std::ptrdiff_t>(since), includes_.end()
    );
    directive.within = within_;
    directive.asleep = asleep_;
    if (asleep_.empty() && directive.value.contains("${") && name.starts_with("ssl")) {
        directive.asleep = "a variable in it is not known here";
        reading_.not_understood.push_back({statement.place, directive.asleep});
    }
    tree_.directives.push_back(std::move(directive));
}

} // namespace

ApacheTree read_apache_tree(const Input& input, Reading& reading) {
    return ApacheEvaluator{input, reading}.evaluate();
}

} // namespace tlsdoctor::config
