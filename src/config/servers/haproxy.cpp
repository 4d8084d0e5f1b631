// SPDX-License-Identifier: Apache-2.0
// HAProxy: sections, the environment, conditions, and the defaults as they stand when each bind
// line is read. Its files: haproxy_files.cpp; ssl-default-* lines: haproxy_defaults.cpp; what bind
// lines mean: haproxy_bind.cpp and its fellows.
#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/haproxy_conditions.hpp"
#include "config/servers/haproxy_model.hpp"
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_haproxy_files[] = {"haproxy.cfg"};
constexpr std::string_view k_haproxy_places[] = {"/etc/haproxy/haproxy.cfg"};
constexpr std::string_view k_haproxy_sections[] = {
    "global",   "defaults",  "frontend", "listen",      "backend", "peers",       "resolvers",
    "mailers",  "userlist",  "program",  "cache",       "ring",    "http-errors", "log-forward",
    "fcgi-app", "crt-store", "traces",   "opentracing", "acme",    "log-profile", "haterm",
};
/// Sections whose bind lines open addresses.
constexpr std::string_view k_haproxy_binding[] = {"frontend", "listen", "peers", "log-forward"};

/// Words of `server` lines that look as if they decided.
constexpr std::string_view k_haproxy_server_words[] = {
    "ssl",          "ssl-min-ver",  "ssl-max-ver",  "ciphers",      "ciphersuites", "curves",
    "no-sslv3",     "no-tlsv10",    "no-tlsv11",    "no-tlsv12",    "no-tlsv13",    "force-sslv3",
    "force-tlsv10", "force-tlsv11", "force-tlsv12", "force-tlsv13",
};

template <std::size_t N>
bool is_in(const std::string_view (&words)[N], std::string_view word) {
    return std::ranges::find(words, word) != std::end(words);
}

/// What a defaults section leaves to the proxies that follow.
struct HaproxyDefaults {
    std::string name{};
    bool tcp{true}; ///< HAProxy's own default mode
    bool disabled{};
};

class HaproxyReader {
public:
    HaproxyReader(const Input& input, Reading& reading) : input_{input}, reading_{reading} {
        model_.folder = input.start.folder.empty() ? folder_of(input.main) : input.start.folder;
        for (const auto& [name, word] : input.start.environment) {
            // The place of an assignment in a script begins with the name.
            const Place value{word.place.file, word.place.begin + name.size() + 1, word.place.end};
            environment_[name] = {word.text, word.place, value};
        }
    }
    void read();

private:
    void read_file(const std::string& path);
    void read_statement(const Statement& statement);
    void read_dot(const std::vector<HaproxyWord>& words, Place statement);
    void open_section(const std::vector<HaproxyWord>& words, Place statement);
    void read_global(const std::vector<HaproxyWord>& words, Place statement);
    void read_environment(const std::vector<HaproxyWord>& words, Place statement);
    void read_folders(const std::vector<HaproxyWord>& words);
    void read_proxy(const std::vector<HaproxyWord>& words, Place statement);
    void fatal(Place place, std::string what) {
        reading_.fatal.push_back({place, std::move(what)});
    }

    const Input& input_;
    Reading& reading_;
    HaproxyModel model_{};
    HaproxyEnvironment environment_{};
    HaproxyBlocks blocks_{};
    std::string section_{};
    std::vector<HaproxyDefaults> defaults_{{}};
    std::string file_folder_{};
};

void HaproxyReader::read() {
    if (const auto folder = input_.start.option("-C")) {
        model_.folder = joined_path(model_.folder, folder->text);
    }
    for (const std::string& path : haproxy_paths(input_, model_.folder)) {
        read_file(path);
    }
    serve_haproxy(input_, model_, reading_);
}

void HaproxyReader::read_file(const std::string& path) {
    auto bytes = input_.files.read(path);
    if (!bytes) {
        reading_.not_understood.push_back(
            {{}, fmt::format("{}: {}", harmless(path), bytes.error().what)}
        );
        return;
    }
    const FileId file = reading_.sources.add(input_.files.real_path(path), std::move(*bytes));
    const std::string& text = reading_.sources.at(file).bytes;
    const Document document = read_haproxy_lines(reading_.sources, file);
    file_folder_ = folder_of(path);
    for (const Remark& fault : document.faults) {
        fatal(fault.place, fault.what);
    }
    if (text.contains('\0')) {
        fatal({file, text.find('\0'), text.find('\0') + 1}, "HAProxy stops at a NUL byte");
    }
    if (!text.empty() && !text.ends_with('\n') && !older(input_.server_version, "2.3")) {
        fatal({file, text.size() - 1, text.size()}, "HAProxy refuses a last line without an end");
    }
    for (const Statement& statement : document.statements) {
        read_statement(statement);
    }
    if (blocks_.open()) {
        fatal(document.statements.back().place, "an `.if` block has no `.endif`");
        blocks_ = {};
    }
    section_.clear();
}

void HaproxyReader::read_statement(const Statement& statement) {
    std::vector<HaproxyWord> words;
    std::vector<std::string> missing;
    for (const Word& word : statement.words) {
        for (HaproxyWord& one : resolve_haproxy(word, environment_, missing)) {
            words.push_back(std::move(one));
        }
    }
    const std::string& first = words[0].text;
    if (first.starts_with('.')) {
        read_dot(words, statement.place);
        return;
    }
    if (!blocks_.alive()) {
        // Lines that do not count, and could be taken for ones that do.
        read_haproxy_default(model_, reading_, words, statement.place, false);
        return;
    }
    if (!missing.empty() && (first == "bind" || first.starts_with("ssl-default-bind"))) {
        reading_.not_understood.push_back(
            {statement.place,
             fmt::format("the variable {} is not set here", harmless(missing.front()))}
        );
    }
    if (is_in(k_haproxy_sections, first)) {
        open_section(words, statement.place);
    } else if (section_ == "global") {
        read_global(words, statement.place);
    } else if (section_.empty()) {
        fatal(statement.place, fmt::format("`{}` stands outside of any section", harmless(first)));
    } else {
        read_proxy(words, statement.place);
    }
}

void HaproxyReader::read_dot(const std::vector<HaproxyWord>& words, Place statement) {
    constexpr std::string_view k_blocks[] = {"if", "elif", "else", "endif"};
    const std::string word = words[0].text.substr(1);
    if (is_in(k_blocks, word)) {
        std::string expression;
        for (std::size_t i = 1; i < words.size(); ++i) {
            expression += (i == 1 ? "" : " ") + words[i].text;
        }
        const HaproxyFacts facts{environment_, input_.server_version, input_.library_version};
        if (const auto wrong = blocks_.follow(word, expression, facts)) {
            fatal(statement, *wrong);
        }
    } else if (word == "alert" && blocks_.alive()) {
        fatal(statement, "`.alert` stops HAProxy here");
    }
}

void HaproxyReader::open_section(const std::vector<HaproxyWord>& words, Place statement) {
    section_ = words[0].text;
    const auto from = [&]() -> const HaproxyDefaults& {
        for (std::size_t i = 1; i + 1 < words.size(); ++i) {
            const auto named =
                std::ranges::find(defaults_, words[i + 1].text, &HaproxyDefaults::name);
            if (words[i].text == "from" && named != defaults_.end()) {
                return *named;
            }
        }
        return defaults_.back();
    };
    if (section_ == "global") {
        model_.global = model_.global ? model_.global : statement;
    } else if (section_ == "defaults") {
        const bool named = words.size() > 1 && words[1].text != "from";
        // Without `from` a section of defaults begins anew.
        HaproxyDefaults next;
        if (std::ranges::find(words, "from", &HaproxyWord::text) != words.end()) {
            next = from();
        }
        next.name = named ? words[1].text : "";
        defaults_.push_back(std::move(next));
    } else {
        const HaproxyDefaults& defaults = from();
        model_.proxies.push_back(
            {section_,
             words.size() > 1 ? words[1].text : "",
             statement,
             defaults.tcp,
             defaults.disabled,
             {}}
        );
    }
}

void HaproxyReader::read_environment(const std::vector<HaproxyWord>& words, Place statement) {
    const std::string& first = words[0].text;
    if (words.size() > 2 && (first == "setenv" || first == "presetenv")) {
        const bool keep = first == "presetenv" && environment_.contains(words[1].text);
        if (!keep) {
            environment_[words[1].text] = {words[2].text, statement, words[2].place};
        }
        return;
    }
    const auto named = [&](const std::string& name) {
        return std::find_if(words.begin() + 1, words.end(), [&](const HaproxyWord& word) {
                   return word.text == name;
               }) != words.end();
    };
    const bool wanted = first == "unsetenv";
    if (wanted || first == "resetenv") {
        std::erase_if(environment_, [&](const auto& one) { return named(one.first) == wanted; });
    }
}

void HaproxyReader::read_folders(const std::vector<HaproxyWord>& words) {
    if (words.size() < 2) {
        return;
    }
    if (words[0].text == "crt-base") {
        model_.certificate_folder = words[1].text;
    } else if (words[0].text == "default-path") {
        const std::string& kind = words[1].text;
        if (kind == "config") {
            model_.folder = file_folder_;
        } else if (kind == "parent") {
            model_.folder = joined_path(file_folder_, "..");
        } else if (kind == "origin" && words.size() > 2) {
            model_.folder = words[2].text;
        }
    }
}

void HaproxyReader::read_global(const std::vector<HaproxyWord>& words, Place statement) {
    const std::string& first = words[0].text;
    if (read_haproxy_default(model_, reading_, words, statement, true)) {
        return;
    }
    if (first.ends_with("env")) {
        read_environment(words, statement);
    } else if (first == "ssl-dh-param-file" || first == "tune.ssl.default-dh-param") {
        model_.dh_parameters = true;
    } else if (first == "ssl-security-level" && words.size() > 1) {
        if (const auto level = number_in(words[1].text, 5)) {
            model_.security_level = static_cast<int>(*level);
        }
    } else {
        read_folders(words);
    }
}

void HaproxyReader::read_proxy(const std::vector<HaproxyWord>& words, Place statement) {
    const std::string& first = words[0].text;
    const std::string second = words.size() > 1 ? words[1].text : "";
    if (section_ == "defaults") {
        defaults_.back().tcp = first == "mode" ? second == "tcp" : defaults_.back().tcp;
        defaults_.back().disabled = defaults_.back().disabled || first == "disabled";
        return;
    }
    HaproxyProxy& proxy = model_.proxies.back();
    const bool server = first == "server" || first == "default-server";
    if (first == "bind" && is_in(k_haproxy_binding, section_)) {
        read_haproxy_bind(input_, reading_, model_, words, statement, environment_);
    } else if (first == "mode") {
        proxy.tcp = second == "tcp";
    } else if (first == "disabled" || first == "enabled") {
        proxy.disabled = first == "disabled";
    } else if (first == "default_backend" || first == "use_backend") {
        if (std::ranges::find(proxy.backends, second) == proxy.backends.end()) {
            proxy.backends.push_back(second);
        }
    } else if (server && std::ranges::any_of(words, [](const HaproxyWord& word) {
                   return is_in(k_haproxy_server_words, word.text);
               })) {
        const auto only =
            section_ == "listen" ? std::optional{model_.proxies.size() - 1} : std::nullopt;
        model_.default_lines.push_back(
            {statement, haproxy_values(words), Aspect::other, std::string{k_haproxy_client}, only}
        );
    } else {
        read_folders(words);
    }
}

void read_haproxy(const Input& input, Reading& reading) {
    HaproxyReader{input, reading}.read();
}

} // namespace

const Server& haproxy_server() {
    static constexpr Server row{
        .name = "haproxy",
        .product = "HAProxy",
        .library = Library::openssl,
        .version = "2.6.12",
        .main_files = k_haproxy_files,
        .places = k_haproxy_places,
        .read = read_haproxy,
        .propose = propose_haproxy,
    };
    return row;
}

} // namespace tlsdoctor::config
