// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/retailrow.h"

#include "services/ctl/decimal.h"
#include "services/ctl/text.h"
#include "services/ctl/timetext.h"
#include "services/runtime/money.h"

#include <absl/strings/ascii.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace shopfleet::ctl {
namespace {

enum Column { Invoice, Code, Description, Quantity, Date, Price, Customer, Country, Columns };

constexpr size_t kLongestCode = 32;
constexpr size_t kLongestText = 500;
/// Far beyond any trade, far below what the services' sums can hold.
constexpr int64_t kMostUnits = 1'000'000'000;
constexpr int64_t kHighestPrice = 1'000'000'000 * kMicrosPerUnit;

/// Reads fields one after the other; the first fault is kept and the rest is skipped.
class RowChecker {
public:
    RowChecker(const CsvRecord& record, SetAside* aside)
        : m_record(record)
        , m_aside(aside)
    {
    }

    bool ok() const { return m_ok; }

    void fail(Column column, std::string reason)
    {
        if (!m_ok)
            return;
        m_ok = false;
        m_aside->field = std::string(kRetailColumns[column]);
        m_aside->reason = std::move(reason);
        m_aside->value = printable(m_record.fields[column]);
    }

    std::string text(Column column, size_t longest)
    {
        const std::string& raw = m_record.fields[column];
        if (!isUtf8(raw))
            return fail(column, "is not UTF-8"), std::string();
        std::string value = simplified(raw);
        if (hasControls(value))
            return fail(column, "holds control characters"), std::string();
        if (value.size() > longest)
            return fail(column, fmt::format("is longer than {} bytes", longest)), std::string();
        return value;
    }

    std::string code(Column column)
    {
        std::string value = text(column, kLongestCode);
        if (value.empty())
            fail(column, "is missing");
        return absl::AsciiStrToUpper(value);
    }

    int64_t number(Column column, absl::StatusOr<int64_t> (*parse)(std::string_view), int64_t most)
    {
        const std::string value = simplified(m_record.fields[column]);
        if (value.empty())
            return fail(column, "is missing"), 0;
        const auto number = parse(value);
        if (!number.ok())
            return fail(column, std::string(number.status().message())), 0;
        if (*number > most || *number < -most)
            return fail(column, "is out of range"), 0;
        return *number;
    }

private:
    const CsvRecord& m_record;
    SetAside* m_aside;
    bool m_ok = true;
};

/// "17850.0" and "17850" are the same customer; nobody has half a number.
std::string readCustomer(RowChecker& check, const std::string& field)
{
    std::string id = simplified(field);
    if (const size_t point = id.find('.'); point != std::string::npos) {
        if (point + 1 == id.size() || id.find_first_not_of('0', point + 1) != std::string::npos)
            return check.fail(Customer, "is not a whole number"), std::string();
        id.resize(point);
    }
    if (id.find_first_not_of("0123456789") != std::string::npos)
        return check.fail(Customer, "is not a whole number"), std::string();
    if (id.size() > kLongestCode)
        return check.fail(Customer, "is out of range"), std::string();
    return id;
}

} // namespace

std::string printable(std::string_view text)
{
    constexpr size_t kShown = 60;
    std::string shown;
    for (const char c : text.substr(0, kShown))
        shown += absl::ascii_isprint(static_cast<unsigned char>(c)) ? c : '?';
    return text.size() > kShown ? shown + "..." : shown;
}

absl::Status checkRetailHeader(const CsvRecord& header)
{
    if (!header.problem.empty())
        return absl::InvalidArgumentError(
            fmt::format("line 1: the header {}; it should read {} and reads \"{}\"", header.problem,
                fmt::join(kRetailColumns, ","), printable(header.text)));
    for (size_t i = 0; i < Columns; ++i) {
        const std::string found = simplified(header.fields[i]);
        if (absl::AsciiStrToLower(found) != absl::AsciiStrToLower(std::string(kRetailColumns[i])))
            return absl::InvalidArgumentError(
                fmt::format("line 1: column {} should be {} and is \"{}\"", i + 1,
                    kRetailColumns[i], printable(found)));
    }
    return absl::OkStatus();
}

bool readRetailRow(const CsvRecord& record, RetailRow* row, SetAside* aside)
{
    *aside = {.line = record.line, .field = {}, .reason = {}, .value = {}, .amountMicros = 0};
    if (!record.problem.empty()) {
        aside->reason = record.problem;
        aside->value = printable(record.text);
        return false;
    }
    RowChecker check(record, aside);
    row->line = record.line;
    row->quantity = check.number(Quantity, parseWhole, kMostUnits);
    row->priceMicros = check.number(Price, parseMicros, kHighestPrice);
    const auto amount = runtime::checkedMultiply(row->quantity, row->priceMicros);
    row->amountMicros = amount.value_or(0);
    if (!amount)
        check.fail(Price, "times the quantity is out of range");
    if (check.ok() && row->quantity == 0)
        check.fail(Quantity, "is zero");
    aside->amountMicros = check.ok() ? row->amountMicros : 0;

    row->invoice = check.code(Invoice);
    row->code = check.code(Code);
    row->description = check.text(Description, kLongestText);
    row->customer = readCustomer(check, record.fields[Customer]);
    row->country = check.text(Country, kLongestText);
    const std::string date = simplified(record.fields[Date]);
    const auto placedAt = parseFileTime(date);
    if (date.empty())
        check.fail(Date, "is missing");
    else if (!placedAt.ok())
        check.fail(Date, std::string(placedAt.status().message()));
    else
        row->placedAt = *placedAt;
    return check.ok();
}

} // namespace shopfleet::ctl
