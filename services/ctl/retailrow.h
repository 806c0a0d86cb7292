// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ctl/csv.h"

#include <absl/status/status.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace shopfleet::ctl {

/// The columns of the Online Retail files, in their order.
constexpr std::string_view kRetailColumns[] = {"InvoiceNo", "StockCode", "Description", "Quantity",
    "InvoiceDate", "UnitPrice", "CustomerID", "Country"};

/// One line of an invoice, checked: every value is usable.
struct RetailRow {
    int64_t line = 0;
    std::string invoice; ///< Upper case: "536365", "C536379".
    std::string code; ///< Trimmed, upper case.
    std::string description; ///< White space made single; may be empty.
    int64_t quantity = 0;
    int64_t priceMicros = 0;
    int64_t amountMicros = 0; ///< quantity × price, exactly.
    int64_t placedAt = 0; ///< Seconds since 1970, UTC.
    std::string customer; ///< "17850"; empty: a guest.
    std::string country;
};

/// A line that cannot be used, and why.
struct SetAside {
    int64_t line = 0;
    std::string field; ///< Empty when the row as a whole is at fault.
    std::string reason; ///< The same words for the same fault: they are counted.
    std::string value; ///< What stood there, shortened, printable.
    int64_t amountMicros = 0; ///< Its money, if that much could be read.
};

/// True with the row, or false with the reason.
bool readRetailRow(const CsvRecord& record, RetailRow* row, SetAside* aside);

/// Names the first column that is not as it should be.
absl::Status checkRetailHeader(const CsvRecord& header);

/// What a terminal can show of any bytes.
std::string printable(std::string_view text);

} // namespace shopfleet::ctl
