"""lifecycle 客户历程: when which customer became another type, as reviews and trends ask.

Owns TypeTurn. The journal tells the same to whoever reads one record; here it is kept so that months of many
customers are counted without reading journals.
"""
