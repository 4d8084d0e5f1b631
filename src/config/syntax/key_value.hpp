// SPDX-License-Identifier: Apache-2.0
// Files of lines `key = value` or `key value ...`: stunnel, Postfix, my.cnf, openssl.cnf,
// postgresql.conf, redis.conf, vsftpd and many more. They differ in small things only, so one
// tokenizer reads them all and a row says how: a dialect. Statements of a section are its body.
#pragma once

#include <cstdint>
#include <string_view>

#include "config/syntax/document.hpp"

namespace tlsdoctor::config {

/// How a statement goes on in the next line.
enum class Continuation : std::uint8_t {
    none,
    backslash,     ///< the line ends in one that is not itself escaped
    leading_blank, ///< the next line begins with white space; empty lines between do not count
};

/// What takes away the meaning of a character in a value.
enum class Escape : std::uint8_t {
    none,
    backslash,        ///< everywhere: `\x` is `x`
    in_double_quotes, ///< a backslash, but only between `"`
    doubled_quote,    ///< `''` between quotes is one; and a backslash there
};

/// The habits of one kind of file.
struct KeyValueDialect {
    std::string_view comments{"#"}; ///< a line whose first other character is one of them is none
    std::string_view trailing_comments{}; ///< these begin a comment behind a value too
    std::string_view separators{"="};     ///< one of them may stand between key and value
    bool blank_separates{};               ///< white space alone does as well
    bool many_values{};                   ///< the value is several words with white space between
    std::string_view quotes{};            ///< characters that enclose values
    bool quotes_whole{};                  ///< ... only where a value begins with one
    Escape escape{};
    Continuation continuation{};
    bool comments_continue{};   ///< a comment can be continued; none stands within a statement
    bool sections{};            ///< `[name]`
    std::string_view markers{}; ///< keys that begin so have a blank behind them: `!include x`
    bool exact{};               ///< no blanks around keys and values are taken away
};

inline constexpr KeyValueDialect k_stunnel_dialect{.comments = ";#", .sections = true};
inline constexpr KeyValueDialect k_postfix_dialect{.continuation = Continuation::leading_blank};
inline constexpr KeyValueDialect k_mysql_dialect{
    .comments = ";#",
    .trailing_comments = "#",
    .quotes = "\"'",
    .quotes_whole = true,
    .sections = true,
    .markers = "!"
};
inline constexpr KeyValueDialect k_openssl_dialect{
    .trailing_comments = "#",
    .quotes = "\"'`",
    .escape = Escape::backslash,
    .continuation = Continuation::backslash,
    .comments_continue = true,
    .sections = true,
    .markers = "."
};
inline constexpr KeyValueDialect k_postgresql_dialect{
    .trailing_comments = "#",
    .blank_separates = true,
    .many_values = true,
    .quotes = "'",
    .escape = Escape::doubled_quote
};
inline constexpr KeyValueDialect k_redis_dialect{
    .separators = "",
    .blank_separates = true,
    .many_values = true,
    .quotes = "\"'",
    .escape = Escape::in_double_quotes
};
inline constexpr KeyValueDialect k_vsftpd_dialect{.exact = true};
inline constexpr KeyValueDialect k_mosquitto_dialect{.separators = "", .blank_separates = true};
inline constexpr KeyValueDialect k_slapd_dialect{
    .separators = "",
    .blank_separates = true,
    .many_values = true,
    .quotes = "\"",
    .escape = Escape::backslash,
    .continuation = Continuation::leading_blank,
    .comments_continue = true
};
inline constexpr KeyValueDialect k_squid_dialect{
    .trailing_comments = "#",
    .separators = "",
    .blank_separates = true,
    .many_values = true,
    .continuation = Continuation::backslash
};
inline constexpr KeyValueDialect k_gnutls_dialect{.comments = "#;", .sections = true};
inline constexpr KeyValueDialect k_java_dialect{
    .comments = "#!",
    .separators = "=:",
    .blank_separates = true,
    .escape = Escape::backslash,
    .continuation = Continuation::backslash
};

/// Reads a file of the sources. The words of a statement are the key and its value or values; an
/// empty value is no word. Text of a value that goes over several lines has no line ends.
Document read_key_value(const Sources& sources, FileId file, const KeyValueDialect& dialect);

/// Returns the text of the first value, empty where there is none. Borrows.
std::string_view value_of(const Statement& statement);

/// Returns the place from the first value to the last; the end of the statement where there is
/// none.
Place values_of(const Statement& statement);

} // namespace tlsdoctor::config
