"""kit 工具: pure functions that turn what people write into values, and values into what people read.

Owns phones, e-mail, links, credit codes, company names, money, dates, birthdays, pinyin, regions, size bands
and the reading and writing of spreadsheets.
Every refusal is a `KitError` whose message names the rule and the remedy in Chinese.
Never touches the database, a request or the clock: `today=` and `now=` are parameters.
"""
