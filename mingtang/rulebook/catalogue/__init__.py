"""The whole catalogue as one spreadsheet: a sheet for each kind of record, out and in again without loss."""
