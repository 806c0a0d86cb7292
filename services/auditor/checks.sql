-- What must always hold. Each check is a query over all services' databases (accounts, inventory, cart, orders, payments,
-- deliveries) and the sandboxes' (provider, carrier) that finds what is wrong: its subject, and what was found.
-- part(TYPE, BODY, PATH) reads a field of a stored message; of a repeated one the sum. Orders of elsewhere, imported or made up,
-- have no money and no parcels of ours to answer for.

-- @M1 each transaction of the ledger adds up to zero
SELECT transaction_id, 'adds up to ' || sum(amount_minor) || ' ' || currency FROM payments.ledger
GROUP BY transaction_id, currency HAVING sum(amount_minor) <> 0;

-- @M2 no more is captured than was authorised, and no more refunded than captured
SELECT id, 'authorised ' || authorised || ' of ' || amount || ', captured ' || captured || ', refunded ' || refunded FROM payments.payment
WHERE captured > authorised OR authorised > amount OR captured < 0 OR refunded < 0 OR (provider = 'sandbox' AND refunded > captured);

-- @M2L payments and their ledger agree
SELECT p.id, 'captured ' || p.captured || ' and ' || coalesce(l.captured, 0) || ' in the ledger, refunded ' || p.refunded || ' and '
    || coalesce(l.refunded, 0)
FROM payments.payment p LEFT JOIN (
    SELECT payment_id, -sum(amount_minor) FILTER (WHERE account = 'revenue') AS captured,
        sum(amount_minor) FILTER (WHERE account = 'refunds') AS refunded
    FROM payments.ledger GROUP BY payment_id) l ON l.payment_id = p.id
WHERE coalesce(l.captured, 0) <> p.captured OR coalesce(l.refunded, 0) <> p.refunded;

-- @M3 an order's total is the sum of its lines
SELECT id, 'says ' || total || ' and its lines ' || part('shopfleet.orders.v1.OrderLines', lines, 'lines.total.minor') FROM orders.orders
WHERE total <> part('shopfleet.orders.v1.OrderLines', lines, 'lines.total.minor');

-- @M4 orders and payments agree on what was taken and given back
SELECT o.id, 'says taken ' || part('shopfleet.orders.v1.Order', o.body, 'captured.minor') || ' and given back '
    || part('shopfleet.orders.v1.Order', o.body, 'refunded.minor') || ', its payments ' || coalesce(sum(p.captured), 0) || ' and '
    || coalesce(sum(p.refunded), 0)
FROM orders.orders o LEFT JOIN payments.payment p ON p.order_id = o.id
WHERE o.origin = 'web' AND NOT EXISTS (SELECT 1 FROM orders.saga s WHERE s.order_id = o.id)
GROUP BY o.id
HAVING part('shopfleet.orders.v1.Order', o.body, 'captured.minor') <> coalesce(sum(p.captured), 0)
    OR part('shopfleet.orders.v1.Order', o.body, 'refunded.minor') <> coalesce(sum(p.refunded), 0);

-- @M4P payments and the provider's statement agree, both ways
SELECT p.id, 'taken ' || p.captured || ' and given back ' || p.refunded || ' here, ' || coalesce(s.captured, 0) || ' and '
    || coalesce(s.refunded, 0) || ' at the provider'
FROM payments.payment p LEFT JOIN (
    SELECT about, sum(CASE kind WHEN 2 THEN minor ELSE 0 END) AS captured, sum(CASE kind WHEN 4 THEN minor ELSE 0 END) AS refunded
    FROM provider.operation WHERE outcome = 1 AND about <> '' GROUP BY about) s ON s.about = p.provider_reference
WHERE p.provider = 'sandbox' AND (p.captured <> coalesce(s.captured, 0) OR p.refunded <> coalesce(s.refunded, 0))
    AND NOT EXISTS (SELECT 1 FROM payments.operation o WHERE o.payment_id = p.id AND o.outcome IN (0, 3))
UNION ALL
SELECT p.id, 'authorised here, not at the provider' FROM payments.payment p
WHERE p.provider = 'sandbox' AND p.authorised > 0
    AND NOT EXISTS (SELECT 1 FROM provider.operation o WHERE o.key = 'auth:' || p.id AND o.outcome = 1 AND o.minor = p.amount)
UNION ALL
SELECT o.key, 'the provider did what nobody here has asked for' FROM provider.operation o
WHERE o.outcome = 1 AND NOT EXISTS (SELECT 1 FROM payments.operation p WHERE p.key = o.key)
    AND NOT EXISTS (SELECT 1 FROM payments.payment p WHERE 'auth:' || p.id = o.key AND p.id = substr(o.key, 6));

-- @S1 no more is reserved than is there
SELECT sku, 'reserved ' || reserved || ' of ' || on_hand FROM inventory.stock WHERE reserved < 0 OR reserved > on_hand;

-- @S2 what is reserved is what live reservations hold
SELECT s.sku, 'reserved ' || s.reserved || ' and held ' || coalesce(h.held, 0)
FROM inventory.stock s LEFT JOIN (
    SELECT l.sku AS sku, sum(l.held) AS held
    FROM inventory.reservation r JOIN inventory.reservation_line l ON l.reservation = r.seq WHERE r.state = 1
    GROUP BY l.sku) h ON h.sku = s.sku
WHERE s.reserved <> coalesce(h.held, 0);

-- @S3 what is there is what came less what went
SELECT s.sku, 'on hand ' || s.on_hand || ' and moved ' || coalesce(m.moved, 0)
FROM inventory.stock s LEFT JOIN (SELECT sku, sum(quantity) AS moved FROM inventory.stock_move GROUP BY sku) m ON m.sku = s.sku
WHERE s.on_hand <> coalesce(m.moved, 0);

-- @S4 every reservation ends: at its time, or with its order
SELECT r.id, 'is held by ' || r.holder || ', which is over' FROM inventory.reservation r JOIN orders.orders o ON o.id = r.holder
WHERE r.state = 1 AND o.state IN (5, 6, 7, 8, 9, 10) AND NOT EXISTS (SELECT 1 FROM orders.saga s WHERE s.order_id = o.id)
UNION ALL
SELECT id, 'is held by ' || holder || ' and ran out ' || (unixepoch() - expires_at / 1000000) || ' s ago' FROM inventory.reservation
WHERE state = 1 AND expires_at / 1000000 < unixepoch() - 120;

-- @S5 each promised unit is set aside
SELECT o.id, 'promises ' || o.units || ' units, and ' || coalesce(sum(l.held), 0) || ' are set aside'
FROM orders.orders o LEFT JOIN inventory.reservation r ON r.holder = o.id AND r.state = 1
    LEFT JOIN inventory.reservation_line l ON l.reservation = r.seq
WHERE o.origin = 'web' AND o.state = 4 AND NOT EXISTS (SELECT 1 FROM orders.saga g WHERE g.order_id = o.id)
GROUP BY o.id HAVING coalesce(sum(l.held), 0) <> o.units;

-- @O3 each order's history tells how it came to its state
SELECT o.id, 'is in state ' || o.state || ' without ' || w.kind
FROM orders.orders o JOIN (
    SELECT 4 AS state, 'order.confirmed' AS kind UNION ALL SELECT 5, 'order.shipped' UNION ALL SELECT 6, 'order.delivered'
    UNION ALL SELECT 7, 'order.cancelled' UNION ALL SELECT 8, 'order.rejected' UNION ALL SELECT 9, 'order.returned'
    UNION ALL SELECT 10, 'order.refunded') w ON w.state = o.state
WHERE o.origin = 'web' AND NOT EXISTS (
    SELECT 1 FROM orders.event e WHERE e.order_id = o.id AND part('shopfleet.common.v1.TimelineEvent', e.body, 'kind') = w.kind);

-- @O4 every order is done, or waits for a person, or is tried again soon
SELECT o.id, 'has waited on ' || o.waiting_service || ' for ' || (unixepoch() - o.waiting_since / 1000000) || ' s'
FROM orders.saga s JOIN orders.orders o ON o.id = s.order_id
WHERE o.needs_person = 0 AND o.held = 0 AND o.waiting_since / 1000000 < unixepoch() - 300;

-- @O5 one payment an attempt, one shipment a fulfilment and part
SELECT order_id, count(*) || ' payments of attempt ' || attempt FROM payments.payment GROUP BY order_id, attempt HAVING count(*) > 1
UNION ALL
SELECT order_id, count(*) || ' shipments of fulfilment ' || fulfilment || ', part ' || part FROM deliveries.shipment
GROUP BY order_id, direction, fulfilment, part HAVING count(*) > 1;

-- @P1 no money without an order that it is owed for
SELECT p.id, 'of ' || p.order_id || CASE WHEN o.id IS NULL THEN ', which is not there' ELSE ', which is over' END
FROM payments.payment p LEFT JOIN orders.orders o ON o.id = p.order_id
WHERE p.provider = 'sandbox' AND p.state IN (2, 3, 4, 5) AND (o.id IS NULL
    OR (o.state IN (7, 8) AND NOT EXISTS (SELECT 1 FROM orders.saga s WHERE s.order_id = o.id)));

-- @P2 no promise without its money
SELECT o.id, 'of ' || o.total || ' is promised and ' || coalesce(sum(p.authorised), 0) || ' is set aside'
FROM orders.orders o LEFT JOIN payments.payment p ON p.order_id = o.id AND p.state IN (2, 3, 4, 5, 6)
WHERE o.origin = 'web' AND o.state IN (4, 5, 6, 9, 10) AND NOT EXISTS (
    SELECT 1 FROM orders.saga s WHERE s.order_id = o.id AND s.goal = 3)
GROUP BY o.id HAVING coalesce(sum(p.authorised), 0) < o.total;

-- @P3 no payment stays unknown
SELECT id, 'is unknown for ' || (unixepoch() - updated_at / 1000000) || ' s' FROM payments.payment
WHERE state = 9 AND updated_at / 1000000 < unixepoch() - 300;

-- @P4 no parcel leaves without a promise
SELECT s.id, 'has left for order ' || o.id || ' in state ' || o.state
FROM deliveries.shipment s JOIN orders.orders o ON o.id = s.order_id
WHERE s.direction = 1 AND s.state IN (2, 3, 4, 5, 6, 8) AND o.origin = 'web' AND o.state NOT IN (5, 6, 9, 10)
    AND NOT EXISTS (SELECT 1 FROM orders.saga g WHERE g.order_id = o.id);

-- @D1 each promised unit is in a parcel
SELECT o.id, 'promises ' || o.units || ' units, and ' || coalesce(sum(part('shopfleet.deliveries.v1.Shipment', s.body, 'lines.quantity')), 0)
    || ' are in its parcels'
FROM orders.orders o LEFT JOIN deliveries.shipment s ON s.order_id = o.id AND s.direction = 1 AND s.state <> 7
WHERE o.origin = 'web' AND o.state = 4 AND NOT EXISTS (SELECT 1 FROM orders.saga g WHERE g.order_id = o.id)
GROUP BY o.id HAVING coalesce(sum(part('shopfleet.deliveries.v1.Shipment', s.body, 'lines.quantity')), 0) <> o.units;

-- @D2 deliveries and the carrier agree on who has the parcel, both ways
SELECT s.id, 'left as ' || s.tracking_number || ' here, and the carrier knows it as ' || coalesce(p.tracking_number, 'nothing')
FROM deliveries.shipment s LEFT JOIN carrier.parcel p ON p.key = s.id
WHERE s.tracking_number LIKE 'SB%' AND s.tracking_number IS NOT p.tracking_number
UNION ALL
SELECT p.key, 'the carrier has it, and here it ' || coalesce('is in state ' || s.state, 'is not known')
FROM carrier.parcel p LEFT JOIN deliveries.shipment s ON s.id = p.key
WHERE (s.id IS NULL OR s.state IN (1, 7)) AND NOT EXISTS (SELECT 1 FROM deliveries.handover h WHERE h.shipment_id = p.key);

-- @E1 orders has heard what deliveries knows
SELECT s.id, 'has arrived, and orders knows of step ' || coalesce(h.progress, 0)
FROM deliveries.shipment s JOIN orders.orders o ON o.id = s.order_id LEFT JOIN orders.shipment h ON h.id = s.id
WHERE s.direction = 1 AND s.state = 5 AND o.origin = 'web' AND coalesce(h.progress, 0) < 4;

-- @C1 an ordered cart has its order
SELECT c.id, 'became order ' || c.order_id || ', which is not there' FROM cart.cart c
WHERE c.state = 2 AND NOT EXISTS (SELECT 1 FROM orders.orders o WHERE o.id = c.order_id);

-- @A1 an e-mail address has one account
SELECT lower(email), count(*) || ' accounts' FROM accounts.customer WHERE email <> '' GROUP BY lower(email) HAVING count(*) > 1;

-- @T1 the kept counts are the counts
SELECT 'state ' || coalesce(k.state, r.state), 'kept ' || coalesce(k.orders, 0) || ' and there are ' || coalesce(r.orders, 0)
FROM (SELECT state, sum(orders) AS orders FROM orders.state_count GROUP BY state) k
FULL JOIN (SELECT state, count(*) AS orders FROM orders.orders GROUP BY state) r ON r.state = k.state
WHERE coalesce(k.orders, 0) <> coalesce(r.orders, 0);

-- @T2 the kept figures of each day are the figures
SELECT 'day ' || date(coalesce(k.at, r.at), 'unixepoch'), 'kept ' || coalesce(k.orders, 0) || ' orders and there are ' || coalesce(r.orders, 0)
FROM (SELECT at, sum(orders) AS orders FROM orders.tally WHERE scale = 86400 GROUP BY at) k
FULL JOIN (SELECT placed_at / 86400000000 * 86400 AS at, count(*) AS orders FROM orders.orders GROUP BY 1) r ON r.at = k.at
WHERE coalesce(k.orders, 0) <> coalesce(r.orders, 0);
