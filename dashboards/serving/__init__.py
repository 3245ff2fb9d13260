"""What the server does around the pages; `dashboards.asgi` puts it together."""
