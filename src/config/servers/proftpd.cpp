// SPDX-License-Identifier: Apache-2.0
// ProFTPD with mod_tls: a server's own directives before those of <Global>; the first TLSProtocol
// of a context decides, the last TLSCipherSuite. Virtual hosts inherit nothing from the main
// server.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/apache_hosts.hpp"
#include "config/servers/proftpd_tree.hpp"
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_proftpd_files[] = {"proftpd.conf", "proftpd/proftpd.conf"};
constexpr std::string_view k_proftpd_places[] = {
    "/etc/proftpd/proftpd.conf", "/etc/proftpd.conf", "/usr/local/etc/proftpd.conf"
};
constexpr VersionSet k_ftp_default =
    VersionSet::range(ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_3);
constexpr VersionSet k_ftp_all =
    VersionSet::range(ProtocolVersion::ssl_3_0, ProtocolVersion::tls_1_3);
constexpr std::uint32_t k_ftp_port = 21;

std::optional<ProtocolVersion> ftp_version(std::string_view word) {
    for (const ProtocolVersion version : k_ftp_all.members()) {
        if (same_ignoring_case(word, openssl_name(version))) {
            return version;
        }
    }
    return std::nullopt;
}

/// `ALL -SSLv3 -TLSv1` takes away, `TLSv1.2 TLSv1.3` adds up; nullopt: an unknown word is fatal.
std::optional<VersionSet> ftp_protocols(const std::vector<std::string>& words) {
    const bool from_all = !words.empty() && same_ignoring_case(words.front(), "ALL");
    VersionSet set = from_all ? k_ftp_all : VersionSet{};
    for (std::size_t i = from_all ? 1 : 0; i < words.size(); ++i) {
        std::string_view word = words[i];
        const bool minus = from_all && word.starts_with('-');
        word.remove_prefix(from_all && (minus || word.starts_with('+')) ? 1 : 0);
        const auto version = ftp_version(word);
        if (version && minus) {
            set.remove(*version);
        } else if (version) {
            set.add(*version);
        } else if (same_ignoring_case(word, "SSLv23")) {
            set = set | VersionSet{ProtocolVersion::ssl_3_0, ProtocolVersion::tls_1_0};
        } else {
            return std::nullopt;
        }
    }
    return set;
}

std::optional<std::string> rewritten_ftp_protocols(std::string_view old, VersionSet wanted) {
    if (wanted.empty() || wanted.has(ProtocolVersion::ssl_2_0)) {
        return std::nullopt;
    }
    if (!lower(old.substr(0, 3)).starts_with("all")) {
        return openssl_names(wanted, " ");
    }
    const VersionSet without = k_ftp_all - wanted;
    return without.empty() ? "ALL" : "ALL -" + openssl_names(without, " -");
}

/// One server and what holds for it.
struct FtpParty {
    const FtpServer* own{};
    const FtpServer* global{};

    const FtpDirective* first(std::string_view name) const {
        const FtpDirective* const found = own->first(name);
        return found == nullptr ? global->first(name) : found;
    }
    const FtpDirective* last(std::string_view name) const {
        const FtpDirective* const found = own->last(name);
        return found == nullptr ? global->last(name) : found;
    }
    bool is(std::string_view name, std::string_view value) const {
        const FtpDirective* const found = first(name);
        return found != nullptr && same_ignoring_case(found->words.front(), value);
    }
    VersionSet versions() const {
        const FtpDirective* const list = first("tlsprotocol");
        return list == nullptr ? k_ftp_default : ftp_protocols(list->words).value_or(VersionSet{});
    }
    std::uint32_t port() const {
        const FtpDirective* const line = own->last("port");
        return line == nullptr ? k_ftp_port : number_in(line->words.front(), 65535).value_or(0);
    }
};

Aspect aspect_of(const FtpDirective& directive) {
    static const std::map<std::string_view, Aspect> aspects{
        {"tlsengine", Aspect::tls},
        {"tlsoptions", Aspect::tls},
        {"tlsprotocol", Aspect::versions},
        {"tlsciphersuite", Aspect::ciphers},
        {"tlsecdhcurve", Aspect::groups},
        {"tlsdhparamfile", Aspect::dh},
        {"tlsrsacertificatefile", Aspect::certificate},
        {"tlseccertificatefile", Aspect::certificate},
        {"port", Aspect::listen},
        {"serveralias", Aspect::name},
    };
    const auto found = aspects.find(directive.name);
    if (found == aspects.end()) {
        return Aspect::other;
    }
    const bool newest = directive.name == "tlsciphersuite" && directive.words.size() > 1 &&
                        same_ignoring_case(directive.words.front(), "TLSv1.3");
    return newest ? Aspect::ciphersuites : found->second;
}

class FtpReader {
public:
    FtpReader(const Input& input, Reading& reading, const FtpTree& tree)
        : input_{input}, reading_{reading}, tree_{tree} {}
    void read();

private:
    struct Binding {
        std::string address{};
        std::vector<FtpParty> parties{}; ///< the first answers a client that sends no name
    };

    std::vector<Binding> bindings() const;
    void check(const FtpParty& party);
    void add(const Binding& binding, const std::optional<std::string>& sni, const FtpParty& party);
    void add_names(const Binding& binding);
    void add_lines(Service& service, const FtpParty& party) const;
    void add_default(Service& service, const FtpParty& party) const;
    const FtpDirective* ciphers(const FtpParty& party, bool newest) const;

    const Input& input_;
    Reading& reading_;
    const FtpTree& tree_;
};

std::string ftp_address(const std::string& ip, std::uint32_t port) {
    return fmt::format(fmt::runtime(ip.contains(':') ? "[{}]:{}" : "{}:{}"), ip, port);
}

/// Without SocketBindTight the sockets are for any address; what no server names belongs to the
/// default server on its port, and elsewhere to the first server on the port.
std::vector<FtpReader::Binding> FtpReader::bindings() const {
    std::vector<Binding> all;
    std::map<std::string, std::size_t> known;
    const auto bind = [&](const std::string& ip, const FtpParty& party) {
        const std::string address = ftp_address(ip, party.port());
        const auto [at, is_new] = known.try_emplace(address, all.size());
        if (is_new) {
            all.push_back({address, {}});
        }
        all[at->second].parties.push_back(party);
    };
    const FtpParty main{&tree_.main, &tree_.global};
    const FtpDirective* const tight = tree_.main.first("socketbindtight");
    const bool bound = tight != nullptr && same_ignoring_case(tight->words.front(), "on");
    std::set<std::uint32_t> ports;
    const auto serve = [&](const FtpParty& party, const std::vector<std::string>& addresses) {
        if (party.port() == 0) {
            return;
        }
        for (const std::string& word : addresses) {
            if (const auto address = apache_address(word, false)) {
                bind(address->ip == "*" ? "0.0.0.0" : address->ip, party);
            }
        }
        if ((!bound || addresses.empty()) && ports.insert(party.port()).second) {
            bind("0.0.0.0", party);
            if (!main.is("useipv6", "off")) {
                bind("::", party);
            }
        }
    };
    const FtpDirective* const address = tree_.main.last("defaultaddress");
    serve(main, address == nullptr ? std::vector<std::string>{} : address->words);
    for (const FtpServer& host : tree_.hosts) {
        serve({&host, &tree_.global}, host.addresses);
    }
    return all;
}

void FtpReader::check(const FtpParty& party) {
    for (const FtpServer* const server : {party.own, party.global}) {
        for (const FtpDirective& one : server->directives) {
            if (one.asleep.empty() && one.name == "tlsprotocol" && !ftp_protocols(one.words)) {
                reading_.fatal.push_back({one.statement, "TLSProtocol: unknown protocol"});
            }
            const bool checked = one.asleep.empty() && one.name == "tlsciphersuite" &&
                                 aspect_of(one) == Aspect::ciphers && input_.knowledge.suites;
            const auto suites = checked ? input_.knowledge.suites(one.words.back() + ":!EXPORT")
                                        : std::expected<std::vector<CipherSuite>, std::string>{};
            if (!suites) {
                reading_.fatal.push_back(
                    {one.statement, "OpenSSL refuses the cipher list: " + suites.error()}
                );
            }
        }
    }
}

const FtpDirective* FtpReader::ciphers(const FtpParty& party, bool newest) const {
    for (const FtpServer* const server : {party.own, party.global}) {
        const FtpDirective* found = nullptr;
        for (const FtpDirective& one : server->directives) {
            const Aspect aspect = aspect_of(one);
            const bool fits = aspect == (newest ? Aspect::ciphersuites : Aspect::ciphers);
            found = fits && one.asleep.empty() ? &one : found;
        }
        if (found != nullptr) {
            return found;
        }
    }
    return nullptr;
}

void FtpReader::read() {
    check({&tree_.main, &tree_.global});
    for (const FtpServer& host : tree_.hosts) {
        check({&host, &tree_.global});
    }
    for (const Binding& binding : bindings()) {
        add(binding, std::nullopt, binding.parties.front());
        add_names(binding);
    }
}

/// Names count only where a ServerAlias gives some: then a name that nobody has is refused.
void FtpReader::add_names(const Binding& binding) {
    std::set<std::string> seen;
    for (const FtpParty& party : binding.parties) {
        for (const FtpDirective& one : party.own->directives) {
            for (const std::string& word : one.words) {
                if (one.name == "serveralias" && one.asleep.empty() &&
                    seen.insert(lower(word)).second) {
                    add(binding, lower(word), party);
                }
            }
        }
    }
    add(binding, "*", binding.parties.front());
    if (!seen.empty() && reading_.services.back().door == Door::tls) {
        reading_.services.back().door = Door::name_refused;
    }
}

void FtpReader::add(
    const Binding& binding, const std::optional<std::string>& sni, const FtpParty& party
) {
    Service service{.address = binding.address, .sni = sni};
    const bool implicit = [&] {
        const FtpDirective* const options = party.first("tlsoptions");
        return options != nullptr && std::ranges::any_of(options->words, [](const auto& word) {
                   return same_ignoring_case(word, "UseImplicitSSL");
               });
    }();
    if (!implicit) {
        service.starttls = "ftp";
    }
    for (const std::string_view name : {"tlsrsacertificatefile", "tlseccertificatefile"}) {
        if (const FtpDirective* const file = party.first(name)) {
            service.certificates.push_back(file->words.front());
        }
    }
    const bool on = party.is("tlsengine", "on") && !service.certificates.empty();
    service.door = on ? Door::tls : implicit ? Door::plain : Door::starttls_not_offered;
    // The first server of the address has already taken away what it does not speak.
    service.enabled = party.versions() & binding.parties.front().versions();
    service.dh_parameters = true; // built in
    const FtpDirective* const list = ciphers(party, false);
    service.default_ciphers = list == nullptr;
    service.ciphers =
        list == nullptr ? "DEFAULT:!ADH:!EXPORT:!DES" : list->words.back() + ":!EXPORT";
    if (const FtpDirective* const newest = ciphers(party, true)) {
        service.ciphersuites = newest->words.back();
    }
    if (const FtpDirective* const curve = party.last("tlsecdhcurve")) {
        service.groups = same_ignoring_case(curve->words.back(), "auto") ? "" : curve->words.back();
    }
    add_lines(service, party);
    reading_.services.push_back(std::move(service));
}

void FtpReader::add_lines(Service& service, const FtpParty& party) const {
    for (const FtpServer* const server : {party.global, party.own}) {
        for (const FtpDirective& one : server->directives) {
            const Aspect aspect = aspect_of(one);
            if (aspect == Aspect::other) {
                continue;
            }
            Line line{
                .statement = one.statement, .value = one.value, .aspect = aspect, .why = one.asleep
            };
            const bool last = aspect == Aspect::ciphers || aspect == Aspect::ciphersuites;
            const FtpDirective* const decider =
                last                       ? ciphers(party, aspect == Aspect::ciphersuites)
                : aspect == Aspect::listen ? party.own->last(one.name)
                                           : party.first(one.name);
            line.role = &one == decider ? Role::effective : Role::inert;
            if (line.role == Role::inert && line.why.empty()) {
                line.why = last                     ? "another line decides: the last one counts"
                           : server == party.global ? "the server's own line decides"
                                                    : "the first line of the context decides";
            }
            line.rewrite = aspect == Aspect::versions ? rewritten_ftp_protocols : nullptr;
            service.lines.push_back(std::move(line));
        }
    }
    if (party.own->opening.end != 0) {
        const Place at = party.own->opening;
        service.lines.push_back(
            {.statement = at, .value = {at.file, at.end, at.end}, .aspect = Aspect::listen}
        );
    }
    add_default(service, party);
}

/// No TLSProtocol: the end of the section that turns TLS on is where one is missing.
void FtpReader::add_default(Service& service, const FtpParty& party) const {
    const FtpDirective* const engine = party.first("tlsengine");
    if (engine == nullptr) {
        return;
    }
    service.insertions.push_back(
        {.after = engine->statement, .text = "TLSProtocol {}", .value = rewritten_ftp_protocols}
    );
    const Place end = engine->section_end;
    if (party.first("tlsprotocol") == nullptr && end.end != 0) {
        service.lines.push_back(
            {.statement = end,
             .value = {end.file, end.begin, end.begin},
             .aspect = Aspect::versions,
             .role = Role::effective,
             .why = "no TLSProtocol before this: the default is all from TLSv1 on"}
        );
    }
}

void read_proftpd(const Input& input, Reading& reading) {
    const FtpTree tree = read_proftpd_tree(input, reading);
    FtpReader{input, reading, tree}.read();
}

std::vector<Proposal> propose_proftpd(
    const Input& /*input*/, const Reading& reading, const Service& service, VersionSet /*wanted*/
) {
    std::vector<Proposal> proposals;
    for (const Line& line : service.lines) {
        const bool engine = line.aspect == Aspect::tls && line.role != Role::inert &&
                            same_ignoring_case(reading.sources.text(line.value), "off");
        if (engine) {
            proposals.push_back({{{line.value, "on"}}, "`TLSEngine on` turns TLS on"});
        }
    }
    return proposals;
}

} // namespace

const Server& proftpd_server() {
    static constexpr Server row{
        .name = "proftpd",
        .product = "ProFTPD",
        .library = Library::openssl,
        .version = "1.3.8",
        .main_files = k_proftpd_files,
        .places = k_proftpd_places,
        .read = read_proftpd,
        .propose = propose_proftpd,
    };
    return row;
}

} // namespace tlsdoctor::config
