"""batches 批次: what was done to many records in one go, and how it is taken back.

Owns Batch (who, when, what, how many), what was left out with the reason, the chunks in which a batch is
carried out, at once or by a job that can die at any point, and the page 批量操作. It knows neither records
nor what is done to them: rooms register their ways (ways.py). Undoing is a batch of its own.
"""
