// SPDX-License-Identifier: Apache-2.0
// HAProxy's certificates: crt, folders, crt-list, and which of them answers a name, after
// src/ssl_crtlist.c and ssl_sock_switchctx_cbk() of 2.6.
#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/haproxy_model.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_haproxy_beside[] = {".issuer", ".ocsp", ".sctl", ".key"};
constexpr std::string_view k_haproxy_bundle[] = {".dsa", ".ecdsa", ".rsa"};

/// Reads what decides from one file; the names only where no filters are given.
void read_haproxy_certificate(
    const Input& input, const std::string& path, bool names, HaproxyCertificate& certificate
) {
    certificate.paths.push_back(input.files.real_path(path));
    const auto pem = input.files.read(path);
    if (!pem) {
        return;
    }
    certificate.dh_parameters = pem->contains("BEGIN DH PARAMETERS");
    const auto info = input.knowledge.certificate(*pem);
    if (!info) {
        return;
    }
    certificate.key = info->key;
    if (names) {
        for (const std::string& name : info->names) {
            certificate.filters.push_back(lower(name));
        }
    }
}

/// Says that a file is missing: HAProxy would not start. Where the folder is missing too, these are
/// the files of another machine.
void say_missing(const Input& input, Reading& reading, const std::string& path, Place place) {
    const bool here = input.files.kind_of(folder_of(path)) == FileKind::folder;
    auto& remarks = here ? reading.fatal : reading.warnings;
    remarks.push_back({place, fmt::format("there is no file {}", harmless(path))});
}

/// Loads one `crt` value with what its line says; adds nothing where it is missing.
void add_haproxy_file(
    const Input& input, Reading& reading, const std::string& path, Place place,
    const HaproxyCertificate& like, HaproxyBind& bind
) {
    const bool names = like.filters.empty();
    const auto add = [&](const std::string& file) {
        HaproxyCertificate& certificate = bind.certificates.emplace_back(like);
        read_haproxy_certificate(input, file, names, certificate);
    };
    const auto is_there = [&](std::string& file) {
        if (input.files.kind_of(file) == FileKind::none) {
            file = input.start.origin_of(file);
        }
        return input.files.kind_of(file) == FileKind::file;
    };
    std::string own = path;
    if (is_there(own)) {
        add(own);
        return;
    }
    bool any = false;
    for (const std::string_view ending : k_haproxy_bundle) {
        std::string file = path + std::string{ending};
        if (is_there(file)) {
            add(file);
            any = true;
        }
    }
    if (!any) {
        say_missing(input, reading, path, place);
        add(path);
    }
}

std::string haproxy_certificate_path(const HaproxyModel& model, std::string_view name) {
    const std::string& base = model.certificate_folder;
    return joined_path(model.folder, base.empty() ? std::string{name} : joined_path(base, name));
}

/// The words of one line of a crt-list, brackets as words of their own.
struct HaproxyListLine {
    std::vector<HaproxyWord> words{};
    Place options{};
    std::size_t options_begin{}; ///< numbers of words
    std::size_t options_end{};
    std::string fault{};
};

HaproxyListLine split_list_line(std::string_view text, Place line) {
    HaproxyListLine result;
    for (std::size_t at = 0; at < text.size() && result.fault.empty();) {
        const char byte = text[at];
        if (byte == '[' || byte == ']') {
            const bool opens = byte == '[';
            const bool right = opens ? !result.words.empty() && result.options.begin == 0
                                     : result.options.begin != 0 && result.options.end == 0;
            if (!right) {
                result.fault = fmt::format("`{}` is out of place", byte);
            }
            (opens ? result.options.begin : result.options.end) =
                line.begin + at + (opens ? 1U : 0U);
            (opens ? result.options_begin : result.options_end) = result.words.size();
            ++at;
            continue;
        }
        const std::size_t end = std::min(text.find_first_of(" \t\r[]", at), text.size());
        if (end > at) {
            const Place place{line.file, line.begin + at, line.begin + end};
            result.words.push_back({std::string{text.substr(at, end - at)}, place, std::nullopt});
        }
        at = end == at ? at + 1 : end;
    }
    if (result.options.begin != 0 && result.options.end == 0) {
        result.fault = "`[` without `]`";
    }
    result.options.file = line.file;
    return result;
}

constexpr std::string_view k_haproxy_list_flags[] = {"allow-0rtt", "no-alpn", "no-ca-names"};
constexpr std::string_view k_haproxy_list_values[] = {"alpn",     "ca-file",      "ca-verify-file",
                                                      "ciphers",  "ciphersuites", "client-sigalgs",
                                                      "crl-file", "curves",       "ecdhe",
                                                      "npn",      "ocsp-update",  "sigalgs",
                                                      "verify"};

bool one_of(std::span<const std::string_view> words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

void read_list_options(
    Reading& reading, std::span<const HaproxyWord> words, HaproxyCertificate& certificate
) {
    for (std::size_t at = 0; at < words.size(); ++at) {
        const std::string& word = words[at].text;
        if (word.starts_with("ssl-m")) {
            const HaproxyTaken taken = take_version_word(words, at, certificate.own, std::nullopt);
            if (taken != HaproxyTaken::yes) {
                reading.fatal.push_back({words[at].place, "this is no version that HAProxy knows"});
            }
            certificate.has_versions = true;
            continue;
        }
        const bool valued = one_of(k_haproxy_list_values, word) && at + 1 < words.size();
        if (!valued && !one_of(k_haproxy_list_flags, word)) {
            reading.fatal.push_back(
                {words[at].place, fmt::format("`{}` is no option of a crt-list", harmless(word))}
            );
            continue;
        }
        at += valued ? 1U : 0U;
        const HaproxyText text{words[at].text, {{}, {}, words[at].place}};
        if (word == "ciphers") {
            certificate.own.ciphers = text;
        } else if (word == "ciphersuites") {
            certificate.own.ciphersuites = text;
        } else if (word == "curves" || (word == "ecdhe" && !certificate.own.groups.text)) {
            certificate.own.groups = text;
        }
    }
}

void read_list_line(
    const Input& input, Reading& reading, const HaproxyModel& model, Place line, HaproxyBind& bind
) {
    const std::string_view text = reading.sources.text(line);
    const std::size_t first = text.find_first_not_of(" \t\r");
    if (first == text.npos || text[first] == '#') {
        return;
    }
    const HaproxyListLine parts = split_list_line(text, line);
    if (!parts.fault.empty() || parts.words.empty()) {
        reading.fatal.push_back({line, parts.fault.empty() ? "no certificate" : parts.fault});
        return;
    }
    HaproxyCertificate like{.options = parts.options, .from_list = true};
    like.statement = {
        line.file, line.begin + first, line.begin + text.find_last_not_of(" \t\r") + 1
    };
    const std::span words{parts.words};
    const std::size_t begin = parts.options.begin == 0 ? 1 : parts.options_end;
    read_list_options(
        reading, words.subspan(parts.options_begin, parts.options_end - parts.options_begin), like
    );
    for (std::size_t i = begin; i < words.size(); ++i) {
        like.filters.push_back(lower(words[i].text));
    }
    add_haproxy_file(
        input, reading, haproxy_certificate_path(model, words[0].text), words[0].place, like, bind
    );
}

bool excludes(const HaproxyCertificate& certificate, const std::string& name) {
    return std::ranges::find(certificate.filters, "!" + name) != certificate.filters.end();
}

/// The first certificate of each key type that has a filter, the best first.
void choose(
    const HaproxyBind& bind, const std::string& filter, const std::string* unless,
    std::vector<const HaproxyCertificate*>& chosen
) {
    for (const HaproxyCertificate& one : bind.certificates) {
        const bool has = std::ranges::find(one.filters, filter) != one.filters.end();
        const bool same_key = std::ranges::any_of(chosen, [&](const HaproxyCertificate* other) {
            return other->key == one.key;
        });
        if (has && !same_key && (unless == nullptr || !excludes(one, *unless))) {
            chosen.push_back(&one);
        }
    }
}

} // namespace

std::vector<const HaproxyCertificate*>
chosen_certificates(const HaproxyBind& bind, const std::string& name) {
    std::vector<const HaproxyCertificate*> chosen;
    choose(bind, name, nullptr, chosen);
    const std::size_t dot = name.find('.');
    if (dot != name.npos && !name.starts_with('*')) {
        choose(bind, "*" + name.substr(dot), &name, chosen);
    }
    // ECDSA goes before RSA for clients that can do both.
    std::ranges::stable_partition(chosen, [](const HaproxyCertificate* one) {
        return one->key == "ecdsa";
    });
    return chosen;
}

void load_haproxy_certificates(
    const Input& input, Reading& reading, const HaproxyModel& model, const std::string& name,
    Place place, HaproxyBind& bind
) {
    const std::string path = haproxy_certificate_path(model, name);
    const HaproxyCertificate like{.statement = bind.statement};
    if (input.files.kind_of(path) != FileKind::folder) {
        add_haproxy_file(input, reading, path, place, like, bind);
        return;
    }
    const auto names = input.files.names_in(path);
    for (const std::string& file : names ? *names : std::vector<std::string>{}) {
        const auto ends = [&](std::string_view ending) {
            return file.ends_with(ending);
        };
        const std::string whole = fmt::format("{}/{}", path, file);
        if (std::ranges::none_of(k_haproxy_beside, ends) &&
            input.files.kind_of(whole) == FileKind::file &&
            bind.certificates.size() < k_most_files) {
            add_haproxy_file(input, reading, whole, place, like, bind);
        }
    }
}

void load_haproxy_list(
    const Input& input, Reading& reading, const HaproxyModel& model, const std::string& name,
    Place place, HaproxyBind& bind
) {
    const std::string path = joined_path(model.folder, name);
    auto bytes = input.files.read(path);
    if (!bytes) {
        reading.fatal.push_back({place, fmt::format("{}: {}", harmless(path), bytes.error().what)});
        return;
    }
    const FileId file = reading.sources.add(input.files.real_path(path), std::move(*bytes));
    const SourceFile& source = reading.sources.at(file);
    if (!source.bytes.empty() && !source.bytes.ends_with('\n') && !older(input.server_version, "2.3")) {
        const std::size_t end = source.bytes.size();
        reading.fatal.push_back({{file, end - 1, end}, "HAProxy refuses a last line without an end"});
    }
    for (std::size_t i = 0;
         i < source.line_starts.size() && bind.certificates.size() < k_most_files; ++i) {
        const bool last = i + 1 == source.line_starts.size();
        const std::size_t end = last ? source.bytes.size() : source.line_starts[i + 1] - 1;
        read_list_line(input, reading, model, {file, source.line_starts[i], end}, bind);
    }
}

} // namespace tlsdoctor::config
