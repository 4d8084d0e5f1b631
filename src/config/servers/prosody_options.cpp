// SPDX-License-Identifier: Apache-2.0
// Files of Prosody; see the header. What follows VirtualHost belongs to the host, until the next
// one; an included file begins with the global section again, and behind it the host goes on
// (core/configmanager.lua of 0.12).
#include "config/servers/prosody_options.hpp"

#include <algorithm>
#include <optional>
#include <ranges>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

/// Words that make code which is not understood worth a remark.
constexpr std::string_view k_prosody_telling[] = {"ssl",   "tls",       "certificate",
                                                  "host",  "component", "include",
                                                  "ports", "interface"};

class ProsodyFileReader final {
public:
    ProsodyFileReader(const Input& input, Reading& reading)
        : input_{input}, reading_{reading}, result_{.folder = folder_of(input.main)} {}

    ProsodyOptions read() {
        read_file(input_.main, std::nullopt, 0);
        return std::move(result_);
    }

private:
    using Locals = std::map<std::string, LuaValue, std::less<>>;

    void read_file(const std::string& path, std::optional<Place> from, std::size_t depth) {
        if (depth > k_most_include_depth || reading_.sources.size() > k_most_files) {
            reading_.fatal.push_back({*from, "Includes are nested too deeply, or form a circle"});
            return;
        }
        const auto bytes = input_.files.read(path);
        if (!bytes) {
            const Place place = from.value_or(Place{reading_.sources.add(path, "")});
            reading_.fatal.push_back(
                {place, fmt::format("cannot read {}: {}", path, bytes.error().what)}
            );
            return;
        }
        const FileId file = reading_.sources.add(input_.files.real_path(path), *bytes);
        LuaFile lua = read_lua(reading_.sources, file);
        for (Remark& fault : lua.faults) {
            fault.what = "Prosody cannot read this: " + fault.what;
            reading_.fatal.push_back(std::move(fault));
        }
        std::string host = "*";
        Locals locals;
        for (const LuaStatement& statement : lua.statements) {
            follow(statement, host, locals, path, depth);
        }
    }

    void follow(
        const LuaStatement& statement, std::string& host, Locals& locals, const std::string& path,
        std::size_t depth
    ) {
        switch (statement.act) {
        case LuaAct::local:
            locals[statement.name.text] = resolved(statement.values.front(), locals, 0);
            return;
        case LuaAct::assignment:
            result_.options.push_back(
                {host, statement.name.text, resolved(statement.values.front(), locals, 0),
                 statement.place}
            );
            return;
        case LuaAct::call:
            call(statement, host, locals, path, depth);
            return;
        case LuaAct::other:
            remark_if_telling(statement.place);
            return;
        }
    }

    void remark_if_telling(Place place) {
        const std::string text = lower(reading_.sources.text(place));
        if (std::ranges::any_of(k_prosody_telling, [&](std::string_view word) {
                return text.contains(word);
            })) {
            reading_.not_understood.push_back({place, "this is Lua that computes"});
        }
    }

    void call(
        const LuaStatement& statement, std::string& host, Locals& locals, const std::string& path,
        std::size_t depth
    ) {
        const std::string name = lower(statement.name.text);
        std::vector<LuaValue> values;
        for (const LuaValue& value : statement.values) {
            values.push_back(resolved(value, locals, 0));
        }
        const bool has_name = !values.empty() && values.front().kind == LuaKind::string;
        if (!has_name) {
            remark_if_telling(statement.place);
        } else if (name == "include") {
            include(values.front().text, path, statement.place, depth);
        } else if (name == "virtualhost" || name == "host" || name == "component") {
            begin_host(statement, values, name == "component", host);
        } else {
            remark_if_telling(statement.place);
        }
    }

    void begin_host(
        const LuaStatement& statement, const std::vector<LuaValue>& values, bool component,
        std::string& host
    ) {
        host = lower(values.front().text);
        result_.hosts.push_back({host, component, statement.place});
        const LuaValue& last = values.back();
        if (last.kind != LuaKind::table) {
            return;
        }
        for (const LuaField& field : last.fields) {
            result_.options.push_back({host, field.name, field.value, field.place});
        }
        host = "*"; // the form with a table ends the section
    }

    void include(const std::string& what, const std::string& path, Place place, std::size_t depth) {
        const std::string whole = joined_path(folder_of(path), what);
        if (!is_pattern(what)) {
            read_file(whole, place, depth + 1);
            return;
        }
        if (input_.files.kind_of(folder_of(whole)) != FileKind::folder) {
            reading_.fatal.push_back({place, "there is no folder " + folder_of(whole)});
            return;
        }
        for (const std::string& match : matches_of(input_.files, whole)) {
            read_file(match, place, depth + 1);
        }
    }

    /// Puts in what variables stand for and joins strings.
    LuaValue resolved(const LuaValue& value, const Locals& locals, int depth) const {
        if (depth > 60) {
            return value;
        }
        if (value.kind == LuaKind::name) {
            return named(value, locals);
        }
        LuaValue result = value;
        for (LuaField& field : result.fields) {
            field.value = resolved(field.value, locals, depth + 1);
        }
        if (value.kind == LuaKind::joined) {
            join(result);
        }
        return result;
    }

    LuaValue named(const LuaValue& value, const Locals& locals) const {
        if (const auto local = locals.find(value.text); local != locals.end()) {
            return local->second;
        }
        if (value.text.starts_with("ENV_")) {
            const CommandWord* const word = input_.start.variable(value.text.substr(4));
            if (word != nullptr) {
                return {.kind = LuaKind::string, .text = word->text, .place = value.place};
            }
        }
        return value;
    }

    static void join(LuaValue& value) {
        std::string text;
        for (const LuaField& part : value.fields) {
            if (part.value.kind != LuaKind::string && part.value.kind != LuaKind::number) {
                value.kind = LuaKind::other;
                return;
            }
            text += part.value.text;
        }
        value.kind = LuaKind::string;
        value.text = std::move(text);
        value.fields.clear();
    }

    const Input& input_;
    Reading& reading_;
    ProsodyOptions result_;
};

} // namespace

const ProsodyOption* ProsodyOptions::own(std::string_view host, std::string_view name) const {
    for (const ProsodyOption& option : std::views::reverse(options)) {
        if (option.host == host && option.name == name) {
            return option.value.kind == LuaKind::nil ? nullptr : &option;
        }
    }
    return nullptr;
}

const ProsodyOption* ProsodyOptions::find(std::string_view host, std::string_view name) const {
    const ProsodyOption* const own_one = own(host, name);
    return own_one != nullptr ? own_one : own("*", name);
}

ProsodyOptions read_prosody_options(const Input& input, Reading& reading) {
    return ProsodyFileReader{input, reading}.read();
}

std::vector<std::string> lua_words(const LuaValue& value) {
    if (value.kind == LuaKind::string || value.kind == LuaKind::number) {
        return {value.text};
    }
    std::vector<std::string> words;
    for (const LuaField& field : value.fields) {
        if (field.name.empty()) {
            words.push_back(field.value.text);
        } else if (field.value.text == "true") {
            words.push_back(field.name); // a set: { tls = true }
        }
    }
    return words;
}

} // namespace tlsdoctor::config
