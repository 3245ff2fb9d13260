"""What pages are made of: charts with their sources, tables, downloads, tiles, and the state the address carries."""
