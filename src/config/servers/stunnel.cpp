// SPDX-License-Identifier: Apache-2.0
// stunnel: its files, read into services; options before the first section are the defaults of all
// of them. What comes of it: stunnel_services.cpp, and stunnel_versions.cpp for the versions.
#include <algorithm>
#include <iterator>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/openssl_policy.hpp"
#include "config/servers/servers.hpp"
#include "config/servers/stunnel_model.hpp"
#include "config/syntax/key_value.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_stunnel_files[] = {"stunnel.conf"};
constexpr std::string_view k_stunnel_places[] = {"/etc/stunnel/stunnel.conf"};

class StunnelReader {
public:
    StunnelReader(const Input& input, Reading& reading) : input_{input}, reading_{reading} {}
    void read();

private:
    void read_file(const std::string& path, Place from, std::size_t depth);
    void read_include(const Statement& statement, std::size_t depth);
    void take(const Statement& statement, StunnelService& service);
    void fatal(Place place, std::string what) {
        reading_.fatal.push_back({place, std::move(what)});
    }

    const Input& input_;
    Reading& reading_;
    StunnelModel model_{};
    std::size_t files_{};
};

void StunnelReader::take(const Statement& statement, StunnelService& service) {
    const std::string key = lower(statement.words[0].text);
    StunnelOption option{std::string{value_of(statement)}, statement.place, values_of(statement)};
    if (key == "options" || key == "config") {
        service.repeated.emplace_back(key, std::move(option));
        return;
    }
    const bool doubtful = key.starts_with("ssl") || key.starts_with("tls") ||
                          key.starts_with("min") || key.starts_with("proto");
    constexpr std::string_view k_known[] = {
        "sslversion",      "sslversionmin",          "sslversionmax",
        "protocol",        "protocolauthentication", "protocoldomain",
        "protocolheader",  "protocolhost",           "protocolpassword",
        "protocolusername"
    };
    if (doubtful && std::ranges::find(k_known, key) == std::end(k_known)) {
        fatal(statement.place, fmt::format("stunnel knows no option `{}`", harmless(key)));
        return;
    }
    const auto known = service.options.find(key);
    if (known != service.options.end()) {
        service.overridden.push_back(known->second);
    }
    service.options[key] = std::move(option);
}

void StunnelReader::read_include(const Statement& statement, std::size_t depth) {
    const std::string folder = joined_path(folder_of(input_.main), value_of(statement));
    const auto names = input_.files.names_in(folder);
    if (!names) {
        fatal(statement.place, fmt::format("{}: {}", harmless(folder), names.error().what));
        return;
    }
    for (const std::string& name : *names) {
        const std::string path = fmt::format("{}/{}", folder, name);
        if (input_.files.kind_of(path) == FileKind::file) {
            read_file(path, statement.place, depth + 1);
        }
    }
}

void StunnelReader::read_file(const std::string& path, Place from, std::size_t depth) {
    auto bytes = input_.files.read(path);
    if (!bytes || depth > k_most_include_depth || ++files_ > k_most_files) {
        fatal(
            from, fmt::format(
                      "{}: {}", harmless(path), bytes ? "included too deeply" : bytes.error().what
                  )
        );
        return;
    }
    const FileId file = reading_.sources.add(input_.files.real_path(path), std::move(*bytes));
    const Document document = read_key_value(reading_.sources, file, k_stunnel_dialect);
    for (const Remark& fault : document.faults) {
        fatal(fault.place, fault.what);
    }
    const auto read_one = [&](const Statement& statement) {
        if (same_ignoring_case(statement.words[0].text, "include")) {
            read_include(statement, depth);
        } else {
            take(statement, model_.services.empty() ? model_.defaults : model_.services.back());
        }
    };
    for (const Statement& statement : document.statements) {
        if (!statement.section) {
            read_one(statement);
            continue;
        }
        model_.services.push_back({.name = statement.words[0].text, .statement = statement.place});
        std::ranges::for_each(statement.body, read_one);
    }
}

void StunnelReader::read() {
    std::string main = input_.main;
    const auto& words = input_.start.words;
    if (words.size() > 1 && !words.back().text.starts_with('-')) {
        main = joined_path(input_.start.folder, words.back().text);
    }
    read_file(input_.files.kind_of(main) == FileKind::file ? main : input_.main, {}, 0);
    if (model_.services.empty() && model_.defaults.options.contains("accept")) {
        model_.services.push_back(
            {.name = "", .statement = model_.defaults.options["accept"].statement}
        );
    }
    serve_stunnel(input_, model_, reading_);
}

void read_stunnel(const Input& input, Reading& reading) {
    StunnelReader{input, reading}.read();
}

/// `sslVersion` as a minimum, which the rewriting of its value cannot say.
std::vector<Proposal> propose_stunnel(
    const Input& /*input*/, const Reading& reading, const Service& service, VersionSet wanted
) {
    std::vector<Proposal> proposals;
    for (const Line& line : service.lines) {
        const std::string_view text = reading.sources.text(line.statement);
        constexpr std::string_view k_single = "sslversion";
        const bool single = lower(text.substr(0, k_single.size())) == k_single &&
                            text.size() > k_single.size() &&
                            std::string_view{" \t="}.contains(text[k_single.size()]);
        if (line.role != Role::effective || !single || wanted.empty()) {
            continue;
        }
        const Place end{
            line.statement.file, line.statement.begin + k_single.size(),
            line.statement.begin + k_single.size()
        };
        Proposal proposal{{{end, "Min"}}, "a minimum instead of a single version"};
        proposal.edits.push_back({line.value, std::string{openssl_name(wanted.lowest())}});
        proposals.push_back(std::move(proposal));
    }
    return proposals;
}

} // namespace

const StunnelOption*
StunnelModel::option(const StunnelService& service, const std::string& key) const {
    if (const auto own = service.options.find(key); own != service.options.end()) {
        return &own->second;
    }
    const auto found = defaults.options.find(key);
    return found == defaults.options.end() ? nullptr : &found->second;
}

const Server& stunnel_server() {
    static constexpr Server row{
        .name = "stunnel",
        .product = "stunnel",
        .library = Library::openssl,
        .version = "5.68",
        .main_files = k_stunnel_files,
        .places = k_stunnel_places,
        .read = read_stunnel,
        .propose = propose_stunnel,
    };
    return row;
}

} // namespace tlsdoctor::config
