"""What a tenant takes away in files: drops, lines, cases, kiosks, as CSV, Excel, Parquet or EPCIS.

`asking` is what may be asked for, `sheets` are the rows, `as_*` the forms, `epcis` the events of
the standard, `routes` the pages. Everything streams: memory does not grow with the period.
"""
