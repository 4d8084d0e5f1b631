// SPDX-License-Identifier: Apache-2.0
// One store for each thread. OpenSSL's stores count their users, and verification only adds to them
// what it found in the system's folders.
#include "crypto/shared_roots.hpp"

#include <cstdlib>

#include <fmt/core.h>
#include <sys/stat.h>

#include "crypto/context.hpp"

namespace tlsdoctor::crypto {

namespace {

using StorePtr = std::unique_ptr<X509_STORE, FreeWith<X509_STORE_free>>;

struct SharedRoots {
    std::string source{};
    StorePtr store{};
    bool any{};
};

std::string environment_value(const char* name) {
    const char* const value = std::getenv(name); // NOLINT(concurrency-mt-unsafe)
    return value == nullptr ? "" : value;
}

/// The file and what tells it from an earlier one of this name.
std::string identity_of_file(const std::string& path) {
    struct stat seen{};
    if (path.empty() || stat(path.c_str(), &seen) != 0) {
        return path;
    }
    return fmt::format(
        "{}:{}:{}:{}.{}", path, seen.st_ino, seen.st_size, seen.st_mtim.tv_sec, seen.st_mtim.tv_nsec
    );
}

/// Where the roots come from, as far as it can change while the program runs.
std::string source_of(const std::string& ca_file) {
    if (!ca_file.empty()) {
        return identity_of_file(ca_file);
    }
    return fmt::format(
        "system {} {}", identity_of_file(environment_value(X509_get_default_cert_file_env())),
        environment_value(X509_get_default_cert_dir_env())
    );
}

std::expected<bool, CryptoError> read_roots(SSL_CTX* context, const std::string& ca_file) {
    if (ca_file.empty()) {
        return trust_system_roots(context);
    }
    if (SSL_CTX_load_verify_file(context, ca_file.c_str()) != 1) {
        return std::unexpected(error_about("cannot read certificates from " + ca_file));
    }
    return true;
}

} // namespace

std::expected<bool, CryptoError> trust_shared_roots(SSL_CTX* context, const std::string& ca_file) {
    thread_local SharedRoots shared;
    std::string source = source_of(ca_file);
    if (shared.store && shared.source == source) {
        X509_STORE_up_ref(shared.store.get());
        SSL_CTX_set_cert_store(context, shared.store.get()); // takes our reference
        return shared.any;
    }
    const auto any = read_roots(context, ca_file);
    if (any) {
        X509_STORE* const store = SSL_CTX_get_cert_store(context);
        X509_STORE_up_ref(store);
        shared = {.source = std::move(source), .store = StorePtr{store}, .any = *any};
    }
    return any;
}

} // namespace tlsdoctor::crypto
