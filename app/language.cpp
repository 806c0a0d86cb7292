// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

using namespace Qt::StringLiterals;

void installLanguage(const QString& code)
{
    const QString wanted = code.isEmpty() ? QLocale::system().name().left(2) : code;
    const QString known = wanted == "ru"_L1 ? u"ru"_s : u"en"_s;
    if (known == "ru"_L1)
        QLocale::setDefault(QLocale(QLocale::Russian, QLocale::Russia));
    else if (QLocale::system().language() != QLocale::English)
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));

    // Qt's own words first: the last one installed is asked first.
    auto* qt = new QTranslator(qApp);
    if (qt->load(u"qtbase_"_s + known, QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(qt);
    auto* own = new QTranslator(qApp);
    if (own->load(u":/i18n/shopfleet_%1.qm"_s.arg(known)))
        QCoreApplication::installTranslator(own);
}
