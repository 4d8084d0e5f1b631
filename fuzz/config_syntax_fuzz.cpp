// SPDX-License-Identifier: Apache-2.0
// Every tokenizer of configurations, chosen by the first byte, over any bytes: nothing of the file
// is lost, tokens follow each other without a gap, and words lie in the file in order.
#include <array>
#include <cstdint>
#include <string>

#include "config/syntax/apache.hpp"
#include "config/syntax/block.hpp"
#include "config/syntax/haproxy.hpp"
#include "config/syntax/key_value.hpp"
#include "config/syntax/lua.hpp"
#include "config/syntax/master_cf.hpp"
#include "config/syntax/xml.hpp"
#include "property.hpp"

namespace config = tlsdoctor::config;
namespace fuzz = tlsdoctor::fuzz;

namespace {

using config::Document;
using config::FileId;
using config::Sources;

template <const config::KeyValueDialect& dialect>
Document read_dialect(const Sources& sources, FileId file) {
    return read_key_value(sources, file, dialect);
}

template <const config::SectionDialect& dialect>
Document read_section_dialect(const Sources& sources, FileId file) {
    return read_sections(sources, file, dialect);
}

constexpr std::array k_readers = {
    &config::read_block,
    &config::read_haproxy_lines,
    &config::read_master_cf,
    &read_section_dialect<config::k_apache_dialect>,
    &read_section_dialect<config::k_proftpd_dialect>,
    &read_dialect<config::k_stunnel_dialect>,
    &read_dialect<config::k_postfix_dialect>,
    &read_dialect<config::k_mysql_dialect>,
    &read_dialect<config::k_openssl_dialect>,
    &read_dialect<config::k_postgresql_dialect>,
    &read_dialect<config::k_redis_dialect>,
    &read_dialect<config::k_vsftpd_dialect>,
    &read_dialect<config::k_mosquitto_dialect>,
    &read_dialect<config::k_slapd_dialect>,
    &read_dialect<config::k_squid_dialect>,
    &read_dialect<config::k_gnutls_dialect>,
    &read_dialect<config::k_java_dialect>,
};

void require_tokens(const Sources& sources, FileId file, const std::vector<config::Place>& tokens) {
    std::size_t at = 0;
    for (const config::Place token : tokens) {
        fuzz::require(token.begin == at && token.end >= token.begin, "tokens leave no gap");
        at = token.end;
    }
    fuzz::require(at == sources.at(file).bytes.size(), "and cover the file");
}

void require_lossless(const Sources& sources, FileId file, const Document& document) {
    require_tokens(sources, file, document.tokens);
    fuzz::require(print(sources, document) == sources.at(file).bytes, "printed it is the same");
    for (const config::Place word : words_of(document)) {
        fuzz::require(
            word.begin <= word.end && word.end <= sources.at(file).bytes.size(), "words lie in it"
        );
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    Sources sources;
    const FileId file =
        sources.add("/f", std::string{reinterpret_cast<const char*>(data) + 1, size - 1});
    const std::size_t choice = data[0] % (k_readers.size() + 2);
    if (choice < k_readers.size()) {
        require_lossless(sources, file, k_readers[choice](sources, file));
    } else if (choice == k_readers.size()) {
        require_tokens(sources, file, config::read_lua(sources, file).tokens);
    } else {
        require_tokens(sources, file, config::read_xml(sources, file).tokens);
    }
    return 0;
}
