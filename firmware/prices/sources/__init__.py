"""Sources of prices and rates: parallel modules, one loaded at a time.

Parser   a class: Parser(document), feed(), close(), `fault`: see prices.table
HOST     the server, of a source that is fetched
path(area, code, days, span)
         the question for one day, without a token. area: its name, such as NO1; code: its EIC;
         days: the day and the one after it, 2026-07-01; span: begin and end in UTC, 202606302200
"""
