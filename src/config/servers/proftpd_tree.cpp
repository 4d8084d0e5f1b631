// SPDX-License-Identifier: Apache-2.0
// Evaluating a ProFTPD configuration; see the header.
#include "config/servers/proftpd_tree.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/syntax/apache.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_most_ftp_statements = 200'000;

class FtpEvaluator {
public:
    FtpEvaluator(const Input& input, Reading& reading) : input_{input}, reading_{reading} {
        for (const CommandWord& word : input.start.options("-D")) {
            defines_.insert(word.text);
        }
        for (const CommandWord& word : input.start.options("--define")) {
            defines_.insert(word.text);
        }
    }
    FtpTree evaluate() {
        server_ = &tree_.main;
        read_path({}, input_.main);
        return std::move(tree_);
    }

private:
    void visit_all(const std::vector<Statement>& statements, Place section_end);
    void visit(const Statement& statement, Place section_end);
    void section(const Statement& statement, const std::string& name);
    void plain(const Statement& statement, const std::string& name, Place section_end);
    void include_line(const Statement& statement);
    void read_path(Place by, const std::string& path);
    bool applies(const Statement& statement, const std::string& name) const;
    const Document& document_of(FileId file);

    const Input& input_;
    Reading& reading_;
    FtpTree tree_{};
    FtpServer* server_{};
    std::map<FileId, Document> documents_{};
    std::set<std::string> defines_{};
    std::set<std::string> modules_{};
    std::string asleep_{};
    std::size_t depth_{};
    std::size_t visited_{};
};

void FtpEvaluator::visit_all(const std::vector<Statement>& statements, Place section_end) {
    for (const Statement& statement : statements) {
        visit(statement, section_end);
    }
}

void FtpEvaluator::visit(const Statement& statement, Place section_end) {
    if (++visited_ > k_most_ftp_statements) {
        return;
    }
    const std::string name = lower(statement.words.front().text);
    if (statement.section) {
        section(statement, name);
    } else {
        plain(statement, name, section_end);
    }
}

void FtpEvaluator::section(const Statement& statement, const std::string& name) {
    const std::string before = asleep_;
    FtpServer* const outer = server_;
    const bool conditional = name == "ifmodule" || name == "ifdefine";
    if (conditional && asleep_.empty() && !applies(statement, name)) {
        asleep_ = harmless(reading_.sources.text(statement.place)) + " does not apply";
    } else if (name == "global") {
        server_ = &tree_.global;
    } else if (name == "virtualhost") {
        FtpServer host{.opening = statement.place};
        for (std::size_t i = 1; i < statement.words.size(); ++i) {
            host.addresses.push_back(statement.words[i].text);
        }
        FtpServer* const added =
            asleep_.empty() ? &tree_.hosts.emplace_back(std::move(host)) : outer;
        server_ = added;
    } else if (!conditional && asleep_.empty()) {
        asleep_ = "it stands in " + harmless(reading_.sources.text(statement.place));
    }
    visit_all(statement.body, statement.closing);
    asleep_ = before;
    server_ = outer;
}

/// Without any LoadModule (modules may be compiled in), each is taken to be there.
bool FtpEvaluator::applies(const Statement& statement, const std::string& name) const {
    if (statement.words.size() < 2) {
        return false;
    }
    std::string_view word = statement.words[1].text;
    const bool negated = word.starts_with('!');
    word.remove_prefix(negated ? 1 : 0);
    const std::string wanted{word};
    const bool there = name == "ifdefine" ? defines_.contains(wanted)
                                          : modules_.empty() || modules_.contains(wanted);
    return there != negated;
}

void FtpEvaluator::plain(const Statement& statement, const std::string& name, Place section_end) {
    const bool awake = asleep_.empty();
    if (name == "include") {
        return awake ? include_line(statement) : void();
    }
    if (name == "loadmodule" && awake && statement.words.size() > 1) {
        modules_.insert(statement.words[1].text);
    } else if (name == "define" && awake && statement.words.size() > 1) {
        defines_.insert(statement.words[1].text);
    }
    const bool wanted = name.starts_with("tls") || name == "port" || name == "defaultserver" ||
                        name == "defaultaddress" || name == "serveralias" || name == "useipv6" ||
                        name == "socketbindtight";
    if (!wanted || statement.words.size() < 2) {
        return;
    }
    FtpDirective directive{
        .name = name,
        .statement = statement.place,
        .value = {statement.place.file, statement.words[1].place.begin, statement.place.end},
        .section_end = section_end,
        .asleep = asleep_
    };
    for (std::size_t i = 1; i < statement.words.size(); ++i) {
        directive.words.push_back(statement.words[i].text);
    }
    if (name.starts_with("tls") && reading_.sources.text(directive.value).contains("%{")) {
        reading_.not_understood.push_back({statement.place, "a variable in it is not known here"});
    }
    server_->directives.push_back(std::move(directive));
}

/// A name that is not there is no error to ProFTPD.
void FtpEvaluator::include_line(const Statement& statement) {
    if (statement.words.size() < 2) {
        return;
    }
    if (depth_ >= k_most_include_depth) {
        reading_.fatal.push_back({statement.place, "files include each other, or too deep"});
        return;
    }
    ++depth_;
    const std::string path = joined_path(folder_of(input_.main), statement.words[1].text);
    for (const std::string& match : matches_of(input_.files, path)) {
        read_path(statement.place, match);
    }
    --depth_;
}

void FtpEvaluator::read_path(Place by, const std::string& path) {
    if (input_.files.kind_of(path) == FileKind::folder) {
        for (const std::string& name :
             input_.files.names_in(path).value_or(std::vector<std::string>{})) {
            const std::string below = joined_path(path, name);
            if (input_.files.kind_of(below) == FileKind::file) {
                read_path(by, below);
            }
        }
        return;
    }
    auto bytes = input_.files.read(path);
    if (!bytes || reading_.sources.size() >= k_most_files) {
        const std::string why = bytes ? "too many files" : bytes.error().what;
        reading_.not_understood.push_back({by, fmt::format("{}: {}", harmless(path), why)});
        return;
    }
    const FileId file = reading_.sources.add(input_.files.real_path(path), std::move(*bytes));
    visit_all(document_of(file).statements, {});
}

const Document& FtpEvaluator::document_of(FileId file) {
    const auto [at, is_new] = documents_.try_emplace(file);
    if (is_new) {
        at->second = read_sections(reading_.sources, file, k_proftpd_dialect);
        for (const Remark& fault : at->second.faults) {
            reading_.fatal.push_back(fault);
        }
    }
    return at->second;
}

bool counts_as(const FtpDirective& directive, std::string_view name) {
    return directive.name == name && directive.asleep.empty();
}

} // namespace

const FtpDirective* FtpServer::first(std::string_view name) const {
    const auto found = std::ranges::find_if(directives, [&](const FtpDirective& one) {
        return counts_as(one, name);
    });
    return found == directives.end() ? nullptr : &*found;
}

const FtpDirective* FtpServer::last(std::string_view name) const {
    const auto found =
        std::find_if(directives.rbegin(), directives.rend(), [&](const FtpDirective& one) {
            return counts_as(one, name);
        });
    return found == directives.rend() ? nullptr : &*found;
}

FtpTree read_proftpd_tree(const Input& input, Reading& reading) {
    return FtpEvaluator{input, reading}.evaluate();
}

} // namespace tlsdoctor::config
