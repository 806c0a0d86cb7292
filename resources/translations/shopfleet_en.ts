<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>CataloguePage</name>
    <message numerus="yes">
        <source>%Ln products</source>
        <translation>
            <numerusform>%Ln product</numerusform>
            <numerusform>%Ln products</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CustomersPage</name>
    <message numerus="yes">
        <source>%Ln customers</source>
        <translation>
            <numerusform>%Ln customer</numerusform>
            <numerusform>%Ln customers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DeliveriesPage</name>
    <message numerus="yes">
        <source>%Ln shipments</source>
        <translation>
            <numerusform>%Ln shipment</numerusform>
            <numerusform>%Ln shipments</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>EventsPage</name>
    <message numerus="yes">
        <source>%Ln events</source>
        <translation>
            <numerusform>%Ln event</numerusform>
            <numerusform>%Ln events</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FleetModel</name>
    <message numerus="yes">
        <source>%n replicas</source>
        <translation>
            <numerusform>%n replica</numerusform>
            <numerusform>%n replicas</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Process %1, restarted %n times</source>
        <translation>
            <numerusform>Process %1, restarted once</numerusform>
            <numerusform>Process %1, restarted %n times</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>IncidentsPage</name>
    <message numerus="yes">
        <source>%Ln incidents</source>
        <translation>
            <numerusform>%Ln incident</numerusform>
            <numerusform>%Ln incidents</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ListPage</name>
    <message numerus="yes">
        <source>%n new above</source>
        <translation>
            <numerusform>%n new above</numerusform>
            <numerusform>%n new above</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LogsPage</name>
    <message numerus="yes">
        <source>%Ln lines</source>
        <translation>
            <numerusform>%Ln line</numerusform>
            <numerusform>%Ln lines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new below</source>
        <translation>
            <numerusform>%n new below</numerusform>
            <numerusform>%n new below</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ManyPanel</name>
    <message numerus="yes">
        <source>%n orders</source>
        <translation>
            <numerusform>%n order</numerusform>
            <numerusform>%n orders</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them are not loaded and left out</source>
        <translation>
            <numerusform>%n of them is not loaded and left out</numerusform>
            <numerusform>%n of them are not loaded and left out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Try %n orders again</source>
        <translation>
            <numerusform>Try %n order again</numerusform>
            <numerusform>Try %n orders again</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n orders are tried again now.</source>
        <translation>
            <numerusform>%n order is tried again now.</numerusform>
            <numerusform>%n orders are tried again now.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>OrderPanel</name>
    <message numerus="yes">
        <source>%n tries so far.</source>
        <translation>
            <numerusform>%n try so far.</numerusform>
            <numerusform>%n tries so far.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>units</source>
        <translation>
            <numerusform>unit</numerusform>
            <numerusform>units</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>lines</source>
        <translation>
            <numerusform>line</numerusform>
            <numerusform>lines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more lines</source>
        <translation>
            <numerusform>%n more line</numerusform>
            <numerusform>%n more lines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Its %n units go back to stock and its payment is given up. This cannot be undone.</source>
        <translation>
            <numerusform>Its %n unit goes back to stock and its payment is given up. This cannot be undone.</numerusform>
            <numerusform>Its %n units go back to stock and its payment is given up. This cannot be undone.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n units are sent again, free of charge</source>
        <translation>
            <numerusform>%n unit is sent again, free of charge</numerusform>
            <numerusform>%n units are sent again, free of charge</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>OrdersPage</name>
    <message numerus="yes">
        <source>%Ln orders</source>
        <translation>
            <numerusform>%Ln order</numerusform>
            <numerusform>%Ln orders</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Try %n orders again</source>
        <translation>
            <numerusform>Try %n order again</numerusform>
            <numerusform>Try %n orders again</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>OverviewPage</name>
    <message numerus="yes">
        <source>%1: %n orders, %2</source>
        <translation>
            <numerusform>%1: %n order, %2</numerusform>
            <numerusform>%1: %n orders, %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n checks, %1</source>
        <translation>
            <numerusform>%n check, %1</numerusform>
            <numerusform>%n checks, %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PolicyDialog</name>
    <message numerus="yes">
        <source>Now: %1 requests/s and %2 % of a core on each of %n replicas, p95 %3.</source>
        <translation>
            <numerusform>Now: %1 requests/s and %2 % of a core on its replica, p95 %3.</numerusform>
            <numerusform>Now: %1 requests/s and %2 % of a core on each of %n replicas, p95 %3.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It stays at %n replicas until somebody sets another number.</source>
        <translation>
            <numerusform>It stays at %n replica until somebody sets another number.</numerusform>
            <numerusform>It stays at %n replicas until somebody sets another number.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProductModel</name>
    <message numerus="yes">
        <source>%n variants</source>
        <translation>
            <numerusform>%n variant</numerusform>
            <numerusform>%n variants</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RolloutDialog</name>
    <message numerus="yes">
        <source>%1 goes from %2 to %3, %n replicas.</source>
        <translation>
            <numerusform>%1 goes from %2 to %3, %n replica.</numerusform>
            <numerusform>%1 goes from %2 to %3, %n replicas.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RolloutsPage</name>
    <message numerus="yes">
        <source>%Ln rollouts</source>
        <translation>
            <numerusform>%Ln rollout</numerusform>
            <numerusform>%Ln rollouts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ServiceLinks</name>
    <message numerus="yes">
        <source>%n orders wait, %1</source>
        <translation>
            <numerusform>%n order waits, %1</numerusform>
            <numerusform>%n orders wait, %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ServicesPage</name>
    <message numerus="yes">
        <source>There are %n already</source>
        <translation>
            <numerusform>There is %n already</numerusform>
            <numerusform>There are %n already</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Starts %n more; they share %1 requests/s</source>
        <translation>
            <numerusform>Starts %n more; together they share %1 requests/s</numerusform>
            <numerusform>Starts %n more; they share %1 requests/s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Drains %n; the rest takes %1 requests/s</source>
        <translation>
            <numerusform>Drains %n; the rest takes %1 requests/s</numerusform>
            <numerusform>Drains %n; the rest takes %1 requests/s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n services</source>
        <translation>
            <numerusform>%n service</numerusform>
            <numerusform>%n services</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n replicas</source>
        <translation>
            <numerusform>%n replica</numerusform>
            <numerusform>%n replicas</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 goes to %n replicas.</source>
        <translation>
            <numerusform>%1 goes to %n replica.</numerusform>
            <numerusform>%1 goes to %n replicas.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n replicas together</source>
        <translation>
            <numerusform>%n replica</numerusform>
            <numerusform>%n replicas together</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>one value every %n seconds</source>
        <translation>
            <numerusform>one value each second</numerusform>
            <numerusform>one value every %n seconds</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ShipmentPanel</name>
    <message numerus="yes">
        <source>%n tries so far.</source>
        <translation>
            <numerusform>%n try so far.</numerusform>
            <numerusform>%n tries so far.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SplitDialog</name>
    <message numerus="yes">
        <source>%n stay in this one.</source>
        <translation>
            <numerusform>%n stays in this one.</numerusform>
            <numerusform>%n stay in this one.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n units leave in a parcel of their own.</source>
        <translation>
            <numerusform>%n unit leaves in a parcel of its own.</numerusform>
            <numerusform>%n units leave in a parcel of their own.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StopDialog</name>
    <message numerus="yes">
        <source>Its %n replicas are drained and replaced one after the other; no request is lost.</source>
        <translation>
            <numerusform>Its replica is drained and replaced; no request is lost.</numerusform>
            <numerusform>Its %n replicas are drained and replaced one after the other; no request is lost.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n others take over its %1 requests/s; no request is lost.</source>
        <translation>
            <numerusform>%n other takes over its %1 requests/s; no request is lost.</numerusform>
            <numerusform>%n others take over its %1 requests/s; no request is lost.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Calls that it works on end first, those of more than %n seconds are cut off.</source>
        <translation>
            <numerusform>Calls that it works on end first, those of more than %n second are cut off.</numerusform>
            <numerusform>Calls that it works on end first, those of more than %n seconds are cut off.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TraceView</name>
    <message numerus="yes">
        <source>spans, %n services</source>
        <translation>
            <numerusform>spans, %n service</numerusform>
            <numerusform>spans, %n services</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TracesPage</name>
    <message numerus="yes">
        <source>%n spans</source>
        <translation>
            <numerusform>%n span</numerusform>
            <numerusform>%n spans</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n spans failed. It began in %1: %2</source>
        <translation>
            <numerusform>%n span failed. It began in %1: %2</numerusform>
            <numerusform>%n spans failed. It began in %1: %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln traces</source>
        <translation>
            <numerusform>%Ln trace</numerusform>
            <numerusform>%Ln traces</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tracewords</name>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
</context>
</TS>
