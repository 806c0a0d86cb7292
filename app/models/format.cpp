// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/format.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QTimeZone>

#include <array>
#include <cmath>
#include <utility>

namespace format {
namespace {

using namespace Qt::StringLiterals;

constexpr QChar kMinus(0x2212);
constexpr qint64 kDay = 86'400;
constexpr QChar kNoBreakSpace(0x00a0);

QString tr(const char* source, int n = -1)
{
    return QCoreApplication::translate("format", source, nullptr, n);
}

/// Digits after the point, as ISO 4217 has them for those that differ from two.
int minorDigits(const std::string& currency)
{
    for (const char* none : {"JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF", "PYG", "UGX"})
        if (currency == none)
            return 0;
    for (const char* three : {"KWD", "BHD", "OMR", "TND", "JOD", "IQD", "LYD"})
        if (currency == three)
            return 3;
    return 2;
}

QString sign(const std::string& currency)
{
    static const std::pair<const char*, QString> kSigns[] = {{"GBP", u"£"_s}, {"EUR", u"€"_s},
        {"USD", u"$"_s}, {"RUB", u"₽"_s}, {"JPY", u"¥"_s}, {"INR", u"₹"_s}};
    for (const auto& [code, symbol] : kSigns)
        if (currency == code)
            return symbol;
    return QString::fromStdString(currency);
}

/// A sign stands at the figures, a code stands apart from them.
QString withSign(const QString& figures, const std::string& currency)
{
    const QLocale locale;
    const QString symbol = sign(currency);
    const bool before = locale.language() == QLocale::English || locale.language() == QLocale::C;
    const QString gap = before && symbol.size() == 1 ? QString() : QString(kNoBreakSpace);
    return before ? symbol + gap + figures : figures + gap + symbol;
}

/// Day, month by name, year: no reader takes one for the other.
QString date(const QDateTime& then)
{
    return QLocale().toString(then.toLocalTime().date(), u"d MMM yyyy"_s);
}

} // namespace

QString money(qint64 minor, const std::string& currency)
{
    if (currency.empty())
        return {};
    const QLocale locale;
    const int digits = minorDigits(currency);
    quint64 scale = 1;
    for (int i = 0; i < digits; ++i)
        scale *= 10;
    const quint64 size = minor < 0 ? ~static_cast<quint64>(minor) + 1 : static_cast<quint64>(minor);
    QString figures = locale.toString(size / scale);
    if (digits > 0)
        figures
            += locale.decimalPoint() + QString::number(size % scale).rightJustified(digits, u'0');

    const QString whole = withSign(figures, currency);
    return minor < 0 ? kMinus + whole : whole;
}

std::optional<qint64> parseMoney(const QString& text, const std::string& currency)
{
    constexpr qsizetype kMostDigits = 15; // Far below what overflows.
    const qsizetype digits = minorDigits(currency);
    QString typed = text;
    typed.remove(sign(currency)).remove(u' ').remove(kNoBreakSpace).remove(QChar(0x202f));
    // The last mark is the decimal one, unless three figures follow it that cannot be its.
    qsizetype point = std::max(typed.lastIndexOf(u'.'), typed.lastIndexOf(u','));
    if (point >= 0 && typed.size() - point - 1 == 3 && digits != 3)
        point = -1;
    QString whole = point < 0 ? typed : typed.left(point);
    const QString part = point < 0 ? QString() : typed.mid(point + 1);
    static const QRegularExpression kGrouped(u"^\\d+$|^\\d{1,3}([.,]\\d{3})+$"_s);
    static const QRegularExpression kDigits(u"^\\d*$"_s);
    if (!kGrouped.match(whole).hasMatch() || !kDigits.match(part).hasMatch()
        || part.size() > digits)
        return {};
    whole.remove(u'.').remove(u',');
    if (whole.size() + digits > kMostDigits)
        return {};
    return (whole + part.leftJustified(digits, u'0')).toLongLong();
}

QString roundMoney(double units, const std::string& currency)
{
    const QString whole = withSign(QLocale().toString(std::abs(units), 'f', 0), currency);
    return std::round(units) < 0 ? kMinus + whole : whole;
}

QString money(const shopfleet::common::v1::Money& amount)
{
    return money(amount.minor(), amount.currency());
}

QString count(qint64 number)
{
    const QString digits = QLocale().toString(std::abs(number));
    return number < 0 ? kMinus + digits : digits;
}

QString figure(double value)
{
    if (std::isnan(value))
        return u"–"_s;
    const double size = std::abs(value);
    return QLocale().toString(value, 'f', size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

QDateTime time(const google::protobuf::Timestamp& at)
{
    return QDateTime::fromMSecsSinceEpoch(at.seconds() * 1000 + at.nanos() / 1'000'000, Qt::UTC);
}

QString when(const google::protobuf::Timestamp& at, const QDateTime& now)
{
    if (at.seconds() == 0 && at.nanos() == 0)
        return u"–"_s;
    const QDateTime then = time(at);
    const qint64 seconds = then.secsTo(now);
    if (seconds < -60 || seconds >= kDay)
        return date(then);
    if (seconds < 5)
        return tr("now");
    return tr("%1 ago").arg(span(seconds));
}

QString moment(const google::protobuf::Timestamp& at)
{
    if (at.seconds() == 0 && at.nanos() == 0)
        return {};
    const QDateTime local = time(at).toLocalTime();
    return QLocale().toString(local.date(), QLocale::LongFormat) + u", "_s
        + local.time().toString(u"HH:mm:ss"_s);
}

QString day(const google::protobuf::Timestamp& at)
{
    return at.seconds() == 0 && at.nanos() == 0 ? QString() : date(time(at));
}

QString clock(const google::protobuf::Timestamp& at, const QDateTime& now)
{
    const QDateTime then = time(at);
    const qint64 seconds = then.secsTo(now);
    if (seconds < 0 || seconds >= kDay)
        return date(then);
    return then.toLocalTime().time().toString(u"HH:mm"_s);
}

QString span(qint64 seconds)
{
    const qint64 minutes = seconds / 60;
    const qint64 hours = minutes / 60;
    if (hours >= 48)
        return tr("%1 d %2 h").arg(hours / 24).arg(hours % 24);
    if (hours >= 1)
        return tr("%1 h %2 min").arg(hours).arg(minutes % 60, 2, 10, QLatin1Char('0'));
    if (minutes >= 1)
        return tr("%1 min").arg(minutes);
    return tr("%1 s").arg(seconds);
}

} // namespace format
