"""vocabulary 数据字典: the lists that the office edits.

Owns Term (sources, stages) and Industry (GB/T 4754, edition replaceable by import). Records keep keys,
never labels. It never holds values that code branches on; those are enums in the room that branches.
"""
