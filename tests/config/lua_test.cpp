// SPDX-License-Identifier: Apache-2.0
// The Lua that configurations use: what each form is read as, and that no byte is lost.
#include "config/syntax/lua.hpp"

#include <doctest/doctest.h>

#include "config/lossless.hpp"

namespace tlsdoctor::config {

namespace {

std::string outline(const LuaValue& value) {
    switch (value.kind) {
    case LuaKind::string:
        return "\"" + value.text + "\"";
    case LuaKind::table:
    case LuaKind::joined: {
        std::string text = value.kind == LuaKind::table ? "{" : "(";
        for (const LuaField& field : value.fields) {
            text += (field.name.empty() ? "" : field.name + "=") + outline(field.value) + ",";
        }
        return text + (value.kind == LuaKind::table ? "}" : ")");
    }
    case LuaKind::other:
        return "?";
    default:
        return value.text;
    }
}

std::string outline(const LuaFile& file) {
    std::string text;
    for (const LuaStatement& statement : file.statements) {
        text += statement.act == LuaAct::local   ? "local "
                : statement.act == LuaAct::other ? "? "
                                                 : "";
        text += statement.name.text;
        text += statement.act == LuaAct::call ? "(" : "=";
        for (const LuaValue& value : statement.values) {
            text += outline(value);
        }
        text += ";";
    }
    return text;
}

/// For the checks that all tokenizers share: names are words.
Document as_document(const Sources& sources, FileId file) {
    const LuaFile lua = read_lua(sources, file);
    Document document{.tokens = lua.tokens, .faults = lua.faults};
    for (const LuaStatement& statement : lua.statements) {
        document.statements.push_back({.words = {statement.name}, .place = statement.place});
    }
    return document;
}

struct LuaCase {
    const char* name;
    const char* text;
    const char* outline;
    std::size_t faults;
};

const LuaCase k_cases[] = {
    {"assignments and comments", "a = 1 -- c\n--[[ x = 2\n]] b = 'it\\'s'; c = nil\n",
     "a=1;b=\"it's\";c=nil;", 0},
    {"long strings and comments of levels", "a = [==[\nx]]y]==]\n--[=[ ]] ]=] b = [[]]",
     "a=\"x]]y\";b=\"\";", 0},
    {"escapes", "a = \"\\065\\n\\\"\\\\\"", "a=\"A\n\"\\\";", 0},
    {"tables of all kinds", "s = { k = 'v'; [1] = true, ['x y'] = {}, 'i', }",
     "s={k=\"v\",1=true,x y={},\"i\",};", 0},
    {"calls", "VirtualHost \"a.test\"\nComponent 'm' \"muc\" { x = 1 }\nInclude('f', 2)\n",
     "VirtualHost(\"a.test\";Component(\"m\"\"muc\"{x=1,};Include(\"f\"2;", 0},
    {"locals, several at once, joined strings", "local k, c = 'a', 'b' .. k\nx = k\n",
     "local k=\"a\";local c=(\"b\",k,);x=k;", 0},
    {"what computes is passed over",
     "if a then ssl = 1 end\nfor i = 1, 2 do x = i end\nfunction f() return {1} end\nb = f(1).x + "
     "2\n"
     "c = not d\ne = 5\n",
     "? if=;? for=;? function=;b=?;c=?;e=5;", 0},
    {"a function as value", "a = function (x) if x then return 1 end end\nb = 2", "a=?;b=2;", 0},
    {"an open string", "a = \"x\nb = 1\n", "a=?;b=1;", 1},
    {"an open table", "a = { b = 1\nc = 2\n", "a={b=1,};c=2;", 1},
    {"an open comment", "a = 1\n--[[ never", "a=1;", 1},
    {"a shebang", "#!/usr/bin/lua\na = 1", "a=1;", 0},
    {"nothing", "", "", 0},
};

const char* const k_sample =
    "-- Prosody\nlocal k = \"x\"\nssl = { key = k .. '/y'; options = { 'a', }, "
    "[5223] = [[z]] }\nVirtualHost \"a\"\n\tenabled = not true\n"
    "if x then y = 1 end --[==[ c ]==]\r\n";

} // namespace

TEST_CASE("read_lua reads what configurations write") {
    for (const LuaCase& c : k_cases) {
        CAPTURE(c.name);
        Sources sources;
        const LuaFile file = read_lua(sources, sources.add("/x.lua", c.text));
        CHECK(outline(file) == c.outline);
        CHECK(file.faults.size() == c.faults);
    }
}

TEST_CASE("read_lua loses no byte") {
    for (const LuaCase& c : k_cases) {
        CAPTURE(c.name);
        check_lossless(c.text, as_document);
    }
    check_every_truncation(k_sample, as_document);
}

TEST_CASE("read_lua survives what is nested deeply or is no Lua at all") {
    const std::string deep = "a = " + std::string(200'000, '{');
    const std::string minus = "a = " + std::string(200'000, '-');
    const std::string negations = "a = " + [] {
        std::string text;
        for (int i = 0; i < 50'000; ++i) {
            text += "not ";
        }
        return text;
    }();
    const std::string binary(100'000, '\x01');
    for (const std::string& text :
         {deep, minus, negations, binary, "x = " + std::string(1 << 20, 'y')}) {
        check_lossless(text, as_document);
    }
}

} // namespace tlsdoctor::config
