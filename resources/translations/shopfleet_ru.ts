<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru" sourcelanguage="en">
<context>
    <name>CataloguePage</name>
    <message>
        <source>Catalogue</source>
        <translation>Каталог</translation>
    </message>
    <message>
        <source>Title, code, category</source>
        <translation>Название, артикул, категория</translation>
    </message>
    <message>
        <source>No products yet</source>
        <translation>Товаров пока нет</translation>
    </message>
    <message>
        <source>Import a catalogue with shopfleetctl, or create the first product.</source>
        <translation>Загрузите каталог через shopfleetctl или создайте первый товар.</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Все</translation>
    </message>
    <message>
        <source>On sale</source>
        <translation>В продаже</translation>
    </message>
    <message>
        <source>Sold out</source>
        <translation>Распроданы</translation>
    </message>
    <message>
        <source>Reserved</source>
        <translation>В резерве</translation>
    </message>
    <message>
        <source>Drafts</source>
        <translation>Черновики</translation>
    </message>
    <message>
        <source>more than %1 products</source>
        <translation>более %1 товаров</translation>
    </message>
    <message numerus="yes">
        <source>%Ln products</source>
        <translation>
            <numerusform>%Ln товар</numerusform>
            <numerusform>%Ln товара</numerusform>
            <numerusform>%Ln товаров</numerusform>
        </translation>
    </message>
    <message>
        <source>Product %1: %2</source>
        <translation>Товар %1: %2</translation>
    </message>
</context>
<context>
    <name>ChartChips</name>
    <message>
        <source>Step %1</source>
        <translation>Шаг %1</translation>
    </message>
    <message>
        <source>All methods</source>
        <translation>Все методы</translation>
    </message>
    <message>
        <source>Range</source>
        <translation>Период</translation>
    </message>
    <message>
        <source>10 min</source>
        <translation>10 мин</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Сравнить</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Пауза</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Дальше</translation>
    </message>
    <message>
        <source>2 min</source>
        <translation>2 мин</translation>
    </message>
    <message>
        <source>1 h</source>
        <translation>1 ч</translation>
    </message>
    <message>
        <source>24 h</source>
        <translation>24 ч</translation>
    </message>
    <message>
        <source>7 days</source>
        <translation>7 дней</translation>
    </message>
    <message>
        <source>30 days</source>
        <translation>30 дней</translation>
    </message>
    <message>
        <source>with nothing</source>
        <translation>ни с чем</translation>
    </message>
    <message>
        <source>1 h before</source>
        <translation>час назад</translation>
    </message>
    <message>
        <source>1 day before</source>
        <translation>день назад</translation>
    </message>
    <message>
        <source>7 days before</source>
        <translation>неделю назад</translation>
    </message>
</context>
<context>
    <name>CustomerModel</name>
    <message>
        <source>Number</source>
        <translation>Номер</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Имя</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>Эл. почта</translation>
    </message>
    <message>
        <source>Country</source>
        <translation>Страна</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Статус</translation>
    </message>
    <message>
        <source>Customer since</source>
        <translation>Клиент с</translation>
    </message>
</context>
<context>
    <name>CustomerPanel</name>
    <message>
        <source>Customer since %1</source>
        <translation>Клиент с %1</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Номер</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>Эл. почта</translation>
    </message>
    <message>
        <source>Phone</source>
        <translation>Телефон</translation>
    </message>
    <message>
        <source>Country</source>
        <translation>Страна</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Адрес</translation>
    </message>
    <message>
        <source>Came from</source>
        <translation>Источник</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Заметка</translation>
    </message>
    <message>
        <source>All orders</source>
        <translation>Все заказы</translation>
    </message>
    <message>
        <source>Latest orders</source>
        <translation>Последние заказы</translation>
    </message>
    <message>
        <source>The orders cannot be shown</source>
        <translation>Заказы показать нельзя</translation>
    </message>
</context>
<context>
    <name>CustomersPage</name>
    <message>
        <source>Customers</source>
        <translation>Клиенты</translation>
    </message>
    <message>
        <source>Number, name, e-mail, phone, place</source>
        <translation>Номер, имя, почта, телефон, город</translation>
    </message>
    <message>
        <source>No customers yet</source>
        <translation>Клиентов пока нет</translation>
    </message>
    <message>
        <source>They appear here when they sign up or place an order.</source>
        <translation>Они появятся здесь после регистрации или первого заказа.</translation>
    </message>
    <message>
        <source>Everybody</source>
        <translation>Все</translation>
    </message>
    <message>
        <source>Active</source>
        <translation>Активные</translation>
    </message>
    <message>
        <source>Blocked</source>
        <translation>Заблокированные</translation>
    </message>
    <message>
        <source>more than %1 customers</source>
        <translation>более %1 клиентов</translation>
    </message>
    <message numerus="yes">
        <source>%Ln customers</source>
        <translation>
            <numerusform>%Ln клиент</numerusform>
            <numerusform>%Ln клиента</numerusform>
            <numerusform>%Ln клиентов</numerusform>
        </translation>
    </message>
    <message>
        <source>Customer %1: %2</source>
        <translation>Клиент %1: %2</translation>
    </message>
</context>
<context>
    <name>DeliveriesPage</name>
    <message>
        <source>Deliveries</source>
        <translation>Доставка</translation>
    </message>
    <message>
        <source>Shipment, order, tracking, place</source>
        <translation>Отправление, заказ, трек-номер, город</translation>
    </message>
    <message>
        <source>No deliveries yet</source>
        <translation>Доставок пока нет</translation>
    </message>
    <message>
        <source>One is planned for each order that is confirmed.</source>
        <translation>Доставка планируется для каждого подтверждённого заказа.</translation>
    </message>
    <message>
        <source>Latest</source>
        <translation>Последние</translation>
    </message>
    <message>
        <source>Planned</source>
        <translation>Запланированные</translation>
    </message>
    <message>
        <source>On their way</source>
        <translation>В пути</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>Доставленные</translation>
    </message>
    <message>
        <source>more than %1 shipments</source>
        <translation>более %1 отправлений</translation>
    </message>
    <message numerus="yes">
        <source>%Ln shipments</source>
        <translation>
            <numerusform>%Ln отправление</numerusform>
            <numerusform>%Ln отправления</numerusform>
            <numerusform>%Ln отправлений</numerusform>
        </translation>
    </message>
    <message>
        <source>Shipment %1: %2</source>
        <translation>Отправление %1: %2</translation>
    </message>
    <message>
        <source>Dispatch the shipment</source>
        <translation>Отправить посылку</translation>
    </message>
    <message>
        <source>Split the shipment</source>
        <translation>Разделить посылку</translation>
    </message>
    <message>
        <source>Call the shipment off</source>
        <translation>Отозвать посылку</translation>
    </message>
</context>
<context>
    <name>EventModel</name>
    <message>
        <source>What</source>
        <translation>Что</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Где</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Почему</translation>
    </message>
    <message>
        <source>By</source>
        <translation>Кто</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Когда</translation>
    </message>
</context>
<context>
    <name>EventPanel</name>
    <message>
        <source>At</source>
        <translation>Время</translation>
    </message>
    <message>
        <source>By</source>
        <translation>Кто</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Вид</translation>
    </message>
    <message>
        <source>Facts</source>
        <translation>Факты</translation>
    </message>
    <message>
        <source>Logs of that moment</source>
        <translation>Журнал того момента</translation>
    </message>
    <message>
        <source>What was written fifteen seconds before and after (L)</source>
        <translation>Что было записано за пятнадцать секунд до и после (L)</translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>Показать %1</translation>
    </message>
    <message>
        <source>How the service fares (S)</source>
        <translation>Как дела у службы (S)</translation>
    </message>
    <message>
        <source>Incident %1</source>
        <translation>Инцидент %1</translation>
    </message>
    <message>
        <source>Rollout %1</source>
        <translation>Выпуск %1</translation>
    </message>
    <message>
        <source>What it belongs to (O)</source>
        <translation>К чему это относится (O)</translation>
    </message>
</context>
<context>
    <name>EventsPage</name>
    <message>
        <source>Events</source>
        <translation>События</translation>
    </message>
    <message>
        <source>Service, replica, reason</source>
        <translation>Служба, реплика, причина</translation>
    </message>
    <message>
        <source>Nothing has happened yet</source>
        <translation>Пока ничего не произошло</translation>
    </message>
    <message>
        <source>Starts, ends, scalings, rollouts and alerts appear here.</source>
        <translation>Здесь появляются запуски, завершения, масштабирование, выпуски и тревоги.</translation>
    </message>
    <message>
        <source>Latest</source>
        <translation>Последние</translation>
    </message>
    <message>
        <source>Failures</source>
        <translation>Сбои</translation>
    </message>
    <message>
        <source>Warnings</source>
        <translation>Предупреждения</translation>
    </message>
    <message>
        <source>By people</source>
        <translation>Действия людей</translation>
    </message>
    <message>
        <source>Scalings</source>
        <translation>Масштабирование</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>Тревоги</translation>
    </message>
    <message numerus="yes">
        <source>%Ln events</source>
        <translation>
            <numerusform>%Ln событие</numerusform>
            <numerusform>%Ln события</numerusform>
            <numerusform>%Ln событий</numerusform>
        </translation>
    </message>
    <message>
        <source>Event %1: %2</source>
        <translation>Событие %1: %2</translation>
    </message>
    <message>
        <source>Event %1 is not kept any more.</source>
        <translation>Событие %1 больше не хранится.</translation>
    </message>
    <message>
        <source>Show the service</source>
        <translation>Показать службу</translation>
    </message>
    <message>
        <source>Show what was written at that moment</source>
        <translation>Показать записи того момента</translation>
    </message>
    <message>
        <source>Show the rollout or the incident</source>
        <translation>Показать выпуск или инцидент</translation>
    </message>
</context>
<context>
    <name>Finder</name>
    <message>
        <source>Order %1</source>
        <translation>Заказ %1</translation>
    </message>
    <message>
        <source>Shipment %1</source>
        <translation>Отправление %1</translation>
    </message>
    <message>
        <source>Orders</source>
        <translation>Заказы</translation>
    </message>
    <message>
        <source>Customers</source>
        <translation>Клиенты</translation>
    </message>
    <message>
        <source>Products</source>
        <translation>Товары</translation>
    </message>
    <message>
        <source>Shipments</source>
        <translation>Отправления</translation>
    </message>
    <message>
        <source>Services</source>
        <translation>Службы</translation>
    </message>
</context>
<context>
    <name>FleetModel</name>
    <message>
        <source>Service</source>
        <translation>Служба</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Состояние</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Версия</translation>
    </message>
    <message>
        <source>Up for</source>
        <translation>Работает</translation>
    </message>
    <message>
        <source>Requests, /s</source>
        <translation>Запросы, /с</translation>
    </message>
    <message>
        <source>Errors, %</source>
        <translation>Ошибки, %</translation>
    </message>
    <message>
        <source>p50, ms</source>
        <translation>p50, мс</translation>
    </message>
    <message>
        <source>p95, ms</source>
        <translation>p95, мс</translation>
    </message>
    <message>
        <source>p99, ms</source>
        <translation>p99, мс</translation>
    </message>
    <message>
        <source>CPU, %</source>
        <translation>ЦП, %</translation>
    </message>
    <message>
        <source>Memory, MB</source>
        <translation>Память, МБ</translation>
    </message>
    <message>
        <source>Requests, last 2 min</source>
        <translation>Запросы за 2 мин</translation>
    </message>
    <message numerus="yes">
        <source>%n replicas</source>
        <translation>
            <numerusform>%n реплика</numerusform>
            <numerusform>%n реплики</numerusform>
            <numerusform>%n реплик</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 · writes</source>
        <translation>%1 · пишет</translation>
    </message>
    <message numerus="yes">
        <source>Process %1, restarted %n times</source>
        <translation>
            <numerusform>Процесс %1, перезапущен %n раз</numerusform>
            <numerusform>Процесс %1, перезапущен %n раза</numerusform>
            <numerusform>Процесс %1, перезапущен %n раз</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FormDialog</name>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source> s</source>
        <translation> с</translation>
    </message>
</context>
<context>
    <name>IncidentModel</name>
    <message>
        <source>Over</source>
        <translation>Завершён</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Открыт</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Состояние</translation>
    </message>
    <message>
        <source>Likeliest cause</source>
        <translation>Вероятная причина</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>неизвестно</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Почему</translation>
    </message>
    <message>
        <source>Orders that wait</source>
        <translation>Ждущие заказы</translation>
    </message>
    <message>
        <source>Lasted</source>
        <translation>Длилось</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Начало</translation>
    </message>
</context>
<context>
    <name>IncidentPanel</name>
    <message>
        <source>Incident %1: %2</source>
        <translation>Инцидент %1: %2</translation>
    </message>
    <message>
        <source>Cause not known</source>
        <translation>Причина неизвестна</translation>
    </message>
    <message>
        <source>Incident %1 · since %2 · %3</source>
        <translation>Инцидент %1 · с %2 · %3</translation>
    </message>
    <message>
        <source>Orders that wait</source>
        <translation>Ждущие заказы</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>неизвестно</translation>
    </message>
    <message>
        <source>none</source>
        <translation>нет</translation>
    </message>
    <message>
        <source>Likely causes</source>
        <translation>Вероятные причины</translation>
    </message>
    <message>
        <source>how likely</source>
        <translation>вероятность</translation>
    </message>
    <message>
        <source>Without traces: nobody keeps them at the moment.</source>
        <translation>Без трассировок: сейчас их никто не хранит.</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>Что произошло</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>Тревоги</translation>
    </message>
    <message>
        <source>acknowledged by %1</source>
        <translation>принял(а) %1</translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>Показать %1</translation>
    </message>
    <message>
        <source>How the service fares (S)</source>
        <translation>Как дела у службы (S)</translation>
    </message>
    <message>
        <source>Failed traces</source>
        <translation>Трассировки со сбоями</translation>
    </message>
    <message>
        <source>What failed in it, span by span (E)</source>
        <translation>Что в ней не удалось, шаг за шагом (E)</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Журнал</translation>
    </message>
    <message>
        <source>What it wrote in that time (L)</source>
        <translation>Что она записала за это время (L)</translation>
    </message>
    <message>
        <source>All of them (W)</source>
        <translation>Все они (W)</translation>
    </message>
    <message>
        <source>Acknowledge alerts</source>
        <translation>Принять тревоги</translation>
    </message>
    <message>
        <source>Acknowledging</source>
        <translation>Принимаются</translation>
    </message>
    <message>
        <source>Says that somebody is on it (A)</source>
        <translation>Сообщить, что этим занимаются (A)</translation>
    </message>
    <message>
        <source>“%1” is not acknowledged: %2</source>
        <translation>Тревога «%1» не принята: %2</translation>
    </message>
</context>
<context>
    <name>IncidentsPage</name>
    <message>
        <source>Incidents</source>
        <translation>Инциденты</translation>
    </message>
    <message>
        <source>Service, words</source>
        <translation>Служба, слова</translation>
    </message>
    <message>
        <source>No incident</source>
        <translation>Инцидентов нет</translation>
    </message>
    <message>
        <source>When services fail, slow down or end, the likeliest cause is named here.</source>
        <translation>Когда службы сбоят, замедляются или завершаются, здесь названа самая вероятная причина.</translation>
    </message>
    <message>
        <source>Latest</source>
        <translation>Последние</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Открыт</translation>
    </message>
    <message>
        <source>Something is wrong. The likeliest cause is %1.</source>
        <translation>Что-то не так. Самая вероятная причина — %1.</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Показать</translation>
    </message>
    <message numerus="yes">
        <source>%Ln incidents</source>
        <translation>
            <numerusform>%Ln инцидент</numerusform>
            <numerusform>%Ln инцидента</numerusform>
            <numerusform>%Ln инцидентов</numerusform>
        </translation>
    </message>
    <message>
        <source>Show the likeliest cause</source>
        <translation>Показать вероятную причину</translation>
    </message>
    <message>
        <source>Show what failed in it</source>
        <translation>Показать, что в ней не удалось</translation>
    </message>
    <message>
        <source>Show what it wrote in that time</source>
        <translation>Показать, что она записала за это время</translation>
    </message>
    <message>
        <source>List the orders that wait</source>
        <translation>Показать ждущие заказы</translation>
    </message>
    <message>
        <source>Acknowledge the alerts</source>
        <translation>Принять тревоги</translation>
    </message>
</context>
<context>
    <name>ListPage</name>
    <message>
        <source>Filter</source>
        <translation>Фильтр</translation>
    </message>
    <message>
        <source>%1 since %2. What is shown is from before.</source>
        <translation>%1 с %2. Показано то, что было раньше.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Повторить</translation>
    </message>
    <message numerus="yes">
        <source>%n new above</source>
        <translation>
            <numerusform>%n новая строка выше</numerusform>
            <numerusform>%n новые строки выше</numerusform>
            <numerusform>%n новых строк выше</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 does not answer</source>
        <translation>«%1» не отвечает</translation>
    </message>
    <message>
        <source>Nothing matches</source>
        <translation>Ничего не подходит</translation>
    </message>
    <message>
        <source>“%1” hides every row.</source>
        <translation>«%1» скрывает все строки.</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>Показать всё</translation>
    </message>
</context>
<context>
    <name>LogModel</name>
    <message>
        <source>Time</source>
        <translation>Время</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Уровень</translation>
    </message>
    <message>
        <source>Replica</source>
        <translation>Реплика</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Сообщение</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Ошибка</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Внимание</translation>
    </message>
    <message>
        <source>Debug</source>
        <translation>Отладка</translation>
    </message>
    <message>
        <source>Info</source>
        <translation>Сведения</translation>
    </message>
</context>
<context>
    <name>LogPanel</name>
    <message>
        <source>trace</source>
        <translation>трассировка</translation>
    </message>
    <message>
        <source>order</source>
        <translation>заказ</translation>
    </message>
    <message>
        <source>Fields</source>
        <translation>Поля</translation>
    </message>
    <message>
        <source>Trace</source>
        <translation>Трассировка</translation>
    </message>
    <message>
        <source>What the services did for it, span by span (V)</source>
        <translation>Что службы сделали для этого, шаг за шагом (V)</translation>
    </message>
    <message>
        <source>Order %1</source>
        <translation>Заказ %1</translation>
    </message>
    <message>
        <source>What came of it (O)</source>
        <translation>Что из этого вышло (O)</translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>Показать %1</translation>
    </message>
    <message>
        <source>How the service fares (S)</source>
        <translation>Как дела у службы (S)</translation>
    </message>
    <message>
        <source>All at that moment</source>
        <translation>Все записи момента</translation>
    </message>
    <message>
        <source>What all services wrote five seconds before and after (A)</source>
        <translation>Что все службы записали за пять секунд до и после (A)</translation>
    </message>
</context>
<context>
    <name>LogsPage</name>
    <message>
        <source>Service</source>
        <translation>Служба</translation>
    </message>
    <message>
        <source>Replica</source>
        <translation>Реплика</translation>
    </message>
    <message>
        <source>Trace</source>
        <translation>Трассировка</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Заказ</translation>
    </message>
    <message>
        <source>From</source>
        <translation>С</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>До</translation>
    </message>
    <message>
        <source>The logs cannot be read</source>
        <translation>Журнал не читается</translation>
    </message>
    <message>
        <source>Nothing was written yet</source>
        <translation>Записей пока нет</translation>
    </message>
    <message>
        <source>What the services write appears here.</source>
        <translation>Здесь появляется то, что пишут службы.</translation>
    </message>
    <message>
        <source>No line matches</source>
        <translation>Нет подходящих строк</translation>
    </message>
    <message>
        <source>The filters and the search hide every line.</source>
        <translation>Фильтры и поиск скрывают все строки.</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>Показать всё</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Журнал</translation>
    </message>
    <message>
        <source>All levels</source>
        <translation>Все уровни</translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation>Предупреждения и ошибки</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Ошибки</translation>
    </message>
    <message>
        <source>Words, or /expression/</source>
        <translation>Слова или /выражение/</translation>
    </message>
    <message numerus="yes">
        <source>%Ln lines</source>
        <translation>
            <numerusform>%Ln строка</numerusform>
            <numerusform>%Ln строки</numerusform>
            <numerusform>%Ln строк</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new below</source>
        <translation>
            <numerusform>%n новая ниже</numerusform>
            <numerusform>%n новые ниже</numerusform>
            <numerusform>%n новых ниже</numerusform>
        </translation>
    </message>
    <message>
        <source>follows</source>
        <translation>следит</translation>
    </message>
    <message>
        <source>From five minutes ago</source>
        <translation>За последние пять минут</translation>
    </message>
    <message>
        <source>From an hour ago</source>
        <translation>За последний час</translation>
    </message>
    <message>
        <source>Show the line&apos;s trace</source>
        <translation>Показать трассировку строки</translation>
    </message>
    <message>
        <source>Show the line&apos;s order</source>
        <translation>Показать заказ строки</translation>
    </message>
    <message>
        <source>Show the line&apos;s service</source>
        <translation>Показать службу строки</translation>
    </message>
    <message>
        <source>Show what all services wrote at that moment</source>
        <translation>Показать, что записали все службы в тот момент</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Local</source>
        <translation>Локально</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>На связи</translation>
    </message>
    <message>
        <source>Stale since %1</source>
        <translation>Устарело с %1</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>Соединение</translation>
    </message>
    <message>
        <source>The link was lost. What is shown is the last that was known; it comes back by itself.</source>
        <translation>Связь потеряна. Показано последнее известное; связь восстановится сама.</translation>
    </message>
    <message>
        <source>G then %1</source>
        <translation>G, затем %1</translation>
    </message>
    <message>
        <source>There is no page called “%1”.</source>
        <translation>Страницы «%1» нет.</translation>
    </message>
    <message>
        <source>Nothing is found at %1.</source>
        <translation>По адресу %1 ничего нет.</translation>
    </message>
    <message>
        <source>Copied %1</source>
        <translation>Скопировано: %1</translation>
    </message>
    <message>
        <source>Find anything</source>
        <translation>Найти что угодно</translation>
    </message>
    <message>
        <source>Search this page</source>
        <translation>Искать на странице</translation>
    </message>
    <message>
        <source>Add a filter</source>
        <translation>Добавить фильтр</translation>
    </message>
    <message>
        <source>Show the keys</source>
        <translation>Показать клавиши</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>Назад</translation>
    </message>
    <message>
        <source>Copy the address of what is shown</source>
        <translation>Скопировать адрес показанного</translation>
    </message>
    <message>
        <source>Undo, where the notice offers it</source>
        <translation>Отменить, если уведомление предлагает</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>Крупнее</translation>
    </message>
    <message>
        <source>Smaller text</source>
        <translation>Мельче</translation>
    </message>
    <message>
        <source>Text as it was</source>
        <translation>Обычный размер текста</translation>
    </message>
    <message>
        <source>Close the window</source>
        <translation>Закрыть окно</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Страницы</translation>
    </message>
    <message>
        <source>Go to %1</source>
        <translation>Перейти к %1</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Команды</translation>
    </message>
    <message>
        <source>Theme: as the system</source>
        <translation>Тема: как в системе</translation>
    </message>
    <message>
        <source>Theme: light</source>
        <translation>Тема: светлая</translation>
    </message>
    <message>
        <source>Theme: dark</source>
        <translation>Тема: тёмная</translation>
    </message>
    <message>
        <source>Theme: high contrast</source>
        <translation>Тема: высокий контраст</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Клавиши</translation>
    </message>
    <message>
        <source>Go to</source>
        <translation>Перейти</translation>
    </message>
    <message>
        <source>Lists</source>
        <translation>Списки</translation>
    </message>
    <message>
        <source>The next and the one before</source>
        <translation>Следующая и предыдущая строка</translation>
    </message>
    <message>
        <source>Open in full</source>
        <translation>Открыть целиком</translation>
    </message>
    <message>
        <source>Back to the list</source>
        <translation>Назад к списку</translation>
    </message>
    <message>
        <source>Copy the selected rows</source>
        <translation>Скопировать выбранные строки</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>Везде</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Обзор</translation>
    </message>
    <message>
        <source>Store</source>
        <translation>Магазин</translation>
    </message>
    <message>
        <source>Orders</source>
        <translation>Заказы</translation>
    </message>
    <message>
        <source>Catalogue</source>
        <translation>Каталог</translation>
    </message>
    <message>
        <source>Customers</source>
        <translation>Клиенты</translation>
    </message>
    <message>
        <source>Deliveries</source>
        <translation>Доставка</translation>
    </message>
    <message>
        <source>Fleet</source>
        <translation>Инфраструктура</translation>
    </message>
    <message>
        <source>Services</source>
        <translation>Службы</translation>
    </message>
    <message>
        <source>Traces</source>
        <translation>Трассы</translation>
    </message>
    <message>
        <source>Rollouts</source>
        <translation>Выпуски</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>Инциденты</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Журнал</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>События</translation>
    </message>
</context>
<context>
    <name>ManyPanel</name>
    <message numerus="yes">
        <source>%n orders</source>
        <translation>
            <numerusform>%n заказ</numerusform>
            <numerusform>%n заказа</numerusform>
            <numerusform>%n заказов</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of them wait on %2</source>
        <translation>%1 из них ждут %2</translation>
    </message>
    <message>
        <source>None of them waits on anything</source>
        <translation>Ни один из них ничего не ждёт</translation>
    </message>
    <message numerus="yes">
        <source>%n of them are not loaded and left out</source>
        <translation>
            <numerusform>%n из них не загружен и пропущен</numerusform>
            <numerusform>%n из них не загружены и пропущены</numerusform>
            <numerusform>%n из них не загружены и пропущены</numerusform>
        </translation>
    </message>
    <message>
        <source>in all</source>
        <translation>всего</translation>
    </message>
    <message>
        <source>Orders</source>
        <translation>Заказы</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 из %2</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>и ещё %n</numerusform>
            <numerusform>и ещё %n</numerusform>
            <numerusform>и ещё %n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Try %n orders again</source>
        <translation>
            <numerusform>Повторить %n заказ</numerusform>
            <numerusform>Повторить %n заказа</numerusform>
            <numerusform>Повторить %n заказов</numerusform>
        </translation>
    </message>
    <message>
        <source>Try again now</source>
        <translation>Повторить сейчас</translation>
    </message>
    <message>
        <source>Trying…</source>
        <translation>Повторяется…</translation>
    </message>
    <message>
        <source>Tries what each order waits on (T)</source>
        <translation>Повторяет то, чего ждёт каждый заказ (T)</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Остановить</translation>
    </message>
    <message>
        <source>Trying</source>
        <translation>Повторяется</translation>
    </message>
    <message>
        <source>Tried again</source>
        <translation>Повторён</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Не удалось</translation>
    </message>
    <message>
        <source>%1 of %2 orders are tried again; the others say why not.</source>
        <translation>Повторено заказов: %1 из %2; у остальных сказано, почему нет.</translation>
    </message>
    <message numerus="yes">
        <source>%n orders are tried again now.</source>
        <translation>
            <numerusform>%n заказ повторяется.</numerusform>
            <numerusform>%n заказа повторяются.</numerusform>
            <numerusform>%n заказов повторяются.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MomentMenu</name>
    <message>
        <source>Traces of %1</source>
        <translation>Трассировки за %1</translation>
    </message>
    <message>
        <source>What failed at %1</source>
        <translation>Сбои в %1</translation>
    </message>
    <message>
        <source>Logs of %1</source>
        <translation>Журнал за %1</translation>
    </message>
</context>
<context>
    <name>OrderModel</name>
    <message>
        <source>Order</source>
        <translation>Заказ</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Статус</translation>
    </message>
    <message>
        <source>Customer</source>
        <translation>Клиент</translation>
    </message>
    <message>
        <source>Guest</source>
        <translation>Гость</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>Состав</translation>
    </message>
    <message>
        <source>Units</source>
        <translation>Штук</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>Сумма</translation>
    </message>
    <message>
        <source>Placed</source>
        <translation>Оформлен</translation>
    </message>
    <message>
        <source>Waits on</source>
        <translation>Ждёт</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Почему</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>С</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Чтобы</translation>
    </message>
</context>
<context>
    <name>OrderPanel</name>
    <message>
        <source>The rest of this order cannot be shown</source>
        <translation>Остальное об этом заказе показать нельзя</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Повторить</translation>
    </message>
    <message>
        <source>Order %1</source>
        <translation>Заказ %1</translation>
    </message>
    <message>
        <source>Guest</source>
        <translation>Гость</translation>
    </message>
    <message>
        <source>Customer %1</source>
        <translation>Клиент %1</translation>
    </message>
    <message>
        <source>placed %1</source>
        <translation>оформлен %1</translation>
    </message>
    <message numerus="yes">
        <source>%n tries so far.</source>
        <translation>
            <numerusform>Пока %n попытка.</numerusform>
            <numerusform>Пока %n попытки.</numerusform>
            <numerusform>Пока %n попыток.</numerusform>
        </translation>
    </message>
    <message>
        <source>It is not tried again by itself.</source>
        <translation>Сам повтор не начнётся.</translation>
    </message>
    <message>
        <source>Waits on %1 for %2</source>
        <translation>Ждёт %1 уже %2</translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>К %1</translation>
    </message>
    <message>
        <source>Try again now</source>
        <translation>Повторить сейчас</translation>
    </message>
    <message>
        <source>Trying…</source>
        <translation>Повтор…</translation>
    </message>
    <message>
        <source>paid</source>
        <translation>оплачено</translation>
    </message>
    <message>
        <source>total</source>
        <translation>сумма</translation>
    </message>
    <message numerus="yes">
        <source>units</source>
        <translation>
            <numerusform>штука</numerusform>
            <numerusform>штуки</numerusform>
            <numerusform>штук</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>lines</source>
        <translation>
            <numerusform>позиция</numerusform>
            <numerusform>позиции</numerusform>
            <numerusform>позиций</numerusform>
        </translation>
    </message>
    <message>
        <source>Lines</source>
        <translation>Позиции</translation>
    </message>
    <message>
        <source>Tax</source>
        <translation>Налог</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>Сумма</translation>
    </message>
    <message numerus="yes">
        <source>%n more lines</source>
        <translation>
            <numerusform>Ещё %n позиция</numerusform>
            <numerusform>Ещё %n позиции</numerusform>
            <numerusform>Ещё %n позиций</numerusform>
        </translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>История</translation>
    </message>
    <message>
        <source>Release</source>
        <translation>Отпустить</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>Задержать</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>Запрос…</translation>
    </message>
    <message>
        <source>Lets the order go on (H)</source>
        <translation>Пустить заказ дальше (H)</translation>
    </message>
    <message>
        <source>Stops the order before its next step (H)</source>
        <translation>Остановить заказ перед следующим шагом (H)</translation>
    </message>
    <message>
        <source>Cancel order…</source>
        <translation>Отменить…</translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation>Отмена…</translation>
    </message>
    <message>
        <source>Order %1 is tried again now.</source>
        <translation>Заказ %1 обрабатывается снова.</translation>
    </message>
    <message>
        <source>Order %1 goes on.</source>
        <translation>Заказ %1 пошёл дальше.</translation>
    </message>
    <message>
        <source>Order %1 is on hold.</source>
        <translation>Заказ %1 задержан.</translation>
    </message>
    <message>
        <source>Cancel order %1</source>
        <translation>Отменить заказ %1</translation>
    </message>
    <message>
        <source>Cancel order %1 of %2?</source>
        <translation>Отменить заказ %1 на %2?</translation>
    </message>
    <message numerus="yes">
        <source>Its %n units go back to stock and its payment is given up. This cannot be undone.</source>
        <translation>
            <numerusform>Его %n единица вернётся на склад, платёж будет отозван. Отменить это нельзя.</numerusform>
            <numerusform>Его %n единицы вернутся на склад, платёж будет отозван. Отменить это нельзя.</numerusform>
            <numerusform>Его %n единиц вернутся на склад, платёж будет отозван. Отменить это нельзя.</numerusform>
        </translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Оставить</translation>
    </message>
    <message>
        <source>Order %1 is being cancelled.</source>
        <translation>Заказ %1 отменяется.</translation>
    </message>
    <message>
        <source>Somebody has to look at it.</source>
        <translation>Кто-то должен это посмотреть.</translation>
    </message>
    <message>
        <source>Refunded</source>
        <translation>Деньги возвращены</translation>
    </message>
    <message>
        <source>Payment</source>
        <translation>Платёж</translation>
    </message>
    <message>
        <source>Shipment %1</source>
        <translation>Отправление %1</translation>
    </message>
    <message>
        <source>Refund…</source>
        <translation>Деньги…</translation>
    </message>
    <message>
        <source>Gives money back (R)</source>
        <translation>Вернуть деньги (R)</translation>
    </message>
    <message>
        <source>Return…</source>
        <translation>Возврат…</translation>
    </message>
    <message>
        <source>Goods come back (B)</source>
        <translation>Товар возвращается (B)</translation>
    </message>
    <message>
        <source>Refund order %1</source>
        <translation>Возврат денег по заказу %1</translation>
    </message>
    <message>
        <source>Refunding…</source>
        <translation>Возврат…</translation>
    </message>
    <message>
        <source>Refund %1</source>
        <translation>Вернуть %1</translation>
    </message>
    <message>
        <source>Refund %1 to %2</source>
        <translation>Вернуть %1 на %2</translation>
    </message>
    <message>
        <source>Return goods of order %1</source>
        <translation>Возврат товара по заказу %1</translation>
    </message>
    <message>
        <source>A return is expected; %1 go back to the customer when it arrives</source>
        <translation>Ожидается возврат; когда он придёт, покупатель получит %1</translation>
    </message>
    <message>
        <source>Send again…</source>
        <translation>Ещё раз…</translation>
    </message>
    <message>
        <source>Free of charge: what got lost or came broken (S)</source>
        <translation>Бесплатно: что потерялось или пришло сломанным (S)</translation>
    </message>
    <message>
        <source>Address…</source>
        <translation>Адрес…</translation>
    </message>
    <message>
        <source>Where it goes, before it leaves (A)</source>
        <translation>Куда едет заказ, пока не отправлен (A)</translation>
    </message>
    <message>
        <source>Send goods of order %1 again</source>
        <translation>Отправить товары заказа %1 снова</translation>
    </message>
    <message numerus="yes">
        <source>%n units are sent again, free of charge</source>
        <translation>
            <numerusform>%n единица отправляется снова, бесплатно</numerusform>
            <numerusform>%n единицы отправляются снова, бесплатно</numerusform>
            <numerusform>%n единиц отправляются снова, бесплатно</numerusform>
        </translation>
    </message>
    <message>
        <source>Change where order %1 goes</source>
        <translation>Изменить адрес заказа %1</translation>
    </message>
    <message>
        <source>Changing…</source>
        <translation>Меняем…</translation>
    </message>
    <message>
        <source>It goes to %1</source>
        <translation>Заказ едет по адресу: %1</translation>
    </message>
    <message>
        <source>Exchange %1</source>
        <translation>Обмен %1</translation>
    </message>
    <message>
        <source>Exchange…</source>
        <translation>Обмен…</translation>
    </message>
    <message>
        <source>Goods come back, and others go out (E)</source>
        <translation>Товары возвращаются, вместо них уходят другие (E)</translation>
    </message>
    <message>
        <source>Exchange goods of order %1</source>
        <translation>Обмен товаров заказа %1</translation>
    </message>
    <message>
        <source>Send %1 instead</source>
        <translation>Отправить вместо них %1</translation>
    </message>
    <message>
        <source>%1; %2 go back to the customer when the goods arrive</source>
        <translation>%1; %2 вернутся покупателю, когда товары придут</translation>
    </message>
    <message>
        <source>Take out…</source>
        <translation>Убрать…</translation>
    </message>
    <message>
        <source>Fewer units, before it leaves: they are not charged (O)</source>
        <translation>Меньше штук до отправки: за них не списывают (O)</translation>
    </message>
    <message>
        <source>Take goods out of order %1</source>
        <translation>Убрать товары из заказа %1</translation>
    </message>
    <message>
        <source>Charge %1 instead of %2</source>
        <translation>Спишется %1 вместо %2</translation>
    </message>
    <message>
        <source>Trace</source>
        <translation>Трасса</translation>
    </message>
    <message>
        <source>Span by span, where it failed (V)</source>
        <translation>Шаг за шагом, где произошёл сбой (V)</translation>
    </message>
    <message>
        <source>What the services did for it, span by span (V)</source>
        <translation>Что службы делали для него, шаг за шагом (V)</translation>
    </message>
</context>
<context>
    <name>OrdersPage</name>
    <message>
        <source>Orders</source>
        <translation>Заказы</translation>
    </message>
    <message>
        <source>Order, customer, SKU, trace</source>
        <translation>Заказ, клиент, артикул, трасса</translation>
    </message>
    <message>
        <source>No orders yet</source>
        <translation>Заказов пока нет</translation>
    </message>
    <message>
        <source>They appear here the moment that customers place them.</source>
        <translation>Они появятся здесь, как только клиенты их оформят.</translation>
    </message>
    <message>
        <source>Latest</source>
        <translation>Последние</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Ждут</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Открытые</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>Доставленные</translation>
    </message>
    <message>
        <source>Credits</source>
        <translation>Возвраты</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Отклонённые</translation>
    </message>
    <message>
        <source>more than %1 orders</source>
        <translation>более %1 заказов</translation>
    </message>
    <message numerus="yes">
        <source>%Ln orders</source>
        <translation>
            <numerusform>%Ln заказ</numerusform>
            <numerusform>%Ln заказа</numerusform>
            <numerusform>%Ln заказов</numerusform>
        </translation>
    </message>
    <message>
        <source>Try the step that the order waits on again</source>
        <translation>Повторить шаг, которого ждёт заказ</translation>
    </message>
    <message>
        <source>Hold or release the order</source>
        <translation>Задержать или отпустить заказ</translation>
    </message>
    <message>
        <source>Cancel the order</source>
        <translation>Отменить заказ</translation>
    </message>
    <message>
        <source>Refund the order</source>
        <translation>Вернуть деньги за заказ</translation>
    </message>
    <message>
        <source>Take goods of the order back</source>
        <translation>Принять товар обратно</translation>
    </message>
    <message numerus="yes">
        <source>Try %n orders again</source>
        <translation>
            <numerusform>Повторить %n заказ</numerusform>
            <numerusform>Повторить %n заказа</numerusform>
            <numerusform>Повторить %n заказов</numerusform>
        </translation>
    </message>
    <message>
        <source>Try again now</source>
        <translation>Повторить сейчас</translation>
    </message>
    <message>
        <source>Send goods of the order again</source>
        <translation>Отправить товары заказа снова</translation>
    </message>
    <message>
        <source>Change where the order goes</source>
        <translation>Изменить адрес заказа</translation>
    </message>
    <message>
        <source>Exchange goods of the order</source>
        <translation>Обменять товары заказа</translation>
    </message>
    <message>
        <source>Take goods out of the order</source>
        <translation>Убрать товары из заказа</translation>
    </message>
    <message>
        <source>Show where the order failed, span by span</source>
        <translation>Показать, где с заказом произошёл сбой, шаг за шагом</translation>
    </message>
</context>
<context>
    <name>OverviewPage</name>
    <message>
        <source>orders, last 24 h</source>
        <translation>заказов за 24 ч</translation>
    </message>
    <message>
        <source>revenue, last 24 h</source>
        <translation>выручка за 24 ч</translation>
    </message>
    <message>
        <source>orders</source>
        <translation>заказов</translation>
    </message>
    <message>
        <source>orders per minute</source>
        <translation>заказов в минуту</translation>
    </message>
    <message>
        <source>revenue</source>
        <translation>выручка</translation>
    </message>
    <message>
        <source>waiting orders</source>
        <translation>заказов ждут</translation>
    </message>
    <message>
        <source>healthy services</source>
        <translation>исправных служб</translation>
    </message>
    <message>
        <source>Orders per hour</source>
        <translation>Заказы по часам</translation>
    </message>
    <message>
        <source>Revenue per hour</source>
        <translation>Выручка по часам</translation>
    </message>
    <message>
        <source>Waiting orders, by what they wait on</source>
        <translation>Ждущие заказы: чего ждут</translation>
    </message>
    <message>
        <source>Fleet</source>
        <translation>Службы</translation>
    </message>
    <message numerus="yes">
        <source>%1: %n orders, %2</source>
        <translation>
            <numerusform>%1: %n заказ, %2</numerusform>
            <numerusform>%1: %n заказа, %2</numerusform>
            <numerusform>%1: %n заказов, %2</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, the oldest since %2</source>
        <translation>%1, самый давний с %2</translation>
    </message>
    <message>
        <source>No order waits on anything.</source>
        <translation>Ни один заказ ничего не ждёт.</translation>
    </message>
    <message>
        <source>%1 /s</source>
        <translation>%1 /с</translation>
    </message>
    <message>
        <source>The control plane does not answer yet.</source>
        <translation>Управляющая служба пока не отвечает.</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 из %2</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Обзор</translation>
    </message>
    <message>
        <source>The figures of orders are not known since %1. %2</source>
        <translation>Показатели заказов неизвестны с %1. %2</translation>
    </message>
    <message>
        <source>orders, 24 h to %1</source>
        <translation>заказов за 24 ч до %1</translation>
    </message>
    <message>
        <source>revenue, 24 h to %1</source>
        <translation>выручка за 24 ч до %1</translation>
    </message>
    <message>
        <source>Books of all services</source>
        <translation>Книги всех сервисов</translation>
    </message>
    <message>
        <source>The auditor has not looked yet.</source>
        <translation>Аудитор ещё не смотрел.</translation>
    </message>
    <message>
        <source>The auditor could not look: %1</source>
        <translation>Аудитор не смог посмотреть: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n checks, %1</source>
        <translation>
            <numerusform>%n проверка, %1</numerusform>
            <numerusform>%n проверки, %1</numerusform>
            <numerusform>%n проверок, %1</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Check %1</source>
        <translation>Проверка %1</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>и ещё %n</numerusform>
            <numerusform>и ещё %n</numerusform>
            <numerusform>и ещё %n</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PolicyDialog</name>
    <message>
        <source>no target</source>
        <translation>без цели</translation>
    </message>
    <message>
        <source>Scaling policy of %1</source>
        <translation>Правило масштабирования: %1</translation>
    </message>
    <message>
        <source>Set policy</source>
        <translation>Задать правило</translation>
    </message>
    <message>
        <source>Setting…</source>
        <translation>Задаётся…</translation>
    </message>
    <message>
        <source>The number of replicas follows the load</source>
        <translation>Число реплик следует за нагрузкой</translation>
    </message>
    <message>
        <source> requests/s per replica</source>
        <translation> запросов/с на реплику</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>Запросы</translation>
    </message>
    <message>
        <source> ms</source>
        <translation> мс</translation>
    </message>
    <message>
        <source>Latency, p95</source>
        <translation>Задержка, p95</translation>
    </message>
    <message>
        <source> % of a core per replica</source>
        <translation> % ядра на реплику</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>Процессор</translation>
    </message>
    <message>
        <source>Fewest replicas</source>
        <translation>Меньше всего реплик</translation>
    </message>
    <message>
        <source>Most replicas</source>
        <translation>Больше всего реплик</translation>
    </message>
    <message>
        <source>More after</source>
        <translation>Больше через</translation>
    </message>
    <message>
        <source>Fewer after</source>
        <translation>Меньше через</translation>
    </message>
    <message>
        <source>At once at most</source>
        <translation>Сразу не больше</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>без предела</translation>
    </message>
    <message>
        <source>Kept in the history</source>
        <translation>Остаётся в истории</translation>
    </message>
    <message>
        <source>Replicas</source>
        <translation>Реплики</translation>
    </message>
    <message>
        <source>to</source>
        <translation>до</translation>
    </message>
    <message>
        <source>fewer after</source>
        <translation>меньше через</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Причина</translation>
    </message>
    <message numerus="yes">
        <source>Now: %1 requests/s and %2 % of a core on each of %n replicas, p95 %3.</source>
        <translation>
            <numerusform>Сейчас: %1 запросов/с и %2 % ядра на %n реплику, p95 %3.</numerusform>
            <numerusform>Сейчас: %1 запросов/с и %2 % ядра на каждую из %n реплик, p95 %3.</numerusform>
            <numerusform>Сейчас: %1 запросов/с и %2 % ядра на каждую из %n реплик, p95 %3.</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 мс</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>неизвестно</translation>
    </message>
    <message>
        <source>The fewest replicas are more than the most.</source>
        <translation>Наименьшее число реплик больше наибольшего.</translation>
    </message>
    <message>
        <source>It needs a target: requests, latency or CPU.</source>
        <translation>Нужна цель: запросы, задержка или процессор.</translation>
    </message>
    <message numerus="yes">
        <source>It stays at %n replicas until somebody sets another number.</source>
        <translation>
            <numerusform>Остаётся %n реплика, пока кто-нибудь не задаст другое число.</numerusform>
            <numerusform>Остаются %n реплики, пока кто-нибудь не задаст другое число.</numerusform>
            <numerusform>Остаётся %n реплик, пока кто-нибудь не задаст другое число.</numerusform>
        </translation>
    </message>
    <message>
        <source>The target that asks for the most replicas counts. Each decision is kept with the figures behind it.</source>
        <translation>Считается та цель, которая требует больше всего реплик. Каждое решение хранится вместе с числами, из которых оно следует.</translation>
    </message>
</context>
<context>
    <name>ProductModel</name>
    <message>
        <source>Code</source>
        <translation>Артикул</translation>
    </message>
    <message>
        <source>Product</source>
        <translation>Товар</translation>
    </message>
    <message numerus="yes">
        <source>%n variants</source>
        <translation>
            <numerusform>%n вариант</numerusform>
            <numerusform>%n варианта</numerusform>
            <numerusform>%n вариантов</numerusform>
        </translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Статус</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>Цена</translation>
    </message>
    <message>
        <source>Available</source>
        <translation>Доступно</translation>
    </message>
    <message>
        <source>Reserved</source>
        <translation>В резерве</translation>
    </message>
    <message>
        <source>On hand</source>
        <translation>В наличии</translation>
    </message>
</context>
<context>
    <name>ProductPanel</name>
    <message>
        <source>price</source>
        <translation>цена</translation>
    </message>
    <message>
        <source>available</source>
        <translation>доступно</translation>
    </message>
    <message>
        <source>reserved</source>
        <translation>в резерве</translation>
    </message>
    <message>
        <source>Orders with it</source>
        <translation>Заказы с ним</translation>
    </message>
    <message>
        <source>Variants</source>
        <translation>Варианты</translation>
    </message>
    <message>
        <source>%1 on hand</source>
        <translation>в наличии %1</translation>
    </message>
    <message>
        <source>Reserved for</source>
        <translation>В резерве для</translation>
    </message>
    <message>
        <source>Order %1</source>
        <translation>Заказ %1</translation>
    </message>
</context>
<context>
    <name>RolloutDialog</name>
    <message>
        <source>Each share for</source>
        <translation>Каждая доля</translation>
    </message>
    <message>
        <source>Watched for</source>
        <translation>Наблюдение</translation>
    </message>
    <message>
        <source>Roll out</source>
        <translation>Выпустить</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Запуск…</translation>
    </message>
    <message>
        <source>One replica after the other</source>
        <translation>По одной реплике</translation>
    </message>
    <message>
        <source>Canary: %1 %, %2 %, then all</source>
        <translation>Проба: %1 %, %2 %, затем все</translation>
    </message>
    <message>
        <source>Canary: %1 % until I promote it</source>
        <translation>Проба: %1 %, пока не продвину</translation>
    </message>
    <message>
        <source>Kept in the history</source>
        <translation>Останется в истории</translation>
    </message>
    <message>
        <source>Roll out a version</source>
        <translation>Выпуск версии</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>Служба</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Версия</translation>
    </message>
    <message>
        <source>How</source>
        <translation>Способ</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Причина</translation>
    </message>
    <message>
        <source>The versions are on their way</source>
        <translation>Версии загружаются</translation>
    </message>
    <message>
        <source>%1 runs %2 already.</source>
        <translation>%1 уже работает на %2.</translation>
    </message>
    <message numerus="yes">
        <source>%1 goes from %2 to %3, %n replicas.</source>
        <translation>
            <numerusform>%1 переходит с %2 на %3, %n реплика.</numerusform>
            <numerusform>%1 переходит с %2 на %3, %n реплики.</numerusform>
            <numerusform>%1 переходит с %2 на %3, %n реплик.</numerusform>
        </translation>
    </message>
    <message>
        <source>The share is one of the reads; the writer follows at the end.</source>
        <translation>Доля — от чтений; пишущая реплика заменяется последней.</translation>
    </message>
    <message>
        <source>The old version stays whole meanwhile.</source>
        <translation>Старая версия всё это время остаётся целиком.</translation>
    </message>
    <message>
        <source>It is taken back by itself if a new replica ends or is not ready, or if it is worse than the old version.</source>
        <translation>Если новая реплика завершится или не будет готова или версия окажется хуже старой, выпуск откатится сам.</translation>
    </message>
</context>
<context>
    <name>RolloutModel</name>
    <message>
        <source>What</source>
        <translation>Что</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Состояние</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Ход</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Почему</translation>
    </message>
    <message>
        <source>By</source>
        <translation>Кто</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Начато</translation>
    </message>
</context>
<context>
    <name>RolloutPanel</name>
    <message>
        <source>A release is a directory of programs with a version. It is added by “shopfleetctl release”, and comes to the services from here.</source>
        <translation>Версия — это каталог программ. Её добавляет команда «shopfleetctl release», а к службам она приходит отсюда.</translation>
    </message>
    <message>
        <source>History</source>
        <translation>История</translation>
    </message>
    <message>
        <source>Rollout %1</source>
        <translation>Выпуск %1</translation>
    </message>
    <message>
        <source>back to what was</source>
        <translation>возврат к прежнему</translation>
    </message>
    <message>
        <source>started %1</source>
        <translation>начат %1</translation>
    </message>
    <message>
        <source>The old version is back</source>
        <translation>Старая версия вернулась</translation>
    </message>
    <message>
        <source>Going back</source>
        <translation>Откат</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Приостановлен</translation>
    </message>
    <message>
        <source>It goes on when somebody promotes or resumes it. It is still taken back by itself if the new version is worse.</source>
        <translation>Он продолжится, когда его продвинут или возобновят. Если новая версия хуже, он по-прежнему откатится сам.</translation>
    </message>
    <message>
        <source>Flags</source>
        <translation>Флаги</translation>
    </message>
    <message>
        <source>In the last minute</source>
        <translation>За последнюю минуту</translation>
    </message>
    <message>
        <source>before · new</source>
        <translation>раньше · новая</translation>
    </message>
    <message>
        <source>stable · new</source>
        <translation>старая · новая</translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>Показать %1</translation>
    </message>
    <message>
        <source>Promote</source>
        <translation>Продвинуть</translation>
    </message>
    <message>
        <source>Promoting…</source>
        <translation>Продвижение…</translation>
    </message>
    <message>
        <source>On to the next step at once</source>
        <translation>Сразу к следующему шагу</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Возобновить</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Приостановить</translation>
    </message>
    <message>
        <source>Resuming…</source>
        <translation>Возобновление…</translation>
    </message>
    <message>
        <source>Pausing…</source>
        <translation>Остановка…</translation>
    </message>
    <message>
        <source>Let it go on</source>
        <translation>Пусть идёт дальше</translation>
    </message>
    <message>
        <source>Leave it as it is for now</source>
        <translation>Пока оставить как есть</translation>
    </message>
    <message>
        <source>Call off…</source>
        <translation>Отменить…</translation>
    </message>
    <message>
        <source>Calling off…</source>
        <translation>Отмена…</translation>
    </message>
    <message>
        <source>Bring the old version back</source>
        <translation>Вернуть старую версию</translation>
    </message>
    <message>
        <source>Promote to the end</source>
        <translation>Продвинуть до конца</translation>
    </message>
    <message>
        <source>All replicas, without the steps that are left</source>
        <translation>Все реплики, без оставшихся шагов</translation>
    </message>
    <message>
        <source>Roll back…</source>
        <translation>Откатить…</translation>
    </message>
    <message>
        <source>Rolling back…</source>
        <translation>Откат…</translation>
    </message>
    <message>
        <source>Bring back what ran before</source>
        <translation>Вернуть то, что работало раньше</translation>
    </message>
    <message>
        <source>Roll out…</source>
        <translation>Выпустить…</translation>
    </message>
    <message>
        <source>Bring a version to a service (N)</source>
        <translation>Выпустить версию службы (N)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Call off %1?</source>
        <translation>Отменить %1?</translation>
    </message>
    <message>
        <source>The old version comes back replica by replica; no request is lost.</source>
        <translation>Старая версия вернётся по одной реплике; ни один запрос не пропадёт.</translation>
    </message>
    <message>
        <source>Call off</source>
        <translation>Отменить</translation>
    </message>
    <message>
        <source>Roll %1 back to %2?</source>
        <translation>Откатить %1 к %2?</translation>
    </message>
    <message>
        <source>It comes back replica by replica, with the flags it had; no request is lost.</source>
        <translation>Она вернётся по одной реплике, с прежними флагами; ни один запрос не пропадёт.</translation>
    </message>
    <message>
        <source>Roll back</source>
        <translation>Откатить</translation>
    </message>
</context>
<context>
    <name>RolloutsPage</name>
    <message>
        <source>Rollouts</source>
        <translation>Выпуски</translation>
    </message>
    <message>
        <source>Service, version, reason</source>
        <translation>Служба, версия, причина</translation>
    </message>
    <message>
        <source>Nothing was rolled out yet</source>
        <translation>Выпусков пока не было</translation>
    </message>
    <message>
        <source>Press N to bring a version to a service.</source>
        <translation>Нажмите N, чтобы выпустить версию службы.</translation>
    </message>
    <message>
        <source>Latest</source>
        <translation>Последние</translation>
    </message>
    <message>
        <source>Succeeded</source>
        <translation>Успешно</translation>
    </message>
    <message>
        <source>Rolled back</source>
        <translation>Откаты</translation>
    </message>
    <message>
        <source>%1: rolled out.</source>
        <translation>%1: выпущено.</translation>
    </message>
    <message>
        <source>%1 goes back: %2.</source>
        <translation>%1: откат, %2.</translation>
    </message>
    <message>
        <source>%1 was rolled back: %2.</source>
        <translation>%1: откат завершён, %2.</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Показать</translation>
    </message>
    <message numerus="yes">
        <source>%Ln rollouts</source>
        <translation>
            <numerusform>%Ln выпуск</numerusform>
            <numerusform>%Ln выпуска</numerusform>
            <numerusform>%Ln выпусков</numerusform>
        </translation>
    </message>
    <message>
        <source>Rollout %1: %2</source>
        <translation>Выпуск %1: %2</translation>
    </message>
    <message>
        <source>Bring a version to a service</source>
        <translation>Выпустить версию службы</translation>
    </message>
    <message>
        <source>Promote to the next step</source>
        <translation>Продвинуть к следующему шагу</translation>
    </message>
    <message>
        <source>Promote to the end</source>
        <translation>Продвинуть до конца</translation>
    </message>
    <message>
        <source>Pause or resume</source>
        <translation>Приостановить или возобновить</translation>
    </message>
    <message>
        <source>Call the rollout off</source>
        <translation>Отменить выпуск</translation>
    </message>
    <message>
        <source>Roll back to what ran before</source>
        <translation>Откатить к тому, что работало раньше</translation>
    </message>
</context>
<context>
    <name>ServiceCharts</name>
    <message>
        <source>Requests</source>
        <translation>Запросы</translation>
    </message>
    <message>
        <source> /s</source>
        <translation> /с</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Ошибки</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>Задержка</translation>
    </message>
    <message>
        <source> ms</source>
        <translation> мс</translation>
    </message>
    <message>
        <source>Replicas</source>
        <translation>Реплики</translation>
    </message>
    <message>
        <source>now</source>
        <translation>сейчас</translation>
    </message>
    <message>
        <source>running</source>
        <translation>работают</translation>
    </message>
    <message>
        <source>healthy</source>
        <translation>исправны</translation>
    </message>
</context>
<context>
    <name>ServiceLinks</name>
    <message>
        <source>Traces</source>
        <translation>Трассы</translation>
    </message>
    <message>
        <source>What failed in it, span by span (E)</source>
        <translation>Что в ней не удалось, шаг за шагом (E)</translation>
    </message>
    <message>
        <source>Orders: unknown</source>
        <translation>Заказы: неизвестно</translation>
    </message>
    <message>
        <source>No order waits</source>
        <translation>Заказы не ждут</translation>
    </message>
    <message numerus="yes">
        <source>%n orders wait, %1</source>
        <translation>
            <numerusform>ждёт %n заказ, %1</numerusform>
            <numerusform>ждут %n заказа, %1</numerusform>
            <numerusform>ждут %n заказов, %1</numerusform>
        </translation>
    </message>
    <message>
        <source>Lists exactly these (W)</source>
        <translation>Показать именно их (W)</translation>
    </message>
</context>
<context>
    <name>ServiceVerbs</name>
    <message>
        <source>%1 follows its load now.</source>
        <translation>%1 теперь следует за нагрузкой.</translation>
    </message>
    <message>
        <source>%1 keeps its number of replicas.</source>
        <translation>Число реплик %1 больше не меняется само.</translation>
    </message>
    <message>
        <source>Choose one of the replicas of %1 first.</source>
        <translation>Сначала выберите одну из реплик %1.</translation>
    </message>
</context>
<context>
    <name>ServicesPage</name>
    <message>
        <source>Scale</source>
        <translation>Масштабировать</translation>
    </message>
    <message>
        <source>Scaling…</source>
        <translation>Масштабирование…</translation>
    </message>
    <message>
        <source>Restart…</source>
        <translation>Перезапустить…</translation>
    </message>
    <message>
        <source>Replicas</source>
        <translation>Реплики</translation>
    </message>
    <message>
        <source>The control plane does not answer</source>
        <translation>Управляющая служба не отвечает</translation>
    </message>
    <message>
        <source>The store goes on selling without it. What its services do is not known until it is back.</source>
        <translation>Магазин продаёт и без неё. Что делают службы, станет известно, когда она вернётся.</translation>
    </message>
    <message numerus="yes">
        <source>There are %n already</source>
        <translation>
            <numerusform>Уже есть %n</numerusform>
            <numerusform>Уже есть %n</numerusform>
            <numerusform>Уже есть %n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Starts %n more; they share %1 requests/s</source>
        <translation>
            <numerusform>Запустит ещё %n; вместе разделят %1 запросов/с</numerusform>
            <numerusform>Запустит ещё %n; вместе разделят %1 запросов/с</numerusform>
            <numerusform>Запустит ещё %n; вместе разделят %1 запросов/с</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Drains %n; the rest takes %1 requests/s</source>
        <translation>
            <numerusform>Завершит %n; остальные возьмут %1 запросов/с</numerusform>
            <numerusform>Завершит %n; остальные возьмут %1 запросов/с</numerusform>
            <numerusform>Завершит %n; остальные возьмут %1 запросов/с</numerusform>
        </translation>
    </message>
    <message>
        <source>Services</source>
        <translation>Службы</translation>
    </message>
    <message numerus="yes">
        <source>%n services</source>
        <translation>
            <numerusform>%n служба</numerusform>
            <numerusform>%n службы</numerusform>
            <numerusform>%n служб</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n replicas</source>
        <translation>
            <numerusform>%n реплика</numerusform>
            <numerusform>%n реплики</numerusform>
            <numerusform>%n реплик</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2 since %3. %4</source>
        <translation>%1: %2 с %3. %4</translation>
    </message>
    <message>
        <source>One replica more</source>
        <translation>На одну реплику больше</translation>
    </message>
    <message>
        <source>One replica less</source>
        <translation>На одну реплику меньше</translation>
    </message>
    <message>
        <source>Scale to the number that is set</source>
        <translation>Масштабировать до заданного числа</translation>
    </message>
    <message numerus="yes">
        <source>%1 goes to %n replicas.</source>
        <translation>
            <numerusform>%1 переходит к %n реплике.</numerusform>
            <numerusform>%1 переходит к %n репликам.</numerusform>
            <numerusform>%1 переходит к %n репликам.</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 was not scaled: %2</source>
        <translation>Число реплик %1 не изменено: %2</translation>
    </message>
    <message>
        <source>%1 died at %2: %3.</source>
        <translation>%1 завершился аварийно в %2: %3.</translation>
    </message>
    <message>
        <source>%1 died at %2: %3. It serves again after %4 s.</source>
        <translation>%1 завершился аварийно в %2: %3. Снова работает через %4 с.</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Показать</translation>
    </message>
    <message>
        <source>The orders that wait on the service</source>
        <translation>Заказы, которые ждут эту службу</translation>
    </message>
    <message>
        <source>What failed in the service</source>
        <translation>Что не удалось в службе</translation>
    </message>
    <message>
        <source>Roll out a version of the service</source>
        <translation>Выпустить версию службы</translation>
    </message>
    <message>
        <source>By policy: %1</source>
        <translation>По правилу: %1</translation>
    </message>
    <message>
        <source>Policy…</source>
        <translation>Правило…</translation>
    </message>
    <message>
        <source>By which figures the number of replicas follows the load (P)</source>
        <translation>По каким числам число реплик следует за нагрузкой (P)</translation>
    </message>
    <message>
        <source>All of the service, or the replica that is chosen (R)</source>
        <translation>Всю службу или выбранную реплику (R)</translation>
    </message>
    <message>
        <source>Set by hand: the policy waits until %1</source>
        <translation>Задано вручную: правило ждёт до %1</translation>
    </message>
    <message>
        <source>What it has written</source>
        <translation>Что она записала в журнал</translation>
    </message>
    <message>
        <source>The scaling policy of the service</source>
        <translation>Правило масштабирования службы</translation>
    </message>
    <message>
        <source>Restart the service or the replica</source>
        <translation>Перезапустить службу или реплику</translation>
    </message>
    <message>
        <source>Drain the replica</source>
        <translation>Вывести реплику</translation>
    </message>
    <message>
        <source>Scaling policy…</source>
        <translation>Правило масштабирования…</translation>
    </message>
    <message>
        <source>Roll out…</source>
        <translation>Выкатить…</translation>
    </message>
    <message>
        <source>Drain…</source>
        <translation>Вывести…</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Журналы</translation>
    </message>
    <message>
        <source>Traces that failed</source>
        <translation>Трассы с ошибками</translation>
    </message>
    <message>
        <source>Orders that wait</source>
        <translation>Заказы, которые ждут</translation>
    </message>
    <message numerus="yes">
        <source>%n replicas together</source>
        <translation>
            <numerusform>%n реплика</numerusform>
            <numerusform>%n реплики вместе</numerusform>
            <numerusform>%n реплик вместе</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>one value every %n seconds</source>
        <translation>
            <numerusform>значение раз в %n секунду</numerusform>
            <numerusform>значение раз в %n секунды</numerusform>
            <numerusform>значение раз в %n секунд</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ShipmentModel</name>
    <message>
        <source>Shipment</source>
        <translation>Отправление</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Статус</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Заказ</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>Содержимое</translation>
    </message>
    <message>
        <source>Country</source>
        <translation>Страна</translation>
    </message>
    <message>
        <source>Tracking</source>
        <translation>Трек-номер</translation>
    </message>
    <message>
        <source>Planned</source>
        <translation>Запланировано</translation>
    </message>
</context>
<context>
    <name>ShipmentPanel</name>
    <message>
        <source>Order %1</source>
        <translation>Заказ %1</translation>
    </message>
    <message>
        <source>Tracking</source>
        <translation>Трек-номер</translation>
    </message>
    <message>
        <source>Carrier</source>
        <translation>Перевозчик</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Куда</translation>
    </message>
    <message>
        <source>Promised</source>
        <translation>Обещано</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>Содержимое</translation>
    </message>
    <message>
        <source>Planned %1</source>
        <translation>Запланировано %1</translation>
    </message>
    <message>
        <source>Dispatch…</source>
        <translation>Отправить…</translation>
    </message>
    <message>
        <source>Dispatching…</source>
        <translation>Отправка…</translation>
    </message>
    <message>
        <source>The parcel goes to the carrier (S)</source>
        <translation>Передать посылку перевозчику (S)</translation>
    </message>
    <message>
        <source>Dispatch %1</source>
        <translation>Отправить %1</translation>
    </message>
    <message>
        <source>Dispatch %1?</source>
        <translation>Отправить %1?</translation>
    </message>
    <message>
        <source>The carrier fetches it from the customer.</source>
        <translation>Перевозчик заберёт её у покупателя.</translation>
    </message>
    <message>
        <source>The payment of order %1 is taken, and it cannot be cancelled any more.</source>
        <translation>Платёж по заказу %1 будет списан, и отменить заказ будет уже нельзя.</translation>
    </message>
    <message>
        <source>Not yet</source>
        <translation>Не сейчас</translation>
    </message>
    <message>
        <source>%1 was not dispatched: %2</source>
        <translation>%1 не отправлено: %2</translation>
    </message>
    <message>
        <source>%1 is on its way.</source>
        <translation>%1 в пути.</translation>
    </message>
    <message>
        <source>Waits on carrier for %1</source>
        <translation>Ждёт carrier уже %1</translation>
    </message>
    <message>
        <source>It has not said whether it has the parcel.</source>
        <translation>Он не сказал, у него ли посылка.</translation>
    </message>
    <message numerus="yes">
        <source>%n tries so far.</source>
        <translation>
            <numerusform>Пока %n попытка.</numerusform>
            <numerusform>Пока %n попытки.</numerusform>
            <numerusform>Пока %n попыток.</numerusform>
        </translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>К %1</translation>
    </message>
    <message>
        <source>Split…</source>
        <translation>Разделить…</translation>
    </message>
    <message>
        <source>Some of it leaves in a parcel of its own (P)</source>
        <translation>Часть едет отдельной посылкой (P)</translation>
    </message>
    <message>
        <source>Call off…</source>
        <translation>Отозвать…</translation>
    </message>
    <message>
        <source>Calling off…</source>
        <translation>Отзывается…</translation>
    </message>
    <message>
        <source>What is in it is not sent (X)</source>
        <translation>То, что в ней, не отправляется (X)</translation>
    </message>
    <message>
        <source>Call off %1</source>
        <translation>Отозвать %1</translation>
    </message>
    <message>
        <source>Call off %1?</source>
        <translation>Отозвать %1?</translation>
    </message>
    <message>
        <source>What is in it is not sent again.</source>
        <translation>То, что в ней, повторно не отправляется.</translation>
    </message>
    <message>
        <source>What is in it is not sent, and not charged. Without another parcel order %1 is cancelled.</source>
        <translation>То, что в ней, не отправляется и не оплачивается. Если других посылок нет, заказ %1 отменяется.</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Оставить</translation>
    </message>
    <message>
        <source>%1 is called off.</source>
        <translation>%1 отозвана.</translation>
    </message>
    <message>
        <source>%1 was not called off: %2</source>
        <translation>%1 не отозвана: %2</translation>
    </message>
    <message>
        <source>%1 is a parcel of its own.</source>
        <translation>%1 — отдельная посылка.</translation>
    </message>
</context>
<context>
    <name>SplitDialog</name>
    <message>
        <source>Split</source>
        <translation>Разделить</translation>
    </message>
    <message>
        <source>Splitting…</source>
        <translation>Разделяется…</translation>
    </message>
    <message>
        <source>Split %1</source>
        <translation>Разделить %1</translation>
    </message>
    <message>
        <source> of %1</source>
        <translation> из %1</translation>
    </message>
    <message>
        <source>How many of %1</source>
        <translation>Сколько из «%1»</translation>
    </message>
    <message>
        <source>Choose what leaves in a parcel of its own.</source>
        <translation>Выберите, что едет отдельной посылкой.</translation>
    </message>
    <message>
        <source>Something has to stay: else there is nothing to split.</source>
        <translation>Что-то должно остаться: иначе делить нечего.</translation>
    </message>
    <message numerus="yes">
        <source>%n stay in this one.</source>
        <translation>
            <numerusform>В этой остаётся %n.</numerusform>
            <numerusform>В этой остаётся %n.</numerusform>
            <numerusform>В этой остаётся %n.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n units leave in a parcel of their own.</source>
        <translation>
            <numerusform>%n штука едет отдельной посылкой.</numerusform>
            <numerusform>%n штуки едут отдельной посылкой.</numerusform>
            <numerusform>%n штук едут отдельной посылкой.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StopDialog</name>
    <message>
        <source>Drain %1</source>
        <translation>Вывести %1</translation>
    </message>
    <message>
        <source>Restart %1</source>
        <translation>Перезапустить %1</translation>
    </message>
    <message>
        <source>Draining…</source>
        <translation>Выводится…</translation>
    </message>
    <message>
        <source>Restarting…</source>
        <translation>Перезапускается…</translation>
    </message>
    <message>
        <source>Its calls may take</source>
        <translation>Вызовам даётся</translation>
    </message>
    <message>
        <source>Kept in the history</source>
        <translation>Остаётся в истории</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Причина</translation>
    </message>
    <message>
        <source>It is the only replica: another one serves before it goes.</source>
        <translation>Это единственная реплика: прежде чем она уйдёт, её место займёт другая.</translation>
    </message>
    <message numerus="yes">
        <source>Its %n replicas are drained and replaced one after the other; no request is lost.</source>
        <translation>
            <numerusform>%n реплика выводится и заменяется; ни один запрос не теряется.</numerusform>
            <numerusform>%n реплики выводятся и заменяются одна за другой; ни один запрос не теряется.</numerusform>
            <numerusform>%n реплик выводятся и заменяются одна за другой; ни один запрос не теряется.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n others take over its %1 requests/s; no request is lost.</source>
        <translation>
            <numerusform>Её %1 запросов/с берёт на себя %n другая; ни один запрос не теряется.</numerusform>
            <numerusform>Её %1 запросов/с берут на себя %n другие; ни один запрос не теряется.</numerusform>
            <numerusform>Её %1 запросов/с берут на себя %n других; ни один запрос не теряется.</numerusform>
        </translation>
    </message>
    <message>
        <source>It writes the database: another one does so first.</source>
        <translation>Она пишет в базу данных: сначала это возьмёт на себя другая.</translation>
    </message>
    <message>
        <source>Calls that it works on are cut off.</source>
        <translation>Вызовы, которые она выполняет, обрываются.</translation>
    </message>
    <message numerus="yes">
        <source>Calls that it works on end first, those of more than %n seconds are cut off.</source>
        <translation>
            <numerusform>Начатые вызовы сначала закончатся, те, что дольше %n секунды, обрываются.</numerusform>
            <numerusform>Начатые вызовы сначала закончатся, те, что дольше %n секунд, обрываются.</numerusform>
            <numerusform>Начатые вызовы сначала закончатся, те, что дольше %n секунд, обрываются.</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 is being drained.</source>
        <translation>%1 выводится.</translation>
    </message>
    <message>
        <source>%1 is being restarted.</source>
        <translation>%1 перезапускается.</translation>
    </message>
</context>
<context>
    <name>TraceModel</name>
    <message>
        <source>Began with</source>
        <translation>Начало</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Итог</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Заказ</translation>
    </message>
    <message>
        <source>Services</source>
        <translation>Службы</translation>
    </message>
    <message>
        <source>Spans</source>
        <translation>Шаги</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Длительность</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Начато</translation>
    </message>
</context>
<context>
    <name>TracePanel</name>
    <message>
        <source>asks %1</source>
        <translation>спрашивает %1</translation>
    </message>
    <message>
        <source>answers</source>
        <translation>отвечает</translation>
    </message>
    <message>
        <source>Started %1</source>
        <translation>Начато %1</translation>
    </message>
    <message>
        <source>Trace</source>
        <translation>Трасса</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Длительность</translation>
    </message>
    <message>
        <source>Spans</source>
        <translation>Шаги</translation>
    </message>
    <message>
        <source>Services</source>
        <translation>Службы</translation>
    </message>
    <message>
        <source>%1 in %2 failed</source>
        <translation>%1 в %2: сбой</translation>
    </message>
    <message>
        <source>Failed in %1</source>
        <translation>Сбой в %1</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Результат</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Начато</translation>
    </message>
    <message>
        <source>%1 after the beginning</source>
        <translation>через %1 после начала</translation>
    </message>
    <message>
        <source>Waited for</source>
        <translation>Ожидание</translation>
    </message>
    <message>
        <source>%1, %2 % of the whole</source>
        <translation>%1, %2 % от всего</translation>
    </message>
    <message>
        <source>not at any moment</source>
        <translation>ни в какой момент</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Версия</translation>
    </message>
    <message>
        <source>Called by</source>
        <translation>Кем вызван</translation>
    </message>
    <message>
        <source>a span that was not kept</source>
        <translation>шаг, который не сохранён</translation>
    </message>
    <message>
        <source>Attributes</source>
        <translation>Атрибуты</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Заказ</translation>
    </message>
    <message>
        <source>Order %1</source>
        <translation>Заказ %1</translation>
    </message>
    <message>
        <source>What came of it (O)</source>
        <translation>Что из него вышло (O)</translation>
    </message>
    <message>
        <source>Span by span</source>
        <translation>Шаг за шагом</translation>
    </message>
    <message>
        <source>When each began, how long it took, and who was waited for (Enter)</source>
        <translation>Когда начался каждый, сколько занял и кого ждали (Enter)</translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>Показать %1</translation>
    </message>
    <message>
        <source>How the service fares (S)</source>
        <translation>Как дела у службы (S)</translation>
    </message>
    <message>
        <source>All of this order</source>
        <translation>Всё об этом заказе</translation>
    </message>
</context>
<context>
    <name>TraceView</name>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Where the time went</source>
        <translation>На что ушло время</translation>
    </message>
    <message>
        <source>waited for</source>
        <translation>этого ждали</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>сбой</translation>
    </message>
    <message>
        <source>not waited for</source>
        <translation>этого не ждали</translation>
    </message>
    <message numerus="yes">
        <source>spans, %n services</source>
        <translation>
            <numerusform>шаги, %n служба</numerusform>
            <numerusform>шаги, %n службы</numerusform>
            <numerusform>шаги, %n служб</numerusform>
        </translation>
    </message>
    <message>
        <source>waited for %1</source>
        <translation>ждали %1</translation>
    </message>
</context>
<context>
    <name>TracesPage</name>
    <message>
        <source>Traces</source>
        <translation>Трассы</translation>
    </message>
    <message>
        <source>Order, service, method, error</source>
        <translation>Заказ, служба, метод, ошибка</translation>
    </message>
    <message>
        <source>No traces yet</source>
        <translation>Трасс пока нет</translation>
    </message>
    <message>
        <source>They appear here a second after something was asked of a service.</source>
        <translation>Они появляются через секунду после обращения к службе.</translation>
    </message>
    <message>
        <source>Latest</source>
        <translation>Последние</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Со сбоями</translation>
    </message>
    <message>
        <source>Slower than 500 ms</source>
        <translation>Дольше 500 мс</translation>
    </message>
    <message>
        <source>Of orders</source>
        <translation>О заказах</translation>
    </message>
    <message>
        <source>Trace %1</source>
        <translation>Трасса %1</translation>
    </message>
    <message numerus="yes">
        <source>%n spans</source>
        <translation>
            <numerusform>%n шаг</numerusform>
            <numerusform>%n шага</numerusform>
            <numerusform>%n шагов</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n spans failed. It began in %1: %2</source>
        <translation>
            <numerusform>Сбой в %n шаге. Началось в %1: %2</numerusform>
            <numerusform>Сбой в %n шагах. Началось в %1: %2</numerusform>
            <numerusform>Сбой в %n шагах. Началось в %1: %2</numerusform>
        </translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>Показать %1</translation>
    </message>
    <message>
        <source>more than %1 traces</source>
        <translation>больше %1 трасс</translation>
    </message>
    <message numerus="yes">
        <source>%Ln traces</source>
        <translation>
            <numerusform>%Ln трасса</numerusform>
            <numerusform>%Ln трассы</numerusform>
            <numerusform>%Ln трасс</numerusform>
        </translation>
    </message>
    <message>
        <source>Traces: %1</source>
        <translation>Трассы: %1</translation>
    </message>
    <message>
        <source>Nothing is kept of order %1.</source>
        <translation>О заказе %1 ничего не сохранено.</translation>
    </message>
    <message>
        <source>Trace %1: %2</source>
        <translation>Трасса %1: %2</translation>
    </message>
    <message>
        <source>Show the service that failed or took the time</source>
        <translation>Показать службу, где произошёл сбой или ушло время</translation>
    </message>
    <message>
        <source>Show the order</source>
        <translation>Показать заказ</translation>
    </message>
</context>
<context>
    <name>VerbDialog</name>
    <message>
        <source>Reason</source>
        <translation>Причина</translation>
    </message>
    <message>
        <source>Stays in the order&apos;s timeline</source>
        <translation>Останется в истории заказа</translation>
    </message>
    <message>
        <source> of %1</source>
        <translation> из %1</translation>
    </message>
    <message>
        <source>How many of %1</source>
        <translation>Сколько из «%1»</translation>
    </message>
    <message>
        <source>Back to stock</source>
        <translation>Вернуть на склад</translation>
    </message>
    <message>
        <source>There is no line left to do this to.</source>
        <translation>Подходящих позиций не осталось.</translation>
    </message>
    <message>
        <source>Shipping</source>
        <translation>Доставка</translation>
    </message>
    <message>
        <source>up to %1</source>
        <translation>до %1</translation>
    </message>
    <message>
        <source>Free amount</source>
        <translation>Другая сумма</translation>
    </message>
    <message>
        <source>beside lines and shipping</source>
        <translation>кроме позиций и доставки</translation>
    </message>
    <message>
        <source>Say first what of the order</source>
        <translation>Сначала укажите, что именно</translation>
    </message>
    <message>
        <source>That amount cannot be read. Write it as %1.</source>
        <translation>Сумму не удалось прочитать. Напишите её как %1.</translation>
    </message>
    <message>
        <source>Choose how many of which line.</source>
        <translation>Выберите, сколько и из какой позиции.</translation>
    </message>
    <message>
        <source>. The order is then %1.</source>
        <translation>. Состояние заказа после этого: %1.</translation>
    </message>
    <message>
        <source>Back to stock: %1.</source>
        <translation>Вернётся на склад: %1.</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Имя</translation>
    </message>
    <message>
        <source>Street and number</source>
        <translation>Улица и дом</translation>
    </message>
    <message>
        <source>Second line</source>
        <translation>Вторая строка</translation>
    </message>
    <message>
        <source>City</source>
        <translation>Город</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Регион</translation>
    </message>
    <message>
        <source>Postal code</source>
        <translation>Индекс</translation>
    </message>
    <message>
        <source>Country</source>
        <translation>Страна</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>Эл. почта</translation>
    </message>
    <message>
        <source>Nothing is changed yet</source>
        <translation>Пока ничего не изменено</translation>
    </message>
    <message>
        <source>Change what is wrong.</source>
        <translation>Исправьте, что неверно.</translation>
    </message>
    <message>
        <source>%1 It is asked again by itself.</source>
        <translation>%1 Запрос повторится сам.</translation>
    </message>
    <message>
        <source>%1 Press again: it is done once, however often you do.</source>
        <translation>%1 Нажмите ещё раз: сколько ни нажимай, выполнится однажды.</translation>
    </message>
    <message>
        <source>Sent instead</source>
        <translation>Отправить взамен</translation>
    </message>
    <message>
        <source>for example %1</source>
        <translation>например, %1</translation>
    </message>
    <message>
        <source>Stock codes, with × and how many where it is more than one</source>
        <translation>Артикулы, через × — количество, если больше одного</translation>
    </message>
    <message>
        <source>What is sent instead cannot be read. Write it as %1.</source>
        <translation>Не понять, что отправить взамен. Напишите как %1.</translation>
    </message>
    <message>
        <source>Choose how many of which line come back, and what is sent instead.</source>
        <translation>Выберите, сколько и чего возвращается и что отправить взамен.</translation>
    </message>
</context>
<context>
    <name>Waterfall</name>
    <message>
        <source>Operation</source>
        <translation>Операция</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>Служба</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Время</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 с</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 мс</translation>
    </message>
</context>
<context>
    <name>api</name>
    <message>
        <source>You are not allowed to do this.</source>
        <translation>На это у вас нет прав.</translation>
    </message>
    <message>
        <source>Sign in again.</source>
        <translation>Войдите снова.</translation>
    </message>
    <message>
        <source>It is not there: %1</source>
        <translation>Этого нет: %1</translation>
    </message>
    <message>
        <source>Somebody changed this meanwhile. Look at the current values and try again.</source>
        <translation>Тем временем это изменил кто-то другой. Посмотрите текущие значения и повторите.</translation>
    </message>
    <message>
        <source>This version of the service cannot do that.</source>
        <translation>Эта версия службы так не умеет.</translation>
    </message>
    <message>
        <source>Something went wrong in the service; its log says what.</source>
        <translation>В службе произошёл сбой; подробности в её журнале.</translation>
    </message>
    <message>
        <source>Order %1: %2</source>
        <translation>Заказ %1: %2</translation>
    </message>
    <message>
        <source>The service does not answer.</source>
        <translation>Сервис не отвечает.</translation>
    </message>
    <message>
        <source>The service took too long to answer.</source>
        <translation>Сервис отвечает слишком долго.</translation>
    </message>
</context>
<context>
    <name>charts::TimeChart</name>
    <message>
        <source>objective</source>
        <translation>цель</translation>
    </message>
    <message>
        <source>Show the whole time</source>
        <translation>Показать весь период</translation>
    </message>
    <message>
        <source>Save as PNG…</source>
        <translation>Сохранить как PNG…</translation>
    </message>
    <message>
        <source>Save as CSV…</source>
        <translation>Сохранить как CSV…</translation>
    </message>
</context>
<context>
    <name>event</name>
    <message>
        <source>Placed</source>
        <translation>Оформлен</translation>
    </message>
    <message>
        <source>Imported</source>
        <translation>Загружен</translation>
    </message>
    <message>
        <source>Imported again</source>
        <translation>Загружен повторно</translation>
    </message>
    <message>
        <source>Confirmed</source>
        <translation>Подтверждён</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Отклонён</translation>
    </message>
    <message>
        <source>Cancelling</source>
        <translation>Отменяется</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Отменён</translation>
    </message>
    <message>
        <source>Put on hold</source>
        <translation>Задержан</translation>
    </message>
    <message>
        <source>Taken off hold</source>
        <translation>Отпущен</translation>
    </message>
    <message>
        <source>Note or tags changed</source>
        <translation>Изменены заметка или метки</translation>
    </message>
    <message>
        <source>Tried again by hand</source>
        <translation>Повторён вручную</translation>
    </message>
    <message>
        <source>Stock reserved</source>
        <translation>Товар зарезервирован</translation>
    </message>
    <message>
        <source>Not enough stock</source>
        <translation>Товара не хватает</translation>
    </message>
    <message>
        <source>Stock not reserved</source>
        <translation>Товар не зарезервирован</translation>
    </message>
    <message>
        <source>Stock released</source>
        <translation>Резерв снят</translation>
    </message>
    <message>
        <source>Payment authorised</source>
        <translation>Платёж авторизован</translation>
    </message>
    <message>
        <source>Payment declined</source>
        <translation>Платёж отклонён банком</translation>
    </message>
    <message>
        <source>Payment refused</source>
        <translation>Платёж не принят</translation>
    </message>
    <message>
        <source>Payment&apos;s outcome unknown</source>
        <translation>Исход платежа неизвестен</translation>
    </message>
    <message>
        <source>Payment given up</source>
        <translation>Платёж отозван</translation>
    </message>
    <message>
        <source>Delivery planned</source>
        <translation>Доставка запланирована</translation>
    </message>
    <message>
        <source>Delivery cancelled</source>
        <translation>Доставка отменена</translation>
    </message>
    <message>
        <source>The cart was gone</source>
        <translation>Корзины уже не было</translation>
    </message>
    <message>
        <source>Trace %1</source>
        <translation>Трасса %1</translation>
    </message>
    <message>
        <source>Shipped</source>
        <translation>Отправлен</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>Доставлен</translation>
    </message>
    <message>
        <source>Returned</source>
        <translation>Возвращён</translation>
    </message>
    <message>
        <source>Refunded in full</source>
        <translation>Деньги возвращены полностью</translation>
    </message>
    <message>
        <source>Not cancelled: it has left already</source>
        <translation>Не отменён: уже отправлен</translation>
    </message>
    <message>
        <source>Payment taken</source>
        <translation>Платёж списан</translation>
    </message>
    <message>
        <source>Money given back</source>
        <translation>Деньги возвращены</translation>
    </message>
    <message>
        <source>Stock taken</source>
        <translation>Товар списан со склада</translation>
    </message>
    <message>
        <source>Back in stock</source>
        <translation>Снова на складе</translation>
    </message>
    <message>
        <source>Refund asked for</source>
        <translation>Запрошен возврат денег</translation>
    </message>
    <message>
        <source>Return asked for</source>
        <translation>Запрошен возврат товара</translation>
    </message>
    <message>
        <source>Return expected</source>
        <translation>Ожидается возврат товара</translation>
    </message>
    <message>
        <source>A step failed</source>
        <translation>Шаг не удался</translation>
    </message>
    <message>
        <source>Somebody has to look</source>
        <translation>Кто-то должен посмотреть</translation>
    </message>
    <message>
        <source>To be sent again</source>
        <translation>Отправляется снова</translation>
    </message>
    <message>
        <source>Address or contact changed</source>
        <translation>Адрес или контакт изменён</translation>
    </message>
    <message>
        <source>Another address asked for</source>
        <translation>Запрошен другой адрес</translation>
    </message>
    <message>
        <source>Goes to the new address</source>
        <translation>Едет по новому адресу</translation>
    </message>
    <message>
        <source>Old address stays: it has left already</source>
        <translation>Адрес прежний: посылка уже ушла</translation>
    </message>
    <message>
        <source>To be exchanged</source>
        <translation>Будет обменян</translation>
    </message>
    <message>
        <source>Fewer units asked for</source>
        <translation>Запрошено меньше штук</translation>
    </message>
    <message>
        <source>Taken out of the parcel</source>
        <translation>Убрано из посылки</translation>
    </message>
    <message>
        <source>What is not charged is given up</source>
        <translation>Лишнее в платеже отпущено</translation>
    </message>
    <message>
        <source>Not taken out: the parcel stays as it is</source>
        <translation>Не убрано: посылка остаётся прежней</translation>
    </message>
    <message>
        <source>A part of the parcel was called off</source>
        <translation>Часть посылки отозвана</translation>
    </message>
</context>
<context>
    <name>fleetwords</name>
    <message>
        <source>Started</source>
        <translation>Запущена</translation>
    </message>
    <message>
        <source>Serves</source>
        <translation>Обслуживает</translation>
    </message>
    <message>
        <source>Does not answer as it should</source>
        <translation>Отвечает не так, как должна</translation>
    </message>
    <message>
        <source>Ended by itself</source>
        <translation>Завершилась сама</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Остановлена</translation>
    </message>
    <message>
        <source>Ended by force</source>
        <translation>Завершена принудительно</translation>
    </message>
    <message>
        <source>Taken over as it ran</source>
        <translation>Принята на ходу</translation>
    </message>
    <message>
        <source>Drained</source>
        <translation>Выведена из работы</translation>
    </message>
    <message>
        <source>Restarted</source>
        <translation>Перезапущена</translation>
    </message>
    <message>
        <source>Its successor failed</source>
        <translation>Замена не удалась</translation>
    </message>
    <message>
        <source>Scaled</source>
        <translation>Масштаб изменён</translation>
    </message>
    <message>
        <source>Scaled by policy from now on</source>
        <translation>Теперь масштаб задаёт правило</translation>
    </message>
    <message>
        <source>Policy switched off</source>
        <translation>Правило выключено</translation>
    </message>
    <message>
        <source>Writes from now on</source>
        <translation>Теперь пишет</translation>
    </message>
    <message>
        <source>Rollout started</source>
        <translation>Выпуск запущен</translation>
    </message>
    <message>
        <source>Rollout begun here</source>
        <translation>Выпуск начат здесь</translation>
    </message>
    <message>
        <source>Share reached</source>
        <translation>Доля достигнута</translation>
    </message>
    <message>
        <source>Rollout paused</source>
        <translation>Выпуск приостановлен</translation>
    </message>
    <message>
        <source>Rollout goes on</source>
        <translation>Выпуск продолжается</translation>
    </message>
    <message>
        <source>Promoted to the next step</source>
        <translation>Продвинуто к следующему шагу</translation>
    </message>
    <message>
        <source>Promoted to the end</source>
        <translation>Продвинуто до конца</translation>
    </message>
    <message>
        <source>Rollout called off</source>
        <translation>Выпуск отменён</translation>
    </message>
    <message>
        <source>Goes back</source>
        <translation>Откат</translation>
    </message>
    <message>
        <source>Every replica is new</source>
        <translation>Все реплики новые</translation>
    </message>
    <message>
        <source>Rollout succeeded</source>
        <translation>Выпуск успешен</translation>
    </message>
    <message>
        <source>The old version is back</source>
        <translation>Старая версия вернулась</translation>
    </message>
    <message>
        <source>Alert</source>
        <translation>Тревога</translation>
    </message>
    <message>
        <source>Alert over</source>
        <translation>Тревога снята</translation>
    </message>
    <message>
        <source>Alert acknowledged</source>
        <translation>Тревога принята</translation>
    </message>
    <message>
        <source>Alert muted</source>
        <translation>Тревога заглушена</translation>
    </message>
    <message>
        <source>Alert no longer muted</source>
        <translation>Тревога больше не заглушена</translation>
    </message>
    <message>
        <source>Alert rule saved</source>
        <translation>Правило тревоги сохранено</translation>
    </message>
    <message>
        <source>Alert rule removed</source>
        <translation>Правило тревоги удалено</translation>
    </message>
    <message>
        <source>Incident</source>
        <translation>Инцидент</translation>
    </message>
    <message>
        <source>Likelier cause of the incident</source>
        <translation>Более вероятная причина инцидента</translation>
    </message>
    <message>
        <source>Incident over</source>
        <translation>Инцидент завершён</translation>
    </message>
    <message>
        <source>the store</source>
        <translation>магазин</translation>
    </message>
    <message>
        <source>control plane</source>
        <translation>система</translation>
    </message>
    <message>
        <source>policy</source>
        <translation>правило</translation>
    </message>
    <message>
        <source>It does not serve</source>
        <translation>Не обслуживает</translation>
    </message>
    <message>
        <source>%1 % of its replicas do not serve</source>
        <translation>Не обслуживают %1 % её реплик</translation>
    </message>
    <message>
        <source>%1 % of %2 failed traces began to fail here</source>
        <translation>%1 % из %2 неудачных трасс начали сбоить здесь</translation>
    </message>
    <message>
        <source>A trace waits %1 ms for it alone, usually %2 ms</source>
        <translation>Трасса ждёт её одну %1 мс, обычно %2 мс</translation>
    </message>
    <message>
        <source>%1 % of its calls fail, usually %2 %</source>
        <translation>Не удаются %1 % вызовов, обычно %2 %</translation>
    </message>
    <message>
        <source>95 % of its calls take up to %1 ms, usually %2 ms</source>
        <translation>95 % вызовов длятся до %1 мс, обычно до %2 мс</translation>
    </message>
    <message>
        <source>It calls %1</source>
        <translation>Она вызывает %1</translation>
    </message>
    <message>
        <source>It was among the first to change</source>
        <translation>Изменилась одной из первых</translation>
    </message>
    <message>
        <source>%1, %2 before</source>
        <translation>%1, за %2 до этого</translation>
    </message>
</context>
<context>
    <name>format</name>
    <message>
        <source>now</source>
        <translation>сейчас</translation>
    </message>
    <message>
        <source>%1 ago</source>
        <translation>%1 назад</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation>%1 д %2 ч</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 ч %2 мин</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 мин</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 с</translation>
    </message>
</context>
<context>
    <name>frame::HeaderBar</name>
    <message>
        <source>Filters</source>
        <translation>Фильтры</translation>
    </message>
    <message>
        <source>Add a filter (F)</source>
        <translation>Добавить фильтр (F)</translation>
    </message>
    <message>
        <source>Remove: %1 %2</source>
        <translation>Убрать: %1 %2</translation>
    </message>
    <message>
        <source>The cross or Delete removes this filter</source>
        <translation>Крестик или Delete убирает этот фильтр</translation>
    </message>
    <message>
        <source>Search everything</source>
        <translation>Искать везде</translation>
    </message>
</context>
<context>
    <name>frame::NoticeBar</name>
    <message>
        <source>Dismiss</source>
        <translation>Скрыть</translation>
    </message>
</context>
<context>
    <name>frame::Sidebar</name>
    <message>
        <source>Pages</source>
        <translation>Страницы</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
</context>
<context>
    <name>frame::StatusBar</name>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Signed in as %1</source>
        <translation>Вы вошли как %1</translation>
    </message>
    <message>
        <source>Updated %1 s ago</source>
        <translation>Обновлено %1 с назад</translation>
    </message>
    <message>
        <source>Updated %1 min ago</source>
        <translation>Обновлено %1 мин назад</translation>
    </message>
</context>
<context>
    <name>palette::Palette</name>
    <message>
        <source>Order, customer, e-mail, SKU, page or command</source>
        <translation>Заказ, клиент, почта, артикул, страница или команда</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Поиск…</translation>
    </message>
    <message>
        <source>Nothing has this in its name or number</source>
        <translation>Ни в названиях, ни в номерах этого нет</translation>
    </message>
</context>
<context>
    <name>panel::ActionBar</name>
    <message>
        <source>More</source>
        <translation>Ещё</translation>
    </message>
</context>
<context>
    <name>rolloutwords</name>
    <message>
        <source>%1 %2, other flags</source>
        <translation>%1 %2, другие флаги</translation>
    </message>
    <message>
        <source>%1 new, %2 old</source>
        <translation>новых %1, старых %2</translation>
    </message>
    <message>
        <source>Canary %1 %</source>
        <translation>Проба %1 %</translation>
    </message>
    <message>
        <source>Watched</source>
        <translation>Наблюдение</translation>
    </message>
    <message>
        <source>Waits its turn</source>
        <translation>Ждёт очереди</translation>
    </message>
    <message>
        <source>without --%1</source>
        <translation>без --%1</translation>
    </message>
    <message>
        <source>%1 % of the traffic</source>
        <translation>%1 % обращений</translation>
    </message>
    <message>
        <source>until promoted</source>
        <translation>до продвижения</translation>
    </message>
    <message>
        <source>One replica after the other</source>
        <translation>По одной реплике</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>Обращения</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Сбои</translation>
    </message>
    <message>
        <source>95 % within</source>
        <translation>95 % не дольше</translation>
    </message>
    <message>
        <source>Checkouts that end well</source>
        <translation>Успешные покупки</translation>
    </message>
</context>
<context>
    <name>states</name>
    <message>
        <source>Try again</source>
        <translation>Повторить</translation>
    </message>
    <message>
        <source>Not permitted</source>
        <translation>Нет прав</translation>
    </message>
    <message>
        <source>This needs the permission %1.</source>
        <translation>Для этого нужно право %1.</translation>
    </message>
</context>
<context>
    <name>states::Skeleton</name>
    <message>
        <source>Loading</source>
        <translation>Загрузка</translation>
    </message>
</context>
<context>
    <name>status</name>
    <message>
        <source>Unknown</source>
        <translation>Неизвестно</translation>
    </message>
    <message>
        <source>Stuck</source>
        <translation>Застрял</translation>
    </message>
    <message>
        <source>On hold</source>
        <translation>Задержан</translation>
    </message>
    <message>
        <source>Adjustment</source>
        <translation>Корректировка</translation>
    </message>
    <message>
        <source>Placed</source>
        <translation>Оформлен</translation>
    </message>
    <message>
        <source>Reserved</source>
        <translation>Зарезервирован</translation>
    </message>
    <message>
        <source>Authorised</source>
        <translation>Авторизован</translation>
    </message>
    <message>
        <source>Confirmed</source>
        <translation>Подтверждён</translation>
    </message>
    <message>
        <source>Shipped</source>
        <translation>Отправлен</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>Доставлен</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Отменён</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Отклонён</translation>
    </message>
    <message>
        <source>Returned</source>
        <translation>Возвращён</translation>
    </message>
    <message>
        <source>Refunded</source>
        <translation>Деньги возвращены</translation>
    </message>
    <message>
        <source>On sale</source>
        <translation>В продаже</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>Черновик</translation>
    </message>
    <message>
        <source>Archived</source>
        <translation>В архиве</translation>
    </message>
    <message>
        <source>Active</source>
        <translation>Активен</translation>
    </message>
    <message>
        <source>Blocked</source>
        <translation>Заблокирован</translation>
    </message>
    <message>
        <source>Erased</source>
        <translation>Удалён</translation>
    </message>
    <message>
        <source>Planned</source>
        <translation>Запланировано</translation>
    </message>
    <message>
        <source>Dispatched</source>
        <translation>Передано</translation>
    </message>
    <message>
        <source>Picked up</source>
        <translation>Забрано</translation>
    </message>
    <message>
        <source>In transit</source>
        <translation>В пути</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>Потеряно</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Запускается</translation>
    </message>
    <message>
        <source>Healthy</source>
        <translation>Исправна</translation>
    </message>
    <message>
        <source>Degraded</source>
        <translation>Сбоит</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Не работает</translation>
    </message>
    <message>
        <source>Draining</source>
        <translation>Завершается</translation>
    </message>
    <message>
        <source>All hold</source>
        <translation>Сходятся</translation>
    </message>
    <message>
        <source>Violated</source>
        <translation>Нарушены</translation>
    </message>
    <message>
        <source>Handing over</source>
        <translation>Передаётся</translation>
    </message>
    <message>
        <source>Under way</source>
        <translation>Идёт</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Пауза</translation>
    </message>
    <message>
        <source>Succeeded</source>
        <translation>Успешен</translation>
    </message>
    <message>
        <source>Going back</source>
        <translation>Откат</translation>
    </message>
    <message>
        <source>Rolled back</source>
        <translation>Откачен</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Сбой</translation>
    </message>
    <message>
        <source>Waits</source>
        <translation>Ждёт</translation>
    </message>
</context>
<context>
    <name>step</name>
    <message>
        <source>reserve stock</source>
        <translation>отложить товар</translation>
    </message>
    <message>
        <source>authorise payment</source>
        <translation>получить разрешение на оплату</translation>
    </message>
    <message>
        <source>settle payment</source>
        <translation>выяснить судьбу платежа</translation>
    </message>
    <message>
        <source>close cart</source>
        <translation>закрыть корзину</translation>
    </message>
    <message>
        <source>plan shipment</source>
        <translation>назначить отправку</translation>
    </message>
    <message>
        <source>cancel shipment</source>
        <translation>отменить отправку</translation>
    </message>
    <message>
        <source>give up payment</source>
        <translation>отказаться от платежа</translation>
    </message>
    <message>
        <source>release stock</source>
        <translation>вернуть отложенное</translation>
    </message>
    <message>
        <source>capture payment</source>
        <translation>списать деньги</translation>
    </message>
    <message>
        <source>take stock</source>
        <translation>списать товар</translation>
    </message>
    <message>
        <source>refund payment</source>
        <translation>вернуть деньги</translation>
    </message>
    <message>
        <source>restock</source>
        <translation>вернуть на склад</translation>
    </message>
    <message>
        <source>expect return</source>
        <translation>ожидать возврат</translation>
    </message>
    <message>
        <source>It does not answer</source>
        <translation>Не отвечает</translation>
    </message>
    <message>
        <source>It did not answer in time</source>
        <translation>Не ответил вовремя</translation>
    </message>
    <message>
        <source>change parcel</source>
        <translation>изменить посылку</translation>
    </message>
</context>
<context>
    <name>table::Header</name>
    <message>
        <source>Sort by</source>
        <translation>Сортировать по</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Столбцы</translation>
    </message>
    <message>
        <source>As they were</source>
        <translation>Как было</translation>
    </message>
</context>
<context>
    <name>table::TableView</name>
    <message>
        <source>Copy</source>
        <translation>Копировать</translation>
    </message>
    <message>
        <source>Copy as CSV</source>
        <translation>Копировать как CSV</translation>
    </message>
</context>
<context>
    <name>tracewords</name>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n сбой</numerusform>
            <numerusform>%n сбоя</numerusform>
            <numerusform>%n сбоев</numerusform>
        </translation>
    </message>
    <message>
        <source>Good</source>
        <translation>Хорошо</translation>
    </message>
    <message>
        <source>No replica of %1 can be reached.</source>
        <translation>Нет ни одной доступной реплики %1.</translation>
    </message>
    <message>
        <source>No answer in time.</source>
        <translation>Ответа вовремя не было.</translation>
    </message>
</context>
</TS>
