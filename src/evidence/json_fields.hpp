// SPDX-License-Identifier: Apache-2.0
// The members of one JSON object, read by name. The first error sticks in the `Errors` that all
// objects of a document share and says where it stands, so no reader of a struct needs an `if`.
#pragma once

#include <charconv>
#include <expected>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <fmt/core.h>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "evidence/json.hpp"

namespace tlsdoctor::evidence {

/// The first error of a document.
struct Errors {
    std::optional<JsonError> first{};

    /// Keeps it, unless there was one before.
    void note(std::string what, std::string where);
};

/// Parses a whole document; the error says at which byte it is no JSON.
std::expected<json::value, JsonError> parsed(std::string_view text);

/// One JSON object under a path; absent members leave their target as it is. Borrows both.
class Fields {
public:
    /// Notes an error where `value` is no object; everything is absent then.
    Fields(const json::value& value, std::string path, Errors& errors);

    /// Reads a string; the optional one may be null.
    void text(std::string_view name, std::string& out) const;
    void text(std::string_view name, std::optional<std::string>& out) const;

    /// Reads an array of strings.
    void texts(std::string_view name, std::vector<std::string>& out) const;

    /// Reads an array of strings, or of objects of which each has its `name`.
    void names(std::string_view name, std::vector<std::string>& out) const;

    /// Reads true or false.
    void flag(std::string_view name, bool& out) const;

    /// Reads any number.
    void real(std::string_view name, double& out) const;

    /// Reads bytes in hexadecimal.
    void bytes(std::string_view name, Bytes& out) const;

    /// Notes that the object as a whole is wrong; an empty `what` is no fault.
    void fault(std::string_view what) const;

    /// Reads an unsigned integer or an enumeration over one; the range is checked.
    template <typename T>
    void number(std::string_view name, T& out) const {
        std::uint64_t found = 0;
        if (whole(name, most<T>(), found)) {
            out = static_cast<T>(found);
        }
    }

    /// The same, where the member may be absent.
    template <typename T>
    void number(std::string_view name, std::optional<T>& out) const {
        if (member(name) != nullptr) {
            number(name, out.emplace());
        }
    }

    /// Reads a word of one of our enumerations.
    template <typename T>
    void word(std::string_view name, T& out, std::optional<T> (*named)(std::string_view)) const {
        if (member(name) == nullptr) {
            return;
        }
        std::string found;
        text(name, found);
        if (const std::optional<T> value = named(found)) {
            out = *value;
        } else {
            wrong(name, fmt::format("unknown word '{}'", harmless(found)));
        }
    }

    /// Reads "1301 c02f".
    template <typename T>
    void hex_words(std::string_view name, std::vector<T>& out) const {
        for (const std::uint16_t number : hex_numbers(name)) {
            out.push_back(static_cast<T>(number));
        }
    }

    /// Reads an object of its own with `read(Fields)`; null is absent.
    template <typename T, typename Read>
    void object(std::string_view name, std::optional<T>& out, Read read) const {
        const json::value* const value = member(name);
        if (value != nullptr && !value->is_null()) {
            out = read(Fields(*value, under(name), *errors_));
        }
    }

    /// Reads an array of objects with `read(Fields)` each.
    template <typename T, typename Read>
    void list(std::string_view name, std::vector<T>& out, Read read) const {
        const json::array* const array = elements(name);
        for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
            const std::string path = fmt::format("{}[{}]", under(name), i);
            out.push_back(read(Fields((*array)[i], path, *errors_)));
        }
    }

private:
    template <typename T>
    static constexpr std::uint64_t most() {
        if constexpr (std::is_enum_v<T>) {
            return std::numeric_limits<std::underlying_type_t<T>>::max();
        } else {
            return std::numeric_limits<T>::max();
        }
    }

    const json::value* member(std::string_view name) const;
    const json::array* elements(std::string_view name) const;
    std::vector<std::uint16_t> hex_numbers(std::string_view name) const;
    bool whole(std::string_view name, std::uint64_t most, std::uint64_t& out) const;
    std::string under(std::string_view name) const;
    void wrong(std::string_view name, std::string what) const;

    const json::object* object_;
    std::string path_;
    Errors* errors_;
};

} // namespace tlsdoctor::evidence
