// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/status.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <soci/soci.h>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeindex>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace shopfleet::runtime {

/// A value bound to a statement whose text is put together at run time (a list with a filter).
using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

namespace detail {

template <class T>
struct Signature;
template <class C, class R, class... A>
struct Signature<R (C::*)(A...) const> {
    using Columns = std::tuple<std::decay_t<A>...>;
    using Result = R;
};
template <class C, class R, class... A>
struct Signature<R (C::*)(A...)> {
    using Columns = std::tuple<std::decay_t<A>...>;
    using Result = R;
};
template <class R, class... A>
struct Signature<R (*)(A...)> {
    using Columns = std::tuple<std::decay_t<A>...>;
    using Result = R;
};
template <class T, class = void>
struct Reader : Signature<T> {
};
template <class T>
struct Reader<T, std::void_t<decltype(&T::operator())>> : Signature<decltype(&T::operator())> {
};

template <class T>
struct IsOptional : std::false_type {
};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {
};

/// What SOCI exchanges for a C++ type: all integers and enums as long long, texts and bytes as
/// std::string.
template <class T>
struct Cell {
    using Stored = std::conditional_t<std::is_integral_v<T> || std::is_enum_v<T>, long long,
        std::conditional_t<std::is_floating_point_v<T>, double, std::string>>;
};
template <class T>
struct Cell<std::optional<T>> : Cell<T> {
};

template <class T>
typename Cell<T>::Stored toStored(const T& value)
{
    using Stored = typename Cell<T>::Stored;
    if constexpr (IsOptional<T>::value)
        return value ? Stored(*value) : Stored();
    else
        return static_cast<Stored>(value);
}

template <class T>
T fromStored(typename Cell<T>::Stored& stored, soci::indicator indicator)
{
    if constexpr (IsOptional<T>::value)
        return indicator == soci::i_null
            ? T()
            : T(static_cast<typename T::value_type>(std::move(stored)));
    else if constexpr (std::is_same_v<T, std::string>)
        return indicator == soci::i_null ? std::string() : std::move(stored);
    else
        return indicator == soci::i_null ? T() : static_cast<T>(stored);
}

struct Prepared {
    virtual ~Prepared() = default;
};

/// One prepared statement with the storage that its parameters and columns live in between calls.
template <class Columns, class Arguments>
struct Statement;
template <class... C, class... A>
struct Statement<std::tuple<C...>, std::tuple<A...>> final : Prepared {
    Statement(soci::session& session, std::string_view sql)
        : statement(session)
    {
        std::size_t i = 0;
        std::apply(
            [&](auto&... cell) { (statement.exchange(soci::into(cell, columnState[i++])), ...); },
            columns);
        i = 0;
        std::apply(
            [&](auto&... cell) { (statement.exchange(soci::use(cell, argumentState[i++])), ...); },
            arguments);
        statement.alloc();
        statement.prepare(std::string(sql));
        statement.define_and_bind();
    }

    template <class... Given>
    void bind(const Given&... given)
    {
        std::size_t i = 0;
        std::apply(
            [&](auto&... cell) {
                ((cell = toStored(given),
                     argumentState[i] = isNull(given) ? soci::i_null : soci::i_ok, ++i),
                    ...);
            },
            arguments);
    }

    template <class T>
    static bool isNull(const T& value)
    {
        if constexpr (IsOptional<T>::value)
            return !value.has_value();
        else
            return false;
    }

    template <class Read>
    auto read(Read& use)
    {
        return [&]<std::size_t... I>(std::index_sequence<I...>)
        {
            return use(fromStored<C>(std::get<I>(columns), columnState[I])...);
        }
        (std::index_sequence_for<C...>());
    }

    std::tuple<typename Cell<C>::Stored...> columns;
    std::tuple<typename Cell<A>::Stored...> arguments;
    soci::indicator columnState[sizeof...(C) + 1] = {};
    soci::indicator argumentState[sizeof...(A) + 1] = {};
    soci::statement statement;
};

/// A statement whose parameters are counted at run time. Not cached: its text differs with every
/// filter.
template <class Columns>
struct DynamicStatement;
template <class... C>
struct DynamicStatement<std::tuple<C...>> {
    DynamicStatement(soci::session& session, std::string_view sql, std::span<const Value> values)
        : statement(session)
    {
        std::size_t i = 0;
        std::apply(
            [&](auto&... cell) { (statement.exchange(soci::into(cell, columnState[i++])), ...); },
            columns);
        integers.reserve(values.size());
        reals.reserve(values.size());
        texts.reserve(values.size());
        for (const Value& value : values) {
            if (const auto* integer = std::get_if<std::int64_t>(&value))
                statement.exchange(soci::use(integers.emplace_back(*integer)));
            else if (const auto* real = std::get_if<double>(&value))
                statement.exchange(soci::use(reals.emplace_back(*real)));
            else if (const auto* text = std::get_if<std::string>(&value))
                statement.exchange(soci::use(texts.emplace_back(*text)));
            else
                statement.exchange(soci::use(texts.emplace_back(), null));
        }
        statement.alloc();
        statement.prepare(std::string(sql));
        statement.define_and_bind();
    }

    template <class Read>
    auto read(Read& use)
    {
        return [&]<std::size_t... I>(std::index_sequence<I...>)
        {
            return use(fromStored<C>(std::get<I>(columns), columnState[I])...);
        }
        (std::index_sequence_for<C...>());
    }

    std::tuple<typename Cell<C>::Stored...> columns;
    soci::indicator columnState[sizeof...(C) + 1] = {};
    soci::indicator null = soci::i_null;
    std::vector<long long> integers; // Reserved in full: SOCI keeps the addresses.
    std::vector<double> reals;
    std::vector<std::string> texts;
    soci::statement statement;
};

} // namespace detail
} // namespace shopfleet::runtime
namespace shopfleet::runtime {

/// One SQL connection. Parameters are written :1, :2 … in the order in which they are given; a
/// statement is prepared once. Columns arrive as the parameters of `read`: `[](std::string id,
/// std::int64_t price) { … }`. For one thread at a time.
class Connection {
public:
    static absl::StatusOr<std::unique_ptr<Connection>> open(const std::string& path, bool readOnly);

    /// Maps every row; all rows or an error, never half a result.
    template <class Read, class... Args>
    auto select(std::string_view sql, Read read, const Args&... args)
        -> absl::StatusOr<std::vector<typename detail::Reader<Read>::Result>>
    {
        using Columns = typename detail::Reader<Read>::Columns;
        std::vector<typename detail::Reader<Read>::Result> rows;
        auto status = guarded(sql, [&] {
            auto& prepared = statement<Columns, Args...>(sql);
            prepared.bind(args...);
            prepared.statement.execute(false);
            while (prepared.statement.fetch())
                rows.push_back(prepared.read(read));
        });
        if (!status.ok())
            return status;
        return rows;
    }

    /// The first row, if there is one.
    template <class Read, class... Args>
    auto selectOne(std::string_view sql, Read read, const Args&... args)
        -> absl::StatusOr<std::optional<typename detail::Reader<Read>::Result>>
    {
        auto rows = select(sql, std::move(read), args...);
        if (!rows.ok())
            return rows.status();
        if (rows->empty())
            return std::optional<typename detail::Reader<Read>::Result>();
        return std::optional<typename detail::Reader<Read>::Result>(std::move(rows->front()));
    }

    /// The same for a statement whose text and values were put together at run time.
    template <class Read>
    auto selectWith(std::string_view sql, Read read, std::span<const Value> values)
        -> absl::StatusOr<std::vector<typename detail::Reader<Read>::Result>>
    {
        using Columns = typename detail::Reader<Read>::Columns;
        std::vector<typename detail::Reader<Read>::Result> rows;
        auto status = guarded(sql, [&] {
            detail::DynamicStatement<Columns> prepared(*m_session, sql, values);
            prepared.statement.execute(false);
            while (prepared.statement.fetch())
                rows.push_back(prepared.read(read));
        });
        if (!status.ok())
            return status;
        return rows;
    }

    /// Runs a statement that returns no rows; gives the number of rows that it changed.
    template <class... Args>
    absl::StatusOr<std::int64_t> execute(std::string_view sql, const Args&... args)
    {
        std::int64_t changed = 0;
        auto status = guarded(sql, [&] {
            auto& prepared = statement<std::tuple<>, Args...>(sql);
            prepared.bind(args...);
            prepared.statement.execute(true);
            changed = prepared.statement.get_affected_rows();
        });
        if (!status.ok())
            return status;
        return changed;
    }

    /// Several statements of fixed text, one after the other: a schema.
    absl::Status script(const std::string& sql);

    /// What to do when the file is damaged or the disk fails, on the thread that notices.
    void onDamage(std::function<void(const absl::Status&)> notice)
    {
        m_onDamage = std::move(notice);
    }
    /// False also where SQLite itself has rolled back: a full disk does that.
    bool inTransaction() const;
    /// The length of the write-ahead log after this connection's last commit.
    int walPages() const { return m_walPages; }
    /// Ends what another thread runs on this connection.
    void interrupt();

    soci::session& session() { return *m_session; }

private:
    Connection() = default;

    template <class Columns, class... Args>
    auto& statement(std::string_view sql)
    {
        using Kind = detail::Statement<Columns, std::tuple<std::decay_t<Args>...>>;
        const std::type_index kind(typeid(Kind));
        if (const auto found = m_statements.find(Key{sql, kind}); found != m_statements.end())
            return static_cast<Kind&>(*found->second.prepared);
        auto text = std::make_unique<std::string>(sql);
        auto prepared = std::make_unique<Kind>(*m_session, *text);
        auto& kept = *prepared;
        const Key key{*text, kind};
        m_statements.emplace(key, Cached{std::move(text), std::move(prepared)});
        return kept;
    }

    /// Runs `work` and turns what SOCI throws into a status.
    absl::Status guarded(std::string_view sql, const auto& work)
    {
        try {
            work();
            return absl::OkStatus();
        } catch (const soci::soci_error& error) {
            return failed(sql, error);
        }
    }
    absl::Status failed(std::string_view sql, const soci::soci_error& error);

    struct Key {
        std::string_view sql; // Of the text that is kept beside the statement.
        std::type_index kind;
        bool operator==(const Key&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Key& key) const
        {
            return std::hash<std::string_view>()(key.sql) ^ key.kind.hash_code();
        }
    };
    struct Cached {
        std::unique_ptr<std::string> sql;
        std::unique_ptr<detail::Prepared> prepared;
    };
    std::unique_ptr<soci::session> m_session;
    std::unordered_map<Key, Cached, Hash> m_statements;
    std::function<void(const absl::Status&)> m_onDamage;
    int m_walPages = 0;
};

} // namespace shopfleet::runtime
