"""files 附件: what is kept with a customer besides its fields: name cards, screenshots, papers (S4-07).

Owns File, the folder it lies in and what may lie there: the content decides, not the name. Pictures are drawn
anew, so that nothing hidden in them is kept. Files are given out as attachments only. Who sees a file is
decided by its customer alone. It reads no text out of files and shows no foreign format itself.
"""
