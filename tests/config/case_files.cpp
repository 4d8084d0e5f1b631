// SPDX-License-Identifier: Apache-2.0
// Loading and comparing recorded cases; see the header.
#include "config/case_files.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/core.h>

#include "base/text.hpp"
#include "crypto/cipher_string.hpp"

namespace tlsdoctor::config {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

const std::string k_folder = TLSDOCTOR_SOURCE_DIR "/tests/config/cases/";

std::string bytes_of(const fs::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

void replace_all(std::string& text, std::string_view token, std::string_view by) {
    for (std::size_t at = text.find(token); at != text.npos;
         at = text.find(token, at + by.size())) {
        text.replace(at, token.size(), by);
    }
}

std::string rendered(std::string text) {
    replace_all(text, "@CASE@", "/case");
    replace_all(text, "@PKI@", "/pki");
    replace_all(text, "@LAB@", "/lab");
    for (int port = 0; port < 8; ++port) {
        replace_all(text, fmt::format("@P{}@", port), std::to_string(25000 + port));
    }
    return text;
}

struct LabCertificate {
    const char* name;
    CertificateInfo info;
};

const std::vector<LabCertificate>& lab_certificates() {
    static const std::vector<LabCertificate> all{
        {"rsa", {"rsa", 2048, "", false, {"default.test", "localhost"}}},
        {"a", {"rsa", 2048, "", false, {"a.test", "www.a.test"}}},
        {"b", {"rsa", 2048, "", false, {"b.test", "www.b.test"}}},
        {"c", {"rsa", 2048, "", false, {"c.test"}}},
        {"wild", {"rsa", 2048, "", false, {"*.example.test", "example.test"}}},
        {"ec", {"ecdsa", 256, "P-256", false, {"ec.test", "a.test"}}},
        {"weak", {"rsa", 1024, "", false, {"weak.test"}}},
        {"sha1", {"rsa", 2048, "", true, {"sha1.test"}}},
    };
    return all;
}

void add_pki(MemoryFiles& files) {
    for (const LabCertificate& one : lab_certificates()) {
        const std::string bytes = fmt::format("-----BEGIN CERTIFICATE-----\n{}\n", one.name);
        for (const char* ending : {".crt", ".pem", ".leaf"}) {
            files.add(fmt::format("/pki/{}{}", one.name, ending), bytes);
        }
        files.add(fmt::format("/pki/{}.key", one.name), "-----BEGIN PRIVATE KEY-----\n");
    }
    files.add("/pki/ca.crt", "-----BEGIN CERTIFICATE-----\nca\n");
    files.add("/pki/dh2048.pem", "-----BEGIN DH PARAMETERS-----\n");
    files.add("/pki/dh1024.pem", "-----BEGIN DH PARAMETERS-----\n");
    files.add("/pki/rsa.p12", "");
}

std::string text_or(const json::object& object, const char* key, std::string otherwise = {}) {
    const json::value* const value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string{value->as_string()} : otherwise;
}

std::vector<std::string> words_in(const json::value* list) {
    std::vector<std::string> words;
    if (list != nullptr && list->is_array()) {
        for (const json::value& word : list->as_array()) {
            words.emplace_back(word.as_string());
        }
    }
    std::ranges::sort(words);
    return words;
}

std::string address_of(const json::object& probe) {
    const std::string host = text_or(probe, "addr");
    const int port = 25000 + std::atoi(text_or(probe, "port").c_str() + 1);
    return fmt::format(fmt::runtime(host.contains(':') ? "[{}]:{}" : "{}:{}"), host, port);
}

bool covers(const std::string& pattern, const std::string& name) {
    return pattern.starts_with("*.") && name.ends_with(pattern.substr(1)) &&
           name.size() > pattern.size() - 1;
}

/// The versions that a client with a narrow offer gets.
VersionSet accepted_with(const Effective& effective, const json::object* offer) {
    VersionSet accepted = effective.accepted();
    if (offer == nullptr) {
        return accepted;
    }
    accepted = accepted & k_modern_versions;
    if (const json::value* groups = offer->if_contains("groups")) {
        const auto wanted = words_in(groups);
        if (std::ranges::none_of(effective.groups, [&](NamedGroup group) {
                return std::ranges::find(wanted, name_of(group)) != wanted.end();
            })) {
            accepted = {};
        }
    }
    if (const json::value* suites = offer->if_contains("ciphers")) {
        const auto wanted = words_in(suites);
        if (std::ranges::none_of(effective.suites, [&](CipherSuite suite) {
                return std::ranges::find(wanted, find(suite)->openssl_name) != wanted.end();
            })) {
            accepted.remove(ProtocolVersion::tls_1_2);
        }
    }
    return accepted;
}

VersionSet measured_versions(const json::object& measured) {
    VersionSet set;
    for (const std::string& word : words_in(measured.if_contains("accepted"))) {
        set.add(version_named(word).value());
    }
    return set;
}

std::string listed(const std::vector<std::string>& words) {
    return joined(words, " ");
}

/// Suites of TLS 1.2 by OpenSSL's name, those of TLS 1.3 by their own; sorted.
std::vector<std::string> names_of(const std::vector<CipherSuite>& suites, bool tls13) {
    std::vector<std::string> names;
    for (const CipherSuite suite : suites) {
        names.emplace_back(tls13 ? name_of(suite) : std::string{find(suite)->openssl_name});
    }
    std::ranges::sort(names);
    return names;
}

void compare_lists(
    const json::object& measured, const Effective& effective, const std::string& who,
    std::vector<std::string>& faults
) {
    const auto compare = [&](std::string_view what, const auto& got, const auto& want) {
        if (got != want) {
            faults.push_back(
                fmt::format("{}: {} {}, measured {}", who, what, listed(got), listed(want))
            );
        }
    };
    if (const json::value* ciphers = measured.if_contains("ciphers")) {
        if (const json::value* tls12 = ciphers->as_object().if_contains("TLSv1.2")) {
            // The prober does not know the suites that have ARIA, CCM_8 ... : compare what it
            // asked.
            auto got = names_of(effective.suites, false);
            const auto want = words_in(tls12);
            std::erase_if(got, [&](const std::string& name) {
                return std::ranges::find(want, name) == want.end() &&
                       (name.contains("CCM") || name.contains("ARIA") || name.contains("CAMELLIA"));
            });
            compare("TLS 1.2 suites", got, want);
        }
        if (const json::value* tls13 = ciphers->as_object().if_contains("TLSv1.3")) {
            compare("TLS 1.3 suites", names_of(effective.tls13_suites, true), words_in(tls13));
        }
    }
    if (const json::value* groups = measured.if_contains("groups")) {
        std::vector<std::string> got;
        for (const NamedGroup group : effective.groups) {
            if (!std::string{name_of(group)}.contains("ffdhe") &&
                !std::string{name_of(group)}.contains("brainpool")) {
                got.emplace_back(name_of(group));
            }
        }
        std::ranges::sort(got);
        for (const auto& [version, list] : groups->as_object()) {
            compare("groups", got, words_in(&list));
        }
    }
}

void compare_probe(
    const json::object& probe, const Examination& examination, std::vector<std::string>& faults
) {
    const std::string address = address_of(probe);
    const json::value* sni = probe.if_contains("sni");
    const std::string name = sni->is_string() ? std::string{sni->as_string()} : "";
    const std::string starttls = text_or(probe, "starttls");
    const json::value* offer = probe.if_contains("offer");
    const std::string who = fmt::format(
        "{} {} {}", address, name.empty() ? "(no name)" : name,
        offer != nullptr ? json::serialize(*offer) : starttls
    );
    const auto& services = examination.reading.services;
    const Service* const service = service_for(
        services, address, name.empty() ? nullptr : &name, starttls.empty() ? nullptr : &starttls
    );
    const json::value* measured = probe.if_contains("measured");
    const VersionSet want = measured == nullptr || measured->is_null()
                                ? VersionSet{}
                                : measured_versions(measured->as_object());
    if (service == nullptr) {
        if (!want.empty() || (measured != nullptr && !measured->is_null())) {
            faults.push_back(who + ": no endpoint");
        }
        return;
    }
    const Effective& effective =
        examination.effective[static_cast<std::size_t>(service - services.data())];
    const VersionSet got =
        examination.reading.fatal.empty()
            ? accepted_with(effective, offer == nullptr ? nullptr : &offer->as_object())
            : VersionSet{};
    if (got != want) {
        faults.push_back(fmt::format("{}: {}, measured {}", who, name_of(got), name_of(want)));
    }
    if (measured != nullptr && measured->is_object() && offer == nullptr) {
        compare_lists(measured->as_object(), effective, who, faults);
    }
}

bool is_at(const Sources& sources, Place place, const std::string& file, std::size_t line) {
    return sources.at(place.file).path == file && sources.line_of(place) <= line &&
           line <= sources.line_of(
                       {place.file, place.end == place.begin ? place.end : place.end - 1, place.end}
                   );
}

/// The best role that any service gives the line; nullopt where none names it.
std::optional<Role>
role_at(const Examination& examination, const std::string& file, std::size_t line, Role wanted) {
    std::optional<Role> found;
    const Sources& sources = examination.reading.sources;
    for (const Effective& effective : examination.effective) {
        for (const Line& one : effective.lines) {
            const bool here = is_at(sources, one.statement, file, line) ||
                              (one.also && is_at(sources, *one.also, file, line));
            const bool better = wanted != Role::inert && found == Role::inert;
            if (here && (!found || one.role == wanted || better)) {
                found = one.role;
            }
        }
    }
    for (const Remark& remark : examination.reading.fatal) {
        if (is_at(sources, remark.place, file, line)) {
            found = Role::guilty;
        }
    }
    return found;
}

void compare_responsible(
    const json::array& responsible, const Examination& examination, std::vector<std::string>& faults
) {
    for (const json::value& value : responsible) {
        const json::object& one = value.as_object();
        const std::string file = "/case/" + text_or(one, "file");
        const auto line = static_cast<std::size_t>(one.at("line").as_int64());
        const std::string role = text_or(one, "role");
        const Role wanted = role == "guilty"      ? Role::guilty
                            : role == "effective" ? Role::effective
                                                  : Role::inert;
        const auto found = role_at(examination, file, line, wanted);
        const bool decides = found && *found != Role::inert;
        const bool same = wanted == Role::inert ? found == Role::inert : decides;
        if (!same) {
            faults.push_back(fmt::format(
                "responsible {}:{} {} `{}`: {}", text_or(one, "file"), line, role,
                text_or(one, "text"), found ? (decides ? "decides" : "inert") : "not named"
            ));
        }
    }
}

Input case_input(const RecordedCase& recorded, const Files& files) {
    return {
        .files = files,
        .knowledge = lab_knowledge(),
        .main = recorded.main,
        .server_version = std::string{find_server(recorded.server)->version},
        .library_version = "3.0.15"
    };
}

/// The goal that a probe's recorded future stands for; nullopt where it does not change.
std::optional<Goal>
goal_of(const json::object& probe, const json::object& after, const Examination& now) {
    const json::value* sni = probe.if_contains("sni");
    const std::string name = sni->is_string() ? std::string{sni->as_string()} : "";
    const std::string starttls = text_or(probe, "starttls");
    const std::string address = address_of(probe);
    const auto& services = now.reading.services;
    const Service* const service = service_for(
        services, address, name.empty() ? nullptr : &name, starttls.empty() ? nullptr : &starttls
    );
    const VersionSet wanted = measured_versions(after);
    const json::value* before = probe.if_contains("measured");
    const bool same = before != nullptr && before->is_object() &&
                      measured_versions(before->as_object()) == wanted;
    if (probe.contains("offer") || same) {
        return std::nullopt;
    }
    Goal goal{.address = address, .any_name = service == nullptr};
    if (service != nullptr) {
        goal.address = service->address;
        goal.sni = service->sni;
    }
    goal.wanted = wanted;
    goal.unwanted = VersionSet::all() - wanted;
    return goal;
}

void compare_after(
    const json::object& probe, const json::object& after, const Examination& then,
    std::vector<std::string>& faults
) {
    json::object future = probe;
    // Which suites a fix leaves is its own affair: another edit may reach the same goal.
    json::object measured = after;
    measured.erase("ciphers");
    future["measured"] = std::move(measured);
    compare_probe(future, then, faults);
}

} // namespace

std::vector<std::string> recorded_cases() {
    const char* const only = std::getenv("TLSDOCTOR_CASES");
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator{k_folder}) {
        const std::string path = entry.path().string();
        if (path.ends_with("/expected.json")) {
            const std::string name =
                path.substr(k_folder.size(), path.size() - k_folder.size() - 14);
            if (only == nullptr || name.starts_with(only)) {
                names.push_back(name);
            }
        }
    }
    std::ranges::sort(names);
    return names;
}

RecordedCase load_case(const std::string& name, MemoryFiles& files) {
    const std::string folder = k_folder + name;
    for (const auto& entry : fs::recursive_directory_iterator{folder}) {
        const std::string below = "/case" + entry.path().string().substr(folder.size());
        if (entry.is_symlink()) {
            files.link(
                below, joined_path(folder_of(below), fs::read_symlink(entry.path()).string())
            );
        } else if (entry.is_regular_file()) {
            files.add(below, rendered(bytes_of(entry.path())));
        }
    }
    add_pki(files);
    RecordedCase recorded{
        .server = name.substr(0, name.find('/')),
        .name = name,
        .expected = json::parse(bytes_of(folder + "/expected.json")),
        .command = rendered(bytes_of(folder + "/start.sh"))
    };
    recorded.main = "/case/" + text_or(recorded.expected.as_object(), "main");
    return recorded;
}

const Knowledge& lab_knowledge() {
    static const Knowledge knowledge{
        .suites = [](const std::string& text
                  ) -> std::expected<std::vector<CipherSuite>, std::string> {
            auto suites = crypto::suites_of_a_server(text);
            if (!suites) {
                return std::unexpected{suites.error().what};
            }
            return *suites;
        },
        .certificate = [](const std::string& pem) -> std::optional<CertificateInfo> {
            const auto lines = split(pem, '\n');
            for (const LabCertificate& one : lab_certificates()) {
                if (lines.size() > 1 && lines[1] == one.name) {
                    return one.info;
                }
            }
            return std::nullopt;
        }
    };
    return knowledge;
}

Examination examine_case(const RecordedCase& recorded, const Files& files) {
    return examine(
        *find_server(recorded.server), case_input(recorded, files), recorded.command,
        "/case/start.sh"
    );
}

std::vector<std::string> differences(const RecordedCase& recorded, const Examination& examination) {
    std::vector<std::string> faults;
    const json::object& expected = recorded.expected.as_object();
    const bool starts = expected.at("starts").as_bool();
    if (starts == !examination.reading.fatal.empty()) {
        faults.push_back(
            starts ? "said not to start: " + examination.reading.fatal.front().what
                   : "said to start, and does not"
        );
    }
    for (const json::value& probe : expected.at("probes").as_array()) {
        compare_probe(probe.as_object(), examination, faults);
    }
    if (const json::value* responsible = expected.if_contains("responsible")) {
        compare_responsible(responsible->as_array(), examination, faults);
    }
    return faults;
}

std::vector<std::string> fix_faults(const RecordedCase& recorded, const Files& files) {
    const json::object& expected = recorded.expected.as_object();
    const json::value* const fix = expected.if_contains("fix");
    if (fix == nullptr || !fix->is_object() || !fix->as_object().contains("after") ||
        !fix->at("after").is_array()) {
        return {};
    }
    const json::array& probes = expected.at("probes").as_array();
    const json::array& after = fix->at("after").as_array();
    const Examination now = examine_case(recorded, files);
    const Input input = case_input(recorded, files);
    PatchedFiles patched{files};
    RecordedCase mended = recorded;
    std::string diff;
    std::size_t asked = 0;
    for (std::size_t i = 0; i < probes.size() && i < after.size(); ++i) {
        const auto goal = goal_of(probes[i].as_object(), after[i].as_object(), now);
        if (!goal) {
            continue;
        }
        ++asked;
        // The first goal that is not reached yet is asked for; the fix for it may reach the others.
        const auto answer = mend(now, input, recorded.command, "/case/start.sh", *goal);
        if (!answer) {
            return {fmt::format(
                "no fix for {} {}: wanted {}", goal->address, goal->sni.value_or("(no name)"),
                name_of(goal->wanted)
            )};
        }
        for (const auto& [path, bytes] : answer->files) {
            patched.replace(path, bytes);
            if (path == "/case/start.sh") {
                mended.command = bytes;
            }
        }
        diff = answer->diff;
        break;
    }
    if (asked == 0) {
        return {};
    }
    const Examination then = examine_case(mended, patched);
    std::vector<std::string> faults;
    for (std::size_t i = 0; i < probes.size() && i < after.size(); ++i) {
        compare_after(probes[i].as_object(), after[i].as_object(), then, faults);
    }
    if (!faults.empty()) {
        faults.push_back(diff);
    }
    return faults;
}

namespace {

/// The best service of one listening address.
const Service* service_at(
    const std::vector<Service>& services, const std::string& address, const std::string* sni,
    bool starttls
) {
    const Service* best = nullptr;
    std::size_t best_length = 0;
    for (const Service& service : services) {
        if (service.address != address || service.starttls.has_value() != starttls) {
            continue;
        }
        if (sni == nullptr ? !service.sni.has_value() : service.sni == *sni) {
            return &service;
        }
        const bool fits = sni != nullptr && service.sni && covers(*service.sni, *sni);
        if (fits && service.sni->size() > best_length) {
            best = &service;
            best_length = service.sni->size();
        }
        if (service.sni == "*" && best_length == 0 && sni != nullptr) {
            best = &service;
        }
    }
    return best;
}

} // namespace

const Service* service_for(
    const std::vector<Service>& services, const std::string& address, const std::string* sni,
    const std::string* starttls
) {
    const std::string small = sni == nullptr ? "" : lower(*sni);
    const std::string* const name = sni == nullptr ? nullptr : &small;
    const bool upgrades = starttls != nullptr;
    if (const Service* const exact = service_at(services, address, name, upgrades)) {
        return exact;
    }
    const std::string any = address.starts_with('[') ? "[::]" : "0.0.0.0";
    return service_at(services, any + address.substr(address.rfind(':')), name, upgrades);
}

} // namespace tlsdoctor::config
