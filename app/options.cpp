// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/options.h"

#include <QRegularExpression>

#include <functional>

using namespace Qt::StringLiterals;

QString Options::usage()
{
    return uR"(shopfleet: the desktop of a store and of the fleet that runs it

  --page ADDRESS      opens there: shopfleet://orders/1043, or just orders
  --grab FILE.png     writes a picture of the page once its data is there, and ends:
                      0 written, 3 written after 20 s without all of the data
  --size WxH          of the window (1440x900)
  --theme NAME        light, dark, contrast or system
  --lang CODE         en or ru
  --control ADDRESS   of the control plane (SHOPFLEET_CONTROL, else 127.0.0.1:7400)
  --version, --help
)"_s;
}

namespace {

/// Takes a value in; what is wrong with it, else nothing.
using Take = std::function<QString(const QString&)>;

QMap<QString, Take> knownArguments(Options& options)
{
    const auto oneOf = [](QString& target, const QStringList& known) {
        return [&target, known](const QString& value) {
            target = value;
            return known.contains(value) ? QString() : u"is one of "_s + known.join(u", "_s);
        };
    };
    return {
        {u"--page"_s,
            [&options](const QString& value) {
                options.page = Address::parse(value);
                return options.page ? QString() : u"is no address like shopfleet://orders/1043"_s;
            }},
        {u"--grab"_s,
            [&options](const QString& value) {
                options.grab = value;
                return value.endsWith(".png"_L1) ? QString() : u"ends in .png"_s;
            }},
        {u"--size"_s,
            [&options](const QString& value) {
                static const QRegularExpression shape(u"^(\\d{3,4})x(\\d{3,4})$"_s);
                const auto match = shape.match(value);
                options.size = {match.captured(1).toInt(), match.captured(2).toInt()};
                return match.hasMatch() ? QString() : u"is like 1440x900"_s;
            }},
        {u"--theme"_s, oneOf(options.theme, {u"light"_s, u"dark"_s, u"contrast"_s, u"system"_s})},
        {u"--lang"_s, oneOf(options.language, {u"en"_s, u"ru"_s})},
        {u"--control"_s,
            [&options](const QString& value) {
                static const QRegularExpression shape(u"^[A-Za-z0-9.:\\[\\]-]+:\\d{1,5}$"_s);
                options.control = value;
                return shape.match(value).hasMatch() ? QString() : u"is like 127.0.0.1:7400"_s;
            }},
    };
}

} // namespace

std::variant<Options, QString> Options::parse(const QStringList& arguments)
{
    Options options;
    options.control = qEnvironmentVariable("SHOPFLEET_CONTROL", u"127.0.0.1:7400"_s);
    options.environment = qEnvironmentVariable("SHOPFLEET_ENVIRONMENT");
    const QMap<QString, Take> known = knownArguments(options);
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        QString name = arguments[i];
        if (name == "--help"_L1 || name == "-h"_L1) {
            options.help = true;
            continue;
        }
        if (name == "--version"_L1) {
            options.version = true;
            continue;
        }
        QString value;
        if (const qsizetype at = name.indexOf(u'='); name.startsWith("--"_L1) && at > 0) {
            value = name.mid(at + 1);
            name.truncate(at);
        } else if (known.contains(name)) {
            if (++i >= arguments.size())
                return u"%1 wants a value"_s.arg(name);
            value = arguments[i];
        }
        const auto found = known.find(name);
        if (found == known.end())
            return u"unknown argument %1"_s.arg(name);
        if (const QString wrong = (*found)(value); !wrong.isEmpty())
            return u"%1 %2, not “%3”"_s.arg(name, wrong, value);
    }
    return options;
}
