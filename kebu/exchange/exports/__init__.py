"""exports 导出: chosen rows of a table as a spreadsheet, for who may take them out, under a reason.

Owns Export (who, what of which table, why, how far it is, its file) and the making of files, in the
background and with memory that does not grow with them. Which tables there are other rooms say, by
``kebu.base.tables.registry.register``: its docstring is the contract; here stands that of customers. Rows and
fields pass the rules of the person's roles while the file is made, and once more whenever it is taken.
"""
