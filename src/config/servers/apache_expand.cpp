// SPDX-License-Identifier: Apache-2.0
// Putting in variables and macro arguments; see the header.
#include "config/servers/apache_expand.hpp"

#include <utility>

#include "base/text.hpp"
#include "config/syntax/apache.hpp"

namespace tlsdoctor::config {

namespace {

/// Longer values are no configuration, but a bomb of definitions in definitions.
constexpr std::size_t k_most_expanded = 64 << 10;

std::string escaped_argument(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            quoted += '\\';
        }
        quoted += c;
    }
    return quoted + "\"";
}

bool names_versions(std::string_view text) {
    return text.contains("TLSv1") || text.contains("SSLv");
}

} // namespace

ApacheExpander::ApacheExpander(const Input& input, Reading& reading)
    : input_{input}, reading_{reading} {
    read_environment();
    for (const CommandWord& word : input.start.options("-D")) {
        definitions_[word.text] = {.used = true};
    }
}

/// The start script's variables, and those of Debian's `envvars` beside the main file.
void ApacheExpander::read_environment() {
    const std::string path = joined_path(folder_of(input_.main), "envvars");
    if (auto bytes = input_.files.read(path)) {
        add_environment(read_start_command(
            reading_.sources, input_.files.real_path(path), std::move(*bytes), folder_of(path)
        ));
    }
    add_environment(input_.start);
    const auto arguments = environment_.find("APACHE_ARGUMENTS");
    if (arguments == environment_.end()) {
        return;
    }
    for (const std::string& word : section_words(arguments->second.text, k_apache_dialect)) {
        if (word.starts_with("-D") && word.size() > 2) {
            definitions_[word.substr(2)] = {.used = true};
        }
    }
}

void ApacheExpander::add_environment(const StartCommand& start) {
    for (const auto& [name, word] : start.environment) {
        environment_[name] = {word.text, {{.statement = word.place, .value = word.place}}};
    }
}

const ApacheExpander::Definition* ApacheExpander::variable(const std::string& name) const {
    const auto defined = definitions_.find(name);
    if (defined != definitions_.end() && !defined->second.origins.empty()) {
        return &defined->second;
    }
    const auto inherited = environment_.find(name);
    return inherited == environment_.end() ? nullptr : &inherited->second;
}

void ApacheExpander::put(const Definition& definition, bool whole, ApacheValue& value) const {
    definition.used = true;
    if (value.text.size() + definition.text.size() > k_most_expanded) {
        return;
    }
    value.text += definition.text;
    for (ApacheOrigin origin : definition.origins) {
        origin.whole = whole;
        value.origins.push_back(origin);
    }
}

ApacheValue ApacheExpander::expanded(std::string_view raw) const {
    ApacheValue with_arguments;
    const Frame none;
    const Frame& frame = frames_.empty() ? none : frames_.back();
    for (std::size_t at = 0; at < raw.size();) {
        const Parameter* chosen = nullptr;
        for (const Parameter& one : frame) {
            const bool here = raw.substr(at).starts_with(one.name);
            if (here && (chosen == nullptr || one.name.size() > chosen->name.size())) {
                chosen = &one;
            }
        }
        if (chosen == nullptr) {
            with_arguments.text += raw[at++];
            continue;
        }
        Definition value = chosen->value;
        if (chosen->name.starts_with('@')) {
            value.text = escaped_argument(value.text);
        }
        put(value, chosen->name.size() == trimmed(raw).size(), with_arguments);
        at += chosen->name.size();
    }
    ApacheValue result{.origins = std::move(with_arguments.origins)};
    const std::string_view text = with_arguments.text;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.substr(at).starts_with("${") ? text.find('}', at) : text.npos;
        const Definition* const found =
            end == text.npos ? nullptr : variable(std::string{text.substr(at + 2, end - at - 2)});
        if (found == nullptr) {
            result.text += text[at++];
            continue;
        }
        put(*found, end + 1 - at == trimmed(text).size(), result);
        at = end + 1;
    }
    return result;
}

ApacheValue ApacheExpander::value_of(const Statement& statement, std::size_t from) const {
    const Place first = statement.words[from].place;
    const Place place{first.file, first.begin, statement.words.back().place.end};
    ApacheValue value = expanded(joined_lines(reading_.sources.text(place)));
    value.place = place;
    return value;
}

std::string ApacheExpander::with_macros(std::string_view text) const {
    return frames_.empty() ? std::string{text} : expanded(text).text;
}

void ApacheExpander::define(const Statement& statement) {
    const auto& words = statement.words;
    if (words.size() < 2) {
        return;
    }
    Definition definition;
    if (words.size() > 2) {
        ApacheValue value = expanded(words[2].text);
        definition.text = std::move(value.text);
        definition.origins = std::move(value.origins);
        if (definition.origins.empty()) {
            definition.origins.push_back({.statement = statement.place, .value = words[2].place});
        }
    }
    Definition& place = definitions_[expanded(words[1].text).text];
    if (!place.used) {
        overwritten_.push_back(std::move(place));
    }
    place = std::move(definition);
}

void ApacheExpander::enter(const Statement& macro, const Statement& use) {
    Frame frame;
    for (std::size_t i = 2; i < macro.words.size() && i < use.words.size(); ++i) {
        ApacheValue value = expanded(use.words[i].text);
        Definition definition{std::move(value.text), std::move(value.origins)};
        if (definition.origins.empty()) {
            definition.origins.push_back({.statement = use.place, .value = use.words[i].place});
        }
        frame.push_back({macro.words[i].text, std::move(definition)});
    }
    std::erase_if(frame, [](const Parameter& one) { return one.name.empty(); });
    frames_.push_back(std::move(frame));
}

std::vector<ApacheOrigin> ApacheExpander::unused_definitions() const {
    std::vector<ApacheOrigin> unused;
    const auto collect = [&](const Definition& one) {
        if (!one.used && names_versions(one.text) && !one.origins.empty()) {
            unused.push_back(one.origins.front());
        }
    };
    for (const Definition& one : overwritten_) {
        collect(one);
    }
    for (const auto& [name, definition] : definitions_) {
        collect(definition);
    }
    return unused;
}

} // namespace tlsdoctor::config
