"""Price documents: a module each, loaded for one document. See prices.table.SOURCES."""
