// SPDX-License-Identifier: Apache-2.0
// Proposals; see the header. The configuration is read once more, so that the edits can be made
// where its directives stand.
#include "config/servers/nginx_propose.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/candidates.hpp"
#include "config/servers/nginx_service.hpp"
#include "config/servers/nginx_words.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_most_dh_bytes = 20'000;

/// Makes the proposals for one service.
class NginxProposer final {
public:
    NginxProposer(
        const NginxScene& scene, const NginxSocket& socket, const Service& service,
        VersionSet wanted
    )
        : scene_{scene}, names_{socket}, service_{service}, wanted_{wanted},
          sources_{scene.reading.sources}, party_{nginx_party(scene, socket, names_, service.sni)} {
    }

    std::vector<Proposal> made() {
        if (!wanted_.empty() && !nginx_speaks_tls(*party_.socket)) {
            propose_starttls();
            propose_ssl();
        }
        propose_without_ssl_on();
        propose_default_server();
        propose_dhparam();
        propose_lost_commands();
        propose_union();
        return std::move(made_);
    }

private:
    /// An edit that puts a word behind another one.
    static Edit behind(const Word& word, std::string_view text) {
        return {{word.place.file, word.place.end, word.place.end}, " " + std::string{text}};
    }

    static const Word* word_of(const Statement& line, std::string_view text) {
        const auto found = std::ranges::find(line.words, text, &Word::text);
        return found == line.words.end() ? nullptr : &*found;
    }

    /// Takes a word of a line away, with the blanks before it.
    Edit without_word(const Word& word) const {
        const std::string_view bytes = sources_.at(word.place.file).bytes;
        std::size_t begin = word.place.begin;
        while (begin > 0 && (bytes[begin - 1] == ' ' || bytes[begin - 1] == '\t')) {
            --begin;
        }
        return {{word.place.file, begin, word.place.end}, ""};
    }

    /// `listen` lines that can be edited; a server without any has none.
    static bool is_listen(const NginxListen& listen) { return listen.statement->words.size() > 1; }

    void propose_ssl() {
        if (party_.socket->world == NginxWorld::mail) {
            return;
        }
        const bool own = nginx_has_context(*party_.named->server);
        const NginxListen& listen = own ? *party_.named->listen : *party_.standard->listen;
        if (is_listen(listen)) {
            made_.push_back(
                {{behind(listen.statement->words[1], "ssl")}, "the listen line does not say ssl"}
            );
        }
    }

    void propose_starttls() {
        if (party_.socket->world != NginxWorld::mail || !service_.starttls) {
            return;
        }
        const auto& lines = party_.standard->server->lines(NginxKey::starttls);
        constexpr const char* k_why = "STARTTLS is not offered";
        if (lines.empty()) {
            const Place listen = party_.standard->listen->statement->place;
            made_.push_back({{inserted(sources_, listen, false, "starttls on;")}, k_why});
        } else {
            made_.push_back({{{nginx_value(*lines.front()), "on"}}, k_why});
        }
    }

    /// `ssl on;` makes every port of its server TLS, and newer nginx refuses it.
    void propose_without_ssl_on() {
        const NginxServer& server = *party_.standard->server;
        const auto& lines = server.lines(NginxKey::ssl);
        if (!nginx_is_on(lines)) {
            return;
        }
        Proposal all{
            {without(sources_, lines.front()->place)}, "ssl on belongs on the listen lines"
        };
        Proposal others = all;
        for (const NginxListen& listen : server.listens) {
            if (!is_listen(listen) || listen.ssl) {
                continue;
            }
            const Edit edit = behind(listen.statement->words[1], "ssl");
            all.edits.push_back(edit);
            if (std::ranges::find(listen.addresses, service_.address) == listen.addresses.end()) {
                others.edits.push_back(edit);
            }
        }
        made_.push_back(wanted_.empty() ? std::move(others) : std::move(all));
    }

    /// Makes the server of this name the one that decides.
    void propose_default_server() {
        if (party_.named == party_.standard || !is_listen(*party_.named->listen) ||
            party_.named->listen->is_default) {
            return;
        }
        const Statement& line = *party_.named->listen->statement;
        const Word* const ssl = word_of(line, "ssl");
        Proposal proposal{
            {behind(ssl == nullptr ? line.words[1] : *ssl, "default_server")},
            "the default server decides for every name"
        };
        for (const std::string_view flag : {"default_server", "default"}) {
            if (const Word* const word = word_of(*party_.standard->listen->statement, flag)) {
                proposal.edits.push_back(without_word(*word));
            }
        }
        made_.push_back(std::move(proposal));
    }

    void propose_dhparam() {
        if (service_.dh_parameters || !service_.ciphers.contains("DH")) {
            return;
        }
        const std::string file = known_dh_file();
        const NginxServer& server = *party_.context->server;
        const auto& ciphers = server.own[static_cast<std::size_t>(NginxKey::ciphers)];
        const Place after =
            ciphers.empty() ? party_.context->listen->statement->place : ciphers.front()->place;
        if (!file.empty()) {
            made_.push_back(
                {{inserted(sources_, after, false, fmt::format("ssl_dhparam {};", file))},
                 "DHE suites need ssl_dhparam"}
            );
        }
    }

    /// A file of parameters that another server names, else one that lies beside the certificate.
    std::string known_dh_file() const {
        for (const NginxServer& server : scene_.servers) {
            for (const Statement* const line : server.lines(NginxKey::dhparam)) {
                return std::string{sources_.text(nginx_value(*line))};
            }
        }
        std::string best;
        std::size_t best_size = 0;
        for (const std::string& certificate : service_.certificates) {
            const std::string folder = folder_of(certificate);
            for (const std::string& name :
                 scene_.input.files.names_in(folder).value_or(std::vector<std::string>{})) {
                const std::string path = folder + "/" + name;
                const auto bytes =
                    lower(name).contains("dh") ? scene_.input.files.read(path) : std::string{};
                if (bytes && bytes->size() < k_most_dh_bytes && bytes->size() >= best_size &&
                    bytes->contains("BEGIN DH PARAMETERS")) {
                    best = path;
                    best_size = bytes->size();
                }
            }
        }
        return best;
    }

    void propose_lost_commands() {
        const NginxServer& server = *party_.standard->server;
        const auto& lost = server.replaced(NginxKey::conf_command);
        if (lost.empty()) {
            return;
        }
        const Place after = server.lines(NginxKey::conf_command).back()->place;
        for (const Statement* const line : lost) {
            const std::string_view value = sources_.text(nginx_value(*line));
            const auto bounded = rewrite_nginx_command(value, wanted_);
            if (!bounded) {
                continue;
            }
            for (const std::string& text : {std::string{value}, *bounded}) {
                made_.push_back(
                    {{inserted(sources_, after, false, fmt::format("ssl_conf_command {};", text))},
                     "the inherited line is dropped by the server's own ssl_conf_command"}
                );
            }
        }
    }

    /// All lines of a union must go down together.
    void propose_union() {
        const auto& lines = party_.decider->server->lines(NginxKey::protocols);
        if (lines.size() < 2) {
            return;
        }
        Proposal proposal{.why = "the ssl_protocols lines of a block are joined"};
        for (const Statement* const line : lines) {
            const Place value = nginx_value(*line);
            const VersionSet kept = nginx_listed({line}) & wanted_;
            const auto text = rewrite_nginx_protocols(sources_.text(value), kept);
            if (!text) {
                proposal.edits.push_back(without(sources_, line->place));
            } else if (*text != sources_.text(value)) {
                proposal.edits.push_back({value, *text});
            }
        }
        if (!proposal.edits.empty()) {
            made_.push_back(std::move(proposal));
        }
    }

    const NginxScene& scene_;
    NginxNames names_;
    const Service& service_;
    VersionSet wanted_;
    const Sources& sources_;
    NginxParty party_;
    std::vector<Proposal> made_{};
};

} // namespace

std::vector<Proposal> propose_nginx(
    const Input& input, const Reading& reading, const Service& service, VersionSet wanted
) {
    // The same files under the same numbers, as they are now.
    Reading again{.server_version = reading.server_version};
    PatchedFiles files{input.files};
    for (std::size_t i = 0; i < reading.sources.size(); ++i) {
        const SourceFile& file = reading.sources.at(FileId{static_cast<std::uint32_t>(i)});
        again.sources.add(file.path, file.bytes);
        files.replace(file.path, file.bytes);
    }
    const Input now{
        .files = files,
        .knowledge = input.knowledge,
        .main = input.main,
        .start = input.start,
        .server_version = input.server_version,
        .library_version = input.library_version
    };
    const NginxTree tree = load_nginx(now, again);
    NginxScene scene{.input = now, .reading = again, .tree = tree};
    scene.servers = nginx_servers(tree, again);
    scene.sockets = nginx_sockets(scene.servers, again);
    for (const NginxSocket& socket : scene.sockets) {
        if (socket.address == service.address && !nginx_passes(socket)) {
            return NginxProposer{scene, socket, service, wanted}.made();
        }
    }
    return {};
}

} // namespace tlsdoctor::config
