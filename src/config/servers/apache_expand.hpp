// SPDX-License-Identifier: Apache-2.0
// Variables and macro arguments of an Apache configuration: `${VAR}` of Define and the environment,
// `$name` of mod_macro. What is put in keeps where it was written.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/servers/apache_tree.hpp"
#include "config/syntax/document.hpp"

namespace tlsdoctor::config {

/// A value with everything put in.
struct ApacheValue {
    std::string text{};
    Place place{}; ///< of the words in the file
    std::vector<ApacheOrigin> origins{};
};

/// Knows what is defined at this point of reading.
class ApacheExpander {
public:
    ApacheExpander(const Input& input, Reading& reading);

    /// Returns the words from the one with this number on, as one text.
    ApacheValue value_of(const Statement& statement, std::size_t from) const;
    /// Returns a text with macro arguments put in, variables not.
    std::string with_macros(std::string_view text) const;
    void define(const Statement& statement);
    void undefine(const std::string& name) { definitions_.erase(name); }
    bool is_defined(const std::string& name) const { return definitions_.contains(name); }
    /// Until `leave`, the macro's parameters stand for the arguments of `use`.
    void enter(const Statement& macro, const Statement& use);
    void leave() { frames_.pop_back(); }
    std::size_t depth() const { return frames_.size(); }
    /// Definitions that look like a list of versions, and were never put in.
    std::vector<ApacheOrigin> unused_definitions() const;

private:
    struct Definition {
        std::string text{};
        std::vector<ApacheOrigin> origins{};
        mutable bool used{};
    };
    struct Parameter {
        std::string name{};
        Definition value{};
    };
    using Frame = std::vector<Parameter>;

    ApacheValue expanded(std::string_view raw) const;
    void put(const Definition& definition, bool whole, ApacheValue& value) const;
    const Definition* variable(const std::string& name) const;
    void read_environment();
    void add_environment(const StartCommand& start);

    const Input& input_;
    Reading& reading_;
    std::map<std::string, Definition> definitions_{};
    std::map<std::string, Definition> environment_{};
    std::vector<Definition> overwritten_{};
    std::vector<Frame> frames_{};
};

} // namespace tlsdoctor::config
