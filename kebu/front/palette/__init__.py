"""palette 全局搜索: the command box: customers, pages and actions by any substring, pinyin or number.

Composes what search and the rooms offer; owns no rows and shows only what the user may see and do.
"""
