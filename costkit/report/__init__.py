"""A Plan in every form that a person or a program reads: JSON, tables, CSV, Markdown, one offline page. No network."""
