// SPDX-License-Identifier: Apache-2.0
// lighttpd: files, variables, lists and scopes as its parser builds them (src/configparser.y of
// 1.4.69). What the ssl.* settings mean: lighttpd_services.cpp.
#include <algorithm>
#include <span>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/lighttpd_model.hpp"
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_lighttpd_files[] = {"lighttpd.conf"};
constexpr std::string_view k_lighttpd_places[] = {"/etc/lighttpd/lighttpd.conf"};

using LighttpdWords = std::span<const Word>;

/// A name without a dot is that of a variable.
std::string full_name(const std::string& name) {
    return name.contains('.') ? name : "var." + name;
}

class LighttpdScopes {
public:
    LighttpdScopes(const Input& input, Reading& reading) : input_{input}, reading_{reading} {}

    LighttpdModel read() {
        read_file(input_.main, {}, 0);
        return std::move(model_);
    }

private:
    void read_file(const std::string& path, Place from, std::size_t scope);
    void read_all(const std::vector<Statement>& statements, std::size_t scope);
    void read_statement(const Statement& statement, std::size_t scope);
    void read_include(const Statement& statement, std::size_t scope);
    void read_condition(const Statement& statement, std::size_t scope);
    void read_assignment(const Statement& statement, std::size_t scope);
    std::size_t scope_for(const LighttpdScope& wanted);
    LighttpdSetting value_of(LighttpdWords words, Place statement, std::size_t scope);
    LighttpdItem text_of(LighttpdWords words, Place statement, std::size_t scope);
    LighttpdItem term(const Word& word, Place statement, std::size_t scope);
    const LighttpdSetting* inherited(const std::string& key, std::size_t scope) const;
    void merge(LighttpdSetting& into, LighttpdSetting added);
    void fatal(Place place, std::string what) {
        reading_.fatal.push_back({place, std::move(what)});
    }

    const Input& input_;
    Reading& reading_;
    LighttpdModel model_{};
    std::vector<std::string> open_{}; ///< the files that are being read
    std::size_t files_{};
};

void LighttpdScopes::read_file(const std::string& path, Place from, std::size_t scope) {
    const std::string real = input_.files.real_path(path);
    const bool circular = std::ranges::find(open_, real) != open_.end();
    if (circular || open_.size() >= k_most_include_depth || ++files_ > k_most_files) {
        fatal(from, fmt::format("{} is included again and again", harmless(path)));
        return;
    }
    auto bytes = input_.files.read(path);
    if (!bytes) {
        fatal(from, fmt::format("{}: {}", harmless(path), bytes.error().what));
        return;
    }
    const FileId file = reading_.sources.add(real, std::move(*bytes));
    const Document document = read_lighttpd_syntax(reading_.sources, file);
    for (const Remark& fault : document.faults) {
        fatal(fault.place, fault.what);
    }
    open_.push_back(real);
    read_all(document.statements, scope);
    open_.pop_back();
}

void LighttpdScopes::read_all(const std::vector<Statement>& statements, std::size_t scope) {
    for (const Statement& statement : statements) {
        read_statement(statement, scope);
    }
}

void LighttpdScopes::read_statement(const Statement& statement, std::size_t scope) {
    const std::string& first = statement.words[0].text;
    if (first == "global" && statement.section) {
        read_all(statement.body, 0);
    } else if (first.starts_with('$') || first.starts_with("else") || first == "elsif") {
        read_condition(statement, scope);
    } else if (first == "include") {
        read_include(statement, scope);
    } else if (first == "include_shell") {
        reading_.not_understood.push_back(
            {statement.place, "what include_shell prints is not looked at"}
        );
    } else if (statement.words.size() > 2 && statement.words[1].text.ends_with('=')) {
        read_assignment(statement, scope);
    } else {
        fatal(statement.place, "lighttpd cannot read this statement");
    }
}

void LighttpdScopes::read_include(const Statement& statement, std::size_t scope) {
    const LighttpdItem name =
        text_of(LighttpdWords{statement.words}.subspan(1), statement.place, scope);
    const std::string path = joined_path(folder_of(input_.main), name.text);
    if (!is_pattern(path)) {
        read_file(path, statement.place, scope);
        return;
    }
    for (const std::string& one : matches_of(input_.files, path)) {
        read_file(one, statement.place, scope);
    }
}

/// The scope of a condition; the same condition in the same place is the same scope.
std::size_t LighttpdScopes::scope_for(const LighttpdScope& wanted) {
    const auto same = std::ranges::find_if(model_.scopes, [&](const LighttpdScope& one) {
        return one.field == wanted.field && one.operation == wanted.operation &&
               one.text == wanted.text && one.otherwise == wanted.otherwise &&
               one.parent == wanted.parent && !wanted.field.empty();
    });
    if (same != model_.scopes.end()) {
        return static_cast<std::size_t>(same - model_.scopes.begin());
    }
    model_.scopes.push_back(wanted);
    return model_.scopes.size() - 1;
}

void LighttpdScopes::read_condition(const Statement& statement, std::size_t scope) {
    LighttpdWords words{statement.words};
    LighttpdScope wanted{.parent = scope, .statement = statement.place};
    while (!words.empty() && !words[0].text.starts_with('$')) {
        wanted.otherwise = true;
        words = words.subspan(1);
    }
    if (words.size() > 2) {
        wanted.field = words[0].text;
        wanted.operation = words[1].text;
        wanted.text = text_of(words.subspan(2), statement.place, scope).text;
    } else if (!wanted.otherwise || !words.empty() || !statement.section) {
        fatal(statement.place, "lighttpd cannot read this condition");
    }
    read_all(statement.body, scope_for(wanted));
}

/// A setting as this scope, or the nearest around it, has it so far.
const LighttpdSetting* LighttpdScopes::inherited(const std::string& key, std::size_t scope) const {
    for (;;) {
        if (const LighttpdSetting* const found = model_.scopes[scope].find(key)) {
            return found;
        }
        if (scope == 0) {
            return nullptr;
        }
        scope = model_.scopes[scope].parent;
    }
}

LighttpdItem LighttpdScopes::term(const Word& word, Place statement, std::size_t scope) {
    LighttpdItem item{.text = word.text, .statement = statement, .place = word.place};
    const bool number = !word.text.empty() && word.text[0] >= '0' && word.text[0] <= '9';
    if (word.quoted || number) {
        return item;
    }
    item.text.clear();
    if (word.text.starts_with("env.")) {
        const CommandWord* const value = input_.start.variable(word.text.substr(4));
        item.text = value == nullptr ? "" : value->text;
        return item;
    }
    const LighttpdSetting* const found = inherited(full_name(word.text), scope);
    if (found != nullptr && found->items.size() == 1) {
        item.text = found->items[0].text;
        item.variable = LighttpdVariable{item.text, found->statement, found->value};
    } else if (found == nullptr) {
        fatal(word.place, fmt::format("the variable {} is not set", harmless(word.text)));
    }
    return item;
}

/// Texts with `+` between them.
LighttpdItem LighttpdScopes::text_of(LighttpdWords words, Place statement, std::size_t scope) {
    LighttpdItem all{
        .statement = statement, .place = {statement.file, statement.end, statement.end}
    };
    for (const Word& word : words) {
        if (word.text == "+" && !word.quoted) {
            continue;
        }
        LighttpdItem one = term(word, statement, scope);
        all.text += one.text;
        all.variable = one.variable ? std::move(one.variable) : std::move(all.variable);
    }
    if (!words.empty()) {
        all.place = {statement.file, words.front().place.begin, words.back().place.end};
    }
    return all;
}

LighttpdSetting LighttpdScopes::value_of(LighttpdWords words, Place statement, std::size_t scope) {
    LighttpdSetting setting{
        .list = std::ranges::any_of(
            words, [](const Word& word) { return word.text == "(" && !word.quoted; }
        ),
        .statement = statement,
        .value = {statement.file, words.front().place.begin, words.back().place.end}
    };
    if (!setting.list) {
        const LighttpdSetting* const copied = words.size() == 1 && !words[0].quoted
                                                  ? inherited(full_name(words[0].text), scope)
                                                  : nullptr;
        if (copied != nullptr && copied->list) {
            setting.list = true;
            setting.items = copied->items;
        } else {
            setting.items.push_back(text_of(words, statement, scope));
        }
        return setting;
    }
    // Lists in lists are of no interest here: their items are taken as they come.
    std::string key;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= words.size(); ++i) {
        const bool plain = i < words.size() && !words[i].quoted;
        const bool ends =
            i == words.size() || (plain && (words[i].text == "," || words[i].text == ")" ||
                                            words[i].text == "(" || words[i].text == "=>"));
        if (!ends) {
            continue;
        }
        const LighttpdWords piece = words.subspan(begin, i - begin);
        const bool arrow = plain && words[i].text == "=>";
        if (!piece.empty() && !(piece.size() == 1 && !piece[0].quoted && piece[0].text == "+")) {
            LighttpdItem item = text_of(piece, statement, scope);
            if (arrow) {
                key = item.text;
            } else {
                item.key = std::exchange(key, {});
                setting.items.push_back(std::move(item));
            }
        }
        begin = i + 1;
    }
    return setting;
}

void LighttpdScopes::merge(LighttpdSetting& into, LighttpdSetting added) {
    for (LighttpdItem& item : added.items) {
        const auto twin = std::ranges::find_if(into.items, [&](const LighttpdItem& one) {
            return !item.key.empty() && one.key == item.key;
        });
        if (twin != into.items.end()) {
            fatal(
                item.statement,
                fmt::format("the key \"{}\" is in the list already", harmless(item.key))
            );
            model_.dropped.push_back(*twin);
            into.items.erase(twin);
        }
        if (!into.list && !into.items.empty()) {
            into.items[0].text += item.text;
        } else {
            into.items.push_back(std::move(item));
        }
    }
    into.list = into.list || added.list;
    into.statement = added.statement;
    into.value = added.value;
}

void LighttpdScopes::read_assignment(const Statement& statement, std::size_t scope) {
    const std::string key = full_name(statement.words[0].text);
    const std::string& sign = statement.words[1].text;
    LighttpdSetting checked{.list = true};
    LighttpdSetting value =
        value_of(LighttpdWords{statement.words}.subspan(2), statement.place, scope);
    merge(checked, value); // finds a key that is there twice
    auto& settings = model_.scopes[scope].settings;
    const auto own = settings.find(key);
    if (sign == "+=") {
        if (own != settings.end()) {
            merge(own->second, std::move(value));
        } else if (const LighttpdSetting* const above = inherited(key, scope)) {
            LighttpdSetting copy = *above;
            merge(copy, std::move(value));
            settings[key] = std::move(copy);
        } else {
            settings[key] = std::move(value);
        }
        return;
    }
    if (sign == "=" && own != settings.end()) {
        fatal(statement.place, fmt::format("{} is set already in this block", harmless(key)));
    }
    settings[key] = std::move(value);
}

void read_lighttpd(const Input& input, Reading& reading) {
    serve_lighttpd(input, read_lighttpd_scopes(input, reading), reading);
}

} // namespace

std::optional<std::string> LighttpdScope::text_of(const std::string& key) const {
    const LighttpdSetting* const found = find(key);
    return found == nullptr || found->items.size() != 1 ? std::nullopt
                                                        : std::optional{found->items[0].text};
}

const LighttpdSetting* LighttpdScope::find(const std::string& key) const {
    const auto found = settings.find(key);
    return found == settings.end() ? nullptr : &found->second;
}

LighttpdModel read_lighttpd_scopes(const Input& input, Reading& reading) {
    return LighttpdScopes{input, reading}.read();
}

const Server& lighttpd_server() {
    static constexpr Server row{
        .name = "lighttpd",
        .product = "lighttpd",
        .library = Library::openssl,
        .version = "1.4.69",
        .main_files = k_lighttpd_files,
        .places = k_lighttpd_places,
        .read = read_lighttpd,
        .propose = propose_lighttpd,
    };
    return row;
}

} // namespace tlsdoctor::config
